"""A year of a believable firm: its books tie to the cent at each month end, and what is held was planted."""

from __future__ import annotations

from typing import Any

import pytest

from syncapp.emulators.clio.world import END, year
from tests.oracle.compare import month_ends
from tests.road import books
from tests.stage import stage

pytestmark = pytest.mark.django_db


def test_the_year_ties_at_every_month_end(db: Any) -> None:  # noqa: ARG001
    """Trial balance by account, customer and class, receivables with their age, every entry and what is held."""
    with stage(year(7)) as set_:
        done = set_.sync()

        books.assert_ties(set_, on=month_ends(END))
        books.assert_control(done.counts)
        books.assert_tieout(set_, afresh=True)
        assert set_.verify()["ok"], set_.verify()
        books.assert_idle(set_)
