"""A payment that the bank returned, or that never was: a person says which, and the books say the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.core.planning.returns import MISTAKE, RETURNED, Said
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.clio.world import small
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline.cases import choices
from syncapp.records.models import Document
from tests.road import books
from tests.road.acts import TODAY, fresh, owed
from tests.road.closing import FAR, assert_corrected, case_of, close, on_closing_day, receivable
from tests.stage import Stage, firm_file, stage


@pytest.fixture
def firm(db: Any) -> Iterator[Stage]:
    with stage(small(7)) as set_:
        yield set_


def deposit(firm: Stage, payment: str, day: date = TODAY) -> None:
    """A person deposits what waits in Undeposited Funds."""
    bank = next(i for i, a in firm.company.store["Account"].items() if a["Name"] == "Operating Bank")
    backdoor.deposit(firm.company, [payment], account=bank, day=day)


def paid_into_a_deposit(firm: Stage, bill: Bill, **more: Any) -> Any:
    """A payment of a bill that a person put into a deposit."""
    made = firm.desk("record_payment", bills=[bill.id], amount=str(owed(firm, bill)), method="card", **more)
    firm.sync()
    newest = max(firm.company.store["Payment"], key=int)
    if firm.company.get("Payment", newest)["DepositToAccountRef"]["value"] == undeposited(firm):
        deposit(firm, newest)
    return made


def undeposited(firm: Stage) -> str:
    accounts = firm.company.store["Account"]
    return next(i for i, a in accounts.items() if a["AccountSubType"] == "UndepositedFunds")


def say(firm: Stage, said: Said) -> None:
    case = case_of(firm, "payment_removed")
    refused = choices.returned(
        firm_id=firm.firm.pk, case_id=case.pk, said=said, by=firm.person, now=timezone.now()
    )
    assert refused is None
    firm.sync()


RETURN = Said(what=RETURNED, day=TODAY + timedelta(days=12))


@pytest.fixture
def undepositing(db: Any) -> Iterator[Stage]:
    """A firm whose payments all wait in Undeposited Funds."""
    file = firm_file()
    file["books"][0]["deposits"] = [{"otherwise": "Undeposited Funds"}]
    with stage(small(7), file=file) as set_:
        yield set_


def balance(firm: Stage, name: str) -> int:
    return on_closing_day(firm, FAR).get(name, 0)


@pytest.mark.parametrize("relinked", [False, True])
def test_a_deposited_payment_that_the_bank_returned_is_owed_again(
    undepositing: Stage, *, relinked: bool
) -> None:
    firm = undepositing
    backdoor.switch(firm.company, deposited_relink_ok=relinked)
    bill = fresh(firm)
    firm.sync()
    before, bank, total = receivable(firm), balance(firm, "Operating Bank"), owed(firm, bill)
    payment = paid_into_a_deposit(firm, bill)
    firm.desk("remove_payment", payment=payment.id)
    firm.sync()
    assert case_of(firm, "payment_removed").facts["deposit"] == "theirs"
    [asked] = [case for case in firm.exceptions() if case["code"] == "payment_removed"]
    assert (asked["amount"], asked["holds"][0]["amount"]) == (str(total), str(total)), "what was paid"
    fees = next(i for i, a in firm.company.store["Account"].items() if a["AccountType"] == "Expense")
    said = Said(what=RETURNED, day=RETURN.day, fee=1500, fee_account=fees)

    say(firm, said)

    assert receivable(firm) == before
    assert balance(firm, "Operating Bank") == bank - 1500, (
        "in with the deposit, out with the return and its fee"
    )
    assert not [c for c in firm.exceptions() if c["code"] in {"payment_removed", "deposited"}]
    books.assert_tieout(firm, afresh=True)
    books.assert_idle(firm)

    firm.desk("record_payment", bills=[bill.id], amount=str(total), date=TODAY + timedelta(days=20))
    firm.sync()
    assert receivable(firm) == before - total
    books.assert_tieout(firm, afresh=True)
    books.assert_idle(firm)


def test_a_payment_of_a_closed_period_that_the_bank_returned_is_owed_again(firm: Stage) -> None:
    one, other = fresh(firm), fresh(firm, hours="2")
    firm.sync()
    before, total = receivable(firm), owed(firm, one) + owed(firm, other)
    payment = firm.desk("record_payment", bills=[one.id, other.id], amount=str(total), date=TODAY)
    firm.sync()
    closed = close(firm)
    firm.desk("remove_payment", payment=payment.id)
    firm.sync()

    say(firm, RETURN)

    assert receivable(firm) == before
    assert_corrected(firm, closed)

    firm.desk("record_payment", bills=[one.id], amount=str(owed(firm, one)), date=TODAY + timedelta(days=20))
    firm.sync()
    assert_corrected(firm, closed)
    firm.desk("record_payment", bills=[other.id], amount="100", date=TODAY + timedelta(days=21))
    firm.sync()
    assert receivable(firm) == before - total + owed(firm, other)
    assert_corrected(firm, closed)


@pytest.mark.parametrize("shut", [False, True])
def test_a_payment_entered_by_mistake_leaves_the_books(undepositing: Stage, *, shut: bool) -> None:
    firm = undepositing
    bill = fresh(firm)
    firm.sync()
    before = receivable(firm)
    payment = paid_into_a_deposit(firm, bill, date=TODAY)
    closed = close(firm, TODAY if shut else None)
    firm.desk("remove_payment", payment=payment.id)
    firm.sync()

    say(firm, Said(what=MISTAKE))

    if shut:
        assert receivable(firm) == before
        assert_corrected(firm, closed)
        return
    case_of(firm, "deposited")  # a person takes it out of the deposit first
    newest = max(firm.company.store["Deposit"], key=int)
    backdoor.delete(firm.company, "Deposit", newest)
    firm.sync()
    assert receivable(firm) == before
    books.assert_ties(firm)
    books.assert_tieout(firm, afresh=True)


def test_the_bank_returned_a_payment_and_a_person_says_so_before_clio_does(firm: Stage) -> None:
    bill = fresh(firm)
    firm.sync()
    before = receivable(firm)
    payment = firm.desk("record_payment", bills=[bill.id], amount="100")
    firm.sync()
    with firm_scope(write=None, reads=[firm.firm.pk]):
        document = Document.objects.get(firm=firm.firm, kind="payment", source_id=payment.id)
    refused = choices.say_returned(
        firm_id=firm.firm.pk, document_id=document.pk, said=RETURN, by=firm.person, now=timezone.now()
    )
    assert refused is None

    firm.sync()

    assert receivable(firm) == before
    case_of(firm, "returned_not_removed")
    firm.desk("remove_payment", payment=payment.id)
    firm.sync()
    assert receivable(firm) == before
    assert not [c for c in firm.exceptions() if c["code"] == "payment_removed"]
    books.assert_tieout(firm, afresh=True)
    books.assert_idle(firm)
