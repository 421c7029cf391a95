"""What a hand takes out of closed books beside its correction, or what applied that, is posted once more."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.qbo import backdoor
from syncapp.records.models import Link
from tests.road.acts import TODAY, fresh, owed
from tests.road.closing import approve, case_of, close, on_closing_day, receivable
from tests.road.test_closed_again import assert_november, november_closes, returned
from tests.road.test_closed_again import corrected as corrected_bill
from tests.road.test_closed_gone import balance, taken_out
from tests.road.test_closed_payments import corrected, links, paid_bill
from tests.road.test_hands_closed import assert_stays, invoice_of, page, say
from tests.stage import Stage


def applied_by(on: Stage) -> str:
    """Which payment of nothing applies the credit of the one correction."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        link = Link.objects.get(firm=on.firm, live=True, subject__endswith="/correction/1/apply")
        return link.remote_id


def put_elsewhere(on: Stage) -> tuple[Bill, Bill, Decimal, Decimal]:
    """A bill whose payment a hand put on another one, corrected; what all owe, and what is open on it."""
    bill, _, paid = paid_bill(on)
    other = fresh(on)
    on.sync()
    before, left = receivable(on), owed(on, bill)
    backdoor.edit(on.company, "Payment", paid["Id"], {"Line": links(other.number, on, "100")})
    close(on)
    corrected(on)
    return bill, other, before, left


def put_right(on: Stage, closed: dict[str, int]) -> None:
    """Press once: both closed months stand, and all ties."""
    case = case_of(on, "changed_in_books")
    assert "It can be posted once more" in page(on, case)
    assert say(on, case, "correct") is None
    on.sync()
    assert_november(on, closed)
    assert_stays(on, on_closing_day(on))


@pytest.mark.parametrize("hand", ["another account", "another invoice"])
def test_a_payment_that_was_corrected_and_is_then_deleted_is_posted_once_more_beside_its_correction(
    firm: Stage, hand: str
) -> None:
    bill, _, paid = paid_bill(firm)
    other = fresh(firm)
    firm.sync()
    before, left = receivable(firm), owed(firm, bill)
    funds = {"value": firm.company.account("Undeposited Funds")}
    on = {"Line": links(other.number, firm, "100")}
    changes: dict[str, Any] = {"DepositToAccountRef": funds} if hand == "another account" else on
    backdoor.edit(firm.company, "Payment", paid["Id"], changes)
    close(firm)
    corrected(firm)
    entries = len(firm.company.store["JournalEntry"])
    taken_out(firm, "Payment", paid["Id"], "delete")
    put_right(firm, november_closes(firm))

    assert balance(firm, bill.number) == left
    assert receivable(firm) == before
    assert len(firm.company.store["JournalEntry"]) == entries, "its correction stands as it stood"


def test_what_applied_the_credit_of_a_payments_correction_is_made_once_more(firm: Stage) -> None:
    bill, _, before, left = put_elsewhere(firm)
    entries = len(firm.company.store["JournalEntry"])
    taken_out(firm, "Payment", applied_by(firm), "delete")
    closed = november_closes(firm)
    assert balance(firm, bill.number) == left + 100
    put_right(firm, closed)

    assert balance(firm, bill.number) == left
    assert receivable(firm) == before
    assert len(firm.company.store["JournalEntry"]) == entries


def test_a_return_that_was_corrected_and_is_then_deleted_is_posted_once_more_beside_its_correction(
    firm: Stage,
) -> None:
    _, made = returned(firm, TODAY + timedelta(days=3))
    before = receivable(firm)
    lines = [dict(line) for line in made["Line"]]
    bank = next(one for one in lines if one["JournalEntryLineDetail"]["PostingType"] == "Credit")
    funds = {"value": firm.company.account("Undeposited Funds")}
    bank["JournalEntryLineDetail"] = dict(bank["JournalEntryLineDetail"], AccountRef=funds)
    backdoor.edit(firm.company, "JournalEntry", made["Id"], {"Line": lines})
    close(firm, TODAY + timedelta(days=10))
    corrected(firm)
    taken_out(firm, "JournalEntry", made["Id"], "delete")
    put_right(firm, november_closes(firm))

    assert receivable(firm) == before


def lowered_memo(on: Stage, memo: dict[str, Any], amount: str) -> None:
    """Somebody leaves one line of a credit memo, with another amount."""
    line = next(one for one in memo["Line"] if one["DetailType"] == "SalesItemLineDetail")
    detail = {key: v for key, v in line["SalesItemLineDetail"].items() if key not in {"Qty", "UnitPrice"}}
    new = dict(line, Amount=amount, SalesItemLineDetail=detail)
    backdoor.edit(on.company, "CreditMemo", memo["Id"], {"Line": [new]})


@pytest.mark.parametrize("by", ["35", "45", "Clio"])
def test_a_credit_memo_that_was_corrected_and_is_then_deleted_is_posted_once_more_beside_its_correction(
    firm: Stage, by: str
) -> None:
    bill = fresh(firm)
    note = firm.desk("credit_note", bill=bill.id, amount="40", date=TODAY)
    firm.sync()
    [memo] = [one for one in firm.company.store["CreditMemo"].values() if Decimal(str(one["TotalAmt"])) == 40]
    before = receivable(firm)
    if by != "Clio":
        lowered_memo(firm, memo, by)
        close(firm)
        firm.sync()
        assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
    else:
        close(firm)
        firm.desk("remove_credit", credit=note.id)
        before += 40
    approve(firm)
    assert receivable(firm) == before
    assert_stays(firm, on_closing_day(firm))
    taken_out(firm, "CreditMemo", memo["Id"], "delete")
    put_right(firm, november_closes(firm))

    assert receivable(firm) == before


@pytest.mark.parametrize("what", ["credit", "invoice"])
def test_what_applied_a_correction_in_the_open_period_is_made_once_more_with_its_closed_entry(
    firm: Stage, what: str
) -> None:
    if what == "credit":
        bill = fresh(firm)
        firm.desk("credit_note", bill=bill.id, amount="40", date=TODAY)
        firm.sync()
        [gone] = [m for m in firm.company.store["CreditMemo"].values() if Decimal(str(m["TotalAmt"])) == 40]
        lowered_memo(firm, gone, "45")
        close(firm)
        firm.sync()
        assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
        approve(firm)
    else:
        bill = corrected_bill(firm, hours="1")
        gone = invoice_of(firm, bill.number)
    before, left = receivable(firm), owed(firm, bill)
    taken_out(firm, "CreditMemo" if what == "credit" else "Invoice", gone["Id"], "delete")
    closed = on_closing_day(firm)
    firm.sync()
    assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
    firm.sync()

    assert receivable(firm) == before
    assert balance(firm, bill.number if what == "credit" else f"{bill.number}-K") == left
    assert_stays(firm, closed)
