"""Laws of money: nothing is lost in a split, and text, decimals and whole cents are the same amount."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.core import money

amounts = st.integers(-(10**12), 10**12)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)


@given(amounts, weights)
def test_the_parts_of_a_split_sum_to_the_whole(whole: int, shares: list[int]) -> None:
    assert sum(money.split(whole, shares)) == whole


@given(amounts, weights)
def test_each_part_is_rounded_half_up_and_the_odd_cents_go_to_the_largest(
    whole: int, shares: list[int]
) -> None:
    total = sum(shares)
    exact = [
        int((Decimal(abs(whole)) * share / total).to_integral_value(ROUND_HALF_UP))
        * (1 if whole >= 0 else -1)
        for share in shares
    ]
    largest = shares.index(max(shares))

    parts = money.split(whole, shares)

    assert parts[:largest] + parts[largest + 1 :] == exact[:largest] + exact[largest + 1 :]
    assert abs(parts[largest] - exact[largest]) <= len(shares)


@given(amounts, weights)
def test_a_split_of_the_opposite_amount_is_the_opposite_split(whole: int, shares: list[int]) -> None:
    assert money.split(-whole, shares) == [-part for part in money.split(whole, shares)]


def test_one_cent_in_three_equal_parts_goes_to_the_first() -> None:
    assert money.split(1, [1, 1, 1]) == [1, 0, 0]
    assert money.split(100, [1, 1, 1]) == [34, 33, 33]
    assert money.split(5, [1, 1]) == [2, 3] or money.split(5, [1, 1]) == [3, 2]


@pytest.mark.parametrize("shares", [[], [0], [0, 0], [1, -1]])
def test_there_must_be_something_to_share_over(shares: list[int]) -> None:
    with pytest.raises(ValueError, match="nothing to share"):
        money.split(1, shares)


@given(amounts, st.sampled_from(["USD", "CAD", "JPY"]))
def test_an_amount_survives_text_and_decimal(amount: int, currency: str) -> None:
    assert money.minor(money.text(amount, currency), currency) == amount
    assert money.minor(money.decimal(amount, currency), currency) == amount


@given(st.integers(-(10**9), 10**9), st.integers(1, 9))
def test_a_fraction_of_a_cent_is_no_amount(whole: int, tenth: int) -> None:
    with pytest.raises(money.NotMoneyError, match="fraction"):
        money.minor(Decimal(whole * 10 + tenth) / 1000)


@pytest.mark.parametrize("nonsense", [None, "", "1,000.00", "ten", "NaN", "Infinity"])
def test_what_is_no_amount_is_an_error(nonsense: str | None) -> None:
    with pytest.raises(money.NotMoneyError):
        money.minor(nonsense)
