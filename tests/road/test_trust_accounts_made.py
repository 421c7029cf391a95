"""The account of a ledger is found before it is made, made once, and never past the plan (issue A1)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline.trust import setup
from syncapp.records.models import Document, Hold
from tests.road import books
from tests.road.own_accounts import (
    DAY,
    OWN,
    PARENT,
    TRUST_LIABILITY,
    add,
    assert_ties,
    balances,
    below,
    cases,
    held,
)
from tests.road.test_trust_setup import held as waiting
from tests.stage import Stage, stage
from tests.trust import opened as at
from trust.models import PairChange
from trust.pairing import CUSTOMER
from trust.queries.pairs import terms_of

pytestmark = pytest.mark.django_db


def test_an_account_of_the_books_is_found_by_name_before_one_is_made(on: Stage) -> None:
    first, second, third = (at.matter(on, name) for name in ("Acme", "Birch", "Cedar"))
    numbers = {m.id: m.display_number for m in on.world.tables["Matter"].values()}
    active = add(on, f"{numbers[first]} Acme".upper())
    asleep = add(on, f"{numbers[second]} Birch")
    backdoor.set_active(on.company, "Account", asleep, active=False)
    wrong = add(on, f"{numbers[third]} Cedar", AccountSubType="OtherCurrentLiabilities")
    for place in (first, second, third):
        at.deposit(on, place, "100.00", day=DAY)

    on.sync()

    assert balances(on)[active] == 10000
    assert {row["Id"] for row in below(on).values()} == {active, asleep, wrong}
    assert sorted(waiting(on)) == ["ledger_account", "ledger_account"]
    words = " ".join(case.title for case in cases(on, "ledger_account"))
    assert "is inactive in QuickBooks. Make it active there" in words
    assert "is not a trust liability" in words

    backdoor.edit(on.company, "Account", asleep, {"Active": True, "Name": f"{numbers[second]} Birch"})
    backdoor.edit(on.company, "Account", wrong, {"AccountSubType": TRUST_LIABILITY[1]})
    on.sync()
    on.sync()

    assert waiting(on) == []
    assert (balances(on)[asleep], balances(on)[wrong]) == (10000, 10000)
    assert_ties(on)


def test_two_ledgers_of_one_name_never_share_an_account() -> None:
    file = at.file_with(OWN)
    file["books"][0]["customers"]["matter_name"] = "{client}"
    with stage(empty(), file=file) as same:
        client = same.desk("create_client", name="Acme")
        places = [
            int(same.desk("create_matter", client=client.id, description="A", open_date=DAY).id) for _ in "ab"
        ]
        for place in places:
            at.deposit(same, place, "10.00", day=DAY)

        same.sync()

        assert held(same) == {f"matters/{place}": 1000 for place in places}
        assert set(below(same)) == {"Acme", f"Acme ({places[1]})"}


def test_at_the_plans_limit_nothing_is_half_posted_and_one_case_says_the_way_out(on: Stage) -> None:
    room = 250 - len(on.company.store["Account"])
    for number in range(room - 1):
        backdoor.add(on.company, "Account", {"Name": f"Spare {number}", "AccountType": "Expense"})
    first, second = at.matter(on, "Acme"), at.matter(on, "Birch")
    at.deposit(on, first, "100.00", day=DAY)
    on.sync()
    at.deposit(on, second, "50.00", day=DAY)
    on.desk("matter_transfer", source=first, destination=second, amount="20", date=DAY)
    on.sync()

    assert waiting(on) == ["account_limit", "account_limit"]
    (case,) = cases(on, "account_limit")
    assert "QuickBooks takes no more accounts" in case.title
    with firm_scope(write=None, reads=[on.firm.pk]):
        words = Hold.objects.filter(firm_id=on.firm.pk, case=case).values_list("words", flat=True)[0]
    assert "QuickBooks Online Plus takes 250 accounts, and 250 stand" in words
    assert "name the clients on the liability line instead" in words
    assert held(on) == {f"matters/{first}": 10000}
    assert len(on.company.store["JournalEntry"]) == 1
    assert len(below(on)) == 1

    tag(on)
    on.sync()

    assert waiting(on) == []
    assert balances(on)[on.company.account(PARENT)] == 5000
    assert_ties(on)
    with firm_scope(write=on.firm.pk):
        Document.objects.filter(firm_id=on.firm.pk).update(settled=False)
    before = books.picture(on.company)
    on.sync()
    assert books.picture(on.company) == before  # what was posted stays where it was posted
    assert not cases(on, "account_limit")


def tag(on: Stage) -> None:
    """A partner approves that clients are named on the line from now on."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        pair = at.pair_in(on)
        terms = terms_of(pair)
    partner = User.objects.create_user(email="partner@ash-birch.test")
    asked = setup.ask(pair=pair, terms=replace(terms, client_as=CUSTOMER), by=on.person, now=timezone.now())
    assert isinstance(asked, PairChange)
    assert setup.approve(change=asked, by=partner, now=timezone.now()) is None


def test_a_refused_account_is_one_case_whatever_quickbooks_says(on: Stage) -> None:
    on.company.switches.most_accounts = len(on.company.store["Account"])
    for name in ("Acme", "Birch"):
        at.deposit(on, at.matter(on, name), "10.00", day=DAY)

    on.sync()

    (case,) = cases(on, "account_refused")
    assert "QuickBooks takes no account for a ledger of client money" in case.title
    assert not on.company.store["JournalEntry"]
    assert waiting(on) == ["account_refused", "account_refused"]
    on.company.switches.most_accounts = 250
    with firm_scope(write=on.firm.pk):
        Hold.objects.filter(firm_id=on.firm.pk, closed_at__isnull=True).update(retry_asked_at=timezone.now())
    on.sync()
    assert waiting(on) == []
    assert len(below(on)) == 2


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_an_answer_that_is_lost_makes_no_second_account(on: Stage, fault: str) -> None:
    places = [at.matter(on, name) for name in ("Acme", "Birch")]
    for place in places:
        at.deposit(on, place, "10.00", day=DAY)
    on.qbo.state.faults.add("create account", 1, fault)

    on.sync()

    assert [kind for _, kind in on.qbo.state.faults.fired] == [fault]
    assert len(below(on)) == 2
    assert held(on) == {f"matters/{place}": 1000 for place in places}
    books.assert_idle(on)
