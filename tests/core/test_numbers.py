"""The numbers of what Tieout makes itself: unlike one another, and short enough, whatever Clio's ids are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from syncapp.core.planning.retainers import REFERENCE_LIMIT, numbered

IDS = st.integers(1, 10**12 - 1)
TARGETS = st.builds("{}/{}{}".format, st.sampled_from(["bills"]), IDS, st.sampled_from(["", "/costs"]))


def test_one_payment_of_two_bills_has_two_numbers_though_ids_have_ten_digits() -> None:
    one, other = (numbered(1234567890, f"bills/234567890{last}") for last in (1, 2))
    assert one != other
    assert numbered(7, "bills/9") == "R7-9"
    assert numbered(7, "bills/9/costs") == "R7-9-C"


@given(IDS, TARGETS, TARGETS)
def test_numbers_of_unlike_targets_are_unlike_and_fit(payment: int, one: str, other: str) -> None:
    assert (numbered(payment, one) == numbered(payment, other)) == (one == other)
    assert len(numbered(payment, one)) <= REFERENCE_LIMIT
