"""How one bank's table is read: which column is what, guessed from plain heads or said by a person. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from syncapp.core.money import NotMoneyError
from trust.statements.amounts import ORDERS, amount, day, order_of

type Table = Sequence[Sequence[str]]

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SIGNS = {"as_written": "Money out is negative", "reversed": "Money out is positive"}
NONE = -1
HEAD_ROWS = 40  # how far down the head may stand
FEW = 2
SAMPLE = 200  # rows that a proposal looks at

# role → heads that mean it, the surest first
HEADS: dict[str, tuple[str, ...]] = {
    "date": (
        *("posting date", "posted date", "post date", "date posted", "booking date", "process date"),
        *("processed date", "date", "transaction date", "trans date", "trans. date", "effective date"),
        "value date",
    ),
    "amount": ("amount", "transaction amount", "amt", "net amount"),
    "debit": (
        *("debit", "debits", "debit amount", "withdrawal", "withdrawals", "withdrawal amount"),
        *("amount debit", "money out", "paid out", "payments", "withdrawals/debits", "debit (-)", "dr"),
        *("withdrawal amt", "withdrawal amt.", "debit amt", "withdrawal (dr)"),
    ),
    "credit": (
        *("credit", "credits", "credit amount", "deposit", "deposits", "deposit amount"),
        *("amount credit", "money in", "paid in", "receipts", "deposits/credits", "credit (+)", "cr"),
        *("deposit amt", "deposit amt.", "credit amt", "deposit (cr)"),
    ),
    "balance": (
        *("ledger balance", "running balance", "running bal.", "running bal", "balance", "account balance"),
        *("ending balance", "running ledger balance"),
    ),
    "check": (
        *("check number", "check no.", "check no", "check #", "check num", "chkref", "check", "check ref"),
        *(
            "cheque number",
            "cheque no",
            "check or slip #",
            "check/serial #",
            "serial number",
            "check or slip",
        ),
    ),
    "reference": (
        *("reference", "reference number", "ref", "ref #", "ref no", "bank reference", "trace number"),
        *("confirmation number", "customer reference", "transaction id", "transaction number"),
    ),
    "side": ("debit/credit", "credit/debit", "dr/cr", "cr/dr", "credit debit indicator", "cr/db", "db/cr"),
    "status": ("status", "transaction status", "posting status"),
    "account": ("account", "account number", "account no.", "account no", "acct", "account #"),
}
TEXTS = (
    *("description", "transaction description", "original description", "payee", "name", "memo", "narrative"),
    *("transaction details", "particulars", "details", "transaction", "extended description", "text"),
)
SIDES = {"type", "transaction type", "trans type", "tran type", "entry type", "details", "sign", "indicator"}
SIDE_WORDS = re.compile(
    r"^\W*(?:d|dr|db|debit|dbit|withdrawal|c|cr|credit|crdt|deposit|check|[+\-])\W*$", re.IGNORECASE
)
UNITS = re.compile(r"\s*[(\[](?:usd|us\$|\$|cad|gbp|eur)[)\]]\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Columns are numbered from 0, -1 is none. `head` is the row of the heads, -1 when there is none.

    `decimal` is the decimal mark, empty where the amounts tell it; `sign` is a key of SIGNS; `texts` are the
    columns that make a line's text, in order.
    """

    delimiter: str = ","
    head: int = 0
    date: int = NONE
    order: str = "mdy"
    texts: tuple[int, ...] = ()
    amount: int = NONE
    debit: int = NONE
    credit: int = NONE
    side: int = NONE
    sign: str = "as_written"
    decimal: str = ""
    balance: int = NONE
    check: int = NONE
    reference: int = NONE
    status: int = NONE
    account: int = NONE

    def faults(self) -> list[str]:
        """Say what it lacks to read a table."""
        found = []
        if self.date < 0:
            found.append("Choose the column of the date.")
        if self.amount < 0 and (self.debit < 0 or self.credit < 0):
            found.append("Choose the column of the amount, or those of money out and money in.")
        if self.amount >= 0 and (self.debit >= 0 or self.credit >= 0):
            found.append("Choose one column for the amount or two for money out and money in, not both.")
        if not self.texts:
            found.append("Choose at least one column for the text.")
        return found

    def kept(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {**asdict(self), "texts": list(self.texts)}


def profile_of(kept: Mapping[str, Any]) -> Profile:
    """Read a kept profile; what it does not name has its default. Raises ValueError for what is none."""
    known = {field.name for field in fields(Profile)}
    values = {name: value for name, value in kept.items() if name in known}
    made = Profile(**{**values, "texts": tuple(values.get("texts", ()))})
    if made.delimiter not in DELIMITERS or made.order not in ORDERS or made.sign not in SIGNS:
        raise ValueError("This is no profile of a bank's table.")
    return made


def guess(table: Table, *, delimiter: str = ",") -> Profile | None:
    """Find the heads and what each column is; None when they are not plain."""
    for number, row in enumerate(table[:HEAD_ROWS]):
        made = _by_heads(row, number, delimiter)
        if made is not None and not made.faults():
            return _with_side(_with_order(made, table), table)
    return None


def _by_heads(row: Sequence[str], number: int, delimiter: str) -> Profile | None:
    heads = [UNITS.sub("", cell.strip().strip(":").casefold()) for cell in row]
    found = {role: _first(heads, names) for role, names in HEADS.items()}
    if found["date"] == NONE or len([head for head in heads if head]) <= FEW:
        return None
    if found["debit"] != NONE and found["credit"] != NONE:
        found["amount"] = NONE
    taken = {column for column in found.values() if column != NONE}
    said = tuple(column for name in TEXTS for column in _all(heads, name) if column not in taken)
    if heads.count("description") and heads.count("details"):
        said = tuple(column for column in said if heads[column] != "details")  # says debit or credit
    if not said and found["reference"] != NONE:
        said = (found["reference"],)
    return profile_of({**found, "delimiter": delimiter, "head": number, "texts": said[:3]})


def _first(heads: Sequence[str], names: Sequence[str]) -> int:
    return next((heads.index(name) for name in names if name in heads), NONE)


def _all(heads: Sequence[str], name: str) -> list[int]:
    return [column for column, head in enumerate(heads) if head == name]


def _with_order(profile: Profile, table: Table) -> Profile:
    order, _ = order_of(days_of(profile, table))
    return replace(profile, order=order)


def _with_side(profile: Profile, table: Table) -> Profile:
    """Take a column that says debit or credit on every line for the side, where no amount has a sign."""
    if profile.amount < 0 or profile.side >= 0:
        return profile
    rows = [row for row in table[profile.head + 1 :] if cell(row, profile.amount)]
    signed = any(mark in cell(row, profile.amount) for row in rows for mark in "-(−")
    heads = [text.strip().casefold() for text in table[profile.head]]
    for column in (column for column, head in enumerate(heads) if head in SIDES):
        if rows and not signed and all(SIDE_WORDS.match(cell(row, column)) for row in rows):
            return replace(profile, side=column, texts=tuple(n for n in profile.texts if n != column))
    return profile


def days_of(profile: Profile, table: Table) -> list[str]:
    """Return the cells of the date column that are days at all."""
    cells = [cell(row, profile.date) for row in table[profile.head + 1 :]]
    return [text for text in cells if day(text) is not None or day(text, order="dmy") is not None]


def cell(row: Sequence[str], column: int) -> str:
    """Return a cell of a row; nothing where the row is too short."""
    return row[column].strip() if 0 <= column < len(row) else ""


def heads_of(table: Table, head: int) -> list[str]:
    """Return the names of the columns: the heads, else their numbers."""
    width = max((len(row) for row in table[:HEAD_ROWS]), default=0)
    row = table[head] if 0 <= head < len(table) else []
    return [cell(row, column) or f"Column {column + 1}" for column in range(width)]


def signature(table: Table, head: int) -> str:
    """Return what a bank's files have in common: the heads in one text, without heads how wide they are."""
    if head < 0:
        widths = Counter(len(row) for row in table[:SAMPLE])
        return f"{widths.most_common(1)[0][0]} columns without heads" if widths else ""
    row = table[head] if 0 <= head < len(table) else []
    return " | ".join(text.strip().casefold() for text in row)[:1000]


def suggest(table: Table, *, delimiter: str = ",") -> Profile:
    """Propose what each column may be from what stands in it, for a person to correct; often incomplete."""
    if plain := guess(table, delimiter=delimiter):
        return plain
    rows = [row for row in table[:SAMPLE] if len(row) > FEW]
    width = max((len(row) for row in rows), default=0)
    columns = [[cell(row, column) for row in rows] for column in range(width)]
    days = [sum(_is_day(text) for text in column) for column in columns]
    sums = [sum(_is_money(text) for text in column) for column in columns]
    of_days = _fullest(days)
    sums = [0 if column == of_days else count for column, count in enumerate(sums)]
    of_money = _fullest(sums)
    long = [sum(len(text) for text in column) for column in columns]
    rest = [column for column in range(width) if column not in {of_days, of_money}]
    texts = (max(rest, key=lambda column: long[column]),) if rest else ()
    first = next((n for n, row in enumerate(table[:HEAD_ROWS]) if _is_day(cell(row, of_days))), 1)
    made = Profile(delimiter=delimiter, head=first - 1, date=of_days, amount=of_money, texts=texts)
    return _with_order(made, table)


def _fullest(counts: list[int]) -> int:
    most = max(counts, default=0)
    return counts.index(most) if most else NONE


def _is_day(text: str) -> bool:
    return day(text) is not None or day(text, order="dmy") is not None


def _is_money(text: str) -> bool:
    try:
        amount(text)
    except NotMoneyError:
        return False
    return any(mark in text for mark in ".,")
