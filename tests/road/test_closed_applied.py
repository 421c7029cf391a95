"""What applies a credit in closed books, and a hand had apply less, or put on another day or invoice."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from syncapp.emulators.qbo import backdoor
from tests.road.acts import TODAY, fresh, owed
from tests.road.closing import approve, case_of, close, on_closing_day, receivable
from tests.road.test_closed_again import assert_november, november_closes
from tests.road.test_closed_again import corrected as corrected_bill
from tests.road.test_closed_credits import of_amount, zero_payment
from tests.road.test_closed_gone import balance, taken_out
from tests.road.test_closed_payments import links
from tests.road.test_hands_closed import assert_stays, page, payment_of, say
from tests.stage import Stage


def applied(on: Stage, zero: dict[str, Any], amount: str) -> None:
    """Somebody has a payment of nothing apply so much of its credit."""
    lines = [dict(line, Amount=amount) for line in zero["Line"]]
    backdoor.edit(on.company, "Payment", zero["Id"], {"Line": lines})


def test_what_applies_the_credit_of_a_bills_correction_less_is_applied_once_more(firm: Stage) -> None:
    bill = corrected_bill(firm)
    before, left = receivable(firm), balance(firm, bill.number)
    zero = payment_of(firm, bill.number)
    applied(firm, zero, "60")
    closed = november_closes(firm)
    case = case_of(firm, "changed_in_books")
    assert "What would correct it, dated" in page(firm, case)
    assert say(firm, case, "correct") is None
    firm.sync()

    assert balance(firm, bill.number) == left
    assert receivable(firm) == before
    assert_november(firm, closed)
    assert_stays(firm, on_closing_day(firm))


def test_what_applies_a_credit_less_in_closed_books_is_applied_once_more_and_the_credit_may_go(
    firm: Stage,
) -> None:
    bill = fresh(firm)
    note = firm.desk("credit_note", bill=bill.id, amount="40", date=TODAY)
    firm.sync()
    before, left = receivable(firm), owed(firm, bill)
    zero = zero_payment(firm, of_amount(firm, "CreditMemo", "40"))
    for amount in ("30", "25"):
        close(firm, None)
        applied(firm, firm.company.store["Payment"][zero["Id"]], amount)
        closed = close(firm)
        firm.sync()
        assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
        firm.sync()
        assert balance(firm, bill.number) == left
    assert receivable(firm) == before
    assert_stays(firm, closed)

    firm.desk("remove_credit", credit=note.id)
    approve(firm)
    assert receivable(firm) == before + 40
    assert_stays(firm, closed)


@pytest.mark.parametrize("hand", ["day", "invoice"])
def test_what_applies_a_credit_on_another_day_or_invoice_says_what_to_do(firm: Stage, hand: str) -> None:
    bill, other = fresh(firm), fresh(firm)
    firm.desk("credit_note", bill=bill.id, amount="40", date=TODAY)
    firm.sync()
    zero = zero_payment(firm, of_amount(firm, "CreditMemo", "40"))
    if hand == "day":
        change: dict[str, Any] = {"TxnDate": str(TODAY - timedelta(days=1))}
    else:
        kept = [line for line in zero["Line"] if line["LinkedTxn"][0]["TxnType"] == "CreditMemo"]
        change = {"Line": [*links(other.number, firm, "40"), *kept]}
    backdoor.edit(firm.company, "Payment", zero["Id"], change)
    close(firm)
    firm.sync()
    case = case_of(firm, "changed_in_books")

    told = page(firm, case)
    assert ("Only its date differs" if hand == "day" else "It applies a credit to something else now") in told
    assert say(firm, case, "correct")
    assert say(firm, case, "accept", reason="As we want it") is None
    firm.sync()
    assert balance(firm, bill.number) == owed(firm, bill) + (Decimal(40) if hand == "invoice" else 0)


@pytest.mark.parametrize("verb", ["delete", "void"])
def test_what_applied_a_correcting_credit_in_the_open_period_is_restored(firm: Stage, verb: str) -> None:
    bill = corrected_bill(firm)
    closed = on_closing_day(firm)
    before, left = receivable(firm), balance(firm, bill.number)
    taken_out(firm, "Payment", payment_of(firm, bill.number)["Id"], verb)
    firm.sync()
    assert say(firm, case_of(firm, "changed_in_books"), "restore") is None
    firm.sync()

    assert balance(firm, bill.number) == left
    assert receivable(firm) == before
    assert_stays(firm, closed)


@pytest.mark.parametrize("gone", ["the first", "the credit", "the further one"])
def test_of_two_that_apply_one_credit_either_is_deleted_and_no_more_is_applied_than_it_has(
    firm: Stage, gone: str
) -> None:
    bill = fresh(firm)
    firm.desk("credit_note", bill=bill.id, amount="40", date=TODAY)
    firm.sync()
    before, left = receivable(firm), owed(firm, bill)
    memo = of_amount(firm, "CreditMemo", "40")
    zero = zero_payment(firm, memo)
    applied(firm, zero, "30")
    close(firm)
    firm.sync()
    assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
    firm.sync()
    assert balance(firm, bill.number) == left
    further = max(firm.company.store["Payment"], key=int)
    entity, key = {
        "the first": ("Payment", zero["Id"]),
        "the credit": ("CreditMemo", memo["Id"]),
        "the further one": ("Payment", further),
    }[gone]
    taken_out(firm, entity, key, "delete")
    closed = on_closing_day(firm)
    firm.sync()
    answer = "restore" if gone == "the further one" else "correct"
    assert say(firm, case_of(firm, "changed_in_books"), answer) is None
    firm.sync()

    assert balance(firm, bill.number) == left
    assert receivable(firm) == before
    assert_stays(firm, closed)
