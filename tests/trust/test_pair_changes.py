"""A change of a trust pair waits for a partner, who sees its effect (issue A2, partner 11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import yaml
from django.utils import timezone

from accounts import actions as people
from accounts.models import AuditEvent, User
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline import connect
from syncapp.pipeline.firmfile.applying import Applied, apply
from syncapp.pipeline.firmfile.exporting import export
from syncapp.pipeline.firmfile.reading import read
from syncapp.pipeline.trust import openings, setup
from tests.stage import Stage, stage
from tests.trust import opened as at
from trust.actions import changes
from trust.models import PairChange
from trust.pairing import LIABILITY, LIABILITY_RULE, Terms
from trust.queries.pairs import terms_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
OTHER = "Client Funds Held in Trust 2"


@pytest.fixture
def on(db: Any) -> Iterator[Stage]:
    """A firm with one trust account, and a second liability that its books learned later."""
    with stage(empty(), file=at.file_with(at.IOLTA)) as made:
        kind, detail = LIABILITY
        backdoor.add(made.company, "Account", {"Name": OTHER, "AccountType": kind, "AccountSubType": detail})
        connect.preflight(firm_id=made.firm.pk, books_id=made.books.pk, now=timezone.now())
        yield made


def partner(on: Stage) -> User:
    people.ensure_member(firm=on.firm, email="partner@ash-birch.test", role=Role.PARTNER, now=NOW)
    return User.objects.get(email="partner@ash-birch.test")


def account(on: Stage, name: str) -> str:
    return next(key for key, row in on.company.store["Account"].items() if row["Name"] == name)


def changed(on: Stage, **terms: Any) -> Terms:
    return replace(terms_of(at.pair(on)), **terms)


def ask(on: Stage, **terms: Any) -> PairChange:
    asked = setup.ask(pair=at.pair(on), terms=changed(on, **terms), by=on.person, now=NOW)
    assert isinstance(asked, PairChange), asked
    return asked


def file_says(on: Stage, **entry: Any) -> Applied:
    on.file["books"][0]["trust"] = [at.IOLTA | entry]
    return apply(read(yaml.safe_dump(on.file, sort_keys=False)), now=NOW)


def test_a_change_is_in_force_only_when_a_partner_approves_it(on: Stage) -> None:
    old = at.pair(on).liability
    change = ask(on, liability=account(on, OTHER))

    assert at.pair(on).liability == old
    assert setup.approve(change=change, by=on.person, now=NOW) == changes.YOUR_OWN
    assert at.pair(on).liability == old
    assert setup.approve(change=change, by=partner(on), now=NOW) is None
    assert at.pair(on).liability == account(on, OTHER)
    assert setup.approve(change=change, by=partner(on), now=NOW) == changes.DECIDED
    with firm_scope(write=None, reads=[on.firm.pk]):
        verbs = AuditEvent.objects.filter(verb__startswith="trust.").order_by("number")
        assert list(verbs.values_list("verb", flat=True)) == [
            "trust.pair_added",
            "trust.change_asked",
            "trust.approval_refused",
            "trust.change_approved",
        ]
        assert [event.before for event in verbs][-1] == {"liability": old}


def test_the_effect_is_todays_three_way_with_the_change(on: Stage) -> None:
    at.deposit(on, at.matter(on, "Acme"), "1500.00")
    at.in_books(on, "1500.00")
    on.sync()
    with firm_scope(write=on.firm.pk):
        openings.run(firm_id=on.firm.pk, books_id=on.books.pk, now=timezone.now())
    change = ask(on, liability=account(on, OTHER))

    with firm_scope(write=None, reads=[on.firm.pk]):
        found = setup.effect(change, today=date(2026, 5, 4))

    assert (found.now.books_bank, found.now.books_liability) == (150000, 150000)
    assert (found.then.books_bank, found.then.books_liability) == (150000, 0)
    assert found.then.ledgers_positive == 150000
    assert not found.then.tied
    assert at.pair(on).liability != account(on, OTHER)


def test_a_wrong_account_is_refused_by_hand_with_the_rule_too(on: Stage) -> None:
    income = next(k for k, row in on.company.store["Account"].items() if row["AccountType"] == "Income")
    for wrong in (income, account(on, "Client Retainers Operating")):
        asked = setup.ask(pair=at.pair(on), terms=changed(on, liability=wrong), by=on.person, now=NOW)
        assert isinstance(asked, list)
        assert asked[0].term == "liability"
        assert asked[0].words.startswith(LIABILITY_RULE)
    second = setup.add(books=on.books, terms=changed(on, clio_account="B"), by=on.person, now=NOW)
    assert isinstance(second, list)
    assert [fault.term for fault in second] == ["bank", "liability"]
    assert "is the trust bank of “IOLTA” already" in second[0].words


def test_a_change_is_judged_again_when_it_is_approved(on: Stage) -> None:
    change = ask(on, liability=account(on, OTHER))
    backdoor.set_active(on.company, "Account", account(on, OTHER), active=False)
    connect.preflight(firm_id=on.firm.pk, books_id=on.books.pk, now=timezone.now())

    refusal = setup.approve(change=change, by=partner(on), now=NOW)

    assert refusal is not None
    assert "is inactive in QuickBooks" in refusal


def test_a_later_wish_takes_the_place_of_one_that_waits(on: Stage) -> None:
    first = ask(on, liability=account(on, OTHER))
    second = ask(on, operating="")

    assert setup.approve(change=first, by=partner(on), now=NOW) == changes.DECIDED
    assert setup.approve(change=second, by=partner(on), now=NOW) is None
    assert at.pair(on).operating == ""


def test_nothing_new_is_no_change_and_a_refused_one_stays_out(on: Stage) -> None:
    assert setup.ask(pair=at.pair(on), terms=changed(on), by=on.person, now=NOW) == changes.NOTHING_NEW
    change, lawyer = ask(on, post=("deposit",)), partner(on)
    with firm_scope(write=on.firm.pk):
        assert changes.refuse(change=change, by=lawyer, now=NOW, note="no") is None
        assert changes.refuse(change=change, by=lawyer, now=NOW, note="no") == changes.DECIDED
    assert len(at.pair(on).post) > 1


def test_the_start_of_an_opened_account_stays(on: Stage) -> None:
    on.sync()
    with firm_scope(write=on.firm.pk):
        openings.run(firm_id=on.firm.pk, books_id=on.books.pk, now=timezone.now())

    asked = setup.ask(pair=at.pair(on), terms=changed(on, start=date(2026, 1, 1)), by=on.person, now=NOW)

    assert asked == changes.OPENED


def test_a_changed_firm_file_asks_a_partner_once_and_changes_nothing_by_itself(on: Stage) -> None:
    old = at.pair(on).liability
    asked = "asked a partner to approve the change of the trust account IOLTA"

    first, again = file_says(on, liability=OTHER), file_says(on, liability=OTHER)

    assert asked in first.changed
    assert again.changed == []
    assert "main: the change of the trust account IOLTA waits for a partner" in again.warnings
    assert at.pair(on).liability == old
    assert OTHER not in export(on.firm)
    with firm_scope(write=None, reads=[on.firm.pk]):
        change = PairChange.objects.select_related("pair").get()
    assert setup.approve(change=change, by=partner(on), now=NOW) is None
    assert OTHER in export(on.firm)
    assert apply(read(export(on.firm)), now=NOW).changed == []


def test_a_trust_account_that_a_file_leaves_out_stays(on: Stage) -> None:
    on.file["books"][0]["trust"] = []
    done = apply(read(yaml.safe_dump(on.file, sort_keys=False)), now=NOW)

    assert at.pair(on).clio_account == "IOLTA"
    assert "liability: Client Funds Held in Trust" in export(on.firm)
    assert not any("asked" in words for words in done.changed)
