"""The yearly pack of trust accounts, for CTAPP registration and self-assessment (partner 10)."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.records.models import Case, Document, Hold
from tests import cast
from tests.mapping import world as mapped
from tests.trust import world
from trust.models import Reconciliation, SignOff

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import House
    from trust.models import TrustPair

pytestmark = pytest.mark.django_db
JANUARY = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)


@pytest.fixture
def pair(alpha: House, monkeypatch: pytest.MonkeyPatch) -> TrustPair:
    """A Californian trust account whose twelve months of 2026 are signed, in January 2027."""
    monkeypatch.setattr(timezone, "now", lambda: JANUARY)
    made = world.pair(
        alpha, books=mapped.mirrored(alpha), jurisdiction="CA", last_digits="6789", start=date(2025, 11, 1)
    )
    with firm_scope(write=alpha.firm.pk):
        for month in range(1, 13):
            one = Reconciliation.objects.create(
                firm=alpha.firm, pair=made, month=date(2026, month, 1), state="signed", changed_at=JANUARY
            )
            SignOff.objects.create(
                firm=alpha.firm, reconciliation=one, act="signed", by=alpha.partner, name="Pat Partner",
                bar_number="CA 12345", certification="I certify.", provenance="Counsel", digest="ab" * 32,
                figures={"kept": True}, at=JANUARY,
            )  # fmt: skip
    return made


def test_in_january_the_pack_of_the_year_awaits_the_partner_and_says_how_it_stands(
    client: Client, alpha: House, pair: TrustPair
) -> None:
    cast.sign_in(client, alpha.partner)
    waiting = client.get(reverse("trust:awaiting"))
    assert "Look through the pack of 2026 for the yearly duty of California" in waiting.text

    page = client.get(reverse("desk:yearly"))

    assert "2026: 12 of 12 months signed, no open finding." in page.text
    for words in ("6789", "Pat Partner, CA 12345", "CTAPP"):
        assert words in page.text


def test_what_is_open_is_named_with_its_amount(client: Client, alpha: House, pair: TrustPair) -> None:
    with firm_scope(write=alpha.firm.pk):
        Reconciliation.objects.filter(month=date(2026, 12, 1)).update(state="suspended")
        case = Case.objects.create(
            firm=alpha.firm, cause="x", code="trust_negative", fix="look", severity="trust",
            opened_at=JANUARY, title="00311 Ash is $640.00 below zero in IOLTA.",
        )  # fmt: skip
        document = Document.objects.create(
            firm=alpha.firm, kind="money", resource="bank_transactions", source_id=1, read_at=JANUARY
        )
        Hold.objects.create(
            firm=alpha.firm, case=case, document=document, alarm=True, code="trust_negative", words="Below",
            facts={"account": "IOLTA"}, resource="bank_transactions", source_id=1, amount=640_00,
            opened_at=JANUARY,
        )  # fmt: skip
    cast.sign_in(client, alpha.auditor)

    page = client.get(reverse("desk:yearly"), {"year": "2026"})

    assert "2026: 11 of 12 months signed, 2 open findings." in page.text
    assert "December 2026: signature suspended." in page.text
    assert "640.00" in page.text
    assert "no open finding" not in page.text


def test_the_pack_prints_and_its_csv_says_the_same(client: Client, alpha: House, pair: TrustPair) -> None:
    cast.sign_in(client, alpha.auditor)
    printed = client.get(reverse("desk:yearly_file"))
    told = client.get(reverse("desk:yearly_file"), {"format": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(told)))

    assert printed.content.startswith(b"%PDF-")
    assert ["2026: 12 of 12 months signed, no open finding."] in rows
    assert sum("CA 12345" in row for row in rows) == 12
    assert next(row for row in rows if row[:1] == ["IOLTA"])[2] == "6789"


def test_a_firm_without_a_trust_account_is_told_so(client: Client, alpha: House) -> None:
    cast.sign_in(client, alpha.partner)
    assert "No trust account is set up" in client.get(reverse("desk:yearly")).text
