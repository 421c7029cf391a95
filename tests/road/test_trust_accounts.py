"""Ledgers of client money that have an account of their own: what stands on it (issue A1)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import empty, small
from syncapp.emulators.qbo import backdoor
from syncapp.records.models import Document, PostedLine
from tests.road import books
from tests.road.acts import fresh
from tests.road.clientmoney import in_clio, trust_file
from tests.road.own_accounts import (
    DAY,
    FAR,
    OWN,
    PARENT,
    TRUST_LIABILITY,
    add,
    assert_ties,
    balances,
    below,
    held,
    journal,
)
from tests.road.test_trust_setup import held as waiting
from tests.stage import Stage, stage
from tests.trust import opened as at
from trust.queries import threeway, witnesses

pytestmark = pytest.mark.django_db


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
