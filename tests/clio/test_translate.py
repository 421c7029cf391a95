"""What Clio's words mean for the books, case by case."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from syncapp.clio import translate
from syncapp.core.documents import (
    Bill,
    BillState,
    Client,
    Cost,
    Credit,
    Funds,
    LineKind,
    Matter,
    Money,
    Payment,
)
from syncapp.core.problems import Fix, Problem

OPERATING = {"id": 1, "name": "Operating", "type": "Operating"}
TRUST = {"id": 2, "name": "IOLTA", "type": "Trust"}


def bill(lines: list[dict[str, Any]] | None = None, **row: Any) -> Any:
    whole = {
        "id": 7,
        "number": "1042",
        "state": "awaiting_payment",
        "issued_at": "2026-03-31",
        "client": {"id": 3},
    }
    own = [{"id": 1, "kind": "Service", "total": Decimal("100.00")}] if lines is None else lines
    more = {
        name: row.pop(name, empty) for name, empty in (("activities", {}), ("matters", {}), ("interest", []))
    }
    return translate.bill({**whole, "due": Decimal("100.00"), **row}, lines=own, **more)


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
    ("word", "state"),
    [
        ("draft", BillState.NOT_YET),
        ("awaiting_approval", BillState.NOT_YET),
        ("awaiting_payment", BillState.ISSUED),
        ("paid", BillState.ISSUED),
        ("void", BillState.VOID),
        ("deleted", BillState.DELETED),
    ],
)
def test_a_bills_state_says_what_it_asks_of_the_books(word: str, state: BillState) -> None:
    assert bill(state=word).state is state


def test_a_trust_request_is_never_an_invoice() -> None:
    read = bill(kind="trust_kind", lines=[])

    assert (read.trust_request, read.state, read.lines) == (True, BillState.NOT_YET, ())
    assert read.amount == 10_000


def test_a_bill_without_client_is_held_for_clio() -> None:
    assert problem(bill(client=None), "bill_without_client").fix is Fix.CLIO
    assert isinstance(bill(client=None, state="draft"), Bill)


def test_an_unknown_word_names_its_field_and_value_and_is_one_cause() -> None:
    one, other = (
        problem(bill(state="archived"), "unknown_word"),
        problem(bill(id=8, state="archived"), "unknown_word"),
    )

    assert "archived" in one.words and "state" in one.words
    assert one.cause_key == other.cause_key


@pytest.mark.parametrize(
    "due", ["a lot", True, {"amount": 1}, Decimal("NaN"), Decimal("1E+400000"), Decimal("10.005")]
)
def test_an_amount_that_cannot_be_read_is_a_problem(due: object) -> None:
    assert problem(bill(due=due), "unreadable").facts["field"] == "due"


def test_a_void_bill_whose_lines_are_gone_is_void_all_the_same() -> None:
    read = bill(state="void", lines=[], sub_total=Decimal("100.00"))

    assert (read.state, read.lines, read.amount) == (BillState.VOID, (), 10_000)


def test_a_bill_that_does_not_add_up_says_the_three_figures() -> None:
    found = problem(bill(due=Decimal("120.00"), tax_sum=Decimal("3.00")), "bill_does_not_add_up")

    assert all(figure in found.words for figure in ("$100.00", "$3.00", "$120.00"))


def test_a_bill_of_nothing_and_a_line_without_charge() -> None:
    free = {"id": 1, "type": "NoChargeLineItem", "kind": "Service", "total": 0, "sub_total": Decimal("50.00")}

    read = bill(lines=[free], due=0, sub_total=0)

    assert (read.amount, read.lines) == (0, ())


def test_a_negative_bill_is_read_and_left_to_judgement() -> None:
    read = bill(lines=[{"id": 1, "kind": "Service", "total": Decimal("-20.00")}], due=Decimal("-20.00"))

    assert read.amount == -2_000


@pytest.mark.parametrize(
    ("activity", "entry_type", "cost"),
    [
        ("HardCostEntry", None, Cost.HARD),
        ("SoftCostEntry", "hard_cost", Cost.SOFT),
        ("ExpenseEntry", None, Cost.SOFT),
        ("ExpenseEntry", "hard_cost", Cost.HARD),
    ],
)
def test_a_cost_is_hard_or_soft_by_its_activity(activity: str, entry_type: str | None, cost: Cost) -> None:
    line = {"id": 1, "kind": "Expense", "total": Decimal("100.00"), "activity": {"id": 9, "type": activity}}
    category = {"id": 4, "name": "Filing Fees", "entry_type": entry_type}
    known = {
        9: {"id": 9, "type": activity, "expense_category": category, "user": {"id": 1, "name": "E. Ash"}}
    }

    [read] = bill(lines=[line], activities=known).lines

    assert (read.kind, read.cost, read.expense_category) == (LineKind.EXPENSE, cost, "Filing Fees")
    assert read.timekeeper == "E. Ash"


def test_the_narrative_stays_apart_from_the_label() -> None:
    line = {"id": 1, "kind": "Service", "total": Decimal("100.00"), "note": "Call about the divorce",
            "description": "Call about", "activity": {"id": 9}, "user": {"id": 1, "name": "E. Ash"},
            "quantity": Decimal("0.4"), "price": Decimal("250.00"), "date": "2026-03-02"}  # fmt: skip
    known = {9: {"id": 9, "type": "TimeEntry", "activity_description": {"id": 2, "name": "Client call"}}}

    [read] = bill(lines=[line], activities=known).lines

    assert (read.label, read.narrative) == ("Client call", "Call about the divorce")
    assert (read.quantity, read.rate, read.day) == (Decimal("0.4"), Decimal("250.00"), date(2026, 3, 2))


def test_interest_on_the_issue_date_is_a_line_and_later_interest_is_not() -> None:
    now = {"id": 91, "date": "2026-03-31", "total": Decimal("5.00")}
    second = {"id": 93, "date": "2026-06-01", "total": Decimal("2.00")}
    first = {"id": 94, "date": "2026-05-01", "total": Decimal("1.00")}

    read = bill(due=Decimal("108.00"), interest=[now, second, first])

    assert read.amount == 10_500
    assert [line.amount for line in read.lines if line.kind is LineKind.INTEREST] == [500]
    later = translate.later_charges(date(2026, 3, 31), [now, second, first])
    assert [(row["id"], order) for row, order in later] == [(94, 1), (93, 2)]


def test_a_name_of_any_length_is_kept() -> None:
    read = translate.client({"id": 1, "type": "Company", "name": "Ä" * 5_000})

    assert isinstance(read, Client)
    assert len(read.name) == 5_000


def test_an_address_is_lines_as_on_an_envelope() -> None:
    address = {
        "id": 1,
        "street": "4 Quay Road\nFloor 2",
        "city": "Boston",
        "province": "MA",
        "postal_code": "02110",
    }

    read = translate.client(
        {"id": 1, "type": "Person", "first_name": "Ada", "last_name": "Li", "primary_address": address}
    )

    assert isinstance(read, Client)
    assert (read.name, read.address) == ("Ada Li", ("4 Quay Road", "Floor 2", "Boston, MA 02110"))


def test_a_hidden_contact_and_a_matter_without_client_are_problems() -> None:
    problem(translate.client({"id": 1, "redacted": True}), "hidden_in_clio")
    problem(translate.matter({"id": 1, "display_number": "00001-Li"}), "matter_without_client")
    assert isinstance(translate.matter({"id": 1, "client_id": 4}), Matter)


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

    assert isinstance(written_off, Credit) and isinstance(early, Credit)
    assert isinstance(alone, Credit) and isinstance(removed, Credit)
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
