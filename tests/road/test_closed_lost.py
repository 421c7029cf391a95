"""The answer to a correcting entry of closed books is lost before or after it was written: it stands once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from syncapp.core.keys import TRACE_MARK
from syncapp.emulators.qbo import backdoor
from tests.road.acts import TODAY, fresh
from tests.road.closing import approve, case_of, close, receivable
from tests.road.test_closed_gone import taken_out
from tests.road.test_closed_payments import links, paid_bill
from tests.road.test_hands_closed import assert_stays, invoice_of, lowered, paid_amount, say
from tests.stage import Stage


def changed_invoice(on: Stage) -> None:
    bill = fresh(on)
    on.sync()
    lowered(on, bill.number, "12.00")


def gone_invoice(on: Stage) -> None:
    bill = fresh(on)
    on.desk("credit_note", bill=bill.id, amount="40", date=TODAY)
    on.sync()
    taken_out(on, "Invoice", invoice_of(on, bill.number)["Id"], "delete")


def gone_credit(on: Stage) -> None:
    bill = fresh(on)
    on.desk("credit_note", bill=bill.id, amount="40", date=TODAY)
    on.sync()
    rows = on.company.store["CreditMemo"].values()
    [memo] = [one for one in rows if Decimal(str(one["TotalAmt"])) == 40]
    taken_out(on, "CreditMemo", memo["Id"], "delete")


def short_payment(on: Stage) -> None:
    _, _, paid = paid_bill(on)
    paid_amount(on, paid, "90")


def moved_payment(on: Stage) -> None:
    _, _, paid = paid_bill(on)
    other = fresh(on)
    on.sync()
    backdoor.edit(on.company, "Payment", paid["Id"], {"Line": links(other.number, on, "100")})


STORIES: dict[str, tuple[Callable[[Stage], None], str]] = {
    "an invoice of what a hand took off": (changed_invoice, "create invoice"),
    "an invoice posted once more": (gone_invoice, "create invoice"),
    "its credit applied once more": (gone_invoice, "create payment"),
    "a credit memo posted once more": (gone_credit, "create creditmemo"),
    "a payment of what one is short of": (short_payment, "create payment"),
    "an entry of what one was moved": (moved_payment, "create journalentry"),
    "the payment that applies the entry": (moved_payment, "create payment"),
}


def assert_once(on: Stage) -> None:
    for entity in ("Invoice", "Payment", "CreditMemo", "JournalEntry"):
        notes = (str(one.get("PrivateNote", "")) for one in on.company.store[entity].values())
        marks = Counter(mark for note in notes for mark in note.split() if mark.startswith(TRACE_MARK))
        assert marks or entity == "JournalEntry"
        assert {mark: n for mark, n in marks.items() if n > 1} == {}, entity


@pytest.mark.parametrize("story", STORIES)
def test_a_correcting_entry_stands_once_whatever_is_lost(firm: Stage, story: str) -> None:
    act, operation = STORIES[story]
    backdoor.switch(firm.company, honour_requestid=False)
    before = receivable(firm)
    act(firm)
    closed = close(firm)
    firm.sync()
    assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
    plan: Any = firm.qbo.state.faults
    plan.clear()
    plan.fired.clear()
    plan.add(operation, 1, "drop_before")
    plan.add(operation, 2, "drop_after")
    if act is changed_invoice:
        approve(firm)
    firm.sync()

    assert sorted(kind for _, kind in plan.fired) == ["drop_after", "drop_before"]
    plan.clear()
    assert_once(firm)
    assert receivable(firm) > before
    assert_stays(firm, closed)
