"""The seeded trust year from end to end: eleven months signed, one that does not tie, and it is put right."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.emulators.qbo import backdoor
from syncapp.emulators.trust_year import TrustYear, trust_company, trust_year
from syncapp.local.signed_months import File, bring_in, sign_months
from tests.stage import Stage, stage
from trust.models import TrustPair
from trust.queries import threeway
from trust.queries.lists import Lists, lists_of
from trust.threeway import ThreeWay, What

FIRM = Path(__file__).resolve().parents[2] / "syncapp" / "local" / "trust_firm.yaml"
FOUND_AS = {
    "missing_deposit": What.ONLY_AT_BANK,
    "bank_fee": What.BANK_FEE,
    "transposed_amount": What.OTHER_AMOUNT,
    "returned_check": What.RETURNED,
    "check_other_amount": What.OTHER_AMOUNT,
}
pytestmark = pytest.mark.django_db


def firm_file() -> dict[str, Any]:
    file: dict[str, Any] = yaml.safe_load(FIRM.read_text(encoding="utf-8"))
    return file


def person(on: Stage, role: str) -> User:
    email = next(one["email"] for one in on.file["people"] if one["role"] == role)
    return User.objects.get(email=email)


def statements(year: TrustYear) -> list[File]:
    return [File(account=account, name=name, content=told) for account, _, name, told in year.files()]


def pair_of(on: Stage, year: TrustYear) -> TrustPair:
    with firm_scope(write=None, reads=[on.firm.pk]):
        return TrustPair.objects.select_related("firm").get(
            firm=on.firm, clio_account=year.open_fault.account
        )


def of(on: Stage, year: TrustYear) -> tuple[ThreeWay, Lists]:
    """The three-way of the account and month with the open fault, and the account's lists."""
    pair = pair_of(on, year)
    with firm_scope(write=None, reads=[on.firm.pk]):
        return threeway.of(pair, year.months[-1]), lists_of(pair, year.end)


def synced(on: Stage) -> list[str]:
    """The first sync; what the bank feed had written into QuickBooks is deleted there by a person."""
    on.sync()
    waits = [hold["reason"] for case in on.exceptions() for hold in case["holds"]]
    for check in list(on.company.store["Purchase"]):
        backdoor.delete(on.company, "Purchase", check)
    on.sync()
    assert on.exceptions() == []
    return waits


@pytest.mark.parametrize("seed", [7])
def test_eleven_months_are_signed_and_the_last_ties_when_its_fault_is_put_right_in_clio(
    client: Client, seed: int
) -> None:
    year = trust_year(seed)
    fault, now = year.open_fault, timezone.now()
    with stage(year.world, file=firm_file(), company=trust_company(year)) as on:
        waits = synced(on)
        bring_in(firm=on.firm, files=statements(year), by=on.person, now=now)

        ended = {
            one.account: one
            for one in sign_months(
                firm=on.firm, first=year.start, last=year.end, now=now,
                bookkeeper=person(on, "bookkeeper"), partner=person(on, "partner"),
            )
        }  # fmt: skip
        before, rests = of(on, year)
        client.force_login(person(on, "partner"))
        page = client.get(f"/trust/{pair_of(on, year).pk}/lists/").content.decode()
        action, given = fault.cure or ("", {})
        on.desk(action, **given)
        on.sync(whole=False)
        after, _ = of(on, year)

    assert [year.twin.confirmation in words for words in waits] == [True]
    assert ended[fault.account].signed == tuple(year.months[:-1])
    assert [month for month, _ in ended[fault.account].left] == [year.months[-1]]
    assert all(one.signed == tuple(year.months) for one in ended.values() if one.account != fault.account)
    told = [one for one in before.differences if one.kind is not What.STALE_CHECK]
    assert [(one.kind, abs(one.amount)) for one in told] == [(FOUND_AS[fault.kind], abs(fault.amount))]
    assert (before.adjusted_bank or 0) - before.books_bank == fault.amount
    assert after.equal
    assert {one.kind for one in after.differences} == {What.STALE_CHECK}
    assert [one.check.subject for one in rests.stale] == [
        f"bank_transactions/{one.row}" for one in year.faults if one.kind == "stale_check"
    ]
    assert [one.short.standing for one in rests.missing] == [0]
    assert len(rests.dormant) == 1
    for words in (
        rests.stale[0].check.check,
        rests.dormant[0].held.name,
        "Made good on",
        "Every ledger that was below zero",
    ):
        assert escape(words) in page
