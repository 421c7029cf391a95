"""Whatever people, vendors and machines do to each other: when it is over, everything ties.

The suite plays a few of each kind; `make bench ARGS=stateful` plays thousands. `STATEFUL_RUNS` says how many
histories, `STATEFUL_TRUST` how many with client money, `STATEFUL_FIRST` from which seed on.
"""

from __future__ import annotations

import os

import pytest

from tests.stateful.firm_acts import SAYS
from tests.stateful.ground import DESK
from tests.stateful.seeded import made_from
from tests.stateful.setups import SETUPS
from tests.stateful.shrinking import played
from tests.stateful.trust_acts import BEFORE, TRUST

pytestmark = pytest.mark.django_db
RUNS = int(os.environ.get("STATEFUL_RUNS", "40"))
MONEY = int(os.environ.get("STATEFUL_TRUST", "20"))
FIRST = int(os.environ.get("STATEFUL_FIRST", "0"))
DESKS = int(os.environ.get("STATEFUL_DESK", "8"))
PARTS = 2


@pytest.mark.parametrize("part", range(PARTS))
def test_after_the_trouble_nothing_is_lost_nothing_is_twice_and_everything_ties(part: int) -> None:
    seeds = range(FIRST + part, FIRST + RUNS, PARTS)

    told, failure = played(seeds)

    assert failure is None, failure
    assert told.runs == len(seeds)
    assert len(seeds) < 10 or (told.faults and told.kills), "there was no trouble to speak of"


@pytest.mark.parametrize("setup", SETUPS)
def test_client_money_ties_ledger_by_ledger_on_every_day_and_touches_nothing_else(setup: str) -> None:
    seeds = range(FIRST + list(SETUPS).index(setup), FIRST + MONEY, len(SETUPS))

    told, failure = played(seeds, setup=setup)

    assert failure is None, failure
    assert told.runs == len(seeds)
    assert len(seeds) < 4 or told.faults or told.kills, "there was no trouble to speak of"


def test_hands_in_the_books_are_told_by_a_case_each_and_no_case_is_in_vain() -> None:
    seeds = range(FIRST, FIRST + DESKS)

    told, failure = played(seeds, setup=DESK)

    assert failure is None, failure
    assert told.runs == len(seeds)


def test_every_event_of_client_money_is_among_them() -> None:
    seeds = range(FIRST, FIRST + 60)
    steps = [
        step for setup in (*SETUPS, DESK) for seed in seeds for step in made_from(seed, setup=setup).steps
    ]

    assert set(TRUST) | set(BEFORE) <= {step[1] for step in steps if step[0] == "clio"}
    assert set(SAYS) <= {step[1] for step in steps if step[0] == "say"}
    assert {"bank", "kill", "fault", "post", "shut", "leave"} <= {step[0] for step in steps}
