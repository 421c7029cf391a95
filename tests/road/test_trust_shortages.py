"""Client money that is missing: a deposit that came back, a payment from the wrong matter, and their record.

Scenarios bookkeeper 9, partner 3 and auditor 6, from Clio to the pages.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import small
from syncapp.records.models import BookRow, Document, Hold
from tests import cast
from tests.road.clientmoney import assert_money, assert_walled, trust_file
from tests.stage import Stage, stage
from trust.models import LedgerDip, ReturnedDeposit, TrustPair

BEGAN = datetime(2026, 10, 12, 17, 58, tzinfo=UTC)  # 13:58 in New York
DAY = BEGAN.date()


@pytest.fixture
def firm(db: Any) -> Iterator[Stage]:
    """A small firm whose trust account is set up."""
    with stage(small(7), file=trust_file(jurisdiction="FL")) as set_:
        yield set_


def matter(firm: Stage, name: str) -> int:
    client = firm.desk("create_client", name=name).id
    made: int = firm.desk("create_matter", client=client, description="Lease", open_date=DAY).id
    return made


def reads(firm: Stage) -> Any:
    return firm_scope(write=None, reads=[firm.firm.pk])


def alarms(firm: Stage) -> list[str]:
    """What the one case of ledgers below zero says, record by record."""
    cases = [case for case in firm.exceptions() if case["code"] == "trust_negative"]
    assert len(cases) <= 1
    return [row["reason"] for case in cases for row in case["alarms"]]


def pair(firm: Stage) -> TrustPair:
    with reads(firm):
        return TrustPair.objects.get(firm_id=firm.firm.pk)


def record_page(firm: Stage, client: Client, source_id: int) -> str:
    with reads(firm):
        key = Document.objects.get(firm_id=firm.firm.pk, kind="money", source_id=source_id).pk
    return client.get(reverse("desk:record", kwargs={"document_id": key})).content.decode()


def signed_in(firm: Stage, client: Client) -> Client:
    return cast.sign_in(client, User.objects.get(email="books@ash-birch.test"))


def test_a_returned_deposit_is_linked_alarms_until_it_is_restored_and_its_note_is_drafted(
    firm: Stage, client: Client
) -> None:
    where = matter(firm, "Carter")
    deposit = firm.desk(
        "trust_deposit", matter=where, amount="3000", date=DAY - timedelta(days=9), reference="118",
        source="Carter",
    )  # fmt: skip
    firm.desk(
        "trust_disbursement", matter=where, amount="1200", payee="Clerk", reference="1042",
        date=DAY - timedelta(days=5),
    )  # fmt: skip
    late = firm.desk("trust_disbursement", matter=where, amount="50", payee="Expert", date=DAY)
    firm.sync()
    assert not alarms(firm)

    back = firm.desk("return_deposit", row=deposit.id, date=DAY - timedelta(days=1))
    firm.sync()

    assert_money(firm)
    assert_walled(firm)
    first, further = alarms(firm)
    assert (
        "is $1,250.00 below zero in IOLTA since 11 Oct 2026, by the deposit of $3,000.00 (Carter, check 118"
        in first
    )
    assert "of 3 Oct 2026, which the bank returned; at its lowest $1,250.00" in first
    assert further.startswith("$50.00 was paid to Expert out of matter")
    with reads(firm):
        (link,) = ReturnedDeposit.objects.filter(firm_id=firm.firm.pk)
        assert (link.subject, link.original) == (
            f"bank_transactions/{back.id}",
            f"bank_transactions/{deposit.id}",
        )
        memos = BookRow.objects.filter(firm_id=firm.firm.pk, number=f"118-T{back.id}")
        assert f"which returns bank transaction {deposit.id}" in str(memos.get().data)

    signed_in(firm, client)
    assert "takes a deposit back" in record_page(firm, client, back.id)
    assert "The bank returned this deposit" in record_page(firm, client, deposit.id)
    case = reverse("desk:case", kwargs={"case_id": hold(firm, late.id).case_id})
    page = client.get(case).content.decode()
    address = reverse(
        "trust:shortage", kwargs={"pair_id": pair(firm).pk, "row_id": hold(firm, late.id).facts["dip"]}
    )
    assert address in page
    shown = client.get(address).content.decode()
    assert "Tell the bar immediately" in shown.replace("tell", "Tell")
    assert "Deposit that came back" in shown
    text = client.get(f"{address}note/")
    assert text.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Who is told" in text.content.decode().replace("who is told", "Who is told")
    assert client.get(f"{address}note/?format=pdf").content.startswith(b"%PDF")

    firm.desk("trust_deposit", matter=where, amount="1250", date=DAY, source="Ash & Birch LLP")
    firm.sync()

    assert not alarms(firm)
    assert_money(firm)
    closed = hold(firm, late.id)
    assert closed.case.closed_at is not None
    assert "$1,250.00, 12 Oct 2026: Deposit into trust: Ash & Birch LLP" in closed.closed_words
    assert "was made good" in client.get(address).content.decode()
    assert closed.closed_words.replace("&", "&amp;") in client.get(case).content.decode()


def hold(firm: Stage, source_id: int) -> Hold:
    with reads(firm):
        rows = Hold.objects.filter(firm_id=firm.firm.pk, code="trust_negative", source_id=source_id)
        return rows.select_related("case").get()


def test_how_long_a_ledger_was_below_zero_is_recorded_to_the_minute(firm: Stage, client: Client) -> None:
    wrong, right = matter(firm, "Lund"), matter(firm, "Marsh")
    firm.world.at = BEGAN - timedelta(days=3)
    firm.desk("trust_deposit", matter=wrong, amount="640", date=DAY - timedelta(days=3))
    firm.desk("trust_deposit", matter=right, amount="2000", date=DAY - timedelta(days=3))
    check = firm.desk(
        "trust_disbursement", matter=wrong, amount="640", payee="Clerk", date=DAY - timedelta(days=2)
    )
    firm.world.at = BEGAN
    paid = firm.desk(
        "trust_disbursement", matter=right, amount="640", payee="Surveyor",
        description="payment applied to wrong matter", date=DAY,
    )  # fmt: skip
    firm.desk("edit_trust_row", row=paid.id, matter=wrong)
    firm.sync()
    (alarm,) = alarms(firm)
    assert (
        "$640.00 below zero in IOLTA since 12 Oct 2026, by $640.00 (Surveyor, payment applied to wrong"
        in alarm
    )

    firm.world.at = BEGAN + timedelta(minutes=41)
    firm.desk("matter_transfer", source=right, destination=wrong, amount="640", date=DAY)
    firm.sync()
    assert not alarms(firm)
    assert_money(firm)
    with reads(firm):
        *_, last = LedgerDip.objects.filter(firm_id=firm.firm.pk).order_by("id")
    assert (last.ledger, last.lowest, last.day, last.until) == (f"matters/{wrong}", -64000, DAY, DAY)
    assert (last.from_at, last.until_at) == (BEGAN, BEGAN + timedelta(minutes=41))

    signed_in(firm, client)
    where = {"pair_id": pair(firm).pk}
    page = client.get(
        reverse("trust:below_zero", kwargs=where), {"first": "2026-10-01", "last": "2026-10-31"}
    )
    assert "after 41 minutes" in page.content.decode()
    answer = client.get(
        reverse("trust:below_zero_file", kwargs=where),
        {"first": "2026-10-01", "last": "2026-10-31", "format": "csv"},
    )
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    (row,) = [row for row in rows if row and "Lund" in row[0]]
    assert row[1:5] == [
        "12 Oct 2026, recorded 12 Oct 2026 13:58",
        "12 Oct 2026, recorded 12 Oct 2026 14:39",
        "41 minutes",
        "-640.00",
    ]
    assert "payment applied to wrong matter" in row[5]
    assert "Transfer of client money" in row[6]
    none = client.get(
        reverse("trust:below_zero", kwargs=where), {"first": "2026-11-01", "last": "2026-11-30"}
    )
    assert "No ledger of IOLTA was below zero" in none.content.decode()

    # What made it good is taken back, then the cause itself: the record keeps each as it was seen.
    firm.world.at = BEGAN + timedelta(hours=2)
    firm.desk("edit_trust_row", row=check.id, amount="650")
    firm.sync()
    assert len(alarms(firm)) == 2, "by date the check comes first, and the payment after it"
    firm.world.at = BEGAN + timedelta(hours=3)
    firm.desk("edit_trust_row", row=check.id, amount="640")
    firm.desk("edit_trust_row", row=paid.id, matter=right)
    firm.sync()
    assert not alarms(firm)
    with reads(firm):
        assert not [one for one in newest(firm).values() if one.until is None]


def newest(firm: Stage) -> dict[tuple[str, str], LedgerDip]:
    rows = LedgerDip.objects.filter(firm_id=firm.firm.pk).order_by("id")
    return {(row.ledger, row.subject): row for row in rows}


def test_a_person_says_which_deposit_came_back(firm: Stage, client: Client) -> None:
    where = matter(firm, "Nash")
    first, second = (
        firm.desk("trust_deposit", matter=where, amount="400", date=DAY - timedelta(days=days))
        for days in (6, 5)
    )
    back = firm.desk(
        "trust_disbursement", matter=where, amount="400", payee="First Harbor Bank", date=DAY,
        description="Returned deposit, NSF",
    )  # fmt: skip
    firm.sync()
    assert_money(firm)
    (case,) = [case for case in firm.exceptions() if case["code"] == "trust_return_of"]
    assert "A deposit of $400.00 into IOLTA came back" in case["cause"]

    signed_in(firm, client)
    with reads(firm):
        key = Hold.objects.get(firm_id=firm.firm.pk, code="trust_return_of").case_id
    page = client.get(reverse("desk:case", kwargs={"case_id": key})).content.decode()
    assert f"bank_transactions/{first.id}" in page
    assert "None of these" in page
    choose = reverse("desk:choose", kwargs={"case_id": key})
    client.post(choose, {"answer": "bank_transactions/1"})
    assert not said(firm), "only what was asked is kept"
    client.post(choose, {"answer": f"bank_transactions/{second.id}"})
    firm.sync()

    assert said(firm) == [(f"bank_transactions/{back.id}", f"bank_transactions/{second.id}")]
    assert not [case for case in firm.exceptions() if case["code"] == "trust_return_of"]
    assert "takes a deposit back" in record_page(firm, client, back.id)
    with reads(firm):
        row = BookRow.objects.get(firm_id=firm.firm.pk, number=f"T{back.id}")
    assert f"which returns bank transaction {second.id}" in str(row.data)
    assert_money(firm)


def said(firm: Stage) -> list[tuple[str, str]]:
    with reads(firm):
        return list(ReturnedDeposit.objects.filter(firm_id=firm.firm.pk).values_list("subject", "original"))
