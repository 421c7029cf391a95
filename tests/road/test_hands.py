"""Hands in the books: what somebody changes, deletes or types there is a case, with its safe ways."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import small
from syncapp.emulators.qbo import backdoor, seed
from syncapp.pipeline import queue
from syncapp.pipeline.adoption import accepting
from syncapp.pipeline.drifting import answers
from syncapp.records.models import Hold
from tests.road import books
from tests.road.acts import TODAY, fresh
from tests.road.at_the_desk import assert_shown_as_typed, cases, hands, open_invoice, say, sold, typed_payment
from tests.stage import Stage, firm_file, stage

pytestmark = pytest.mark.django_db


def test_an_edited_invoice_is_one_case_and_is_restored(firm: Stage) -> None:
    invoice = open_invoice(firm.company)
    was = invoice["TotalAmt"]
    backdoor.edit(firm.company, "Invoice", invoice["Id"], {"Line": [sold(firm.company, "12.00")]})
    firm.sync()

    (case,) = cases(firm, "changed_in_books")
    found = firm.tieout(afresh=False)
    assert hands(firm) == {"changed_in_books"}  # the bill and what is open differ for the same cause
    assert Decimal(found["kinds"]["entries"]["unexplained"]) == Decimal(str(was)) - 12
    assert case.facts["was"] != case.facts["is"]
    assert say(firm, case, "restore") is None
    firm.sync()

    assert firm.company.get("Invoice", invoice["Id"])["TotalAmt"] == was
    assert not hands(firm)
    books.assert_ties(firm)
    books.assert_tieout(firm)
    books.assert_idle(firm)


def test_a_deleted_payment_is_made_again_when_it_is_restored(firm: Stage) -> None:
    payment = next(row for row in firm.company.store["Payment"].values() if row["TotalAmt"])
    backdoor.delete(firm.company, "Payment", payment["Id"])
    firm.sync()

    (case,) = cases(firm, "changed_in_books")
    assert "deleted in QuickBooks" in case.title
    assert say(firm, case, "restore") is None
    firm.sync()

    assert not hands(firm)
    books.assert_ties(firm)
    books.assert_idle(firm)


def test_a_payment_put_into_undeposited_funds_by_a_hand_is_one_case(firm: Stage) -> None:
    rows = [row for row in firm.company.store["Payment"].values() if row["TotalAmt"]]
    undeposited = firm.company.account("Undeposited Funds")
    payment = next(row for row in rows if row["DepositToAccountRef"]["value"] != undeposited)
    old = {"DepositToAccountRef": {"value": undeposited}, "TxnDate": str(TODAY - timedelta(days=60))}
    told = {case["code"] for case in firm.exceptions()}
    backdoor.edit(firm.company, "Payment", payment["Id"], old)
    firm.sync()

    (case,) = cases(firm, "changed_in_books")
    now = {one["code"] for one in firm.exceptions()}
    assert now == told | {"changed_in_books"}  # that it waits there is no second cause
    assert say(firm, case, "accept", reason="It was never taken to the bank") is None
    firm.sync()
    assert "undeposited_aged" in {one["code"] for one in firm.exceptions()}  # from now on it is one


def test_what_is_accepted_stays_a_difference_that_is_explained_until_it_is_changed_again(firm: Stage) -> None:
    invoice = open_invoice(firm.company)
    backdoor.edit(firm.company, "Invoice", invoice["Id"], {"Line": [sold(firm.company, "12.00")]})
    firm.sync()
    (case,) = cases(firm, "changed_in_books")

    assert say(firm, case, "accept") == answers.NO_REASON
    assert say(firm, case, "accept", reason="Agreed with the client by phone") is None
    firm.sync()

    found = firm.tieout(afresh=False)
    assert not hands(firm)
    assert not found["equal"]
    assert {row["queued"] for row in found["differences"]} == {True}
    with firm_scope(write=None, reads=[firm.firm.pk]):
        event = AuditEvent.objects.get(firm=firm.firm, verb="case.drift_accepted")
    assert event.after is not None
    assert event.after["reason"] == "Agreed with the client by phone"

    backdoor.edit(firm.company, "Invoice", invoice["Id"], {"Line": [sold(firm.company, "13.00")]})
    firm.sync()

    assert [one.pk for one in cases(firm, "changed_in_books")] == [case.pk]
    assert say(firm, case, "restore") == answers.STALE


def test_a_credit_memo_typed_after_the_sync_is_named_and_reversed(firm: Stage) -> None:
    invoice = open_invoice(firm.company)
    backdoor.add(
        firm.company,
        "CreditMemo",
        {
            "CustomerRef": invoice["CustomerRef"],
            "DocNumber": "CN-7a",
            "TxnDate": str(TODAY),
            "Line": [sold(firm.company, "250.00")],
        },
    )
    firm.sync()

    (case,) = cases(firm, "typed_in_books")
    assert case.title.startswith("Credit memo CN-7a of $250.00")
    assert_shown_as_typed(firm, case, "Credit memo", "CN-7a")
    assert Decimal(firm.tieout(afresh=False)["kinds"]["receivables"]["unexplained"]) == 250
    assert say(firm, case, "reverse") is None
    firm.sync()

    found = firm.tieout(afresh=False)
    assert Decimal(found["kinds"]["receivables"]["unexplained"]) == 0
    assert not hands(firm)
    books.assert_idle(firm)


def test_what_is_changed_after_it_was_reversed_is_a_case_until_it_is_put_back(firm: Stage) -> None:
    invoice = open_invoice(firm.company)
    given = {
        "CustomerRef": invoice["CustomerRef"],
        "TxnDate": str(TODAY),
        "Line": [sold(firm.company, "250.00")],
    }
    typed = backdoor.add(firm.company, "CreditMemo", given)
    firm.sync()
    (case,) = cases(firm, "typed_in_books")
    assert say(firm, case, "reverse") is None
    firm.sync()
    assert not hands(firm)

    backdoor.edit(firm.company, "CreditMemo", typed["Id"], {"TxnDate": str(TODAY - timedelta(days=40))})
    firm.sync()
    (case,) = cases(firm, "reversed_changed")
    assert "when it was reversed, and is dated" in firm_words(firm, "reversed_changed")
    backdoor.edit(firm.company, "CreditMemo", typed["Id"], {"TxnDate": str(TODAY)})
    firm.sync()
    assert not hands(firm)

    backdoor.edit(firm.company, "CreditMemo", typed["Id"], {"Line": [sold(firm.company, "260.00")]})
    firm.sync()
    (case,) = cases(firm, "reversed_changed")
    assert say(firm, case, "accept", reason="The client was given 10 more") is None
    firm.sync()
    assert not cases(firm, "reversed_changed")


def firm_words(on: Stage, code: str) -> str:
    return next(str(one["alarms"][0]["reason"]) for one in on.exceptions() if one["code"] == code)


def test_a_typed_payment_that_clio_records_later_is_linked_and_not_doubled(firm: Stage) -> None:
    bill = fresh(firm)
    firm.sync()
    invoice = next(one for one in firm.company.store["Invoice"].values() if one["DocNumber"] == bill.number)
    typed_payment(firm.company, invoice)
    firm.sync()
    assert cases(firm, "typed_payment")
    before = len(firm.company.store["Payment"])

    firm.desk("record_payment", bills=[bill.id], amount=str(invoice["TotalAmt"]), date=TODAY)
    firm.sync()
    assert len(firm.company.store["Payment"]) == before, "not a second time"
    ids = {"firm_id": firm.firm.pk, "books_id": firm.books.pk}
    assert accepting.accept(**ids, ids=None, by=firm.person, now=timezone.now()) == 1
    firm.sync()

    assert len(firm.company.store["Payment"]) == before
    assert not hands(firm)
    assert "stands_already" not in {case["code"] for case in firm.exceptions()}
    books.assert_tieout(firm)
    books.assert_idle(firm)


def test_a_payment_typed_against_our_invoice_asks_to_be_recorded_in_clio(firm: Stage) -> None:
    invoice = open_invoice(firm.company)
    typed_payment(firm.company, invoice)
    firm.sync()

    (case,) = cases(firm, "typed_payment")

    assert hands(firm) == {"typed_payment"}
    assert f"on invoice {invoice['DocNumber']} was typed into QuickBooks" in case.title
    assert "Record it there with this date" in next(one["alarms"][0]["reason"] for one in firm.exceptions()
                                       if one["code"] == "typed_payment")  # fmt: skip


def typed_entry(on: Stage, customer: dict[str, str]) -> None:
    """Somebody charges a customer by a journal entry."""
    sides = (
        ("Debit", on.company.account("Accounts Receivable")),
        ("Credit", on.company.account("Operating Bank")),
    )
    lines = [
        {
            "Amount": "75.00",
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {
                "PostingType": side,
                "AccountRef": {"value": account},
                "Entity": {"Type": "Customer", "EntityRef": customer},
            },
        }
        for side, account in sides
    ]
    backdoor.add(on.company, "JournalEntry", {"TxnDate": str(TODAY), "Line": lines})


def test_an_entry_typed_to_the_receivable_of_nobody_of_clio_is_reversed_and_nothing_is_asked(
    firm: Stage,
) -> None:
    stranger = backdoor.add(firm.company, "Customer", {"DisplayName": "Nobody of Clio"})
    typed_entry(firm, {"value": stranger["Id"]})
    firm.sync()
    (case,) = cases(firm, "typed_in_books")
    assert say(firm, case, "reverse") is None
    firm.sync()

    assert not hands(firm)
    books.assert_tieout(firm, afresh=True)


def test_a_journal_entry_typed_to_receivables_is_accepted_with_a_reason(firm: Stage) -> None:
    typed_entry(firm, open_invoice(firm.company)["CustomerRef"])
    firm.sync()
    (case,) = cases(firm, "typed_in_books")
    with firm_scope(write=None, reads=[firm.firm.pk]):
        hold = Hold.objects.get(firm=firm.firm, case=case, closed_at__isnull=True)

    assert queue.close_alarm(
        firm_id=firm.firm.pk, hold_id=hold.pk, reason="x", by=firm.person, now=timezone.now()
    )  # fmt: skip
    assert say(firm, case, "accept", reason="Opening entry of the accountant") is None
    firm.sync()

    assert not hands(firm)
    rows = [row for row in firm.tieout(afresh=False)["differences"] if row["kind"] == "receivables"]
    assert any(row["queued"] and row["reason"].startswith("Accepted") for row in rows)


@pytest.fixture
def undeposited(db: Any) -> Iterator[Stage]:
    """Another firm, whose payments wait in Undeposited Funds."""
    file = firm_file(slug="cedar-rowan", deposits=[{"otherwise": "Undeposited Funds"}])
    with stage(small(7, account_id=8), file=file, company=seed.law_firm(seed=8)) as set_:
        set_.sync()
        yield set_


def test_a_deposit_straight_to_income_that_is_our_payments_is_income_twice(undeposited: Stage) -> None:
    firm = undeposited
    waiting = backdoor.waiting(firm.company)
    total = sum(Decimal(str(firm.company.get("Payment", one)["TotalAmt"])) for one in waiting)
    day = max(str(firm.company.get("Payment", one)["TxnDate"]) for one in waiting)
    line = {
        "Amount": str(total),
        "DetailType": "DepositLineDetail",
        "DepositLineDetail": {"AccountRef": {"value": firm.company.account("Legal Fees")}},
    }
    given = {
        "DepositToAccountRef": {"value": firm.company.account("Operating Bank")},
        "TxnDate": day,
        "Line": [line],
    }
    made = backdoor.add(firm.company, "Deposit", given)
    firm.sync()

    (case,) = cases(firm, "income_twice")
    assert case.facts["payments"].count(",") == len(waiting) - 1

    backdoor.delete(firm.company, "Deposit", made["Id"])
    backdoor.deposit(firm.company, waiting, account=firm.company.account("Operating Bank"), day=TODAY)
    firm.sync()

    assert not cases(firm, "income_twice")
