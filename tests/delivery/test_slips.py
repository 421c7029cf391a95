"""A deposit slip: what is ticked becomes one Deposit; what happened in QuickBooks meanwhile comes first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import small
from syncapp.emulators.qbo import backdoor
from syncapp.local import deposits as demo
from syncapp.pipeline.deposits import actions, waiting
from syncapp.records.models import BankDeposit, Case, PostedLine
from tests.road import books
from tests.stage import Stage, Standing, firm_file, standing

DAY = date(2026, 11, 12)


@pytest.fixture(scope="module")
def stood(django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing]:
    """A firm whose payments wait in Undeposited Funds."""
    file = firm_file(deposits=[{"otherwise": "Undeposited Funds"}])
    with django_db_blocker.unblock(), standing(small(7), file=file, synced=True) as made:
        yield made


@pytest.fixture
def firm(stood: Standing, django_db_blocker: Any) -> Iterator[Stage]:
    with django_db_blocker.unblock(), stood.fresh() as made:
        yield made


def account(on: Stage) -> waiting.Account:
    with firm_scope(write=None, reads=[on.firm.pk]):
        return waiting.read(firm_id=on.firm.pk, books_id=on.books.pk)


def make(on: Stage, *keys: str, day: date = DAY) -> BankDeposit | str:
    slip = actions.Slip(day=day, bank=on.company.account("Operating Bank"), keys=keys)
    return actions.make(firm_id=on.firm.pk, books_id=on.books.pk, slip=slip, by=on.person, now=timezone.now())


def made(on: Stage, *keys: str) -> BankDeposit:
    found = make(on, *keys)
    assert isinstance(found, BankDeposit), found
    return found


def take_back(on: Stage, slip: BankDeposit, reason: str) -> str | None:
    return actions.take_back(
        firm_id=on.firm.pk, deposit_id=slip.pk, reason=reason, by=on.person, now=timezone.now()
    )


def deposits(on: Stage) -> list[dict[str, Any]]:
    return list(on.company.store["Deposit"].values())


def balance(on: Stage) -> int:
    """What QuickBooks itself shows on Undeposited Funds."""
    return on.company.ledger.balance(on.company.account("Undeposited Funds"))


def case(on: Stage, code: str) -> Case | None:
    with firm_scope(write=None, reads=[on.firm.pk]):
        return Case.objects.filter(firm=on.firm, code=code, closed_at__isnull=True).first()


def test_the_list_ties_to_the_account_and_names_what_else_stands_on_it(firm: Stage) -> None:
    before = account(firm)
    assert before.waits
    assert before.waiting == before.balance == balance(firm)

    sides = (("Debit", "Undeposited Funds"), ("Credit", "Legal Fees"))
    lines = [
        {
            "Amount": "25.00",
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {
                "PostingType": side,
                "AccountRef": {"value": firm.company.account(name)},
            },
        }
        for side, name in sides
    ]
    backdoor.add(firm.company, "JournalEntry", {"TxnDate": str(DAY), "Line": lines})
    sold = {
        "Amount": "40.00",
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": next(iter(firm.company.store["Item"]))}},
    }
    buyer = {"value": next(iter(firm.company.store["Customer"]))}
    given = {"CustomerRef": buyer, "TxnDate": str(DAY), "Line": [sold]}
    backdoor.add(firm.company, "SalesReceipt", given)
    firm.sync()

    after = account(firm)
    assert after.waiting == before.waiting
    assert [one.amount for one in after.others] == [2_500]
    assert after.rest == 4_000
    assert after.balance == balance(firm)


def test_what_is_ticked_becomes_one_deposit_that_ties_and_is_taken_back(firm: Stage) -> None:
    waits = account(firm).waits
    slip = made(firm, *(one.key for one in waits))
    assert "on deposit" in str(make(firm, waits[0].key))  # it is on a slip already
    firm.sync()

    (deposit,) = deposits(firm)
    assert sorted(line["LinkedTxn"][0]["TxnId"] for line in deposit["Line"]) == sorted(
        o.place[1] for o in waits
    )
    assert deposit["TxnDate"] == str(DAY)
    assert Decimal(deposit["TotalAmt"]) * 100 == slip.total == sum(one.amount for one in waits)
    assert (account(firm).waits, balance(firm)) == ([], 0)
    books.assert_tieout(firm)
    books.assert_idle(firm)

    assert take_back(firm, slip, " ") == actions.NO_REASON
    assert take_back(firm, slip, "The bank counted another day") is None
    firm.sync()

    assert not deposits(firm)
    assert [one.key for one in account(firm).waits] == [one.key for one in waits]
    books.assert_tieout(firm)
    with firm_scope(write=None, reads=[firm.firm.pk]):
        lines = PostedLine.objects.filter(firm=firm.firm, entry__subject=f"deposits/{slip.pk}")
        assert (lines.count(), sum(line.minor for line in lines)) == (4, 0)  # posted, and taken back visibly
        told = AuditEvent.objects.filter(firm=firm.firm, verb__startswith="deposit.")
        assert [event.verb for event in told.order_by("pk")] == ["deposit.made", "deposit.taken_back"]


def test_what_somebody_deposited_in_quickbooks_meanwhile_is_seen_first(firm: Stage) -> None:
    waits = account(firm).waits
    slip = made(firm, *(one.key for one in waits))
    bank = firm.company.account("Operating Bank")
    payment = next(one.place[1] for one in waits if one.place[0] == waiting.PAYMENT)
    backdoor.deposit(firm.company, [payment], account=bank, day=DAY)
    firm.sync()

    assert len(deposits(firm)) == 1
    held = case(firm, "deposit_changed")
    assert held is not None
    assert "lies in deposit" in next(
        hold["reason"]
        for one in firm.exceptions()
        if one["code"] == "deposit_changed"
        for hold in one["holds"]
    )

    assert take_back(firm, slip, "Half of it was deposited by hand") is None
    firm.sync()
    assert case(firm, "deposit_changed") is None
    assert len(account(firm).waits) == len(waits) - 1


def test_a_deposit_whose_answer_is_lost_stands_once(firm: Stage) -> None:
    waits = account(firm).waits
    firm.qbo.state.faults.add("batch", 1, "drop_after")
    made(firm, waits[0].key)
    firm.sync()

    assert len(deposits(firm)) == 1
    books.assert_idle(firm)


def test_a_day_before_the_money_came_or_in_closed_books_is_refused(firm: Stage) -> None:
    newest = account(firm).waits[-1]

    assert "cannot have reached the bank before" in str(make(firm, newest.key, day=date(2026, 1, 2)))
    assert make(firm) == actions.NOTHING
    assert "Look again" in str(make(firm, "payment:999"))


def test_what_waits_too_long_is_one_case_that_ends_with_its_deposit(firm: Stage) -> None:
    waits = account(firm).waits
    aged = [one for one in firm.exceptions() if one["code"] == "undeposited_aged"]
    assert len(aged) == 1  # one cause
    assert Decimal(aged[0]["amount"]) * 100 == sum(one.amount for one in waits)

    made(firm, *(one.key for one in waits[1:]))
    firm.sync()

    (left,) = [one for one in firm.exceptions() if one["code"] == "undeposited_aged"]
    assert Decimal(left["amount"]) * 100 == waits[0].amount
    made(firm, waits[0].key)
    firm.sync()
    assert case(firm, "undeposited_aged") is None


def test_the_demonstrations_bookkeeper_leaves_the_last_month_and_a_charge_to_explain(firm: Stage) -> None:
    waits = account(firm).waits
    months = {(one.day.year, one.day.month) for one in waits}

    done = demo.deposit(firm=firm.firm, books=firm.books, by=firm.person, now=timezone.now())
    firm.sync()

    assert done == len(deposits(firm)) == len(months) - 1
    assert {(one.day.year, one.day.month) for one in account(firm).waits} == {max(months)}
    assert case(firm, "charge_without_payment") is not None


def test_a_deposit_that_somebody_deleted_is_a_case_and_ends_when_it_is_taken_back(firm: Stage) -> None:
    waits = account(firm).waits
    slip = made(firm, *(one.key for one in waits))
    firm.sync()
    backdoor.delete(firm.company, "Deposit", deposits(firm)[0]["Id"])
    firm.sync()
    assert case(firm, "changed_in_books") is not None

    assert take_back(firm, slip, "It was deleted in QuickBooks") is None
    firm.sync()

    assert case(firm, "changed_in_books") is None
    assert [one.slip for one in account(firm).waits] == [None] * len(waits)
    assert not [hold for one in firm.exceptions() for hold in one["holds"] if hold["kind"] == "deposits"]
    books.assert_tieout(firm)
