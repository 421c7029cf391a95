"""A month is submitted, asked about, signed, suspended and reopened; nothing of it is ever lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts import audit
from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from tests import cast
from tests.trust import september
from tests.trust.september import AT, FIRST, SEPTEMBER, TODAY
from trust.actions import naming, signing
from trust.models import Reconciliation, SignOff
from trust.queries import rules
from trust.queries import signing as query
from trust.signing.states import State

pytestmark = pytest.mark.django_db
MOVED = replace(SEPTEMBER, books_bank=75_00, equal=False, signable=False)


@pytest.fixture
def house():
    made = cast.firm("Alpha")
    september.approve_text(made)
    return made


@pytest.fixture
def pair(house):
    return september.pair(house)


def submitted(house, pair, figures=SEPTEMBER, **more: Any):
    return signing.submit(
        pair=pair, month=FIRST, figures=figures, actor=more.pop("actor", house.bookkeeper),
        position="Bookkeeper", now=AT, **more,
    )  # fmt: skip


def signed(house, one, figures=SEPTEMBER, *, seen="", actor=None, **more: Any):
    return signing.sign(
        one=one, figures=figures, seen=seen or figures.digest, actor=actor or house.partner,
        name="Pat Partner", bar_number="NC 12345", today=more.pop("today", TODAY), now=AT, **more,
    )  # fmt: skip


def test_a_lawyer_signs_what_the_bookkeeper_prepared(house, pair) -> None:
    with firm_scope(write=house.firm.pk):
        prepared = submitted(house, pair)
        one = Reconciliation.objects.get()
        locked = query.locked(firm_id=house.firm.pk, books_id=pair.books_id, accounts=["5"], day=FIRST)
        row = signed(house, one)
        one.refresh_from_db()
        events = list(AuditEvent.objects.filter(verb__prefix="trust.").order_by("number"))

    assert isinstance(prepared, SignOff)
    assert isinstance(row, SignOff)
    assert locked
    assert one.state == State.SIGNED
    assert (row.name, row.bar_number, row.digest) == ("Pat Partner", "NC 12345", SEPTEMBER.digest)
    assert row.certification == "I certify that I have reviewed this."
    assert "The firm's own counsel (1 Oct 2026)" in row.provenance
    assert query.figures_of(row) == SEPTEMBER
    assert [audit.sentence(event) for event in events][-1] == ("Alpha partner signed September 2026 of IOLTA")


def test_no_signature_stands_over_a_figure_that_moved(house, pair) -> None:
    with firm_scope(write=house.firm.pk):
        submitted(house, pair)
        one = Reconciliation.objects.get()
        old = signed(house, one)
        kept = signing.suspend_if_moved(one=one, figures=SEPTEMBER, now=AT)
        suspension = signing.suspend_if_moved(one=one, figures=MOVED, now=AT)
        twice = signing.suspend_if_moved(one=one, figures=MOVED, now=AT)
        refused = signed(house, one)
        submitted(house, pair)
        again = signed(house, one)
        acts = [row.act for row in query.sign_offs(one)]

    assert kept is None
    assert isinstance(suspension, SignOff)
    assert twice is None
    assert "Trust bank in the books 150.00 USD → 75.00 USD" in suspension.text
    assert isinstance(refused, str)
    assert isinstance(old, SignOff)
    assert isinstance(again, SignOff)
    assert acts == ["prepared", "signed", "suspended", "prepared", "signed"]


def test_a_question_returns_the_month_to_the_bookkeeper(house, pair) -> None:
    with firm_scope(write=house.firm.pk):
        submitted(house, pair)
        one = Reconciliation.objects.get()
        asked = signing.ask(one=one, words="Why is a deposit 31 days old?", actor=house.partner, now=AT)
        assert isinstance(asked, SignOff)
        refused = signed(house, one)
        one.refresh_from_db()
        returned = one.state
        said = signing.answer(
            one=one, question=asked.pk, words="The bank lost it.", actor=house.bookkeeper, now=AT
        )
        twice = signing.answer(one=one, question=asked.pk, words="Again.", actor=house.bookkeeper, now=AT)
        row = signed(house, one)

    assert refused == "A question is open. It cannot be signed until it is answered."
    assert returned == State.ASKED
    assert isinstance(said, SignOff)
    assert twice == "This question is answered already."
    assert isinstance(row, SignOff)


def test_reopening_unlocks_with_a_reason_and_keeps_the_signature(house, pair) -> None:
    with firm_scope(write=house.firm.pk):
        submitted(house, pair)
        one = Reconciliation.objects.get()
        signed(house, one)
        refused = signing.reopen(one=one, reason=" ", actor=house.partner, now=AT)
        opened = signing.reopen(one=one, reason="The bank corrected it.", actor=house.partner, now=AT)
        locked = query.is_locked(pair, date(2026, 9, 12))

    assert isinstance(refused, str)
    assert isinstance(opened, SignOff)
    assert not locked
    with firm_scope(write=house.firm.pk):
        assert SignOff.objects.filter(act="signed").count() == 1


@pytest.mark.parametrize(("code", "blocked"), [("", True), ("TX", False)])
def test_the_preparer_signs_only_where_no_rule_forbids_it_and_with_a_reason(house, code, blocked) -> None:
    pair = september.pair(house, jurisdiction=code, name="Other")
    september.approve_text(house, code)
    with firm_scope(write=house.firm.pk):
        submitted(house, pair, actor=house.partner)
        one = Reconciliation.objects.get()
        without = signed(house, one)
        row = signed(house, one, reason="The only lawyer of the office.")
        refusals = AuditEvent.objects.filter(verb="trust.signing_refused").count()

    assert isinstance(without, str)
    assert isinstance(row, str) == blocked
    assert bool(refusals) == blocked
    if isinstance(row, SignOff):
        assert row.separation == "The only lawyer of the office."


def test_who_signs_checks_does_not_reconcile_in_north_carolina(house, pair) -> None:
    with firm_scope(write=house.firm.pk):
        naming.name(pair=pair, person=house.bookkeeper, duty="checks", actor=house.partner, now=AT)
        refused = submitted(house, pair, reason="Nobody else is there.")
        event = AuditEvent.objects.filter(verb="trust.signing_refused").latest("number")

    assert refused == "You sign checks of this account, so somebody else reconciles it."
    assert "Alpha bookkeeper" in audit.sentence(event)


def test_the_named_lawyer_signs_and_the_deputy_on_the_named_days(house, pair) -> None:
    other = cast.person("second@alpha.test", "Sam Second")
    with firm_scope(write=house.firm.pk):
        naming.name(pair=pair, person=house.partner, duty="signs", actor=house.partner, now=AT)
        submitted(house, pair)
        one = Reconciliation.objects.get()
        stranger = signed(house, one, actor=other)
        naming.name_deputy(
            firm_id=house.firm.pk, absent=house.partner, deputy=other, first=TODAY, last=TODAY,
            actor=house.partner, now=AT,
        )  # fmt: skip
        late = signed(house, one, actor=other, today=date(2026, 10, 11))
        row = signed(house, one, actor=other)

    assert isinstance(stranger, str)
    assert isinstance(late, str)
    assert isinstance(row, SignOff)
    assert row.deputy_for_id == house.partner.pk


def test_nobody_signs_under_a_text_the_firm_has_not_approved() -> None:
    house = cast.firm("Beta")
    pair = september.pair(house)
    with firm_scope(write=house.firm.pk):
        submitted(house, pair)
        refused = signed(house, Reconciliation.objects.get())

    assert refused == "The firm has not approved the certification text of this jurisdiction yet."


def test_a_kept_signature_cannot_be_changed_or_taken_away(house, pair) -> None:
    with firm_scope(write=house.firm.pk):
        submitted(house, pair)
        for attack in (
            lambda: SignOff.objects.update(digest="0" * 64),
            lambda: SignOff.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
                attack()


@pytest.mark.parametrize("lacking", ["name", "bar_number", "certification", "digest"])
def test_the_database_takes_no_signature_that_lacks_its_parts(house, pair, lacking) -> None:
    whole = {
        "name": "Pat", "bar_number": "1", "certification": "I certify.", "provenance": "Firm.",
        "digest": "a" * 64,
    }  # fmt: skip
    with firm_scope(write=house.firm.pk):
        submitted(house, pair)
        one = Reconciliation.objects.get()
        with pytest.raises(DatabaseError), transaction.atomic():
            SignOff.objects.create(
                firm=house.firm, reconciliation=one, act="signed", by=house.partner, figures={}, at=AT,
                **(whole | {lacking: ""}),
            )  # fmt: skip


def test_the_firm_sets_its_own_rule_with_its_source(house, pair) -> None:
    with firm_scope(write=house.firm.pk):
        before = rules.rules_of(pair).rule("check_signer")
        naming.set_rule(
            firm_id=house.firm.pk, code="NC", key="check_signer", words="With a reason.", value="reason",
            source="Opinion of counsel", dated="2 Oct 2026", actor=house.partner, now=AT,
        )  # fmt: skip
        after = rules.rules_of(pair).rule("check_signer")
        strict = rules.rules_in(house.firm, "").rule("check_signer")

    assert (before.value, before.by) == ("apart", "")
    assert (after.value, after.by) == ("reason", "Alpha partner")
    assert "Opinion of counsel (2 Oct 2026)" in after.provenance
    assert strict.value == "apart"
