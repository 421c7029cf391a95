"""The partner's page shows nothing but what is red (partner 7)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tenancy import firm_scope
from mapping import actions as mapping
from syncapp.records.models import Case, Document, Hold, TieOut
from tests import cast
from tests.desk import books as seeded
from tests.trust import named, world
from trust.models import Reconciliation

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import Books
    from tests.cast import House

pytestmark = pytest.mark.django_db
SIX = datetime(2026, 10, 14, 10, 0, tzinfo=UTC)  # 06:00 in New York
NOW = SIX + timedelta(hours=3)


@pytest.fixture
def books(alpha: House, monkeypatch: pytest.MonkeyPatch) -> Books:
    """A firm whose books tied at six this morning, without a trust account."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    made = cast.books(alpha)
    with firm_scope(write=alpha.firm.pk):
        seeded.tie(alpha, made, equal=True, at=SIX)
    return made


def stuck(house: House, books: Books, title: str, amount: int, *, hours: int, **more: object) -> None:
    """Hold one bill of an amount since some hours ago."""
    with firm_scope(write=house.firm.pk):
        made = seeded.case(house, books, f"{more.get('code', 'unmapped')}:{title}", title, **more)
        Case.objects.filter(pk=made.pk).update(opened_at=NOW - timedelta(hours=hours))
        held = seeded.bill(house, Document.objects.count() + 500, amount)
        seeded.hold(house, made, held, opened_at=NOW - timedelta(hours=hours), alarm=bool(more))


def page(client: Client, house: House) -> str:
    cast.sign_in(client, house.partner)
    return str(client.get(reverse("desk:red")).text)


def test_a_quiet_day_says_when_it_tied_and_nothing_else(client: Client, alpha: House, books: Books) -> None:
    stuck(alpha, books, "A small and new one", 500_000, hours=71)

    told = page(client, alpha)

    assert "06:00</time>, $0.00." in told
    assert "<table" not in told
    assert "A small and new one" not in told


def test_a_large_one_and_an_old_one_are_red(client: Client, alpha: House, books: Books) -> None:
    stuck(alpha, books, "A cent more than the limit", 500_001, hours=1)
    stuck(alpha, books, "More than three days old", 1, hours=73)

    told = page(client, alpha)

    assert "2 things are red." in told
    assert "A cent more than the limit" in told
    assert "More than three days old" in told


def test_the_firm_says_what_is_large_and_what_is_old(client: Client, alpha: House, books: Books) -> None:
    stuck(alpha, books, "Large for others", 500_001, hours=73)
    with firm_scope(write=alpha.firm.pk):
        mapping.keep_settings(firm_id=alpha.firm.pk, settings={"red": {"over": "6000.00", "days": 5}})

    told = page(client, alpha)

    assert "exceptions over $6,000.00 or 5 days old" in told
    assert "Large for others" not in told


def test_any_cent_of_client_money_is_red_however_new(client: Client, alpha: House, books: Books) -> None:
    stuck(alpha, books, "IOLTA does not stand alike", 1, hours=0, code="trust_stray", severity="trust")
    with firm_scope(write=alpha.firm.pk):
        kinds = {"trust": seeded.kind((3, 100_01), (3, 100_00))}
        TieOut.objects.create(firm=alpha.firm, books=books, at=NOW, equal=False, kinds=kinds)

    told = page(client, alpha)

    assert "IOLTA does not stand alike" in told
    assert "$0.01 differ between Clio and QuickBooks." in told
    assert "2 things are red." in told


def test_months_without_a_signature_are_red_until_they_are_signed(
    client: Client, alpha: House, books: Books
) -> None:
    pair = world.pair(alpha, books=books, start=named.SEPTEMBER)
    assert "Prepare September 2026 of IOLTA" in page(client, alpha)

    with firm_scope(write=alpha.firm.pk):
        Reconciliation.objects.create(
            firm=alpha.firm, pair=pair, month=date(2026, 9, 1), state="signed", changed_at=NOW
        )

    assert "06:00</time>, $0.00." in page(client, alpha)


def test_a_bank_that_the_books_do_not_agree_with_is_red(client: Client, alpha: House, books: Books) -> None:
    pair = world.pair(alpha, books=books, start=named.SEPTEMBER)
    world.bank(pair, [], opening=22_00, last=named.LAST)

    told = page(client, alpha)

    assert "The bank has $22.00 more than the books in IOLTA." in told
    assert "2 things are red." in told  # and the month is not signed


def test_an_old_proof_proves_nothing_of_today(
    client: Client, alpha: House, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: SIX + timedelta(hours=25))

    assert "nothing was compared within a day" in page(client, alpha)
    with firm_scope(write=alpha.firm.pk):
        assert not Hold.objects.exists()
