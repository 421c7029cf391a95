"""The first sync of 2,000 bills within the vendors' limits, and where our own time goes."""

from __future__ import annotations

import cProfile
import os
import pstats
from pathlib import Path
from typing import Any
from unittest import mock

from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.world import year
from syncapp.http import session
from syncapp.local import testing
from tests.bench.document import each, table
from tests.bench.meters import Meter
from tests.bench.year import (
    CLIO_A_MINUTE,
    QBO_A_MINUTE,
    QBO_A_SECOND,
    QBO_BATCHES_A_MINUTE,
    SEED,
    Passage,
    mount,
    passage,
)
from tests.stage import stage

BILLS = 2000
SIZE = 5.55  # of the seeded year, so that it has that many bills
SCALE = 2  # how much faster the vendors' minutes run; the measure allows 4, and 2 is nearer to the truth
TOP = 20
PATIENT = 60.0  # seconds
HERE = Path(__file__).resolve().parents[2]


def world() -> World:
    """The seeded year of a firm with 2,000 bills and all that belongs to them."""
    made = year(SEED, size=SIZE)
    if len(made.tables["Bill"]) < BILLS:
        raise RuntimeError(f"The world has only {len(made.tables['Bill'])} bills.")
    return made


def least(calls: int, limit: int, seconds: float) -> float:
    """Return the seconds that a limit of so many calls in so many seconds keeps the last call waiting.

    The first window may be used up at once, and so may each that follows.
    """
    return (calls - 1) // limit * seconds / SCALE if calls else 0.0


def clio_floor(meter: Meter) -> float:
    """Return the least seconds for some calls of Clio."""
    return least(meter.total, CLIO_A_MINUTE, 60)


def qbo_floor(meter: Meter) -> float:
    """Return the least seconds for some calls of QuickBooks: its three limits run side by side."""
    return max(
        least(meter.total, QBO_A_MINUTE, 60),
        least(meter.total, QBO_A_SECOND, 1),
        least(meter.calls["batch"], QBO_BATCHES_A_MINUTE, 60),
    )


def figures() -> str:
    """Sync within the limits for the time, and once more without them under the profiler."""
    with testing.clone(f"bench_{os.getpid()}"), stage(world(), scale=SCALE, limited=True) as set_:
        bills = len(set_.world.tables["Bill"])
        first = passage(set_, *mount(set_))
    print(within := of_first(first, bills=bills), flush=True)
    with testing.clone(f"bench_{os.getpid()}"), stage(world()) as set_:
        meters = mount(set_)
        profile = cProfile.Profile()
        with mock.patch.object(session, "_SHORTEST_TIMEOUT", PATIENT):  # the emulators are profiled too
            profile.runcall(passage, set_, *meters)
    return f"{within}\n\n{of_profile(pstats.Stats(profile))}"


def of_first(first: Passage, *, bills: int) -> str:
    """Set the time beside what the limits allow."""
    clio, qbo = clio_floor(first.clio), qbo_floor(first.qbo)
    rows = [
        ["bills", str(bills)],
        ["documents read", str(first.documents)],
        ["postings", str(first.posted)],
        ["Clio calls", str(first.clio.total)],
        ["QuickBooks calls", str(first.qbo.total)],
        ["of them batches", str(first.qbo.calls["batch"])],
        ["calls per posting", each(first.clio.total + first.qbo.total, first.posted)],
        ["metered reads", str(first.metered)],
        ["metered reads per posting", each(first.metered, first.posted)],
        ["Clio's floor", f"{clio:.0f} s"],
        ["QuickBooks' floor", f"{qbo:.0f} s"],
        ["wall", f"{first.wall:.0f} s"],
        ["our processor time", f"{first.cpu:.1f} s"],
        ["our processor time per posting", f"{first.cpu * 1000 / first.posted:.2f} ms"],
        ["the emulators' time", f"{first.vendors:.1f} s"],
        ["wall over the floor, one vendor after the other", f"{first.wall / (clio + qbo):.2f}"],
        ["wall over the floor, both side by side", f"{first.wall / max(clio, qbo):.2f}"],
        ["memory at most", f"{first.memory} MiB"],
    ]
    return table([f"first sync, TIME_SCALE {SCALE}", ""], rows)


def of_profile(found: pstats.Stats) -> str:
    """List what took most time of its own; waiting for PostgreSQL and the emulators are among it."""
    timed: list[tuple[Any, ...]] = sorted(found.stats.items(), key=lambda one: -one[1][2])  # type: ignore[attr-defined]
    whole = sum(one[1][2] for one in timed)
    rows = [
        [_named(where), f"{calls}", f"{own:.2f} s", f"{own / whole:.1%}"]
        for where, (_, calls, own, _, _) in timed[:TOP]
    ]
    return table(["function", "calls", "own time", "of all"], rows)


def _named(where: tuple[str, int, str]) -> str:
    path, line, name = where
    short = path.partition("site-packages/")[2] or path.removeprefix(f"{HERE}/")
    if "/lib/python3" in short:
        short = short.partition("/lib/python3")[2].partition("/")[2]
    return f"{short}:{line} {name}" if line else name
