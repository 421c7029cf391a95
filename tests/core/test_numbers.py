"""The numbers of what Tieout makes itself: unlike one another, and short enough, whatever Clio's ids are."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from syncapp.core.planning.retainers import PLAIN, numbered

IDS = st.integers(1, 10**12 - 1)
PARTS = st.one_of(st.sampled_from(["", "/costs"]), st.builds("/m{}".format, IDS))
TARGETS = st.builds("bills/{}{}".format, IDS, PARTS)


def test_one_payment_of_two_bills_has_two_numbers_though_ids_have_ten_digits() -> None:
    one, other = (numbered(1234567890, f"bills/234567890{last}") for last in (1, 2))
    assert one != other
    assert numbered(7, "bills/9") == "R7-9"
    assert numbered(7, "bills/9/m3") == "R7-9-m3"


@given(IDS, TARGETS, TARGETS)
@example(78_364_164_096, "bills/1/costs", "bills/1")  # eight characters in base 36
def test_numbers_of_unlike_targets_are_unlike_and_fit(payment: int, one: str, other: str) -> None:
    assert (numbered(payment, one) == numbered(payment, other)) == (one == other)
    assert len(numbered(payment, one)) <= PLAIN
