"""Ledgers of client money that have an account of their own below the trust liability (issue A1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.core.ledger import account_of
from syncapp.emulators.clio.world import empty, small
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline import trust_setup
from syncapp.records.models import Case, Document, Hold, Link, PostedLine
from tests.road import books
from tests.road.acts import fresh
from tests.road.clientmoney import in_clio, trust_file
from tests.road.test_trust_setup import held as waiting
from tests.stage import Stage, stage
from tests.trust import opened as at
from trust.models import PairChange
from trust.pairing import CUSTOMER
from trust.queries import threeway, witnesses
from trust.queries.pairs import terms_of

pytestmark = pytest.mark.django_db
PARENT = at.IOLTA["liability"]
OWN = at.IOLTA | {"client_as": "sub-account", "opening": "none"}
TRUST_LIABILITY = ("Other Current Liability", "TrustAccountsLiabilities")
FAR = date(2030, 12, 31)
DAY = at.START + timedelta(days=9)


@pytest.fixture
def on(db: Any) -> Iterator[Stage]:
    """A firm without work, whose ledgers are accounts of their own."""
    with stage(empty(), file=at.file_with(OWN)) as made:
        yield made


def below(on: Stage) -> dict[str, dict[str, Any]]:
    """The accounts below the trust liability, by name."""
    parent = on.company.account(PARENT)
    rows = on.company.store["Account"].values()
    return {row["Name"]: row for row in rows if (row.get("ParentRef") or {}).get("value") == parent}


def add(on: Stage, name: str, *, parent: str = PARENT, **more: Any) -> str:
    """A person makes an account below another; return its id."""
    above = on.company.account(parent)
    kind, detail = TRUST_LIABILITY
    given = {
        "Name": name,
        "AccountType": kind,
        "AccountSubType": detail,
        "ParentRef": {"value": above},
        **more,
    }
    return str(backdoor.add(on.company, "Account", given)["Id"])


def balances(on: Stage) -> dict[str, int]:
    """Cents owed on every account of the company that is not even, by id."""
    sums = on.company.ledger.sums(lambda line: (line.account,), until=FAR)
    return {account: -cents for (account,), cents in sums.items() if cents}


def held(on: Stage) -> dict[str, int]:
    """Cents on each ledger's account in the company, by ledger."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        links = Link.objects.filter(firm_id=on.firm.pk, object_kind="account", live=True)
        told = {
            key: account_of(subject) or ("", "") for key, subject in links.values_list("remote_id", "subject")
        }
    return {told[key][1]: cents for key, cents in balances(on).items() if key in told}


def journal(on: Stage, amount: str, debit: str, credit: str, *, day: date = DAY) -> str:
    """A person's journal entry between two accounts, by id; return its own id."""
    lines = [
        {
            "DetailType": "JournalEntryLineDetail",
            "Amount": Decimal(amount),
            "JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": account}},
        }
        for side, account in (("Debit", debit), ("Credit", credit))
    ]
    return str(backdoor.add(on.company, "JournalEntry", {"TxnDate": day.isoformat(), "Line": lines})["Id"])


def cases(on: Stage, code: str) -> list[Case]:
    with firm_scope(write=None, reads=[on.firm.pk]):
        return list(Case.objects.filter(firm_id=on.firm.pk, closed_at__isnull=True, code=code))


