"""A text PDF, read by where its words stand (`pdfplumber`). Pure.

Amounts belong to the column whose right edge is next: that separates money out from money in reliably, a
table strategy does not (TRUST-RULES). It is taken only when opening + lines = closing. No scans.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path

from syncapp.core.money import NotMoneyError, spoken
from trust.nouns import Reading, Unreadable
from trust.statements.amounts import amount, day
from trust.statements.joining import Part, joined
from trust.statements.lines import Row, check_in, one_line

type Word = tuple[int, int, str]  # left and right edge in points, and what it says
type PaperRow = list[Word]

WORDS = Path(__file__).with_name("paper_words.py")
SECONDS = 60  # of the clock; the program has its own limits
NEAR = 45  # points between an amount and the column it belongs to
MONEY = re.compile(r"^\(?[-+−]?\$?[-−]?\d[\d,]*\.\d{2}\)?[-−]?(?:CR|DR)?$")
DATE = r"(?:\d{1,2}/\d{1,2}/\d{2,4}|\d{4}-\d{2}-\d{2}|[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4})"
PERIOD = re.compile(rf"({DATE})\s*(?:through|thru|to|until|-|–)\s*({DATE})")
ACCOUNT = re.compile(r"\baccount\s*(?:number|no\.?|#)?\s*:?\s*([\dXx*•-]*\d{4,})", re.IGNORECASE)
OPENS = re.compile(r"\b(?:beginning|opening|starting|previous)\b.*\bbalance\b", re.IGNORECASE)
CLOSES = re.compile(r"\b(?:ending|closing|new)\b.*\bbalance\b", re.IGNORECASE)
HEADS = {
    "out": re.compile(r"^(?:withdrawals?|debits?|payments?|checks|subtractions)\b", re.IGNORECASE),
    "in": re.compile(r"^(?:deposits?|credits?|additions|receipts)\b", re.IGNORECASE),
    "amount": re.compile(r"^amount$", re.IGNORECASE),
    "balance": re.compile(r"^balance$", re.IGNORECASE),
}
SECTION_IN = re.compile(
    r"^(?:deposits|credits|additions|other deposits|electronic deposits)\b", re.IGNORECASE
)
SECTION_OUT = re.compile(
    r"^(?:withdrawals|debits|checks|subtractions|other withdrawals|electronic withdrawals|fees|service)\b",
    re.IGNORECASE,
)
PAID_CHECK = re.compile(r"(?<![\d/.,])(\d{3,10})\*?\s+(\d{1,2}/\d{1,2}(?:/\d{2,4})?)\s+\$?([\d,]+\.\d{2})\b")
SHORT_DAY = re.compile(r"^(\d{1,2})/(\d{1,2})$")
SCAN = "This PDF is a picture of a statement. Ask the bank for a file (QBO, OFX, BAI2 or CSV)."
REFUSED = {
    "locked": "This PDF asks for a password. Save it without one, or ask the bank for a file (QBO, OFX, BAI2 "
    "or CSV).",
    "pages": "This PDF has more than 200 pages. Bring one statement.",
    "damaged": "The PDF is damaged. Download it again.",
    "much": "This PDF holds far more than any statement. It is not taken. Ask the bank for a file (QBO, OFX, "
    "BAI2 or CSV).",
}
UNSURE = (
    "The lines of this PDF do not lead from its opening balance of {} to its closing balance of {}: {} are "
    "missing. Ask the bank for a file (QBO, OFX, BAI2 or CSV)."
)
NO_BALANCES = (
    "This PDF names no opening and closing balance. Ask the bank for a file (QBO, OFX, BAI2 or CSV)."
)


@dataclass(slots=True)
class Sheet:
    """What has been read so far, top to bottom."""

    currency: str
    columns: dict[str, tuple[int, int]] = field(default_factory=dict)  # kind → left and right edge
    sign: int = 0  # of the section, where there is one amount
    first: date | None = None
    last: date | None = None
    account: str = ""
    opening: int | None = None
    closing: int | None = None
    rows: list[Row] = field(default_factory=list)
    may_go_on: bool = False  # the next row may be the rest of this line's text


def read(data: bytes, *, currency: str = "USD") -> Reading:
    """Read a text PDF. Raises Unreadable for a scan, and unless opening + lines = closing."""
    rows = _rows_of(data)
    if not rows:
        raise Unreadable(SCAN)
    said = "\n".join(_said(row) for row in rows)
    sheet = Sheet(currency=currency)
    if period := PERIOD.search(said):
        sheet.first, sheet.last = day(period[1]), day(period[2])
    if account := ACCOUNT.search(said):
        sheet.account = account[1]
    for row in rows:
        _take(row, sheet)
    return Reading(reader="pdfplumber", version=version("pdfplumber"), statements=joined([_proved(sheet)]))


def _rows_of(data: bytes) -> list[PaperRow]:
    """Return the words of a PDF, row by row. Raises Unreadable for a damaged or too large one."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program, by its own path
            [sys.executable, "-I", str(WORDS)],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            env={},
            check=True,
        )
        said = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise Unreadable(REFUSED["much"]) from error
    if refused := said.get("refused"):
        raise Unreadable(REFUSED[refused])
    return [[(left, right, word) for left, right, word in row] for row in said["rows"]]


def _said(row: Sequence[Word]) -> str:
    return " ".join(text for _, _, text in row)


