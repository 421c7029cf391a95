"""Journals, ledger cards and balances: every cent once, and the page, the PDF and the CSV agree."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import cast
from tests.trust import world
from trust.nouns import Movement
from trust.reports.nouns import Money, Table
from trust.reports.registers import Register, Told, register
from trust.reports.table import write

if TYPE_CHECKING:
    from django.test import Client

    from trust.reports.nouns import Cell

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
KEYS = ("matters/1", "matters/2", "trust/firm")


def move(name: str, day: date, *parts: tuple[str, int], check: str = "", payee: str = "") -> Movement:
    return Movement(
        subject=name, day=day, amount=sum(part for _, part in parts), ledgers=tuple(parts), check=check,
        payee=payee, text="Purpose",
    )  # fmt: skip


def told(*movements: Movement) -> Told:
    return Told(
        firm="Ash & Birch LLP", account="IOLTA …7725", currency="USD", first=FIRST, last=LAST,
        movements=movements, names={"matters/1": "00001-Carter", "matters/2": "00002-Quinn"},
    )  # fmt: skip


def rows(which: Register, facts: Told, *, ledger: str = "", part: int = 0) -> list[tuple[Cell, ...]]:
    table = register(which, facts, ledger=ledger).parts[part]
    assert isinstance(table, Table)
    return [*table.rows, table.totals]


SEPTEMBER = told(
    move("opening", date(2026, 8, 31), ("matters/1", 50_000), ("matters/2", 20_000)),
    move("bank_transactions/1", date(2026, 9, 3), ("matters/1", 30_000), payee="Carter"),
    move("bank_transactions/2", date(2026, 9, 9), ("matters/1", -45_000), check="1042", payee="Clerk"),
    move("bank_transactions/3", date(2026, 9, 12), ("matters/1", -5_000), ("matters/2", 5_000)),
    move("bank_transactions/4", date(2026, 9, 20), ("trust/firm", -700)),
    move("bank_transactions/5", date(2026, 10, 2), ("matters/2", 99)),
)


def test_receipts_disbursements_and_transfers_stand_apart_each_with_its_client() -> None:
    receipts = rows(Register.RECEIPTS, SEPTEMBER)
    paid = rows(Register.DISBURSEMENTS, SEPTEMBER)
    moved = rows(Register.TRANSFERS, SEPTEMBER)

    assert receipts[0] == (
        date(2026, 9, 3), "", "Carter", "00001-Carter", "Purpose", Money(30_000), "bank_transactions/1",
    )  # fmt: skip
    assert [row[1] for row in paid] == ["1042", "", ""]
    assert paid[-1][5] == Money(45_700)
    assert moved[0][3] == "00001-Carter → 00002-Quinn"
    assert [len(each) - 1 for each in (receipts, paid, moved)] == [1, 2, 1]


def test_a_ledger_card_begins_with_what_was_brought_forward_and_shows_the_balance_after_each_entry() -> None:
    card = rows(Register.LEDGER, SEPTEMBER, ledger="matters/1")

    assert [row[6] for row in card[:-1]] == [Money(50_000), Money(80_000), Money(35_000), Money(30_000)]
    assert card[-1][4:] == (Money(30_000), Money(50_000), Money(30_000))


def test_balances_list_who_is_owed_what_since_when_and_never_net_what_is_below_zero() -> None:
    above = rows(Register.BALANCES, SEPTEMBER)
    below = rows(Register.BALANCES, SEPTEMBER, part=1)

    assert above[:-1] == [
        ("00001-Carter", date(2026, 9, 12), Money(30_000)),
        ("00002-Quinn", date(2026, 9, 12), Money(25_000)),
    ]
    assert above[-1][-1] == Money(55_000)
    assert below == [("trust/firm", date(2026, 9, 20), Money(-700)), ("Total", "", Money(-700))]


MOVES = st.lists(
    st.tuples(
        st.integers(-20, 40), st.sampled_from(KEYS), st.integers(-900, 900), st.sampled_from([None, *KEYS])
    ),
    max_size=15,
)


@given(given_=MOVES)
def test_every_cent_stands_in_one_journal_and_the_cards_end_where_the_balances_stand(
    given_: list[tuple[int, str, int, str | None]],
) -> None:
    moves = [
        move(f"m/{i}", FIRST + timedelta(days=day), (key, amount), *([(to, -amount)] if to else []))
        for i, (day, key, amount, to) in enumerate(given_)
        if amount and key != to
    ]
    facts = told(*moves)
    inside = [m for m in moves if FIRST <= m.day <= LAST]

    journals = {which: rows(which, facts) for which in list(Register)[:3]}

    assert sum(len(found) - 1 for found in journals.values()) == len(inside)
    came, went = (journals[which][-1][5] for which in (Register.RECEIPTS, Register.DISBURSEMENTS))
    assert isinstance(came, Money)
    assert isinstance(went, Money)
    assert came.minor - went.minor == sum(m.amount for m in inside)
    shown = {row[0]: row[2] for part in (0, 1) for row in rows(Register.BALANCES, facts, part=part)[:-1]}
    for key in KEYS:
        ended = rows(Register.LEDGER, facts, ledger=key)[-1][6]
        assert shown.get(facts.name(key), Money(0)) == ended


@pytest.mark.parametrize("formula", ["=cmd()", "\uff1dcmd()", "@cmd()"])
def test_the_csv_has_the_rows_of_the_page_and_no_formula(formula: str) -> None:
    evil = told(move("bank_transactions/1", FIRST, ("matters/1", 100), payee=formula))

    found = list(csv.reader(io.StringIO(write(register(Register.RECEIPTS, evil)).decode("utf-8-sig"))))

    row = next(one for one in found if one and one[0] == "2026-09-01")
    assert row[2] == f"'{formula}"
    assert row[5] == "1.00"


@pytest.mark.django_db
@pytest.mark.parametrize("what", [each.value for each in Register] + ["nothing"])
def test_a_person_opens_a_register_and_takes_it_away(client: Client, what: str) -> None:
    house = cast.firm("Alpha")
    pair = world.pair(house)
    cast.sign_in(client, house.bookkeeper)
    query = f"what={what}&ledger=matters/1&from=2026-09-01&to=2026-09-30"

    page = client.get(f"/trust/{pair.pk}/registers/?{query}")
    table = client.get(f"/trust/{pair.pk}/registers/file/?{query}&format=csv")
    paper = client.get(f"/trust/{pair.pk}/registers/file/?{query}&format=pdf")

    assert page.status_code == table.status_code == paper.status_code == 200
    assert b"Sep 2026" in page.content
    assert paper.content.startswith(b"%PDF")
    assert "attachment" in table["Content-Disposition"]
