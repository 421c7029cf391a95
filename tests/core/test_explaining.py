"""The fewest records that make up a difference."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.core.explaining import MANY, smallest, sums_to

AMOUNTS = st.lists(st.integers(-9_999, 9_999).filter(bool), min_size=1, max_size=9)


def test_one_record_explains_before_two_do() -> None:
    assert smallest([100, -40, 60, 25], 60) == [(2,)]


def test_two_records_explain_and_the_others_cancel_out() -> None:
    assert smallest([500, -500, 120, 130, 999, -999], 250) == [(2, 3)]


def test_nothing_explains_what_no_records_make_up() -> None:
    assert smallest([100, 200], 55) == []
    assert smallest([100, 200], 0) == []


def test_of_very_many_two_are_found_still() -> None:
    amounts = [7 * n for n in range(1, 1500)]

    assert smallest([*amounts, 3], 10) == [(0, 1499)]


def test_a_sum_that_fits_in_two_ways_is_told_as_two() -> None:
    assert len(sums_to([50, 50, 100], 150, sizes=range(2, 7), most=2)) == 2


def test_more_than_can_be_tried_is_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        sums_to([1] * (MANY + 1), 5, sizes=range(1, 9), most=1)


@given(AMOUNTS, st.data())
def test_what_is_found_sums_to_the_difference_and_nothing_smaller_does(
    amounts: list[int], data: st.DataObject
) -> None:
    chosen = data.draw(st.sets(st.sampled_from(range(len(amounts))), min_size=1))
    total = sum(amounts[at] for at in chosen)

    ways = smallest(amounts, total)

    if total:
        assert sum(amounts[at] for at in ways[0]) == total
        assert len(ways[0]) <= len(chosen)
