"""A trust entry at or above the firm's limit waits for those whom the firm named; each word is in the log."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import AuditEvent, Books, User
from accounts.tenancy import firm_scope
from syncapp.pipeline.trust import approvals
from syncapp.records.models import BookChoice, Hold
from tests import cast
from tests.cast import NOW, House
from tests.trust.setting_up import SUBJECT, held, limit, loaded
from trust.approving import CODE


def approve(house: House, hold: Hold, by: User, *, print_: str = "a" * 64) -> str | None:
    return approvals.approve(firm=house.firm, hold_id=hold.pk, print_=print_, by=by, now=NOW)


@pytest.fixture
def house(db: Any) -> House:
    return cast.firm()


@pytest.fixture
def books(house: House) -> Books:
    return cast.books(house)


def test_the_limit_itself_waits_and_a_cent_below_posts(house: House) -> None:
    limit(house, trust_over="10000.00")
    waits = loaded(house)

    assert waits.of(subject=SUBJECT, amount=999999, print_="p") is None
    problem = waits.of(subject=SUBJECT, amount=1000000, print_="p")
    assert problem is not None
    assert problem.code == CODE
    assert "reaches the limit of $10,000.00 and waits for 1 approval by a partner" in problem.words
    assert "cannot stop money" in problem.words


def test_a_firm_without_a_limit_waits_for_nobody(house: House) -> None:
    assert loaded(house).of(subject=SUBJECT, amount=10**12, print_="p") is None


def test_a_partner_approves_the_entry_as_it_was_seen_and_no_other(house: House, books: Books) -> None:
    limit(house, trust_over="10000.00")
    hold = held(house, books)

    assert approve(house, hold, house.bookkeeper) == approvals.NOT_NAMED.format(who="its partners")
    assert approve(house, hold, house.partner, print_="b" * 64) == approvals.STALE
    assert approve(house, hold, house.partner) is None

    waits = loaded(house)
    assert waits.of(subject=SUBJECT, amount=1200000, print_="a" * 64) is None
    assert waits.of(subject=SUBJECT, amount=1200000, print_="b" * 64) is not None
    with firm_scope(write=None, reads=[house.firm.pk]):
        verbs = list(AuditEvent.objects.order_by("number").values_list("verb", flat=True))
        assert verbs[-2:] == ["trust.approval_refused", "trust.entry_approved"]
        assert "may not approve the trust entry of 12000.00" in _sentences()[0]


def _sentences() -> list[str]:
    from accounts.audit import sentence

    rows = AuditEvent.objects.filter(verb__startswith="trust.app").order_by("number")
    return [sentence(row) for row in rows]


def test_two_named_approvers_are_two_people(house: House, books: Books) -> None:
    addresses = [house.partner.email, house.administrator.email]
    limit(house, trust_over="10000.00", needed=2, approvers=addresses)
    hold = held(house, books)

    assert approve(house, hold, house.partner) is None
    assert approve(house, hold, house.partner) == approvals.TWICE
    problem = loaded(house).of(subject=SUBJECT, amount=1200000, print_="a" * 64)
    assert problem is not None
    assert "1 more approval" in problem.words
    assert approve(house, hold, house.bookkeeper) == approvals.NOT_NAMED.format(who=", ".join(addresses))
    assert approve(house, hold, house.administrator) is None
    assert loaded(house).of(subject=SUBJECT, amount=1200000, print_="a" * 64) is None


def test_who_prepared_an_entry_does_not_approve_it(house: House, books: Books) -> None:
    limit(house, trust_over="10000.00", approvers=[house.bookkeeper.email, house.partner.email])
    hold = held(house, books)
    with firm_scope(write=house.firm.pk):
        BookChoice.objects.create(
            firm_id=house.firm.pk,
            books=books,
            subject=SUBJECT,
            answer="matters/1",
            by=house.bookkeeper,
            at=NOW,
        )

    assert approve(house, hold, house.bookkeeper) == approvals.YOUR_OWN
    assert approve(house, hold, house.partner) is None


def test_an_approval_of_somebody_who_may_no_more_counts_no_more(house: House, books: Books) -> None:
    limit(house, trust_over="10000.00", approvers=[house.partner.email])
    assert approve(house, held(house, books), house.partner) is None

    limit(house, trust_over="10000.00", approvers=[house.administrator.email])

    assert loaded(house).of(subject=SUBJECT, amount=1200000, print_="a" * 64) is not None


def test_what_waits_no_more_cannot_be_approved(house: House, books: Books) -> None:
    limit(house, trust_over="10000.00")
    hold = held(house, books)
    with firm_scope(write=house.firm.pk):
        Hold.objects.filter(pk=hold.pk).update(closed_at=NOW)

    assert approve(house, hold, house.partner) == approvals.GONE
