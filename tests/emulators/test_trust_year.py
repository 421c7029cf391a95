"""The trust year at its banks: what is recorded in Clio reaches them, but for the planted faults."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from syncapp.emulators.clio.desk import do
from syncapp.emulators.clio.diary import month_after
from syncapp.emulators.clio.funds import BankTransaction
from syncapp.emulators.clio.nouns import Matter
from syncapp.emulators.qbo import reports
from syncapp.emulators.qbo.seed import law_firm
from syncapp.emulators.trust_year import KINDS, PAIRS, TrustYear, trust_company, trust_year
from syncapp.emulators.trust_year.app import create_app
from syncapp.emulators.trust_year.clearing import minor

SETTLED = {"missing_deposit", "check_other_amount", "transposed_amount"}


def in_clio(year: TrustYear, name: str, day: date) -> int:
    bank = year.accounts[name].bank.id
    rows = year.world.all(BankTransaction)
    return sum(minor(t) for t in rows if t.bank_account_id == bank and t.date <= day)


def in_transit(year: TrustYear, name: str, day: date) -> int:
    """What Clio has up to a day and the bank has later or never."""
    cleared = year.accounts[name]
    paid = {row.id for line in cleared.kept.lines if line.day <= day for row in cleared.rows.get(line.id, ())}
    rows = year.world.all(BankTransaction)
    return sum(
        minor(t) for t in rows
        if t.bank_account_id == cleared.bank.id and t.date <= day and t.id not in paid
    )  # fmt: skip


def gap(year: TrustYear, name: str, month: date) -> int:
    """Cents by which an account's adjusted statement of a month misses Clio."""
    last = month_after(month, 1) - timedelta(days=1)
    return year.accounts[name].kept.balance(last) + in_transit(year, name, last) - in_clio(year, name, last)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_every_month_ties_but_the_last_of_one_account_by_the_amount_that_is_planted(seed: int) -> None:
    year = trust_year(seed)

    gaps = {(name, month): gap(year, name, month) for name in year.accounts for month in year.months}

    fault = year.open_fault
    assert fault.kind in KINDS
    assert gaps.pop((fault.account, year.months[-1])) == fault.amount != 0
    assert set(gaps.values()) == {0}


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_clio_user_closes_the_open_fault(seed: int) -> None:
    year = trust_year(seed)
    fault = year.open_fault
    action, given_ = fault.cure or ("", {})

    made = do(year.world, action, **given_)

    cleared = year.accounts[fault.account]
    cleared.rows[fault.lines[0]] = (made,)
    assert gap(year, fault.account, year.months[-1]) == 0
    assert minor(made) == next(line.amount for line in cleared.kept.lines if line.id == fault.lines[0])


def test_where_how_much_and_why_vary_with_the_seed() -> None:
    found = [trust_year(seed).open_fault for seed in range(40)]

    assert {f.kind for f in found} == set(KINDS)
    assert len({f.account for f in found}) == 2
    assert len({f.amount for f in found}) > 35
    assert len({f.matter for f in found}) > 10


@pytest.mark.parametrize("seed", range(1, 11))
def test_every_kind_of_fault_is_in_the_year(seed: int) -> None:
    year = trust_year(seed)

    kinds = [f.kind for f in year.faults]
    assert set(kinds) >= {*SETTLED, "stale_check", "feed_twin"}
    events = {p.kind for p in year.world.planted}
    assert events >= {"returned_deposit", "bank_charge", "equal_deposits"}
    assert {f.account for f in year.faults if f.kind == "stale_check"} == {year.open_fault.account}
    assert [f.cure is None for f in year.faults] == [True] * (len(kinds) - 1) + [False]


def test_one_seed_is_one_year() -> None:
    def face(year: TrustYear) -> list[Any]:
        return [list(year.files()), year.faults, year.twin.id]

    assert face(trust_year(3)) == face(trust_year(3))
    assert face(trust_year(3)) != face(trust_year(4))


