"""Thousands of histories of people's acts, vendors' faults and killed workers: how many of them end tied."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

import django

from syncapp.local import testing
from tests.bench.document import table
from tests.stateful.ground import DESK
from tests.stateful.history import Told
from tests.stateful.setups import SETUPS
from tests.stateful.shrinking import played

FIRST = 100_000  # the suite plays the seeds from 0 on
AT_A_TIME = 50  # on one ground: what is taken back is dead weight in the database
ROUNDS = 4


@dataclass(slots=True)
class Played:
    """What some histories came to."""

    told: Told = field(default_factory=Told)
    count: int = 0
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0  # of processor time, the database's and the vendors' apart

    def add(self, other: Played) -> None:
        """Put another's histories to these."""
        self.told.add(other.told)
        self.count += other.count
        self.failures += other.failures
        self.seconds += other.seconds


def share(first: int, count: int, setup: str) -> Played:
    """Play the histories of `count` seeds from `first` on in a database of their own, beyond any failure."""
    found, began = Played(), time.process_time()
    with testing.clone(f"histories_{os.getpid()}"):
        while found.count < count:
            told, failure = played(range(first + found.count, first + count), rounds=ROUNDS, setup=setup)
            found.told.add(told)
            found.count = found.count + told.runs + 1 if failure else count
            found.failures += [failure] if failure else []
    found.seconds = time.process_time() - began
    return found


def together(count: int, setups: Sequence[str]) -> Played:
    """Play `count` histories, a process for each processor; each share on the next of some grounds."""
    found, first = Played(), int(os.environ.get("STATEFUL_FIRST", FIRST))
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=django.setup) as pool:
        shares = [
            pool.submit(share, first + at, min(AT_A_TIME, count - at), setups[at // AT_A_TIME % len(setups)])
            for at in range(0, count, AT_A_TIME)
        ]
        for each in shares:
            part = each.result()
            found.add(part)
            print(f"  {found.count} of {count}, {len(found.failures)} not tied", file=sys.stderr)
            print(*part.failures, sep="\n", end="", file=sys.stderr, flush=True)
    return found


def rows(found: Played) -> list[list[str]]:
    """Return what happened, name and figure."""
    return [
        ["histories", str(found.count)],
        ["of them not tied at the end", str(len(found.failures))],
        ["acts of people, deliveries and runs of workers", str(sum(found.told.events.values()))],
        ["faults that struck", _counted(found.told.faults)],
        ["kills of the worker", _counted(_places(found.told.kills))],
        ["processor time each", f"{found.seconds / max(found.count, 1):.2f} s"],
    ]


def _counted(found: Counter[str]) -> str:
    each = ", ".join(f"{name} {count}" for name, count in found.most_common())
    return f"{sum(found.values())}: {each}"


def _places(kills: Counter[str]) -> Counter[str]:
    """Put the points together by side and module."""
    found: Counter[str] = Counter()
    for point, count in kills.items():
        side, what, where = point.split(maxsplit=2)
        found[f"{side} a {what} of {where.partition('.')[0]}"] += count
    return found


def figures() -> str:
    """Play as many as STATEFUL_RUNS says, fifteen hundred by default, of each kind."""
    count = int(os.environ.get("STATEFUL_RUNS", "1500"))
    held, posted = together(count, [""]), together(count, list(SETUPS))
    hands = together(count, [DESK])
    return "\n\n".join(
        (
            table(["client money held", ""], rows(held)),
            table(["client money posted", ""], rows(posted)),
            table(["hands in the books of what we posted", ""], rows(hands)),
            *(f"```\n{failure}\n```" for found in (held, posted, hands) for failure in found.failures),
        )
    )
