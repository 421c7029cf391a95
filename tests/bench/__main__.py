"""`make bench`: what a year costs in time, in calls and in paid reads. `ARGS=--write` keeps it in docs."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests import conftest

if TYPE_CHECKING:
    from tests.bench.pages import Page
    from tests.bench.year import Passage

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
SEED = 7
HOW = """\
# Benchmarks

`make bench` measures, `make bench ARGS=--write` writes this page. The figures are of one run on the machine
named below, with nothing else asked of it by us; other work on the same machine slows them.

## How it is measured

- **The firm** is the seeded year of the emulated Clio (world `year`, seed 7: twelve timekeepers, twelve
  months), posted to an emulated QuickBooks company. Pipeline, emulators and PostgreSQL run on this one
  machine, the emulators in the same process behind `httpx.WSGITransport`; commits are real.
- **Wall** is the time of the whole sync (`sync --until-quiet`) in one process, the emulators' own time
  included. Vendor waits are out of the way (`TIME_SCALE` 1000, no throttling): what a real vendor's limits
  would add is the *floor* below, and its latency comes on top.
- **CPU per posting** is the processor time of our process less that of the emulators, by posting;
  PostgreSQL's own processor time is not in it.
- **Calls** are counted at the vendor's door. **Metered reads** are the successful reads that Intuit charges
  for, as the product itself counts them for the firm.
- **Floor** is the least time that the vendor's published limits allow for these calls: Clio 50 a minute;
  QuickBooks 500 a minute, 10 a second, 40 batches a minute. **Wall over floor** below 1 says that the vendor
  is the brake, not we.
- **Pages** are opened thirty times as the bookkeeper through the whole middleware in one process, after
  three to warm up; times are the server's, without network and browser.

## Figures
"""


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table that reads well as text and as Markdown."""
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    )


def each(amount: float, of: int) -> str:
    """Return an amount for each of so many, or a dash for none."""
    return f"{amount / of:.2f}" if of else "–"


def of_passages(first: Passage, idle: Passage) -> str:
    """Set the first sync beside one that finds nothing new."""
    both = (first, idle)
    rows = [
        ["documents read", *(str(one.documents) for one in both)],
        ["postings", *(str(one.posted) for one in both)],
        ["wall", *(f"{one.wall:.1f} s" for one in both)],
        ["of it inside the emulators", *(f"{one.vendors:.1f} s" for one in both)],
        ["our CPU", *(f"{one.cpu:.1f} s" for one in both)],
        ["our CPU per posting (ms)", *(each(one.cpu * 1000, one.posted) for one in both)],
        ["Clio calls", *(str(one.clio.total) for one in both)],
        ["QuickBooks calls", *(str(one.qbo.total) for one in both)],
        ["QuickBooks calls per posting", *(each(one.qbo.total, one.posted) for one in both)],
        ["of them batches", *(str(one.qbo.calls["batch"]) for one in both)],
        ["metered reads", *(str(one.metered) for one in both)],
        ["metered reads per posting", *(each(one.metered, one.posted) for one in both)],
        ["Clio's floor", *(f"{one.clio_floor:.0f} s" for one in both)],
        ["QuickBooks' floor", *(f"{one.qbo_floor:.0f} s" for one in both)],
        ["wall over floor", *(f"{one.wall / one.floor:.2f}" for one in both)],
        ["memory at most", *(f"{one.memory} MiB" for one in both)],
    ]
    return table(["", "first sync", "nothing new"], rows)


def of_pages(found: list[Page]) -> str:
    """List the pages."""
    rows = [
        [one.name, f"{one.median:.0f}", f"{one.slow:.0f}", str(one.queries), str(one.kilobytes)]
        for one in found
    ]
    return table(["page", "median ms", "19 of 20 within ms", "queries", "KiB"], rows)


def measure() -> str:
    """Run everything in a database of its own and return the figures."""
    from syncapp.emulators.clio.world import year
    from syncapp.local import testing
    from tests.bench.pages import pages
    from tests.bench.year import mount, passage
    from tests.stage import stage

    with testing.clone(f"bench_{os.getpid()}"), stage(year(SEED)) as set_:
        meters = mount(set_)
        print("the first sync of the year …", file=sys.stderr)
        first = passage(set_, *meters)
        print("a sync that finds nothing new …", file=sys.stderr)
        idle = passage(set_, *meters)
        print("pages …", file=sys.stderr)
        found = pages(set_)
    machine = f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}"
    load = f"load {os.getloadavg()[0]:.1f} at the end"
    return f"{machine}, {load}.\n\n{of_passages(first, idle)}\n\n{of_pages(found)}\n"


def main() -> None:
    """Measure, print, and with `--write` keep."""
    asked = argparse.ArgumentParser(prog="make bench", description=__doc__)
    asked.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    wanted = asked.parse_args()
    try:
        figures = measure()
    finally:
        conftest.pytest_unconfigure()
    print(figures)
    if wanted.write:
        DOCUMENT.write_text(f"{HOW}\n{figures}", encoding="utf-8")


main()
