"""Nothing of a trust account posts before its opening ties; what reaches the limit waits (A2, A3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts import actions as people
from accounts.models import User
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import empty
from syncapp.pipeline.trust import approvals, setup
from syncapp.records.models import Hold, PostedLine
from tests.stage import Stage, stage
from tests.trust import opened as at
from trust.models import MOVEMENTS, PairChange
from trust.queries.pairs import terms_of
from trust.queries.threeway import as_of

pytestmark = pytest.mark.django_db
LATER = at.START + timedelta(days=9)


def held(on: Stage) -> list[str]:
    """The codes of what waits."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        rows = Hold.objects.filter(firm_id=on.firm.pk, closed_at__isnull=True, alarm=False)
        return sorted(rows.values_list("code", flat=True))


def posted(on: Stage) -> dict[str, int]:
    """What our own book says that each ledger holds; positive is held."""
    found: dict[str, int] = {}
    with firm_scope(write=None, reads=[on.firm.pk]):
        lines = PostedLine.objects.filter(firm_id=on.firm.pk, role="trust_liability")
        for ledger, minor in lines.values_list("ledger", "minor"):
            found[ledger] = found.get(ledger, 0) - minor
    return {ledger: amount for ledger, amount in found.items() if amount}


def entries(on: Stage) -> list[dict[str, Any]]:
    """What Tieout posted of client money, as QuickBooks shows it."""
    rows = on.company.store["JournalEntry"].values()
    return [row for row in rows if "tieout:" in row.get("PrivateNote", "")]


def test_the_opening_posts_once_and_names_the_ledgers_before_anything_else() -> None:
    with stage(empty(), file=at.file_with(at.IOLTA)) as on:
        first, second = at.matter(on, "Acme"), at.matter(on, "Birch")
        at.deposit(on, first, "1500.00")
        at.deposit(on, second, "20.55")
        at.in_books(on, "1520.55")
        at.deposit(on, first, "300.00", day=LATER)

        on.sync()
        on.sync()

        assert held(on) == []
        assert posted(on) == {
            f"matters/{first}": 180000, f"matters/{second}": 2055, "trust/untagged": -152055,
        }  # fmt: skip
        opening, later = sorted(entries(on), key=lambda row: row["TxnDate"])
        assert opening["TxnDate"] == at.START.isoformat()
        assert len(opening["Line"]) == 3
        bank = next(k for k, row in on.company.store["Account"].items() if row["Name"] == at.IOLTA["bank"])
        touched = {line["JournalEntryLineDetail"]["AccountRef"]["value"] for line in opening["Line"]}
        assert bank not in touched
        named = [line for line in opening["Line"] if "Entity" in line["JournalEntryLineDetail"]]
        assert sorted(line["Amount"] for line in named) == [Decimal("20.55"), Decimal("1500.00")]
        assert later["TxnDate"] == LATER.isoformat()
        with firm_scope(write=None, reads=[on.firm.pk]):
            three = as_of(at.pair_in(on), at.START, LATER, bank=False)
        assert (three.books_bank, three.books_liability, three.ledgers_positive, three.tieout_lines) == (
            (182055,) * 4
        )
        assert three.tied


def test_nothing_of_the_account_posts_while_its_opening_does_not_tie() -> None:
    with stage(empty(), file=at.file_with(at.IOLTA)) as on:
        acme = at.matter(on, "Acme")
        at.deposit(on, acme, "1500.00")
        at.deposit(on, acme, "300.00", day=LATER)
        at.in_books(on, "1400.00")

        on.sync()

        assert held(on) == ["trust_opening"]
        assert posted(on) == {}
        (case,) = on.exceptions()
        assert "$1,400.00 (difference -$100.00)" in case["holds"][0]["reason"]
        at.in_books(on, "100.00")
        on.sync()
        assert held(on) == []
        assert posted(on) == {f"matters/{acme}": 180000, "trust/untagged": -150000}


def test_what_was_left_to_the_feed_posts_when_a_partner_approves_that_tieout_does() -> None:
    with stage(empty(), file=at.file_with(at.IOLTA | {"post": ["deposit"]})) as on:
        acme = at.matter(on, "Acme")
        at.deposit(on, acme, "50.00", day=at.START)
        on.desk("trust_disbursement", matter=acme, amount=Decimal("7.00"), date=LATER, payee="Clerk")
        on.sync()
        assert posted(on) == {f"matters/{acme}": 5000}
        pair = at.pair(on)
        change = setup.ask(
            pair=pair, terms=replace(terms_of(pair), post=MOVEMENTS), by=on.person, now=timezone.now()
        )
        assert isinstance(change, PairChange)

        assert setup.approve(change=change, by=partner(on), now=timezone.now()) is None
        on.sync(whole=False)

        assert posted(on) == {f"matters/{acme}": 4300}


def partner(on: Stage) -> User:
    people.ensure_member(firm=on.firm, email="partner@ash-birch.test", role=Role.PARTNER, now=timezone.now())
    return User.objects.get(email="partner@ash-birch.test")


def test_a_disbursement_at_the_limit_waits_and_a_cent_below_posts() -> None:
    file = at.file_with(at.IOLTA)
    file["approvals"] = {"trust_over": "10000.00"}
    with stage(empty(), file=file) as on:
        acme = at.matter(on, "Acme")
        at.deposit(on, acme, "50000.00")
        at.in_books(on, "50000.00")
        for amount in ("9999.99", "12000.00"):
            on.desk(
                "trust_disbursement", matter=acme, amount=Decimal(amount), date=LATER, payee="County Clerk"
            )

        on.sync()

        assert held(on) == ["trust_awaiting_approval"]
        assert posted(on)[f"matters/{acme}"] == 5000000 - 999999
        with firm_scope(write=None, reads=[on.firm.pk]):
            (hold,) = approvals.waiting(on.firm.pk)
            three = as_of(at.pair_in(on), at.START, LATER, bank=False)
        assert three.held == -1200000
        now = timezone.now()
        approve = {"firm": on.firm, "hold_id": hold.pk, "print_": hold.facts["print"], "now": now}
        assert approvals.approve(**approve, by=on.person) is not None
        on.sync()
        assert held(on) == ["trust_awaiting_approval"]
        assert approvals.approve(**approve, by=partner(on)) is None
        on.sync()
        assert held(on) == []
        assert posted(on)[f"matters/{acme}"] == 5000000 - 999999 - 1200000
