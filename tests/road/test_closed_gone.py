"""What a hand takes out of closed books with what rests on it: posted once more, and all of it put on it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.qbo import backdoor, writing
from tests.road.acts import TODAY, fresh, owed
from tests.road.closing import case_of, close, receivable
from tests.road.test_hands_closed import assert_stays, invoice_of, page, payment_of, say
from tests.stage import Stage

LATER = date(2026, 11, 3)


def taken_out(on: Stage, entity: str, remote_id: str, hand: str) -> None:
    """Somebody deletes or voids it: QuickBooks takes its payments off first."""
    backdoor.switch(on.company, delete_linked="unlink")
    getattr(backdoor, hand)(on.company, entity, remote_id)


def paid(on: Stage, bill: Bill, amount: str, day: date = TODAY) -> None:
    on.desk("record_payment", bills=[bill.id], amount=amount, date=day)


def balance(on: Stage, number: str) -> Decimal:
    row = invoice_of(on, number)
    return Decimal(str(writing.view(on.company, "Invoice", row["Id"])["Balance"]))


@pytest.mark.parametrize("hand", ["delete", "void"])
def test_an_invoice_with_a_payment_of_the_open_period_and_a_credit_is_posted_once_more_with_both(
    firm: Stage, hand: str
) -> None:
    bill = fresh(firm)
    firm.desk("credit_note", bill=bill.id, amount="40", date=TODAY)
    paid(firm, bill, "100", LATER)
    firm.sync()
    before, left = receivable(firm), owed(firm, bill)
    payment = payment_of(firm, bill.number)["Id"]
    taken_out(firm, "Invoice", invoice_of(firm, bill.number)["Id"], hand)
    closed = close(firm)
    firm.sync()
    case = case_of(firm, "changed_in_books")

    told = page(firm, case)
    assert (
        "The payment of $100.00 of 3 Nov 2026 and the credit of $40.00 of 31 Oct 2026 are put on it" in told
    )
    assert say(firm, case, "correct") is None
    firm.sync()

    assert invoice_of(firm, f"{bill.number}-K")["TxnDate"] > str(TODAY)
    assert balance(firm, f"{bill.number}-K") == left
    assert payment_of(firm, f"{bill.number}-K")["Id"], "the payment itself, or the credit's"
    assert payment in firm.company.store["Payment"]
    assert receivable(firm) == before
    assert_stays(firm, closed)


def test_a_credit_memo_deleted_from_closed_books_is_posted_once_more_and_applied_as_before(
    firm: Stage,
) -> None:
    bill = fresh(firm)
    firm.desk("credit_note", bill=bill.id, amount="40", date=TODAY)
    firm.sync()
    before, left = receivable(firm), owed(firm, bill)
    [memo] = [one for one in firm.company.store["CreditMemo"].values() if Decimal(str(one["TotalAmt"])) == 40]
    taken_out(firm, "CreditMemo", memo["Id"], "delete")
    closed = close(firm)
    firm.sync()
    case = case_of(firm, "changed_in_books")
    assert "It can be posted once more" in page(firm, case)
    assert say(firm, case, "correct") is None
    firm.sync()

    again = [one for one in firm.company.store["CreditMemo"].values() if one["DocNumber"].endswith("-K")]
    assert [Decimal(str(one["TotalAmt"])) for one in again] == [40]
    assert balance(firm, bill.number) == left
    assert receivable(firm) == before
    assert_stays(firm, closed)


def test_a_payment_of_closed_books_whose_invoice_is_gone_is_credited_to_the_one_posted_again(
    firm: Stage,
) -> None:
    bill = fresh(firm)
    paid(firm, bill, "100")
    firm.sync()
    before, left = receivable(firm), owed(firm, bill)
    taken_out(firm, "Invoice", invoice_of(firm, bill.number)["Id"], "delete")
    closed = close(firm)
    firm.sync()
    case = case_of(firm, "changed_in_books")
    assert f"Tick {bill.number}-K on it there" in page(firm, case)
    assert say(firm, case, "correct") is None
    firm.sync()

    assert receivable(firm) == before
    assert balance(firm, f"{bill.number}-K") == left + 100
    case = case_of(firm, "changed_in_books")
    assert case.facts["place"].startswith("payment:")
    assert say(firm, case, "correct") is None
    firm.sync()

    assert balance(firm, f"{bill.number}-K") == left
    assert receivable(firm) == before
    assert_stays(firm, closed)