def test_a_statement_begins_where_the_last_one_ended_and_is_in_one_of_four_formats() -> None:
    year = trust_year(5)

    for name in year.accounts:
        kept = year.kept(name)
        sheets = [kept.month(month) for month in year.months]
        assert sheets[0].opening == year.opening(name) > 0
        for before, after in pairwise(sheets):
            assert before.closing == after.opening
        for sheet in sheets:
            assert sheet.opening + sum(line.amount for line in sheet.lines) == sheet.closing
            assert len({line.id for line in sheet.lines}) == len(sheet.lines)
        assert len({kept.format_of(month) for month in year.months}) == 4
    assert len(list(year.files())) == 24


def test_quickbooks_holds_the_client_money_of_the_first_day_and_the_feeds_twin() -> None:
    year = trust_year(5)
    co = trust_company(year)
    eve = year.start - timedelta(days=1)

    for name, (bank, liability) in PAIRS.items():
        rows = {r.name: r.minor for r in reports.trial_balance(co, until=eve)}
        assert rows[bank] == -rows[liability] == year.opening(name)
    checks = list(co.store["Purchase"].values())
    assert [c["DocNumber"] for c in checks] == [year.twin.confirmation]
    assert checks[0]["TotalAmt"] == -year.twin.amount
    assert abs(date.fromisoformat(checks[0]["TxnDate"]) - year.twin.date) <= timedelta(days=5)


def test_the_bank_hands_out_its_statements_and_takes_lines_through_the_back_door() -> None:
    year = trust_year(5)
    http = Client(create_app(year))

    page = http.get("/")
    file = http.get("/accounts/7725/2026-10")
    other = http.get("/accounts/7725/2026-10?format=mt940")

    assert "October 2026" in page.text
    assert file.data == year.kept("IOLTA").file(date(2026, 10, 1))[1]
    assert file.headers["Content-Disposition"].startswith('attachment; filename="7725-2026-10.')
    assert other.data.startswith(b":20:") or b":25:" in other.data
    assert http.get("/accounts/0000/2026-10").status_code == 404
    assert http.get("/accounts/7725/2026-10?format=fax").status_code == 400
    before = year.kept("7725").month(date(2026, 10, 1)).closing
    line = {"account": "7725", "day": "2026-10-20", "amount": "-25.00", "text": "WIRE FEE"}
    made = http.post("/_backdoor/lines", json=line)
    assert made.status_code == 200
    assert year.kept("7725").month(date(2026, 10, 1)).closing == before - 2500
    assert http.post("/_backdoor/lines", json={"account": "7725"}).status_code == 400
    faults = http.get("/_backdoor/faults").get_json()
    assert [f["open"] for f in faults].index(True) == len(faults) - 1
    assert Decimal(faults[-1]["amount"]) == Decimal(year.open_fault.amount) / 100


def test_beside_another_firm_the_year_is_a_firm_and_a_company_of_its_own() -> None:
    alone, second = trust_year(5), trust_year(5, account_id=2, account_name="Whitfield & Rowe PLLC")

    assert second.open_fault.amount == alone.open_fault.amount
    assert second.world.account_name == trust_company(second).name == "Whitfield & Rowe PLLC"
    realms = {law_firm(seed=5).realm, trust_company(alone).realm, trust_company(second).realm}
    assert len(realms) == 3
    assert {m.id for m in alone.world.all(Matter)}.isdisjoint(m.id for m in second.world.all(Matter))


def test_the_command_writes_every_statement_of_the_year(tmp_path: Path) -> None:
    said = StringIO()

    call_command("emulate", "bank", out=str(tmp_path), seed=5, stdout=said)

    assert len(list(tmp_path.iterdir())) == 24
    for _, _, name, content in trust_year(5).files():
        assert (tmp_path / name).read_bytes() == content
    assert "IOLTA Seattle 2026-10" in said.getvalue()
