"""Tables as banks shape them: sides in words, balances in rows of their own, days that only balances tell."""

from __future__ import annotations

import pytest

from syncapp.emulators.bank import write
from tests.statements.sheets import LINES, sep, sheet
from trust.nouns import Unreadable
from trust.statements.reading import read

SIDES = """Transaction Date,Transaction Amount,Transaction Type,Transaction Description,Balance
09/30/2026,250.10,Debit,Check 1042,"10,748.67"
09/15/2026,1.23,Debit,SERVICE CHARGE,"10,998.77"
09/12/2026,500.00,Credit,Deposit,"11,000.00"
09/12/2026,500.00,Credit,Deposit,"10,500.00"
"""
BALANCE_ROWS = """Account Number,000123457725
Date,Description,Withdrawal Amt.,Deposit Amt.
09/01/2026,Beginning Balance,,"10,000.00"
09/12/2026,Deposit,,500.00
09/12/2026,Deposit,,500.00
09/15/2026,SERVICE CHARGE,1.23,
09/30/2026,Check 1042,250.10,
09/30/2026,Ending Balance,,"10,748.67"
"""
KEPT_ZEROS = """Account,ChkRef,Debit,Credit,Balance,Date,Description
="000123457725",,,500.00,"10,500.00",2026-09-12,Deposit
="000123457725",,,500.00,"11,000.00",2026-09-12,Deposit
="000123457725",,1.23,,"10,998.77",2026-09-15,Service charge
="000123457725",="00001042",250.10,,"10,748.67",2026-09-30,Jones
"""
EVENING = """Date|Description|Amount|Balance
2026-09-12T23:30:00-05:00|Deposit|500.00|
2026-09-12T23:45:00-05:00|Deposit|500.00|11000.00
2026-09-15T01:00:00-05:00|Fee|-1.23|10998.77
2026-09-30T20:00:00-05:00|Check #1042|(250.10)|10748.67
"""


@pytest.mark.parametrize("body", [SIDES, BALANCE_ROWS, KEPT_ZEROS, EVENING])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_banks_shape_of_table_is_read_from_its_heads(body, encoding) -> None:
    statement = read(body.encode(encoding)).statements[0]

    assert [(line.day, line.amount, line.check) for line in statement.lines] == [
        (line.day, line.amount, line.check) for line in LINES
    ]
    assert (statement.opening, statement.closing, statement.proof) == (1_000_000, 1_074_867, 0)


def test_the_day_of_an_opening_balance_tells_where_a_statement_begins() -> None:
    mt940 = write("mt940", sheet()).decode()
    camt = write("camt053", sheet()).decode()
    without = camt[: camt.index("<FrToDt>")] + camt[camt.index("</FrToDt>") + len("</FrToDt>") :]

    assert read(mt940.encode()).statements[0].first_day == sep(1)
    assert read(mt940.replace(":60F:C260831", ":60F:C260901").encode()).statements[0].first_day == sep(1)
    assert read(without.encode()).statements[0].first_day == sep(1)
    assert read(without.replace("<Dt>2026-09-01</Dt>", "<Dt>2026-08-31</Dt>").encode()).statements[
        0
    ].first_day == sep(1)


def test_a_currency_that_changes_within_an_account_is_refused() -> None:
    body = write("mt940", sheet()).decode()

    with pytest.raises(Unreadable):
        read((body + body.replace("USD", "EUR")).encode())


@pytest.mark.parametrize("row", ["09/05/2026,Deposit,$1,000.00", "09/05/2026,Smith, Jones,-10.00"])
def test_a_comma_that_cuts_a_cell_in_two_is_no_other_amount(row: str) -> None:
    with pytest.raises(Unreadable, match="Row 2: it has more cells than the heads"):
        read(f"Date,Description,Amount\n{row}\n".encode())


def test_an_empty_cell_too_many_is_nothing() -> None:
    body = "Date,Description,Amount\n09/15/2026,Deposit,1000.00,\n"
    assert [line.amount for line in read(body.encode()).statements[0].lines] == [100_000]
