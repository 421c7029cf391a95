"""A line of what corrects closed books, or of what a payment rests on, changed by a hand and corrected."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from syncapp.emulators.qbo import backdoor
from tests.road.acts import TODAY, fresh, owed
from tests.road.closing import approve, case_of, close, on_closing_day, receivable
from tests.road.test_closed_again import NOVEMBER, assert_november, entry, november_closes, returned
from tests.road.test_closed_beside import applied_by, put_elsewhere
from tests.road.test_closed_gone import balance
from tests.road.test_closed_payments import links
from tests.road.test_hands_closed import assert_stays, page, say
from tests.stage import Stage


def moved(on: Stage, made: dict[str, Any], side: str, account: str) -> None:
    """Somebody puts one side of a journal entry on another account."""
    lines = [dict(line) for line in made["Line"]]
    line = next(one for one in lines if one["JournalEntryLineDetail"]["PostingType"] == side)
    other = {"value": on.company.account(account)}
    line["JournalEntryLineDetail"] = dict(line["JournalEntryLineDetail"], AccountRef=other)
    backdoor.edit(on.company, "JournalEntry", made["Id"], {"Line": lines})


@pytest.mark.parametrize("hand", ["half", "another account"])
def test_the_journal_entry_that_corrects_a_bill_is_corrected_by_the_next_one(firm: Stage, hand: str) -> None:
    bill = fresh(firm)
    firm.sync()
    close(firm)
    firm.desk("edit_bill", bill=bill.id, discount_type="money", discount_rate="50")
    approve(firm)
    before = receivable(firm)
    made = entry(firm, "JournalEntry", f"{bill.number}-K1")
    if hand == "half":
        halved = [dict(line, Amount=str(Decimal(str(line["Amount"])) / 2)) for line in made["Line"]]
        backdoor.edit(firm.company, "JournalEntry", made["Id"], {"Line": halved})
    else:
        moved(firm, made, "Debit", "Undeposited Funds")
    closed = november_closes(firm)
    case = case_of(firm, "changed_in_books")
    assert "What would correct it, dated" in page(firm, case)
    assert say(firm, case, "correct") is None
    approve(firm)

    assert receivable(firm) == before
    assert entry(firm, "JournalEntry", f"{bill.number}-K2")["TxnDate"] > str(NOVEMBER)
    assert_november(firm, closed)
    assert_stays(firm, on_closing_day(firm))


@pytest.mark.parametrize("part", ["60", "other"])
def test_what_applies_the_credit_of_a_payments_correction_otherwise_is_corrected(
    firm: Stage, part: str
) -> None:
    bill, other, before, left = put_elsewhere(firm)
    zero = firm.company.store["Payment"][applied_by(firm)]
    amount = "60" if part == "60" else "100"
    lines = [dict(line, Amount=amount) for line in zero["Line"]]
    if part == "other":
        on = next(one for one in lines if one["LinkedTxn"][0]["TxnType"] == "Invoice")
        lines[lines.index(on)] = links(other.number, firm, "100")[0]
    backdoor.edit(firm.company, "Payment", zero["Id"], {"Line": lines})
    closed = november_closes(firm)
    case = case_of(firm, "changed_in_books")
    assert "What would correct it, dated" in page(firm, case)
    assert say(firm, case, "correct") is None
    firm.sync()

    assert balance(firm, bill.number) == left
    assert receivable(firm) == before
    assert_november(firm, closed)
    assert_stays(firm, on_closing_day(firm))


@pytest.mark.parametrize("side", ["Credit", "Debit"])
def test_of_a_return_that_was_paid_the_bank_line_is_moved_back_and_the_clients_line_says_why_not(
    firm: Stage, side: str
) -> None:
    bill, made = returned(firm, TODAY + timedelta(days=3))
    day = TODAY + timedelta(days=5)
    firm.desk("record_payment", bills=[bill.id], amount=str(owed(firm, bill)), date=day)
    firm.sync()
    before = receivable(firm)
    moved(firm, made, side, "Undeposited Funds")
    closed = november_closes(firm)
    case = case_of(firm, "changed_in_books")
    if side == "Debit":
        assert "A payment rests on what the client owes by it" in page(firm, case)
        assert say(firm, case, "correct")
        return
    assert say(firm, case, "correct") is None
    firm.sync()

    assert receivable(firm) == before
    assert_november(firm, closed)
    assert_stays(firm, on_closing_day(firm))
