"""A journal entry of ours whose line a hand moved in closed books is moved back, the clients' line too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.core.planning.returns import RETURNED, Said
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline.cases import choices
from syncapp.records import anew
from syncapp.records.models import Document
from tests.road import books
from tests.road.acts import TODAY, fresh
from tests.road.closing import case_of, close, on_closing_day, receivable
from tests.road.test_hands_closed import hands, invoice_of, say
from tests.stage import Stage


def fresh_invoice(on: Stage, *, matter: int) -> str:
    """The number of a new invoice."""
    bill = fresh(on, matter=matter)
    on.sync()
    return bill.number


@pytest.mark.parametrize("line", ["bank", "receivable", "customer"])
def test_a_journal_entry_of_which_a_line_was_moved_in_closed_books_is_moved_back(
    firm: Stage, line: str
) -> None:
    bill, number = fresh(firm), fresh_invoice(firm, matter=1)
    payment = firm.desk("record_payment", bills=[bill.id], amount="100", date=TODAY)
    firm.sync()
    close(firm)
    firm.desk("remove_payment", payment=payment.id)
    firm.sync()
    case = case_of(firm, "payment_removed")
    said = Said(what=RETURNED, day=TODAY + timedelta(days=3))
    refused = choices.returned(
        firm_id=firm.firm.pk, case_id=case.pk, said=said, by=firm.person, now=timezone.now()
    )
    assert refused is None
    firm.sync()
    entry = max(firm.company.store["JournalEntry"].values(), key=lambda one: int(one["Id"]))
    lines = [dict(line) for line in entry["Line"]]
    side = "Credit" if line == "bank" else "Debit"
    moved = next(d for d in lines if d["JournalEntryLineDetail"]["PostingType"] == side)
    detail = dict(moved["JournalEntryLineDetail"])
    other = invoice_of(firm, number)["CustomerRef"]["value"]
    if line == "customer":
        detail["Entity"] = {"Type": "Customer", "EntityRef": {"value": other}}
    else:
        detail["AccountRef"] = {"value": firm.company.account("Undeposited Funds")}
    before = receivable(firm)
    moved["JournalEntryLineDetail"] = detail
    backdoor.edit(firm.company, "JournalEntry", entry["Id"], {"Line": lines})
    close(firm, TODAY + timedelta(days=10))
    closed = on_closing_day(firm, TODAY + timedelta(days=10))
    firm.sync()
    assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
    firm.sync()

    made = max(firm.company.store["JournalEntry"].values(), key=lambda one: int(one["Id"]))
    assert made["Id"] != entry["Id"]
    assert made["TxnDate"] > str(TODAY + timedelta(days=10))
    assert receivable(firm) == before
    with firm_scope(write=firm.firm.pk):
        anew.plan(Document.objects.filter(firm=firm.firm))
    firm.sync()
    assert on_closing_day(firm, TODAY + timedelta(days=10)) == closed
    assert not hands(firm)
    books.assert_tieout(firm, afresh=True)
    books.assert_idle(firm)

    firm.desk("record_payment", bills=[bill.id], amount="100", date=TODAY + timedelta(days=20))
    firm.sync()
    assert receivable(firm) == before - 100
    books.assert_tieout(firm)
