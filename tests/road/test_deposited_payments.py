"""A payment that changed after its deposit: three repairs, each by a press, and never a second payment."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from accounts.models import User
from syncapp.core.planning.returns import RETURNED, Said
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import backdoor, reports, writing
from syncapp.pipeline.cases import choices
from tests import cast
from tests.delivery.scene import Scene
from tests.road import books
from tests.road.acts import TODAY, owed
from tests.road.closing import FAR, case_of, close, receivable
from tests.stage import Stage, Standing, firm_file, standing

WAS, NOW = Decimal(2000), Decimal(1800)


@dataclass(slots=True)
class Paid:
    """A bill, a payment of 2,000.00 of it, and the deposit that holds it."""

    on: Stage
    bill: Bill
    payment: int
    here: str
    deposit: str

    @property
    def money(self) -> Decimal:
        return Decimal(str(self.on.company.get("Payment", self.here)["TotalAmt"]))

    def applied(self, entity: str = "Invoice") -> Decimal:
        lines = self.on.company.get("Payment", self.here)["Line"]
        return sum((x["Amount"] for x in lines if x["LinkedTxn"][0]["TxnType"] == entity), Decimal(0))

    def edit(self, amount: Decimal | int) -> None:
        self.on.desk("edit_payment", payment=self.payment, amount=str(amount))
        self.on.sync()

    def choose(self, way: str, *, sync: bool = True) -> None:
        case = case_of(self.on, "deposited")
        refused = choices.choose(
            firm_id=self.on.firm.pk, case_id=case.pk, answer=f"{way}:{case.facts['print']}",
            by=self.on.person, now=timezone.now(),
        )  # fmt: skip
        assert refused is None
        if sync:
            self.on.sync()

    def codes(self) -> set[str]:
        return {one["code"] for one in self.on.exceptions()}

    def bank(self, name: str = "Operating Bank") -> Decimal:
        rows = reports.trial_balance(self.on.company, until=FAR)
        return Decimal(sum(row.minor for row in rows if row.name == name)) / 100


def paid(on: Stage, *, with_others: bool = False) -> Paid:
    at = Scene(on=on)
    bill = at.bill(at.fresh_matter(), hours="10")
    payment = at.pay(bill.id, amount=str(WAS))
    on.sync()
    (here,) = on.company.store["Payment"]
    bank = on.company.account("Operating Bank")
    if not with_others:
        made = backdoor.deposit(on.company, [here], account=bank, day=TODAY)
        return Paid(on, bill, payment, here, made["Id"])
    someone = backdoor.add(on.company, "Customer", {"DisplayName": "Rent of a room"})["Id"]
    entity = {"value": someone, "type": "CUSTOMER"}
    rent = {"AccountRef": {"value": on.company.account("Legal Fees")}, "Entity": entity, "CheckNum": "7781"}
    other: dict[str, Any] = {
        "Amount": "55.50",
        "Description": "Room, October",
        "DetailType": "DepositLineDetail",
    }
    other["DepositLineDetail"] = rent
    linked = {"Amount": str(WAS), "LinkedTxn": [{"TxnId": here, "TxnType": "Payment", "TxnLineId": "0"}]}
    given = {"DepositToAccountRef": {"value": bank}, "TxnDate": TODAY.isoformat(), "PrivateNote": "Slip 12"}
    made = backdoor.add(on.company, "Deposit", {**given, "Line": [linked, other]})
    return Paid(on, bill, payment, here, made["Id"])


@pytest.fixture(scope="module")
def waiting(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Standing]:
    """A firm without work whose payments wait in Undeposited Funds until somebody deposits them."""
    file = firm_file(deposits=[{"otherwise": "Undeposited Funds"}])
    with django_db_blocker.unblock(), standing(empty(), synced=True, file=file) as made:
        yield made


@pytest.fixture
def on(waiting: Standing) -> Iterator[Stage]:
    with waiting.fresh() as made:
        yield made


def settled(case: Paid) -> None:
    """One payment, Clio's balance, all ties, nothing moves again."""
    on = case.on
    assert len([p for p in on.company.store["Payment"].values() if p["TotalAmt"]]) == 1
    assert receivable(on) == owed(on, case.bill)
    found = on.tieout()
    assert found["equal"], found["differences"]
    books.assert_idle(on)
    assert on.verify()["ok"], on.verify()


@pytest.mark.parametrize("with_others", [False, True])
def test_the_deposit_is_opened_the_payment_changed_and_deposited_again(
    on: Stage, *, with_others: bool
) -> None:
    case = paid(on, with_others=with_others)
    before = case.bank()
    case.edit(NOW)
    assert (case.money, case.bank(), case.codes()) == (WAS, before, {"deposited"})

    case.choose("again")

    assert (case.money, case.applied(), before - case.bank()) == (NOW, NOW, WAS - NOW)
    (deposit,) = on.company.store["Deposit"].values()
    assert sum(line["Amount"] for line in deposit["Line"]) == NOW + (Decimal("55.50") if with_others else 0)
    for line in [x for x in deposit["Line"] if not x.get("LinkedTxn")]:
        detail = line["DepositLineDetail"]
        assert (deposit["Id"], deposit["PrivateNote"]) == (case.deposit, "Slip 12")
        assert (line["Description"], detail["CheckNum"], detail["Entity"]["type"]) == (
            "Room, October", "7781", "CUSTOMER",
        )  # fmt: skip
    assert case.codes() == {"deposit_differs"}, (
        "the bank line is 200.00 more than the deposit, and that is said"
    )
    assert case_of(on, "deposit_differs").title.startswith("A deposit is $200.00 less")
    settled(case)


