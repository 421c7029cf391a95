"""What an auditor tests beside the figures: separation, firm money, hands in the books (auditor 10 to 12)."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.records.models import Case, Document, Hold
from tests import cast
from tests.cast import House
from tests.trust import kept, named, september, world
from trust.actions import matches, naming, signing
from trust.controls import Sort, sort_of
from trust.models import SignOff, TrustPair
from trust.nouns import BankLine
from trust.queries import figures
from trust.queries.controls.firm_money import firm_money
from trust.queries.controls.separation import separation

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("LAWPAY MERCHANT 4471", Sort.CARD),
        ("Square processing", Sort.CARD),
        ("INTUIT *QUICKBOOKS ONLINE", Sort.SOFTWARE),
        ("GUSTO PAYROLL 0930", Sort.PAYROLL),
        ("ATM WITHDRAWAL MAIN ST", Sort.CASH),
        ("ONLINE TRANSFER TO CHK 4410 OPERATING", Sort.OPERATING),
        ("MONTHLY SERVICE CHARGE", Sort.BANK),
        ("CHECK 1042", None),
        ("WIRE OUT HARBOR TITLE", None),
    ],
)
def test_words_of_the_firms_own_money_are_found(text: str, sort: Sort | None) -> None:
    assert sort_of(text, -1) is sort
    assert sort_of(text, 1) is None


# Separation of duties (auditor 10)


@pytest.fixture
def house(db: None) -> House:
    return cast.firm("Alpha")


def signed(house: House, pair: TrustPair, *, preparer: User, reason: str = "") -> None:
    """Let somebody prepare September and the partner sign it, with the reason that a rule asks for."""
    with firm_scope(write=house.firm.pk):
        found = figures.of(pair, named.SEPTEMBER)
        made = signing.submit(
            pair=pair,
            month=named.SEPTEMBER,
            figures=found,
            actor=preparer,
            position="Bookkeeper",
            now=cast.NOW,
        )
        assert isinstance(made, SignOff), made
        done = signing.sign(
            one=made.reconciliation, figures=found, seen=found.digest, actor=house.partner, name="Pat",
            bar_number="IL 1", today=date(2026, 10, 9), reason=reason, now=cast.NOW,
        )  # fmt: skip
        assert isinstance(done, SignOff), done


def told(house: House, pair: TrustPair) -> list[Any]:
    with firm_scope(write=None, reads=[house.firm.pk]):
        return separation(pair, *YEAR)


def test_duties_of_different_people_are_told_as_such(client: Client, house: House) -> None:
    pair = named.empty_account(house, jurisdiction="NC")
    september.approve_text(house)
    signed(house, pair, preparer=house.bookkeeper)

    cast.sign_in(client, house.auditor)
    page = client.get(reverse("trust:tests", args=[pair.pk]), {"from": "2026-01-01", "to": "2026-12-31"})

    assert "In 1 prepared month nobody had two duties." in page.text
    assert "Alpha bookkeeper" in page.text


def test_each_months_duties_are_told_and_one_person_with_two_needs_a_reason(
    client: Client, house: House
) -> None:
    pair = named.empty_account(house, jurisdiction="IL")
    september.approve_text(house, "IL")
    with firm_scope(write=house.firm.pk):
        duty = naming.name(
            pair=pair,
            person=house.partner,
            duty="checks",
            actor=house.partner,
            now=cast.NOW - timedelta(days=9),
        )
        naming.take_back(row=duty, actor=house.partner, now=cast.NOW + timedelta(days=1))
    signed(house, pair, preparer=house.partner, reason="The only lawyer here.")

    row = told(house, pair)[0]
    assert row.shared == "prepared and signed; signs checks and reconciled"
    assert (row.checks, row.reason, row.open) == ("Alpha partner", "The only lawyer here.", False)
    cast.sign_in(client, house.auditor)
    page = client.get(reverse("trust:tests", args=[pair.pk]), {"from": "2026-01-01", "to": "2026-12-31"})
    assert "In 1 of 1 prepared month one person had two duties, each with a written reason." in page.text
    assert "The only lawyer here." in page.text


# Firm money in client money (auditor 11)


def test_every_hit_has_its_resolution(client: Client, house: House) -> None:
    pair = kept.account(house, "NC", start=date(2026, 9, 1))
    kept.matter(house, 7)
    kept.money(house, pair, 70, date(2026, 9, 1), 5_000_00, 7)
    kept.money(house, pair, 71, date(2026, 9, 4), -40_00, 7, counterparty="LawPay merchant fee")
    kept.money(house, pair, 72, date(2026, 9, 5), -12_00, 7, counterparty="Alpha", description="To operating")
    with firm_scope(write=house.firm.pk):
        case = Case.objects.create(
            firm=house.firm, cause="owed", code="firm_owes_trust", fix="trust", severity="trust",
            title="Owed", opened_at=cast.NOW,
        )  # fmt: skip
        Hold.objects.create(
            firm=house.firm, case=case, document=Document.objects.get(kind="money", source_id=71),
            code="firm_owes_trust", words="Owed", resource="bank_transactions", source_id=71,
            opened_at=cast.NOW, closed_at=cast.NOW, closed_words="the firm paid it into trust",
        )  # fmt: skip
    world.bank(
        pair, [BankLine(id="1", day=date(2026, 9, 9), amount=-300, text="INTUIT QUICKBOOKS")], last=named.LAST
    )

    with firm_scope(write=None, reads=[house.firm.pk]):
        found = firm_money(pair, *YEAR)
    assert [(one.sort, one.amount, one.open) for one in found] == [
        (Sort.CARD.value, -40_00, False), (Sort.OPERATING.value, -12_00, True),
        (Sort.SOFTWARE.value, -3_00, True),
    ]  # fmt: skip
    assert "ended 14 Sep 2026: the firm paid it into trust" in found[0].resolution
    assert "neither Clio nor the books" in found[2].resolution

    cast.sign_in(client, house.auditor)
    address = reverse("trust:tests_file", args=[pair.pk])
    asked = {"what": "firm-money", "from": "2026-01-01", "to": "2026-12-31"}
    rows = list(csv.reader(io.StringIO(
        client.get(address, {**asked, "format": "csv"}).content.decode("utf-8-sig")
    )))  # fmt: skip
    assert ["3 hits, 2 not resolved."] in rows
    assert client.get(address, asked).content.startswith(b"%PDF-")


def test_a_fee_on_the_firms_own_funds_is_resolved_and_one_entered_by_hand_is_not(house: House) -> None:
    pair = kept.account(house, "NC", start=date(2026, 9, 1))
    kept.money(house, pair, 70, date(2026, 9, 8), -15_00, None, description="Wire fee")
    key = world.booked(pair, "31", date(2026, 9, 9), -20_00, payee="First Bank")
    world.bank(pair, [BankLine(id="1", day=date(2026, 9, 9), amount=-20_00, text="SERVICE CHARGE")])
    with firm_scope(write=house.firm.pk):
        matches.match_by_hand(
            pair=pair, lines=["1"], subjects=[key], learn=False, actor=house.bookkeeper, now=cast.NOW
        )
    with firm_scope(write=None, reads=[house.firm.pk]):
        own, theirs = firm_money(pair, *YEAR)

    assert (own.sort, own.resolution) == (Sort.BANK.value, "Borne by the firm's own funds in trust.")
    assert not own.open
    assert (theirs.where, theirs.open) == ("Bank, matched with QuickBooks journal 31", True)
