"""What changes in Clio after its period was closed: the closed books stand, a new entry corrects them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from syncapp.emulators.clio.nouns import Bill
from syncapp.pipeline.cases import choices
from tests.road import books
from tests.road.acts import TODAY, fresh, owed
from tests.road.closing import approve, assert_corrected, case_of, close, on_closing_day, receivable
from tests.stage import Stage

EDITS: dict[str, Callable[[Stage, Bill], Any]] = {
    "lower": lambda f, b: f.desk("edit_line", line=b.line_ids[0], quantity="3"),
    "higher": lambda f, b: f.desk("edit_line", line=b.line_ids[0], quantity="9"),
    "a discount": lambda f, b: f.desk("edit_bill", bill=b.id, discount_type="money", discount_rate="50"),
    "a line less": lambda f, b: f.desk("remove_line", line=b.line_ids[1]),
    "void": lambda f, b: f.desk("void_bill", bill=b.id),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_bill_changed_in_a_closed_period_is_corrected_by_a_new_entry(firm: Stage, edit: str) -> None:
    bill = fresh(firm)
    firm.sync()
    closed, before, was = close(firm), receivable(firm), owed(firm, bill)

    EDITS[edit](firm, bill)
    firm.sync()

    proposed = case_of(firm, "closed_correction")
    now_owed = owed(firm, bill) if edit != "void" else Decimal(0)
    assert Decimal(proposed.facts["total"]) / 100 == abs(now_owed - was)
    assert receivable(firm) == before, "nothing posts before it is approved"

    approve(firm)

    assert receivable(firm) - before == now_owed - was
    assert_corrected(firm, closed)


def test_each_later_change_is_a_correction_of_its_own_and_a_payment_settles_them_all(firm: Stage) -> None:
    bill = fresh(firm)
    firm.sync()
    closed, before = close(firm), receivable(firm) - owed(firm, bill)
    for quantity in ("6", "2", "8"):
        firm.desk("edit_line", line=bill.line_ids[0], quantity=quantity)
        approve(firm)
    for discount in ("75", "0"):
        firm.desk("edit_bill", bill=bill.id, discount_type="money", discount_rate=discount)
        approve(firm)
    assert receivable(firm) - before == owed(firm, bill)
    assert_corrected(firm, closed)

    firm.desk("record_payment", bills=[bill.id], amount=str(owed(firm, bill)))
    firm.sync()

    assert receivable(firm) == before
    assert_corrected(firm, closed)


def test_what_was_approved_is_what_was_seen(firm: Stage) -> None:
    bill = fresh(firm)
    firm.sync()
    close(firm)
    firm.desk("edit_line", line=bill.line_ids[0], quantity="3")
    firm.sync()
    case = case_of(firm, "closed_correction")
    choices.choose(
        firm_id=firm.firm.pk,
        case_id=case.pk,
        answer=f"approve:{case.facts['print']}",
        by=firm.person,
        now=timezone.now(),
    )
    firm.desk("edit_line", line=bill.line_ids[0], quantity="2")
    before = receivable(firm)

    firm.sync()

    assert receivable(firm) == before, "another amount than the one approved must not post"
    assert case_of(firm, "closed_correction").facts["print"] != case.facts["print"]


def test_a_payment_in_the_open_period_makes_room_for_the_credit(firm: Stage) -> None:
    bill = fresh(firm)
    firm.sync()
    before = receivable(firm) - owed(firm, bill)
    firm.desk("record_payment", bills=[bill.id], amount=str(owed(firm, bill) - 1))
    firm.sync()
    closed = close(firm)

    firm.desk("edit_line", line=bill.line_ids[0], quantity="3")
    approve(firm)

    assert receivable(firm) - before == owed(firm, bill) < 0, "the client has a credit of the difference"
    assert on_closing_day(firm) == closed
    case_of(firm, "payment_unapplied")
    books.assert_idle(firm)


def test_a_payment_in_the_closed_period_stays_and_the_credit_stands_open(firm: Stage) -> None:
    bill = fresh(firm)
    firm.sync()
    before = receivable(firm) - owed(firm, bill)
    firm.desk("record_payment", bills=[bill.id], amount=str(owed(firm, bill) - 1), date=TODAY)
    firm.sync()
    closed = close(firm)

    firm.desk("edit_line", line=bill.line_ids[0], quantity="3")
    approve(firm)

    assert receivable(firm) - before == owed(firm, bill) < 0
    assert_corrected(firm, closed)


@pytest.mark.parametrize("kind", ["credit_note", "write_off"])
def test_a_credit_removed_in_a_closed_period_is_owed_again_by_an_invoice(firm: Stage, kind: str) -> None:
    bill = fresh(firm)
    credit = firm.desk(kind, bill=bill.id, amount="77.77", date=TODAY)
    firm.sync()
    closed, before = close(firm), receivable(firm)

    firm.desk("remove_credit", credit=credit.id)
    approve(firm)

    assert receivable(firm) - before == Decimal("77.77")
    assert_corrected(firm, closed)

    firm.desk("record_payment", bills=[bill.id], amount=str(owed(firm, bill)))
    firm.sync()
    assert_corrected(firm, closed)


def test_interest_removed_in_a_closed_period_is_credited(firm: Stage) -> None:
    bill = fresh(firm)
    charge = firm.desk("add_interest", bill=bill.id, total="12.34", date=TODAY)
    firm.sync()
    closed, before = close(firm), receivable(firm)

    firm.desk("remove_interest", charge=charge.id)
    approve(firm)

    assert before - receivable(firm) == Decimal("12.34")
    assert_corrected(firm, closed)


def test_when_the_period_is_opened_again_the_invoice_itself_says_it(firm: Stage) -> None:
    bill = fresh(firm)
    firm.sync()
    close(firm)
    firm.desk("edit_line", line=bill.line_ids[0], quantity="3")
    approve(firm)
    close(firm, None)
    firm.desk("edit_line", line=bill.line_ids[0], quantity="2")

    firm.sync()

    books.assert_ties(firm)
    books.assert_tieout(firm, afresh=True)
    books.assert_idle(firm)