def _take(row: PaperRow, sheet: Sheet) -> None:
    """Take one row: heads, a section, a balance, checks paid, a line, or the rest of a line's text."""
    said, goes_on = _said(row), sheet.may_go_on
    sheet.may_go_on = False
    if columns := _columns(row):
        sheet.columns = columns
        return
    money = [word for word in row if MONEY.match(word[2])]
    if _balance(said, money, sheet):
        return
    booked, rest = _day(row, sheet)
    if booked is None and (paid := PAID_CHECK.findall(said)) and sheet.columns.get("out") is None:
        sheet.rows += [_paid(number, of, amounted, sheet) for number, of, amounted in paid]
    elif booked is not None and money:
        _line(booked, rest, money, sheet)
    elif not money and SECTION_IN.match(said):
        sheet.sign = 1
    elif not money and SECTION_OUT.match(said):
        sheet.sign = -1
    elif not money and goes_on and sheet.rows:
        last = sheet.rows[-1]
        sheet.rows[-1] = _with_text(last, f"{last.text} {said}")
        sheet.may_go_on = True


def _columns(row: PaperRow) -> dict[str, tuple[int, int]]:
    """Return the edges of the amounts' columns of a row of heads; nothing for any other row."""
    if not any(text.lower().rstrip(":") == "date" for _, _, text in row):
        return {}
    found = {
        kind: (left, right)
        for left, right, text in row
        for kind, pattern in HEADS.items()
        if pattern.match(text.strip(":"))
    }
    return found if found.keys() & {"amount", "in", "out"} else {}


def _balance(said: str, money: list[Word], sheet: Sheet) -> bool:
    opens, closes = OPENS.search(said), CLOSES.search(said)
    if not money or not (opens or closes):
        return False
    value = _money(money[-1][2], sheet.currency)
    if opens and sheet.opening is None:
        sheet.opening = value
    elif closes:
        sheet.closing = value
    return True


def _day(row: PaperRow, sheet: Sheet) -> tuple[date | None, list[Word]]:
    """Return the day that a row begins with, and the words after it."""
    first = row[0][2]
    if short := SHORT_DAY.match(first):
        return _in_period(int(short[1]), int(short[2]), sheet), row[1:]
    if re.match(r"^\d{1,4}[-/]\d", first) and (found := day(first)):
        return found, row[1:]
    pair = " ".join(text for _, _, text in row[:2])
    if re.match(r"^[A-Z][a-z]{2,8}\.? \d{1,2}$", pair) and sheet.last:
        found = day(f"{pair}, {sheet.last.year}")
        return (_in_period(found.month, found.day, sheet) if found else None), row[2:]
    return None, row


def _in_period(month: int, of_month: int, sheet: Sheet) -> date | None:
    """Give a day without a year the year of the period."""
    years = {edge.year for edge in (sheet.first, sheet.last) if edge}
    for year in sorted(years, reverse=True):
        try:
            found = date(year, month, of_month)
        except ValueError:
            continue
        if sheet.last is None or found <= sheet.last:
            return found
    return None


def _line(booked: date, rest: list[Word], money: list[Word], sheet: Sheet) -> None:
    text = _said([word for word in rest if not MONEY.match(word[2])])
    value: int | None = None
    for left, right, said in money:
        kind = _kind(left, right, sheet.columns)
        size = _money(said, sheet.currency)
        if kind == "balance":
            continue
        if kind == "out":
            size = -abs(size)
        elif kind == "in":
            size = abs(size)
        elif sheet.sign < 0:
            size = -abs(size)
        value = size if value is None else value
    if value is not None:
        sheet.rows.append(_with_text(Row(day=booked, amount=value), text))
        sheet.may_go_on = True


def _kind(left: int, right: int, columns: dict[str, tuple[int, int]]) -> str:
    """Tell the column of an amount by the nearer of its edges: banks set amounts right or left."""
    apart = [(min(abs(left - begins), abs(right - ends)), kind) for kind, (begins, ends) in columns.items()]
    near = [found for found in apart if found[0] <= NEAR]
    return min(near)[1] if near else "amount"


def _paid(number: str, of: str, said: str, sheet: Sheet) -> Row:
    month, of_month = of.split("/")[:2]
    booked = day(of) or _in_period(int(month), int(of_month), sheet)
    if booked is None:
        raise Unreadable(f"The day {of} of check {number} lies outside the statement's period.")
    return Row(day=booked, amount=-_money(said, sheet.currency), check=number, text=f"Check {number}")


def _with_text(row: Row, text: str) -> Row:
    said = one_line(text)
    return Row(day=row.day, amount=row.amount, check=row.check or check_in(said), text=said)


def _money(text: str, currency: str) -> int:
    try:
        return amount(text, currency=currency)
    except NotMoneyError as error:
        raise Unreadable(f"An amount cannot be read: {error}.") from error


def _proved(sheet: Sheet) -> Part:
    if sheet.opening is None or sheet.closing is None:
        raise Unreadable(NO_BALANCES)
    missing = sheet.closing - sheet.opening - sum(row.amount for row in sheet.rows)
    if missing:
        told = [spoken(value, sheet.currency) for value in (sheet.opening, sheet.closing, missing)]
        raise Unreadable(UNSURE.format(*told))
    return Part(
        account=sheet.account,
        currency=sheet.currency,
        rows=tuple(sheet.rows),
        opening=sheet.opening,
        closing=sheet.closing,
        first_day=sheet.first,
        last_day=sheet.last,
    )
