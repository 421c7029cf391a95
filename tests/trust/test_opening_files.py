"""Does an opening tie, and what does an opening file say? Each trouble has its line."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trust.opening import Figures, Item, Unreadable, parse

KNOWN = {"00012-acme": "matters/12", "acme": "contacts/5", "contacts/5": "contacts/5"}
FILE = """kind,ledger,amount,date,number,payee
ledger,00012-Acme,"$1,500.00",,,
ledger,Acme,(20.00),,,
check,,250.10,2025-12-29,1042,County Clerk
deposit,,100,2025-12-31,,Acme

statement,,1630.10,,,
"""
MOST = 10**12


def test_a_file_gives_the_ledgers_what_was_outstanding_and_the_statement() -> None:
    found = parse(FILE, known=KNOWN)

    assert found.ledgers == {"matters/12": 150000, "contacts/5": -2000}
    assert found.items == (
        Item(kind="check", day=date(2025, 12, 29), amount=-25010, number="1042", payee="County Clerk"),
        Item(kind="deposit", day=date(2025, 12, 31), amount=10000, payee="Acme"),
    )
    assert found.statement == 163010


def test_a_byte_order_mark_and_other_columns_do_no_harm() -> None:
    assert parse("\ufeffKind,Amount,Ledger,Note\nledger,5,acme,x\n", known=KNOWN).ledgers == {
        "contacts/5": 500
    }


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("money,Acme,5,,,", "Line 2: the kind is “money”; it can be ledger, check, deposit, statement."),
        ("ledger,Acme,five,,,", "Line 2: “five” is not an amount, such as 1250.00."),
        ("ledger,Acme,,,,", "Line 2: “” is not an amount, such as 1250.00."),
        ("ledger,Acme,1.001,,,", "Line 2: “1.001” is not an amount, such as 1250.00."),
        ("ledger,Acme,NaN,,,", "Line 2: “NaN” is not an amount, such as 1250.00."),
        ("ledger,Nobody,5,,,", "Line 2: Clio has no matter or client “Nobody”."),
        ("check,,-5,2025-12-29,,", "Line 2: write the amount of a check or deposit without a sign."),
        ("check,,5,29.12.2025,,", "Line 2: “29.12.2025” is not a day; write it as 2026-01-31."),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(line: str, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parse(f"kind,ledger,amount,date,number,payee\n{line}\n", known=KNOWN)

    assert refused.value.troubles == [words]


def test_a_file_without_its_heads_or_with_two_statements_is_refused() -> None:
    with pytest.raises(Unreadable, match="The first line must name the columns kind, ledger, amount"):
        parse("a,b\n1,2\n", known=KNOWN)
    with pytest.raises(Unreadable, match="statement's balance more than once"):
        parse("kind,amount\nstatement,1\nstatement,2\n", known=KNOWN)


def test_the_sides_that_differ_are_named_with_their_difference() -> None:
    off = Figures(ledgers=150000, bank=150000, liability=140000, adjusted=150001)

    assert off.why() == (
        "The ledgers come to $1,500.00, the books' trust liability $1,400.00 (difference -$100.00), "
        "the adjusted bank statement $1,500.01 (difference $0.01)."
    )
    assert not off.ties


@given(st.integers(-MOST, MOST), st.integers(-MOST, MOST), st.integers(-MOST, MOST), st.integers(-MOST, MOST))
def test_an_opening_ties_only_when_every_side_is_one_amount(
    ledgers: int, bank: int, liability: int, adjusted: int
) -> None:
    given_ = Figures(ledgers=ledgers, bank=bank, liability=liability, adjusted=adjusted)

    assert given_.ties == (ledgers == bank == liability == adjusted)
    assert Figures(ledgers=ledgers, bank=ledgers, liability=ledgers).ties
    assert not Figures(ledgers=ledgers, bank=ledgers, liability=ledgers, adjusted=ledgers + 1).ties
