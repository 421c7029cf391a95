"""What a part payment pays: the firm's order against QuickBooks' proportion, and how old a balance is."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from syncapp.core import cashbasis
from syncapp.core.ageing import oldest
from syncapp.core.cashbasis import COSTS, FEES, ORDERS, PARTS, TAX
from syncapp.core.documents import Bill, BillLine, BillState, LineKind

CENTS = st.integers(0, 10_000_00)
BILLS = st.fixed_dictionaries({FEES: CENTS, COSTS: CENTS, TAX: CENTS})


def bill(fees: int, costs: int, *, discount: int = 0, tax: int = 0, services_only: bool = False) -> Bill:
    lines = (
        BillLine(id=1, kind=LineKind.TIME, amount=fees),
        BillLine(id=2, kind=LineKind.EXPENSE, amount=costs),
    )
    return Bill(
        id=1, number="1", state=BillState.ISSUED, client_id=1, currency="USD", issued=None, due=None,
        lines=lines, amount=fees + costs - discount + tax, discount=discount,
        discount_services_only=services_only, tax=tax,
    )  # fmt: skip


def test_a_payment_of_the_costs_is_shown_by_quickbooks_as_mostly_fees() -> None:
    parts = cashbasis.parts_of(bill(5_000_00, 800_00))

    one = cashbasis.compared(parts, before=0, during=800_00, order="costs")

    assert (one.firm, one.left) == ({FEES: 0, COSTS: 800_00, TAX: 0}, {FEES: 5_000_00, COSTS: 0, TAX: 0})
    assert one.books == {FEES: 689_66, COSTS: 110_34, TAX: 0}
    assert one.apart == {FEES: 689_66, COSTS: -689_66, TAX: 0}


def test_a_discount_comes_off_the_services_or_off_both() -> None:
    both = cashbasis.parts_of(bill(900_00, 100_00, discount=100_00, tax=8_00))
    fees = cashbasis.parts_of(bill(900_00, 100_00, discount=100_00, tax=8_00, services_only=True))

    assert (both, fees) == (
        {FEES: 810_00, COSTS: 90_00, TAX: 8_00}, {FEES: 800_00, COSTS: 100_00, TAX: 8_00},
    )  # fmt: skip


@given(parts=BILLS, paid=CENTS, order=st.sampled_from(sorted(ORDERS)))
def test_every_cent_of_a_payment_pays_some_part_and_none_more_than_it_asks(
    parts: dict[str, int], paid: int, order: str
) -> None:
    whole = sum(parts.values())
    for shared in (cashbasis.in_order(parts, paid, order), cashbasis.proportional(parts, paid)):
        assert sum(shared.values()) == min(paid, whole)
        assert all(0 <= shared[part] <= parts[part] for part in PARTS)


@given(parts=BILLS, paid=st.lists(CENTS, max_size=5), order=st.sampled_from(sorted(ORDERS)))
def test_once_a_bill_is_paid_both_agree_however_it_was_paid(
    parts: dict[str, int], paid: list[int], order: str
) -> None:
    months = [*paid, sum(parts.values())]  # the last one pays the rest
    before, firm, books = 0, list[dict[str, int]](), list[dict[str, int]]()
    for amount in months:
        one = cashbasis.compared(parts, before=before, during=amount, order=order)
        firm, books, before = [*firm, one.firm], [*books, one.books], before + amount
        assert sum(one.apart.values()) == 0

    assert cashbasis.total(firm) == cashbasis.total(books) == parts


@given(moves=st.lists(st.tuples(st.integers(0, 400), st.integers(-500, 500)), max_size=12))
def test_a_balance_is_as_old_as_the_oldest_money_that_is_left_of_it(moves: list[tuple[int, int]]) -> None:
    start = date(2026, 1, 1)
    listed = [(start + timedelta(days=day), amount) for day, amount in moves]
    since, held = oldest(listed), sum(amount for _, amount in listed)

    assert (since is None) == (held <= 0)
    if since is not None:
        later = sum(amount for day, amount in listed if day > since and amount > 0)
        assert later < held, "what came in later alone does not make the balance"
