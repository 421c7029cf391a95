"""Amounts and days as banks write them. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

from syncapp.core.money import NotMoneyError, minor

MINUS = str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "’": "'"})
SIGNS = re.compile(r"(?:\b(?P<side>CR|DR|C|D)\b\.?)", re.IGNORECASE)
NUMBER = re.compile(r"^\d*[.,']?(?:[\d.,' ]*\d)?[.,]?$")
CURRENCY = re.compile(r"(?:\b[A-Z]{1,3})?\s*[$€£¥]|\b(?:USD|CAD|GBP|EUR|AUD|NZD|CHF|JPY)\b")
TWO = 2


def amount(text: str, *, currency: str = "USD", decimal: str = "") -> int:
    """Read an amount as signed minor units: `(250.10)`, `250.10-`, `$1,500.00`, `−3`, `12.00 DR`.

    `decimal` is the decimal mark; empty leaves it to the shape. Raises NotMoneyError for anything else, and
    for a fraction of a cent.
    """
    bare = CURRENCY.sub("", text.translate(MINUS).strip()).strip()
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()").strip()
    if side := SIGNS.search(bare):
        negative = negative or side["side"].upper().startswith("D")
        bare = SIGNS.sub("", bare).strip()
    if bare.endswith("-") or bare.startswith("-"):
        negative = not negative if text.strip().startswith("-(") else True
        bare = bare.strip("-").strip()
    bare = bare.removeprefix("+").removesuffix("+").strip()
    if not bare or not NUMBER.match(bare) or not any(mark.isdigit() for mark in bare):
        raise NotMoneyError(f"“{text[:40]}” is not an amount")
    value = minor(_pointed(bare, decimal), currency)
    return -value if negative else value


def _pointed(bare: str, decimal: str) -> str:
    """Take grouping marks out and make the decimal mark a point."""
    mark = decimal or _decimal_mark(bare)
    whole, _, rest = bare.rpartition(mark) if mark and mark in bare else (bare, "", "")
    return f"{re.sub(r'[^0-9]', '', whole) or '0'}.{rest or '0'}"


def _decimal_mark(bare: str) -> str:
    """Tell the decimal mark: the last of two kinds, a single one that cannot group, else the point."""
    last = max(bare.rfind("."), bare.rfind(","))
    if last < 0:
        return ""
    if "." in bare and "," in bare:
        return bare[last]
    if bare[last] == "." and bare.count(".") == 1:
        return "."
    return bare[last] if bare.count(bare[last]) == 1 and len(bare) - last - 1 <= TWO else ""


MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
ORDERS = ("mdy", "dmy", "ymd")
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_DAYS = range(20_000, 80_000)  # 1954 to 2119
NUMBERS = re.compile(r"^\s*(\d{1,4})[-/.\s](\d{1,2})[-/.\s](\d{2,4})(?:\D.*)?$")
COMPACT = re.compile(r"^\s*(\d{4})(\d{2})(\d{2})(?:\D.*)?$")
WORDED = re.compile(r"^\s*(?:[A-Za-z]+,\s*)?(\d{1,2})[-\s/.]+([A-Za-z]{3,9})\.?[-\s/.,]+(\d{2,4})\b.*$")
WORD_FIRST = re.compile(r"^\s*(?:[A-Za-z]+,\s*)?([A-Za-z]{3,9})\.?[-\s/.]+(\d{1,2})[,\s-]+(\d{2,4})\b.*$")
SERIAL = re.compile(r"^\s*(\d{5})(?:\.\d+)?\s*$")
YEAR_DIGITS = 4
CENTURY = 2000


def day(text: str, *, order: str = "mdy") -> date | None:
    """Read a day; None for what is none. The calendar day is the file's: what follows it is not looked at."""
    if found := WORDED.match(text):
        return _date(found[3], MONTHS.get(found[2][:3].lower(), 0), found[1])
    if found := WORD_FIRST.match(text):
        return _date(found[3], MONTHS.get(found[1][:3].lower(), 0), found[2])
    if found := COMPACT.match(text):
        return _date(*found.groups())
    if found := NUMBERS.match(text):
        first, second, third = found.groups()
        if len(first) == YEAR_DIGITS:
            return _date(first, second, third)
        return _date(third, second, first) if order == "dmy" else _date(third, first, second)
    if (found := SERIAL.match(text)) and int(found[1]) in EXCEL_DAYS:
        return EXCEL_EPOCH + timedelta(days=int(found[1]))
    return None


def _date(year: str, month: str | int, of_month: str) -> date | None:
    whole = int(year) if len(year) == YEAR_DIGITS else CENTURY + int(year)
    try:
        return date(whole, int(month), int(of_month))
    except ValueError:
        return None


def order_of(texts: list[str]) -> tuple[str, bool]:
    """Tell whether months or days come first, and whether the days themselves say so. Months, unless."""
    fits = {order: all(day(text, order=order) is not None for text in texts) for order in ("mdy", "dmy")}
    numbered = [found for text in texts if (found := NUMBERS.match(text)) and len(found[1]) < YEAR_DIGITS]
    certain = not numbered or fits["mdy"] != fits["dmy"] or all(found[1] == found[2] for found in numbered)
    return ("dmy" if fits["dmy"] and not fits["mdy"] else "mdy"), certain
