"""What a hand changed or took out in books that are closed: an entry in the open period brings it back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline.drifting import answers
from syncapp.records import anew
from syncapp.records.models import Case, Document
from tests import cast
from tests.road import books
from tests.road.acts import TODAY, fresh, owed
from tests.road.closing import approve, assert_corrected, assert_settled, case_of, close, receivable
from tests.stage import Stage

HANDS = {"changed_in_books", "tie_difference", "typed_in_books"}


def say(on: Stage, case: Case, what: str, *, reason: str = "") -> str | None:
    return answers.answer(
        firm_id=on.firm.pk, case_id=case.pk, answer=f"{what}:{case.facts['print']}", reason=reason,
        by=on.person, today=TODAY, now=timezone.now(),
    )  # fmt: skip


def invoice_of(on: Stage, number: str) -> dict[str, Any]:
    return next(one for one in on.company.store["Invoice"].values() if one["DocNumber"] == number)


def payment_of(on: Stage, number: str) -> dict[str, Any]:
    """The payment of an invoice."""
    invoice = invoice_of(on, number)
    return next(
        one
        for one in on.company.store["Payment"].values()
        if any(link["TxnId"] == invoice["Id"] for line in one["Line"] for link in line["LinkedTxn"])
    )


def paid_amount(on: Stage, paid: dict[str, Any], amount: str) -> None:
    """Somebody types another amount into a payment of one invoice."""
    lines = [dict(line, Amount=amount) for line in paid["Line"]]
    backdoor.edit(on.company, "Payment", paid["Id"], {"TotalAmt": amount, "Line": lines})


def assert_stays(on: Stage, closed: dict[str, int]) -> None:
    """It ties, and planning all of it anew asks and posts nothing more."""
    before = books.picture(on.company)
    with firm_scope(write=on.firm.pk):
        anew.plan(Document.objects.filter(firm=on.firm))
    books.assert_control(on.sync().counts)
    assert books.picture(on.company) == before
    assert_settled(on, closed)
    assert not {one["code"] for one in on.exceptions()} & {"payment_removed", *HANDS}


def hands(on: Stage) -> set[str]:
    return {case["code"] for case in on.exceptions()} & HANDS


def page(on: Stage, case: Case) -> str:
    cast.second_factor(on.person)
    return cast.sign_in(Client(), on.person).get(reverse("desk:case", args=[case.pk])).text


def lowered(on: Stage, number: str, amount: str) -> None:
    """Somebody leaves one line of an invoice, with another amount."""
    invoice = invoice_of(on, number)
    line = next(one for one in invoice["Line"] if one["DetailType"] == "SalesItemLineDetail")
    detail = {key: v for key, v in line["SalesItemLineDetail"].items() if key not in {"Qty", "UnitPrice"}}
    backdoor.edit(
        on.company, "Invoice", invoice["Id"],
        {"Line": [dict(line, Amount=amount, SalesItemLineDetail=detail)]},
    )  # fmt: skip


def test_an_invoice_changed_in_closed_books_is_corrected_by_an_entry_and_again_when_changed_again(
    firm: Stage,
) -> None:
    bill = fresh(firm)
    firm.sync()
    before, was = receivable(firm), owed(firm, bill)
    lowered(firm, bill.number, "12.00")
    closed = close(firm)
    firm.sync()
    case = case_of(firm, "changed_in_books")

    told = page(firm, case)
    assert "It lies in the books that are closed through" in told
    assert "What would correct it, dated" in told
    assert "Or accept it as it stands" in told
    assert "Restore: post it as it was" not in told
    assert say(firm, case, "restore") == answers.CLOSED
    assert say(firm, case, "correct") is None
    approve(firm)

    assert not hands(firm)
    assert receivable(firm) == before
    made = invoice_of(firm, f"{bill.number}-K1")
    assert Decimal(str(made["TotalAmt"])) == was - 12
    assert bill.number in made["PrivateNote"]
    assert_corrected(firm, closed)

    close(firm, None)
    lowered(firm, bill.number, "10.00")
    closed = close(firm)
    firm.sync()
    again = case_of(firm, "changed_in_books")
    assert say(firm, again, "correct") is None
    approve(firm)

    assert Decimal(str(invoice_of(firm, f"{bill.number}-K2")["TotalAmt"])) == 2
    assert receivable(firm) == before
    assert_corrected(firm, closed)


def test_an_invoice_deleted_from_closed_books_is_posted_once_more_in_the_open_period(firm: Stage) -> None:
    bill = fresh(firm)
    firm.sync()
    before = receivable(firm)
    backdoor.delete(firm.company, "Invoice", invoice_of(firm, bill.number)["Id"])
    closed = close(firm)
    firm.sync()
    case = case_of(firm, "changed_in_books")
    assert "It can be posted once more" in page(firm, case)
    assert say(firm, case, "correct") is None
    firm.sync()

    made = invoice_of(firm, f"{bill.number}-K")
    assert made["TxnDate"] > str(TODAY)
    assert receivable(firm) == before
    assert_corrected(firm, closed)

    firm.desk("record_payment", bills=[bill.id], amount=str(owed(firm, bill)))
    firm.sync()
    assert_corrected(firm, closed)


@pytest.mark.parametrize("hand", ["void", "delete"])
def test_a_payment_taken_out_of_closed_books_is_posted_once_more_in_the_open_period(
    firm: Stage, hand: str
) -> None:
    bill = fresh(firm)
    firm.desk("record_payment", bills=[bill.id], amount=str(owed(firm, bill)), date=TODAY)
    firm.sync()
    before = receivable(firm)
    paid = payment_of(firm, bill.number)
    getattr(backdoor, hand)(firm.company, "Payment", paid["Id"])
    closed = close(firm)
    firm.sync()
    case = case_of(firm, "changed_in_books")
    assert say(firm, case, "correct") is None
    firm.sync()

    assert receivable(firm) == before
    assert not hands(firm)
    assert_corrected(firm, closed)


DAYS = {
    "within": (TODAY, TODAY - timedelta(days=3), "both dates lie in the closed books"),
    "out of": (TODAY, TODAY + timedelta(days=3), "it left the closed books for an open day"),
    "into": (TODAY + timedelta(days=3), TODAY, "it was put back into the closed books"),
}


@pytest.mark.parametrize("way", DAYS)
def test_a_date_alone_no_entry_can_say_and_it_may_be_accepted(firm: Stage, way: str) -> None:
    posted, now, words = DAYS[way]
    bill = fresh(firm)
    firm.desk("record_payment", bills=[bill.id], amount="100", date=posted)
    firm.sync()
    backdoor.edit(firm.company, "Payment", payment_of(firm, bill.number)["Id"], {"TxnDate": str(now)})
    close(firm)
    firm.sync()
    case = case_of(firm, "changed_in_books")

    told = page(firm, case)
    assert words in told
    assert "Set the date in QuickBooks, or accept it with a reason" in told
    assert "What would correct it" not in told
    assert say(firm, case, "correct")
    assert say(firm, case, "accept", reason="As the bank has it") is None
    firm.sync()
    assert not hands(firm)
    books.assert_idle(firm)
    with firm_scope(write=None, reads=[firm.firm.pk]):
        assert Case.objects.get(pk=case.pk).closed_at


def test_a_payment_put_on_another_account_in_closed_books_is_moved_back_by_an_entry(firm: Stage) -> None:
    bill = fresh(firm)
    firm.desk("record_payment", bills=[bill.id], amount="100", date=TODAY)
    firm.sync()
    paid = payment_of(firm, bill.number)
    was, other = str(paid["DepositToAccountRef"]["value"]), firm.company.account("Undeposited Funds")
    assert was != other
    backdoor.edit(firm.company, "Payment", paid["Id"], {"DepositToAccountRef": {"value": other}})
    closed = close(firm)
    firm.sync()
    assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
    firm.sync()

    made = next(e for e in firm.company.store["JournalEntry"].values() if e["DocNumber"].endswith("-K1"))
    sides = {
        one["JournalEntryLineDetail"]["PostingType"]: one["JournalEntryLineDetail"]["AccountRef"]["value"]
        for one in made["Line"]
    }
    assert sides == {"Debit": was, "Credit": other}
    assert_stays(firm, closed)


def test_what_a_payment_is_short_of_in_closed_books_is_a_payment_of_its_own_on_the_same_invoice(
    firm: Stage,
) -> None:
    bill = fresh(firm)
    firm.desk("record_payment", bills=[bill.id], amount="100", date=TODAY)
    firm.sync()
    before, paid = receivable(firm), payment_of(firm, bill.number)
    paid_amount(firm, paid, "90")
    closed = close(firm)
    firm.sync()
    assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
    firm.sync()

    assert receivable(firm) == before
    assert_corrected(firm, closed)

    close(firm, None)
    paid_amount(firm, paid, "85")
    closed = close(firm)
    firm.sync()
    assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
    firm.sync()

    amounts = [Decimal(str(one["TotalAmt"])) for one in firm.company.store["Payment"].values()]
    assert {Decimal(85), Decimal(10), Decimal(5)} <= set(amounts)
    assert receivable(firm) == before
    assert_stays(firm, closed)
