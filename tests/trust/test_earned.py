"""Earned fees from the list to Clio and back, on a firm with both vendors (scenario partner 4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.queries import today_of
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.clio.world import empty
from tests import cast
from tests.road.clientmoney import assert_money, assert_walled, trust_file
from tests.stage import Stage, stage
from tests.trust import opened
from trust.models import EarnedStanding, TransferLine, TransferSheet, TrustPair

PARTNER, BOOKKEEPER = "partner@ash-birch.test", "books@ash-birch.test"
FEES = (240, 400, 800, 1200, 1600, 1640, 2000, 2400, 2400, 2560, 3000)  # 18,240.00 in dollars
DISPUTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """The stage, its account and people, and the bills of eleven matters, each within its ledger."""

    stage: Stage
    pair: TrustPair
    partner: User
    bookkeeper: User
    bills: tuple[Bill, ...]
    sent: date

    def at(self, name: str, **more: Any) -> str:
        return reverse(f"trust:{name}", kwargs={"pair_id": self.pair.pk, **more})

    def alarms(self) -> list[str]:
        cases = [case for case in self.stage.exceptions() if case["code"] == "trust_outside_list"]
        return [row["reason"] for case in cases for row in case["alarms"]]


@pytest.fixture
def told(db: Any) -> Iterator[Earned]:
    """Eleven matters with 18,240.00 of fees."""
    with _earned(FEES) as made:
        yield made


@pytest.fixture
def few(db: Any) -> Iterator[Earned]:
    """Two matters of that firm."""
    with _earned(FEES[:2]) as made:
        yield made


@contextmanager
def _earned(fees: tuple[int, ...]) -> Iterator[Earned]:
    file = trust_file(jurisdiction="NC")
    file["people"].append({"email": PARTNER, "role": "partner"})
    today = timezone.now().date()
    with stage(empty(), file=file) as on:
        bills = tuple(_billed(on, at, fee, today) for at, fee in enumerate(fees))
        on.sync()
        with firm_scope(write=None, reads=[on.firm.pk]):
            pair = TrustPair.objects.select_related("firm").get(firm=on.firm)
        members = Membership.objects.filter(firm=on.firm).select_related("user")
        people = {one.user.email: one.user for one in members}
        yield Earned(
            stage=on, pair=pair, partner=people[PARTNER], bookkeeper=people[BOOKKEEPER], bills=bills,
            sent=today - timedelta(days=40),
        )  # fmt: skip


def _billed(on: Stage, at: int, fee: int, today: date) -> Bill:
    """A matter with 1,000.00 more in trust than its one bill, which went to the client 40 days ago."""
    matter = opened.matter(on, f"Client {at:02}")
    on.desk("trust_deposit", matter=matter, amount=Decimal(fee + 1000), date=today - timedelta(days=60))
    user = next(iter(on.world.tables["User"]))
    day = today - timedelta(days=45)
    work = on.desk("create_time", matter=matter, user=user, date=day, hours="1", rate=Decimal(fee))
    made: Bill = on.desk("draft_bill", activities=[work.id], issued_at=day)
    on.desk("approve_bill", bill=made.id)
    on.desk("send_bill", bill=made.id, on=today - timedelta(days=40))
    return made


def test_the_partner_signs_ten_of_eleven_and_each_recorded_payment_is_checked(
    told: Earned, client: Client
) -> None:
    contested = told.bills[DISPUTED]
    cast.sign_in(client, told.bookkeeper)
    assert client.get(told.at("earned")).context["found"].total == 18_240_00
    note = {"ledger": f"matters/{contested.matter_ids[0]}", "how": "all", "words": "Letter of 3 November"}
    client.post(told.at("dispute", bill=contested.id), note)
    assert client.post(told.at("sign_transfers"), {}).status_code == 403

    cast.sign_in(client, told.partner)
    page = client.get(told.at("earned"))
    found = page.context["found"]
    assert (len(found.overdue), found.overdue_total, found.disputed) == (10, 16_600_00, 1_640_00)
    assert {row.line.sent for row in found.rows} == {told.sent}
    assert all(row.line.amount + 1000_00 == row.balance for row in found.rows)
    assert "Should have been transferred" in page.text
    assert "The client disputes it." in page.text
    body = {"name": "Pat Partner", "line": [row.key for row in found.rows]}
    stale = client.post(told.at("sign_transfers"), body | {"seen": "another list"}, follow=True)
    assert "The list changed since this page was opened." in stale.text
    shown = client.post(told.at("sign_transfers"), body | {"seen": found.digest}, follow=True)
    assert "$16,600.00 of this list is still to be recorded in Clio." in _plain(shown.text)

    for bill, fee in zip(told.bills, FEES, strict=True):
        if bill is not contested:
            told.stage.desk("pay_from_trust", bill=bill.id, amount=str(fee))
    wrong = told.stage.desk("pay_from_trust", bill=contested.id, amount="500")
    told.stage.sync(whole=False)

    shown = client.get(told.at("transfers", sheet_id=shown.context["sheet"].pk))
    assert "Nothing of this list is left to be recorded." in shown.text
    assert all(line.recorded == line.row.amount for line, _ in shown.context["lines"])
    (words,) = told.alarms()
    assert words.startswith("$500.00 left trust for a bill that is not on the signed list of this ledger.")
    assert_money(told.stage)
    assert_walled(told.stage)

    told.stage.desk("remove_payment", payment=wrong.id)
    told.stage.sync(whole=False)

    assert told.alarms() == []
    after = client.get(told.at("earned")).context["found"]
    assert (after.total, after.disputed, after.signed.unrecorded) == (0, 1_640_00, 0)
    with firm_scope(write=None, reads=[told.stage.firm.pk]):
        standing = EarnedStanding.objects.get()
    assert (standing.amount, standing.unrecorded, standing.lines) == (0, 0, 0)


def _plain(text: str) -> str:
    return text.replace("&#x27;", "'").replace(" ", " ")


def test_a_signed_line_stays_as_it_was_signed_and_what_is_disputed_later_comes_off(
    few: Earned, client: Client
) -> None:
    told = few
    cast.sign_in(client, told.partner)
    found = client.get(told.at("earned")).context["found"]
    first, second = found.rows[:2]
    body = {"name": "Pat Partner", "seen": found.digest, "line": [first.key, second.key]}
    sheet = client.post(told.at("sign_transfers"), body, follow=True).context["sheet"]
    again = client.get(told.at("earned")).context["found"]
    assert again.total == 0

    note = {"ledger": first.line.ledger, "how": "part", "amount": "100.00", "words": "By telephone"}
    client.post(told.at("dispute", bill=first.line.bill), note)
    with firm_scope(write=None, reads=[told.stage.firm.pk]):
        row = TransferLine.objects.get(bill=second.line.bill)
    client.post(reverse("trust:take_off", kwargs={"line_id": row.pk}), {"words": "Paid by check meanwhile"})

    shown = client.get(told.at("transfers", sheet_id=sheet.pk))
    assert "Nothing of this list is left to be recorded." in shown.text
    assert "The client disputes it: By telephone" in shown.text
    assert "Paid by check meanwhile" in shown.text
    after = client.get(told.at("earned")).context["found"]
    assert after.total == 640_00 - 100_00
    written = client.get(told.at("transfers_file", sheet_id=sheet.pk), {"format": "csv"})
    assert "Pat Partner" in written.content.decode("utf-8-sig")
    printed = client.get(told.at("transfers_file", sheet_id=sheet.pk), {"format": "pdf"})
    assert printed.content.startswith(b"%PDF")
    with firm_scope(write=told.stage.firm.pk):
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            TransferLine.objects.update(amount=1)
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            TransferSheet.objects.update(name="Somebody else")
    assert today_of(told.stage.firm, timezone.now()) >= sheet.as_of
