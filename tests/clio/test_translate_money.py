"""What Clio's payments, credits, bank rows and hours mean for the books, case by case."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from syncapp.clio import translate
from syncapp.core.documents import Credit, Funds, Money, Payment
from syncapp.core.problems import Problem

OPERATING = {"id": 1, "name": "Operating", "type": "Operating"}
TRUST = {"id": 2, "name": "IOLTA", "type": "Trust"}


def part(number: int, amount: str, **more: Any) -> dict[str, Any]:
    row = {
        "id": number,
        "amount": Decimal(amount),
        "date": "2026-04-10",
        "contact": {"id": 3},
        "bill": {"id": 7},
    }
    return {**row, "parent": {"id": 70, "type": "Payment", "identifier": "check 12"}, **more}


def problem(found: object, code: str) -> Problem:
    assert isinstance(found, Problem), found
    assert found.code == code
    return found


@pytest.mark.parametrize(
    ("source", "destination", "funds"),
    [
        (None, OPERATING, Funds.OUTSIDE),
        (None, None, Funds.OUTSIDE),
        (OPERATING, None, Funds.OPERATING),
        (TRUST, OPERATING, Funds.TRUST),
        (TRUST, None, Funds.TRUST),
        (OPERATING, OPERATING, Funds.OUTSIDE),
    ],
)
def test_where_the_money_came_from_is_told_by_the_accounts(
    source: dict[str, Any] | None, destination: dict[str, Any] | None, funds: Funds
) -> None:
    paid = part(1, "50.00", source_bank_account=source, destination_bank_account=destination)

    read = translate.payment(70, allocations=[paid])

    assert isinstance(read, Payment)
    assert read.funds is funds


def test_a_payment_is_its_live_allocations() -> None:
    row = {"id": 5, "confirmation": "4711", "currency": "USD", "bank_account": OPERATING}
    parts = [
        part(1, "50.00", destination_bank_account=OPERATING),
        part(
            2, "20.00", date="2026-04-08", bill={"id": 8}, interest=True, destination_bank_account=OPERATING
        ),
        part(3, "99.00", date="2026-01-01", voided_at="2026-04-11T10:00:00-04:00"),
    ]

    read = translate.payment(70, allocations=parts, bank_rows=[row])

    assert isinstance(read, Payment)
    assert (read.amount, read.day, read.reference, read.bank_account) == (
        7_000,
        date(2026, 4, 8),
        "4711",
        "Operating",
    )
    assert [(a.bill_id, a.amount, a.interest) for a in read.allocations] == [
        (7, 5_000, False),
        (8, 2_000, True),
    ]


def test_a_removed_payment_has_nothing_left() -> None:
    read = translate.payment(70, allocations=[part(1, "50.00", voided_at="2026-04-11T10:00:00-04:00")])

    assert isinstance(read, Payment)
    assert (read.allocations, read.reference, read.client_id) == ((), "check 12", 3)


def test_a_write_off_is_told_by_clios_list_and_an_early_discount_by_its_memo() -> None:
    memo = {"id": 60, "amount": Decimal("9.00"), "date": "2026-04-12", "discount": True, "contact": {"id": 3}}
    mine = [part(1, "9.00", parent={"id": 60, "type": "CreditMemo"})]

    written_off = translate.credit(memo, allocations=mine, write_off_ids={1})
    early = translate.credit(memo, allocations=mine)
    alone = translate.credit(None, allocations=mine)
    removed = translate.credit({**memo, "voided_at": "2026-05-01T00:00:00Z"}, allocations=mine)

    assert isinstance(written_off, Credit)
    assert isinstance(early, Credit)
    assert isinstance(alone, Credit)
    assert isinstance(removed, Credit)
    assert (written_off.write_off, written_off.early_payment) == (True, False)
    assert (early.write_off, early.early_payment, early.amount) == (False, True, 900)
    assert (alone.id, alone.amount) == (60, 900)
    assert removed.allocations == ()


def test_an_overpayment_leaves_its_surplus_as_money_of_the_payment() -> None:
    row = {
        "id": 5,
        "date": "2026-04-10",
        "amount": Decimal("120.00"),
        "currency": "USD",
        "bank_account": OPERATING,
    }

    surplus = translate.movement(row, allocated=10_000, payment_id=70)

    assert isinstance(surplus, Money)
    assert (surplus.amount, surplus.payment_id, surplus.trust) == (2_000, 70, False)
    assert translate.movement(row, allocated=12_000) is None


@pytest.mark.parametrize(
    ("figures", "amount"),
    [
        ({"amount": Decimal("-5.00")}, -500),
        ({"amount": Decimal("5.00"), "funds_out": Decimal("5.00"), "funds_in": None}, -500),
        ({"funds_in": Decimal("5.00"), "funds_out": 0}, 500),
        ({"amount": Decimal("-5.00"), "funds_in": 0, "funds_out": 0}, -500),
    ],
)
def test_the_direction_of_a_movement_survives_each_way_of_saying_it(
    figures: dict[str, Any], amount: int
) -> None:
    read = translate.movement({"id": 5, "date": "2026-04-10", "bank_account": TRUST, **figures})

    assert isinstance(read, Money)
    assert (read.amount, read.trust) == (amount, True)


def test_a_movement_that_contradicts_itself_is_a_problem() -> None:
    row = {
        "id": 5,
        "date": "2026-04-10",
        "bank_account": TRUST,
        "amount": Decimal("5.00"),
        "funds_in": Decimal("6.00"),
    }

    problem(translate.movement(row), "unreadable")


def test_time_is_sorted_into_what_became_of_it() -> None:
    entry = {"type": "TimeEntry", "rounded_quantity_in_hours": Decimal("1.5"), "total": Decimal("300.00")}
    rows = [
        {**entry, "id": 1, "billed": True, "on_bill": True, "bill": {"id": 7}},
        {**entry, "id": 2, "on_bill": True},
        {**entry, "id": 3, "date": "2026-02-01"},
        {**entry, "id": 4, "date": "2026-01-05"},
        {**entry, "id": 5, "non_billable": True, "total": 0, "non_billable_total": Decimal("80.00")},
        {"id": 6, "type": "ExpenseEntry", "total": Decimal("9.00")},
        {**entry, "id": 7, "total": "much"},
    ]

    totals = translate.time_totals(rows)

    assert (totals.all.hours, totals.all.amount) == (Decimal("6.0"), 120_000)
    assert totals.billed[7].amount == totals.drafted.amount == 30_000
    assert (totals.unbilled.count, totals.oldest_unbilled) == (2, date(2026, 1, 5))
    assert (totals.non_billable.amount, totals.unreadable) == (8_000, 1)
