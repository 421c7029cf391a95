"""What changes in Clio after it was fixed: the entry stays, a later one says the rest, and all ties."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import small
from syncapp.pipeline.trust import daily
from tests.road import books
from tests.road.acts import TODAY, fresh
from tests.road.clientmoney import assert_money, assert_walled, trust_file
from tests.stage import Stage, stage
from tests.trust import world as bank
from trust.nouns import BankLine
from trust.queries import matches
from trust.queries.pairs import pair_named

PAST = TODAY - timedelta(days=40)


@pytest.fixture
def firm(db: Any) -> Any:
    """A small firm whose trust account is set up."""
    with stage(small(7), file=trust_file()) as set_:
        yield set_


def journal(firm: Stage) -> dict[str, str]:
    """The day of each journal entry by its number."""
    return {e["DocNumber"]: e["TxnDate"] for e in firm.company.store["JournalEntry"].values()}


def deposit(firm: Stage, **more: Any) -> Any:
    where = next(iter(firm.world.tables["Matter"]))
    return firm.desk("trust_deposit", matter=where, amount="500", **{"reference": "77", "date": PAST, **more})


def test_what_lies_in_the_closed_books_stays_and_a_later_entry_says_the_change(firm: Stage) -> None:
    row = deposit(firm)
    firm.sync()
    firm.company.preferences["AccountingInfoPrefs"]["BookCloseDate"] = (PAST + timedelta(days=5)).isoformat()

    firm.desk("edit_trust_row", row=row.id, amount="450.10")
    firm.sync()
    assert_money(firm, but={})
    assert_walled(firm)
    firm.desk("remove_trust_row", row=row.id)
    firm.sync()

    assert_money(firm, but={})
    days = journal(firm)
    assert days[f"77-T{row.id}"] == PAST.isoformat()
    assert date.fromisoformat(days[f"77-T{row.id}-K1"]) > PAST + timedelta(days=5)
    assert f"77-T{row.id}-K2" in days
    books.assert_tieout(firm)
    books.assert_idle(firm)


def test_what_a_bank_line_has_matched_stays_as_it_is(firm: Stage) -> None:
    row = deposit(firm)
    firm.sync()
    with firm_scope(write=None, reads=[firm.firm.pk]):
        pair = pair_named(firm.firm.pk, "IOLTA")
    assert pair is not None
    bank.bank(pair, [BankLine(id="b1", day=PAST, amount=50000, reference="77", text="DEPOSIT 77")])
    firm.sync()
    subject = f"bank_transactions/{row.id}"
    with firm_scope(write=None, reads=[firm.firm.pk]):
        assert matches.is_matched(firm_id=firm.firm.pk, subjects=[subject]) == {subject}

    firm.desk("edit_trust_row", row=row.id, amount="480")
    firm.sync()

    assert_money(firm, but={})
    days = journal(firm)
    assert days[f"77-T{row.id}"] == PAST.isoformat()
    assert days[f"77-T{row.id}-K1"] >= firm.today().isoformat()
    books.assert_tieout(firm)


def test_a_payment_from_trust_is_edited_and_removed_on_both_sides(firm: Stage) -> None:
    bill = fresh(firm, matter=2)
    firm.desk("trust_deposit", matter=bill.matter_ids[0], amount="5000")
    paid = firm.desk("pay_from_trust", bill=bill.id, amount="120", reference="1044")
    firm.sync()

    for act in ("edit_payment", "remove_payment"):
        firm.desk(act, payment=paid.id, **({"amount": "125.50"} if act == "edit_payment" else {}))
        firm.sync()
        assert_money(firm)
        assert_walled(firm)

    assert f"1044-P{paid.id}-K1" in journal(firm)
    books.assert_tieout(firm)
    books.assert_idle(firm)


@pytest.mark.parametrize("switch", ["bank_rows_linked", "trust_payment_two_rows"])
def test_client_money_posts_once_however_clio_links_its_rows(db: Any, switch: str) -> None:
    world = small(7)
    setattr(world.switches, switch, False)
    with stage(world, file=trust_file()) as firm:
        firm.sync()
        bill = fresh(firm, matter=2)
        firm.desk("trust_deposit", matter=bill.matter_ids[0], amount="120", reference="9")
        firm.desk("pay_from_trust", bill=bill.id, amount="120")
        firm.sync()

        assert_money(firm)
        assert_walled(firm)
        books.assert_tieout(firm)


def test_a_payment_whose_trust_leg_the_bank_never_moved_is_a_case_until_it_does(firm: Stage) -> None:
    bill = fresh(firm, matter=2)
    firm.desk("trust_deposit", matter=bill.matter_ids[0], amount="500", date=PAST, reference="9")
    firm.desk("pay_from_trust", bill=bill.id, amount="120", date=PAST, reference="1044")
    firm.sync()
    with firm_scope(write=None, reads=[firm.firm.pk]):
        pair = pair_named(firm.firm.pk, "IOLTA")
    assert pair is not None

    def told() -> list[str]:
        cases = [case for case in firm.exceptions() if case["code"] == "trust_leg_uncleared"]
        return [row["reason"] for case in cases for row in case["alarms"]]

    first = BankLine(id="b1", day=PAST, amount=50000, reference="9", text="DEPOSIT")
    statement = bank.bank(pair, [first], last=PAST + timedelta(days=10))
    daily.run(firm_id=firm.firm.pk, books_id=firm.books.pk, now=timezone.now())
    (words,) = told()
    assert "$120.00 from IOLTA on 21 Sep 2026" in words
    assert "still lies in trust" in words

    day = PAST + timedelta(days=11)
    paid = BankLine(id="b2", day=day, amount=-12000, check="1044", text="CHECK 1044")
    bank.bank(pair, [paid], opening=statement.closing, last=day)
    daily.run(firm_id=firm.firm.pk, books_id=firm.books.pk, now=timezone.now())
    assert not told()
