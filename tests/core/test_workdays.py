"""Terms are counted in working days, Monday to Friday."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.core import workdays

FRIDAY = date(2026, 9, 18)


def test_a_weekend_does_not_count() -> None:
    monday = date(2026, 9, 21)

    assert workdays.after(FRIDAY, 0) == FRIDAY
    assert workdays.after(FRIDAY, 1) == monday
    assert workdays.after(FRIDAY + timedelta(days=1), 0) == monday
    assert workdays.after(FRIDAY, 6) == date(2026, 9, 28)
    with pytest.raises(ValueError, match="-1 days"):
        workdays.after(FRIDAY, -1)


@given(day=st.dates(date(2020, 1, 1), date(2040, 1, 1)), number=st.integers(0, 60))
def test_the_last_day_from_which_a_term_has_run_out_is_the_last(day: date, number: int) -> None:
    last = workdays.since(day, number)

    assert workdays.after(last, number) <= day
    assert workdays.after(last + timedelta(days=1), number) > day
