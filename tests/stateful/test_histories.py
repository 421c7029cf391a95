"""Whatever people, vendors and machines do to each other: when it is over, everything ties.

`STATEFUL_RUNS` says how many histories (`make bench` plays thousands), `STATEFUL_FIRST` from which seed on.
"""

from __future__ import annotations

import os

import pytest

from tests.stateful.shrinking import played

pytestmark = pytest.mark.django_db
RUNS = int(os.environ.get("STATEFUL_RUNS", "180"))
FIRST = int(os.environ.get("STATEFUL_FIRST", "0"))
PARTS = 6


@pytest.mark.parametrize("part", range(PARTS))
def test_after_the_trouble_nothing_is_lost_nothing_is_twice_and_everything_ties(part: int) -> None:
    seeds = range(FIRST + part, FIRST + RUNS, PARTS)

    told, failure = played(seeds)

    assert failure is None, failure
    assert told.runs == len(seeds)
    assert len(seeds) < 20 or (told.faults and told.kills), "there was no trouble to speak of"
