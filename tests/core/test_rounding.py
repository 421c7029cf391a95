"""A cent that a bill's lines lack: one line with its reason by the firm's rule, else a question (F32)."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from mapping.rules import place
from syncapp.clio import translate
from syncapp.core.documents import Bill
from syncapp.core.ledger import InvoiceDraft, SaleLine
from syncapp.core.linewise import billed
from syncapp.core.planning.bills import plan_bill
from syncapp.core.planning.facts import Book, Options
from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Fix, Problem
from tests.core.test_planning_laws import CLIENT, MATTERS, RULES, START
from tests.mapping.world import CHART, COMPANY


def book(up_to: int = 5, **more: Any) -> Book:
    """A set of books that rounds."""
    options = Options(
        start_bills=START, start_payments=START, start_credits=START,
        rounding_item=CHART.items["23"] if up_to else None, rounding_up_to=up_to, **more,
    )  # fmt: skip
    return Book(
        name="1", company=COMPANY, chart=CHART, options=options, version=1, receivable="11",
        place=partial(place, rules=RULES, chart=CHART, fallback=""), clients={1: CLIENT}, matters=MATTERS,
    )  # fmt: skip


def read(due: str, *amounts: str, **row: Any) -> Any:
    """Read a bill of client 1 whose lines are of matters 1, 2, … and that says what is due."""
    lines = [
        {"id": n, "kind": "Service", "total": Decimal(amount), "matter": {"id": n}}
        for n, amount in enumerate(amounts, start=1)
    ]
    whole = {
        "id": 7, "number": "1042", "state": "awaiting_payment", "issued_at": "2026-03-31",
        "client": {"id": 1}, "matters": [{"id": n} for n in range(1, len(amounts) + 1)],
        "due": Decimal(due), **row,
    }  # fmt: skip
    return translate.bill(whole, lines=lines, activities={}, matters={}, interest=[])


def drafts(bill: Bill, books: Book) -> list[InvoiceDraft]:
    answer = plan_bill(bill, books)
    assert isinstance(answer, Answer), answer
    return [one.draft for one in answer.wanted if isinstance(one.draft, InvoiceDraft)]


def rounded(draft: InvoiceDraft) -> list[SaleLine]:
    return [line for line in draft.lines if line.role == "rounding"]


@pytest.mark.parametrize(("due", "cents"), [("100.01", 1), ("99.97", -3)])
def test_within_the_tolerance_one_line_says_the_difference_and_why(due: str, cents: int) -> None:
    bill = read(due, "100.00", sub_total=Decimal("100.00"))
    [draft] = drafts(bill, book())

    [line] = rounded(draft)
    assert (line.amount, line.item, line.account) == (cents, "23", CHART.items["23"].account)
    assert line.description == f"Rounding: the lines come to $100.00, Clio bills ${due}"
    assert draft.total == bill.amount == int(Decimal(due) * 100)
    assert sum(row.amount for row in draft.entry()) == 0
    assert sum(side.amount for side in billed(bill)) == bill.amount, "the month end compares it line by line"


def test_a_line_that_the_sub_total_contradicts_by_a_cent_is_rounded_too() -> None:
    [draft] = drafts(read("100.00", "33.33", "66.66", sub_total=Decimal("100.00")), book())

    assert [line.amount for line in rounded(draft)] == [1]


@pytest.mark.parametrize(
    ("up_to", "rule"), [(0, "This firm rounds nothing."), (5, "This firm rounds up to $0.05.")]
)
def test_beyond_it_the_question_shows_both_amounts(up_to: int, rule: str) -> None:
    problem = plan_bill(read("100.06", "100.00"), book(up_to))

    assert isinstance(problem, Problem)
    assert (problem.code, problem.fix, problem.cause) == ("bill_does_not_add_up", Fix.CLIO, "bills/7")
    assert problem.words == (
        f"The lines of bill 1042 come to $100.00, but Clio bills $100.06: $0.06 apart. {rule}"
    )
    assert problem.facts == {"lines": "100.00", "owed": "100.06", "gap": "6"}


def test_a_unit_is_never_rounded_whatever_the_firm_says() -> None:
    assert isinstance(read("101.00", "100.00"), Problem)
    assert isinstance(read("100.99", "100.00"), Bill)


def test_what_adds_up_has_no_such_line_and_a_discount_is_no_rounding() -> None:
    plain = read("100.00", "100.00")
    discounted = read("89.99", "99.99", discount={"type": "percentage", "rate": Decimal(10)})

    assert (plain.rounding, discounted.rounding, discounted.discount) == (0, 0, 1_000)
    assert not rounded(drafts(plain, book())[0])


def test_of_an_invoice_for_each_matter_the_first_has_the_line() -> None:
    both = drafts(read("100.02", "40.00", "60.00"), book(several_matters="each"))

    assert [[line.amount for line in rounded(draft)] for draft in both] == [[2], []]
    assert sum(draft.total for draft in both) == 10_002


def test_in_summary_the_line_stands_alone() -> None:
    [draft] = drafts(read("100.02", "40.00", "60.00"), book(lines="summary"))

    assert [line.amount for line in draft.lines] == [4_000, 6_000, 2]
