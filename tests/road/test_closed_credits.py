"""A credit memo of closed books that a hand made more or less: what corrects it leaves nothing open."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from syncapp.emulators.qbo import backdoor
from tests.road.acts import TODAY, fresh, owed
from tests.road.closing import approve, case_of, close, receivable
from tests.road.test_closed_beside import lowered_memo
from tests.road.test_closed_gone import balance
from tests.road.test_hands_closed import assert_stays, say
from tests.stage import Stage


def of_amount(on: Stage, entity: str, amount: str) -> dict[str, Any]:
    """The one of its kind in the books with this total."""
    [found] = [
        one for one in on.company.store[entity].values() if Decimal(str(one["TotalAmt"])) == int(amount)
    ]
    return found


def zero_payment(on: Stage, memo: dict[str, Any]) -> dict[str, Any]:
    """The payment of nothing that applies a credit memo."""
    [found] = [
        one
        for one in on.company.store["Payment"].values()
        if any(link["TxnId"] == memo["Id"] and link["TxnType"] == "CreditMemo"
               for line in one["Line"] for link in line["LinkedTxn"])
    ]  # fmt: skip
    return found


@pytest.mark.parametrize("applied", ["40", "30", "0"])
@pytest.mark.parametrize("amount", ["45", "35"])
def test_a_credit_memo_that_a_hand_changed_leaves_nothing_open_after_its_correction(
    firm: Stage, amount: str, applied: str
) -> None:
    bill = fresh(firm)
    firm.desk("credit_note", bill=bill.id, amount="40", date=TODAY)
    firm.sync()
    before, left = receivable(firm), owed(firm, bill)
    memo = of_amount(firm, "CreditMemo", "40")
    zero = zero_payment(firm, memo)
    lowered_memo(firm, memo, amount)
    if applied == "30":
        lines = [dict(line, Amount=applied) for line in zero["Line"]]
        backdoor.edit(firm.company, "Payment", zero["Id"], {"Line": lines})
    elif applied == "0":
        backdoor.delete(firm.company, "Payment", zero["Id"])
    closed = close(firm)
    firm.sync()
    assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
    approve(firm)

    assert receivable(firm) == before
    assert balance(firm, bill.number) == left
    assert_stays(firm, closed)


def test_a_credit_memo_raised_twice_is_corrected_twice_and_what_clio_says_later_ties(firm: Stage) -> None:
    bill = fresh(firm)
    note = firm.desk("credit_note", bill=bill.id, amount="40", date=TODAY)
    firm.sync()
    before, left = receivable(firm), owed(firm, bill)
    memo = of_amount(firm, "CreditMemo", "40")
    for amount in ("45", "50"):
        close(firm, None)
        lowered_memo(firm, firm.company.store["CreditMemo"][memo["Id"]], amount)
        closed = close(firm)
        firm.sync()
        assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
        approve(firm)

    assert receivable(firm) == before
    assert balance(firm, bill.number) == left
    assert_stays(firm, closed)

    firm.desk("remove_credit", credit=note.id)
    approve(firm)
    assert receivable(firm) == before + 40
    firm.desk("record_payment", bills=[bill.id], amount=str(owed(firm, bill)))
    firm.sync()
    assert receivable(firm) == before - left
    assert_stays(firm, closed)
