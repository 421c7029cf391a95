"""Thousands of histories of people's acts, vendors' faults and killed workers: how many of them end tied."""

from __future__ import annotations

import os
import time
from collections import Counter

from syncapp.local import testing
from tests.bench.document import table
from tests.stateful.history import Told
from tests.stateful.shrinking import played

FIRST = 100_000  # the suite plays the seeds from 0 on
AT_A_TIME = 50  # on one ground: what is taken back is dead weight in the database
ROUNDS = 4


def rows(count: int, *, trust: bool = False) -> list[list[str]]:
    """Play `count` histories and return what happened, name and figure."""
    told, failures, began = Told(), [], time.process_time()
    done = 0
    while done < count:
        seeds = range(FIRST + done, FIRST + min(done + AT_A_TIME, count))
        found, failure = played(seeds, rounds=ROUNDS, trust=trust)
        told.add(found)
        done = done + found.runs + 1 if failure else seeds.stop - FIRST
        failures += [failure] if failure else []
    spent = time.process_time() - began
    return [
        ["histories", str(done)],
        ["of them not tied at the end", str(len(failures))],
        ["acts of people, deliveries and runs of workers", str(sum(told.events.values()))],
        ["faults that struck", _counted(told.faults)],
        ["kills of the worker", _counted(_places(told.kills))],
        ["processor time each", f"{spent / max(done, 1):.2f} s"],
        *([f"failed {number + 1}", failure] for number, failure in enumerate(failures[:5])),
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
    """Play as many as STATEFUL_RUNS says, two thousand by default, and as many with client money again."""
    count = int(os.environ.get("STATEFUL_RUNS", "2000"))
    with testing.clone(f"bench_{os.getpid()}"):
        held, posted = rows(count), rows(count, trust=True)
    return "\n\n".join((table(["client money held", ""], held), table(["client money posted", ""], posted)))
