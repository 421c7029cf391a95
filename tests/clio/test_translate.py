"""What Clio's words mean for the books, case by case."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from syncapp.clio import translate
from syncapp.core import codec
from syncapp.core.documents import (
    Bill,
    BillState,
    Client,
    Cost,
    LineKind,
    Matter,
)
from syncapp.core.problems import Fix, Problem


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


@pytest.mark.parametrize(
    ("told", "day"),
    [("2026-10-01T23:50:00-04:00", date(2026, 10, 1)), (None, None), ("soon", None), (7, None)],
)
def test_a_bill_says_on_which_day_it_went_to_the_client_and_posts_whatever_it_says(
    told: object, day: date | None
) -> None:
    found = bill(last_sent_at=told)

    assert (found.sent, found.amount) == (day, 10_000)


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

    assert "archived" in one.words
    assert "state" in one.words
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
    line = {
        "id": 1,
        "kind": "Service",
        "total": Decimal("100.00"),
        "note": "Call about the divorce",
        "description": "Call about",
        "activity": {"id": 9},
        "user": {"id": 1, "name": "E. Ash"},
        "quantity": Decimal("0.4"),
        "price": Decimal("250.00"),
        "date": "2026-03-02",
    }
    known = {9: {"id": 9, "type": "TimeEntry", "activity_description": {"id": 2, "name": "Client call"}}}

    [read] = bill(lines=[line], activities=known).lines

    assert (read.label, read.narrative) == ("Client call", "Call about the divorce")
    assert (read.quantity, read.rate, read.day) == (Decimal("0.4"), Decimal("250.00"), date(2026, 3, 2))


def test_a_bill_that_cannot_be_used_still_says_its_number_and_what_is_owed() -> None:
    row: dict[str, Any] = {
        "id": 7,
        "number": "1042",
        "state": "awaiting_payment",
        "due": Decimal("71.00"),
        "kind": "new",
    }
    known: dict[str, Any] = {"activities": {}, "matters": {}, "lines": [], "interest": []}

    told = translate.bill(row, **known)
    draft = translate.bill(row | {"state": "draft"}, **known)

    assert isinstance(told, Problem)
    assert isinstance(draft, Problem)
    assert (told.facts["bill_number"], told.facts["told_amount"]) == ("1042", "71")
    assert "told_amount" not in draft.facts


def test_a_number_in_another_form_is_the_same_bill() -> None:
    def written(*, quantity: str, price: str, total: str) -> object:
        line = {"id": 1, "kind": "Service", "total": Decimal(total), "activity": {"id": 9}}
        line |= {"quantity": Decimal(quantity), "price": Decimal(price), "date": "2026-03-02"}
        return codec.to_json(bill(lines=[line], due=Decimal(total)))

    assert written(quantity="2", price="50.0", total="100") == written(
        quantity="2.00", price="50", total="100.00"
    )


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
    ("status", "day", "closed"),
    [
        ("Closed", "2019-05-14", date(2019, 5, 14)),
        ("closed", "2019-05-14", date(2019, 5, 14)),
        ("Open", "2019-05-14", None),
        ("Closed", None, None),
        ("Closed", "soon", None),
    ],
)
def test_a_matter_is_closed_on_the_day_that_clio_says(
    status: str, day: str | None, closed: date | None
) -> None:
    told = translate.matter({"id": 1, "client_id": 4, "status": status, "close_date": day})
    assert isinstance(told, Matter)
    assert told.closed_on == closed