@pytest.mark.parametrize("relinked", [False, True])
def test_an_entry_of_the_difference_leaves_payment_and_deposit_as_they_are(
    on: Stage, *, relinked: bool
) -> None:
    backdoor.switch(on.company, deposited_relink_ok=relinked)
    case = paid(on)
    before, deposit = case.bank(), on.company.get("Deposit", case.deposit)
    case.edit(NOW)

    case.choose("entry")

    assert (case.money, before - case.bank()) == (WAS, WAS - NOW)
    assert case.applied() == (NOW if relinked else WAS)
    assert on.company.get("Deposit", case.deposit) == deposit
    assert case.codes() == set()
    settled(case)


@pytest.mark.parametrize("relinked", [False, True])
def test_what_the_bank_received_stays_and_the_rest_is_the_clients_credit(
    on: Stage, *, relinked: bool
) -> None:
    backdoor.switch(on.company, deposited_relink_ok=relinked)
    case = paid(on)
    before = case.bank()
    case.edit(NOW)

    case.choose("credit")

    assert (case.money, case.bank(), case.codes()) == (WAS, before, {"client_credit"})
    assert len(on.company.store["Payment"]) == 1
    books.assert_tieout(on, afresh=True)
    books.assert_idle(on)
    if relinked:
        invoice = next(iter(on.company.store["Invoice"]))
        assert writing.view(on.company, "Payment", case.here)["UnappliedAmt"] == WAS - NOW
        assert writing.view(on.company, "Invoice", invoice)["Balance"] == owed(on, case.bill)
        assert not on.tieout()["equal"], "Clio does not say what the bank has: a difference, and known"
    else:
        assert case.bank("Client Retainers Operating") == NOW - WAS
        settled(case)

    case.edit(WAS)

    assert case.codes() == set(), "Clio says what the bank received"
    assert case.bank("Client Retainers Operating") == 0
    settled(case)


@pytest.mark.parametrize("way", ["again", "entry", "credit"])
def test_what_changes_once_more_is_asked_once_more(on: Stage, way: str) -> None:
    backdoor.switch(on.company, deposited_relink_ok=True)
    case = paid(on)
    before = case.bank()
    case.edit(NOW)
    case.choose(way)
    case.edit(Decimal(1700))
    assert "deposited" in case.codes()

    case.choose("entry")

    assert before - case.bank() == Decimal(300)
    settled(case)


def test_a_payment_corrected_by_an_entry_comes_back_for_what_is_left_of_it(on: Stage) -> None:
    backdoor.switch(on.company, deposited_relink_ok=True)
    case = paid(on)
    before = case.bank() - WAS
    case.edit(NOW)
    case.choose("entry")
    on.desk("remove_payment", payment=case.payment)
    on.sync()
    asked = case_of(on, "payment_removed")
    said = Said(what=RETURNED, day=FAR.replace(year=2026))

    choices.returned(firm_id=on.firm.pk, case_id=asked.pk, said=said, by=on.person, now=timezone.now())
    on.sync()

    assert case.bank() == before, "2,000.00 in, 200.00 and 1,800.00 out"
    settled(case)


def test_in_closed_books_the_deposit_is_not_opened(on: Stage) -> None:
    case = paid(on)
    before = case.bank()
    closed = close(on)
    case.edit(NOW)
    assert "again" not in case_of(on, "deposited").facts["ways"]

    case.choose("entry")

    assert before - case.bank() == WAS - NOW
    assert {r.name: r.minor for r in reports.trial_balance(on.company, until=TODAY)} == closed
    settled(case)


FAULTS = [
    ("update deposit", "drop_after"),
    ("delete deposit", "drop_after"),
    ("update payment", "drop_before"),
    ("create deposit", "drop_after"),
    ("create deposit", "server_error"),
    ("create journalentry", "drop_after"),
]


@pytest.mark.parametrize(("call", "kind"), FAULTS)
def test_each_step_is_done_once_whatever_answer_is_lost(on: Stage, call: str, kind: str) -> None:
    way = "entry" if call == "create journalentry" else "again"
    case = paid(on, with_others=call == "update deposit")
    before = case.bank()
    case.edit(NOW)
    case.choose(way, sync=False)
    plan = on.qbo.state.faults
    plan.clear()
    plan.fired.clear()
    plan.add(call, 1, kind)
    if call == "update deposit":
        plan.add(call, 3, kind)

    on.sync()

    assert plan.fired, "the fault is met"
    assert (before - case.bank(), len(on.company.store["Deposit"])) == (WAS - NOW, 1)
    settled(case)


def test_the_card_shows_each_repair_with_its_entry_first(on: Stage) -> None:
    case = paid(on)
    case.edit(NOW)
    address = reverse("desk:case", args=[case_of(on, "deposited").pk])
    screen = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))

    page = screen.get(address).text

    for words in (
        "Clio says $1,800.00 of this payment now",
        "The payment becomes $1,800.00 and the deposit $1,800.00. The bank line then differs by $200.00",
        "Post a correcting entry of $200.00",
        "The bank received $2,000.00: keep $200.00 as the client’s credit",
        "No second payment is made by any of them.",
    ):
        assert words in html.unescape(page).replace("'", "’"), words
    answers = re.findall(r'name="answer" value="((?:again|entry|credit):[^"]+)"', page)
    assert len(answers) == 3
    where = reverse("desk:choose", args=[case_of(on, "deposited").pk])
    assert "answered on" in screen.post(where, {"answer": answers[0]}, follow=True).text