def assert_ties(on: Stage, *, but: frozenset[str] = frozenset()) -> None:
    """Bank = liability with all below it = ledgers = Tieout's lines; differences only of the kinds `but`."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        found = threeway.as_of(at.pair_in(on), at.START, FAR, bank=False)
    assert {one.kind.value for one in found.differences} <= but, found.differences
    assert found.books_bank == found.books_liability == found.tieout_lines == found.ledgers_positive


def test_each_ledger_has_its_account_and_every_kind_of_movement_stands_there() -> None:
    with stage(small(7), file=trust_file(client_as="sub-account")) as on:
        bill, places = fresh(on, matter=2), [int(m.id) for m in on.world.tables["Matter"].values()]
        one, other = places[1], bill.matter_ids[0]
        on.desk("trust_deposit", matter=one, amount="5000", reference="311")
        on.desk("trust_deposit", matter=other, amount="900")
        on.desk("trust_disbursement", matter=one, amount="60", payee="Clerk of Court", reference="1043")
        on.desk("matter_transfer", source=one, destination=other, amount="250.25")
        on.desk("firm_funds", amount="200")
        on.desk("trust_interest", amount="3.17")
        on.desk("bank_charge", amount="15")
        on.desk("pay_from_trust", bill=bill.id, amount="120", reference="1044")

        books.assert_control(on.sync().counts)

        assert held(on) == in_clio(on, on.file["books"][0]["trust"][0], FAR)
        assert on.company.account(PARENT) not in balances(on)
        made = below(on)
        assert {"Firm funds in trust", "IOLTA interest"} < set(made)
        assert {(row["AccountType"], row["AccountSubType"]) for row in made.values()} == {TRUST_LIABILITY}
        assert not {"Firm funds in trust", "IOLTA interest"} & {
            row["DisplayName"] for row in on.company.store["Customer"].values()
        }
        with firm_scope(write=None, reads=[on.firm.pk]):
            lines = PostedLine.objects.filter(firm_id=on.firm.pk).exclude(parent="")
            told = {(line.role, line.parent) for line in lines}
            assert told == {("trust_liability", on.company.account(PARENT))}
            assert {line.account for line in lines} == {row["Id"] for row in made.values()}
        assert_ties(on)
        books.assert_tieout(on)
        books.assert_idle(on)
        assert on.verify()["ok"], on.verify()


def test_what_is_edited_removed_or_lies_in_closed_books_changes_on_the_same_account(on: Stage) -> None:
    place = at.matter(on, "Acme")
    rows = [on.desk("trust_deposit", matter=place, amount=amount, date=DAY) for amount in ("500", "80", "70")]
    on.sync()
    on.desk("edit_trust_row", row=rows[0].id, amount="510.10")
    on.desk("remove_trust_row", row=rows[1].id)
    on.sync()
    backdoor.close_books(on.company, DAY)
    on.desk("edit_trust_row", row=rows[2].id, amount="7")
    on.sync()

    assert held(on) == {f"matters/{place}": 51710}
    assert on.company.account(PARENT) not in balances(on)
    assert len(below(on)) == 1
    assert_ties(on, but=frozenset({"timing"}))
    books.assert_idle(on)


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


def test_two_ledgers_of_one_name_never_share_an_account(on: Stage) -> None:
    on.file["books"][0]["customers"]["matter_name"] = "{client}"
    with stage(empty(), file=on.file) as same:
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
    asked = trust_setup.ask(
        pair=pair, terms=replace(terms, client_as=CUSTOMER), by=on.person, now=timezone.now()
    )
    assert isinstance(asked, PairChange)
    assert trust_setup.approve(change=asked, by=partner, now=timezone.now()) is None


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


def test_an_account_that_somebody_moves_or_switches_off_takes_no_more_money(on: Stage) -> None:
    place = at.matter(on, "Acme")
    at.deposit(on, place, "100.00", day=DAY)
    on.sync()
    (own,) = below(on).values()
    add(on, "Other funds", parent="Client Retainers Operating")
    backdoor.edit(
        on.company,
        "Account",
        own["Id"],
        {"ParentRef": {"value": on.company.account("Client Retainers Operating")}},
    )
    at.deposit(on, place, "5.00", day=DAY)

    on.sync()

    assert waiting(on) == ["trust_wall"]
    assert balances(on)[own["Id"]] == 10000
    backdoor.edit(on.company, "Account", own["Id"], {"ParentRef": {"value": on.company.account(PARENT)}})
    on.sync()
    assert waiting(on) == []
    assert held(on) == {f"matters/{place}": 10500}
    assert_ties(on)


def test_what_a_person_posts_on_a_ledgers_account_is_that_ledgers_in_the_three_way(on: Stage) -> None:
    place = at.matter(on, "Acme")
    at.deposit(on, place, "100.00", day=DAY)
    on.sync()
    (own,) = below(on).values()
    bank = on.company.account(at.IOLTA["bank"])
    entry = journal(on, "7.00", own["Id"], bank)
    stray = add(on, "Unknown client")
    on.sync()
    journal(on, "3.00", bank, stray)
    on.sync()

    with firm_scope(write=None, reads=[on.firm.pk]):
        pair = at.pair_in(on)
        assert pair.liabilities == {on.company.account(PARENT), own["Id"], stray}
        rows = {one.subject: one for one in witnesses.books(pair)}
        found = threeway.as_of(pair, at.START, FAR, bank=False)
    assert rows[f"books/journal:{entry}"].ledgers == ((f"matters/{place}", -700),)
    assert (found.books_bank, found.books_liability, found.tieout_lines) == (9600, 9600, 10000)
    assert any("7.00" in one.reason for one in found.differences)
    with firm_scope(write=None, reads=[on.firm.pk]):
        assert Document.objects.filter(firm_id=on.firm.pk, kind="book_row").count() == 2


def test_what_the_bank_feed_entered_gets_its_ledgers_account_where_it_stands() -> None:
    """A check that the feed put on the liability itself moves to the ledger's own account by one update."""
    with stage(empty(), file=at.file_with(OWN | {"post": ["deposit"]})) as on:
        place = at.matter(on, "Acme")
        at.deposit(on, place, "1000.00", day=at.START)
        row = on.desk(
            "trust_disbursement", matter=place, amount=Decimal(40), date=DAY, payee="Clerk", reference="7"
        )
        line = {
            "DetailType": "AccountBasedExpenseLineDetail",
            "Amount": Decimal(40),
            "AccountBasedExpenseLineDetail": {"AccountRef": {"value": on.company.account(PARENT)}},
        }
        bank = {"value": on.company.account(at.IOLTA["bank"])}
        given = {"PaymentType": "Check", "AccountRef": bank, "TxnDate": DAY.isoformat(), "DocNumber": "7"}
        backdoor.add(on.company, "Purchase", {**given, "Line": [line]})

        on.sync()
        on.sync()

        assert row.id
        assert held(on) == {f"matters/{place}": 96000}
        assert on.company.account(PARENT) not in balances(on)
        assert_ties(on)


def test_an_opening_names_the_ledgers_where_their_money_stands_already() -> None:
    """A firm that kept sub-accounts before: what stands on them stays, what stood on the liability moves."""
    with stage(empty(), file=at.file_with(OWN | {"opening": "clio"})) as on:
        places = [at.matter(on, name) for name in ("Acme", "Birch")]
        at.deposit(on, places[0], "1500.00")
        at.deposit(on, places[1], "20.55")
        number = next(m.display_number for m in on.world.tables["Matter"].values())
        old = add(on, f"{number} Acme")
        bank, parent = on.company.account(at.IOLTA["bank"]), on.company.account(PARENT)
        journal(on, "1400.00", bank, old, day=at.BEFORE)
        journal(on, "120.55", bank, parent, day=at.BEFORE)

        on.sync()
        on.sync()

        assert waiting(on) == []
        assert held(on) == {f"matters/{places[0]}": 150000, f"matters/{places[1]}": 2055}
        assert balances(on)[old] == 150000
        assert parent not in balances(on)
        assert_ties(on)
        books.assert_idle(on)
