"""`make bench`: what the product costs, and whether it holds. ARGS="first --write" chooses, and keeps."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from importlib import import_module

from tests import conftest
from tests.bench import document

# Each part is a module of this folder with `figures() -> str`, Markdown for its place in docs/benchmarks.md.
PARTS = {
    "year": "the year of a firm, first and again",
    "first": "the first sync of 2,000 bills within the vendors' limits",
    "steady": "a day of small changes",
    "latency": "how soon an approved bill is in the books",
    "workers": "two and four workers over firms of unlike size",
    "pages": "every page in a crowd of fifty firms",
    "table": "every step of the delivery against every fault",
    "stateful": "random histories of people, vendors and killed workers",
    "ties": "a complete tie-out of 100,000 records",
    "adoption": "two years under another connector, adopted",
    "matching": "10,000 bank lines against 10,000 entries",
    "planted": "faults hidden among the five witnesses of a trust account",
    "causes": "causes hidden in random firms, by what the queue says of them",
    "kills": "a worker killed in a real first sync",
}


def part(name: str) -> Callable[[], str]:
    """Return what measures one part."""
    measure: Callable[[], str] = import_module(f"tests.bench.{name}").figures
    return measure


def machine() -> str:
    """Say on what the figures were taken."""
    load = f"load {os.getloadavg()[0]:.1f} at the end"
    return f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}, {load}."


def main() -> None:
    """Measure what was asked for, print it, and with `--write` keep it."""
    asked = argparse.ArgumentParser(prog="make bench", description=__doc__)
    asked.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all when none is named")
    asked.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    wanted = asked.parse_args()
    if strange := [name for name in wanted.parts if name not in PARTS]:
        asked.error(f"There is no part {strange[0]}. There are: {', '.join(PARTS)}.")
    try:
        for name in wanted.parts or PARTS:
            print(f"{PARTS[name]} …", file=sys.stderr)
            found = f"{part(name)()}\n\n{machine()}"
            print(f"\n## {name}\n\n{found}\n", flush=True)
            if wanted.write:
                document.keep(name, found)
    finally:
        conftest.pytest_unconfigure()


if __name__ == "__main__":
    main()
