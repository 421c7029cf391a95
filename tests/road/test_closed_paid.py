"""The client's line of a return that money rests on, changed in closed books: the money moves with it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from syncapp.emulators.qbo import backdoor
from tests.road.acts import TODAY, fresh, owed
from tests.road.closing import case_of, close, on_closing_day, receivable
from tests.road.test_closed_again import returned
from tests.road.test_closed_gone import balance
from tests.road.test_hands_closed import assert_stays, invoice_of, page, say
from tests.stage import Stage

CLOSED = TODAY + timedelta(days=10)


def changed(on: Stage, made: dict[str, Any], hand: str, other: str) -> None:
    """Somebody changes what the client owes by an entry: its account, its client or its amount."""
    lines = [dict(line) for line in made["Line"]]
    owes = next(one for one in lines if one["JournalEntryLineDetail"]["PostingType"] == "Debit")
    detail = dict(owes["JournalEntryLineDetail"])
    if hand == "account":
        detail["AccountRef"] = {"value": on.company.account("Undeposited Funds")}
    elif hand == "client":
        customer = invoice_of(on, other)["CustomerRef"]["value"]
        detail["Entity"] = {"Type": "Customer", "EntityRef": {"value": customer}}
    else:
        lines = [dict(line, Amount=str(Decimal(str(line["Amount"])) / 2)) for line in lines]
        owes = next(one for one in lines if one["JournalEntryLineDetail"]["PostingType"] == "Debit")
    owes["JournalEntryLineDetail"] = detail
    backdoor.edit(on.company, "JournalEntry", made["Id"], {"Line": lines})


@pytest.mark.parametrize("hand", ["account", "client", "amount"])
@pytest.mark.parametrize("paid", ["whole", "part"])
def test_money_that_rests_on_a_return_of_closed_books_is_put_on_what_corrects_it(
    firm: Stage, hand: str, paid: str
) -> None:
    other = fresh(firm, matter=1)
    bill, made = returned(firm, TODAY + timedelta(days=3))
    amount = owed(firm, bill) - (30 if paid == "part" else 0)
    firm.desk("record_payment", bills=[bill.id], amount=str(amount), date=TODAY + timedelta(days=20))
    firm.sync()
    before, left = receivable(firm), owed(firm, bill)
    changed(firm, made, hand, other.number)
    close(firm, CLOSED)
    closed = on_closing_day(firm, CLOSED)
    firm.sync()
    case = case_of(firm, "changed_in_books")
    assert "is put on it" in page(firm, case)
    assert say(firm, case, "correct") is None
    firm.sync()

    assert receivable(firm) == before
    assert balance(firm, bill.number) == 0
    assert on_closing_day(firm, CLOSED) == closed
    assert_stays(firm, on_closing_day(firm))

    if left:
        firm.desk("record_payment", bills=[bill.id], amount=str(left), date=TODAY + timedelta(days=25))
        firm.sync()
        assert receivable(firm) == before - left
        assert_stays(firm, on_closing_day(firm))
