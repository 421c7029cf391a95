"""A CSV or a workbook as a table of texts. Pure.

A bank's export holds no formulas: a cell that is one has been planted or was saved by a spreadsheet, and the
file is refused. `="0001042"`, which banks write to keep zeros, is a text.
"""

from __future__ import annotations

import csv
import re
import warnings
from collections import Counter
from datetime import date, datetime, time
from decimal import Decimal
from importlib.metadata import version
from io import BytesIO, StringIO
from typing import Any

from trust.nouns import Unreadable
from trust.statements.lines import MOST_LINES, TOO_MANY, one_line
from trust.statements.profile import DELIMITERS, HEAD_ROWS

MOST_COLUMNS = 100
MOST_SHEETS = 20
KEPT_TEXT = re.compile(r'^="([^"=]*)"$')
FORMULA = re.compile(r"^\s*(?:=|@\w+\(|[+\-][A-Za-z]\w*\(|[+\-@]\w+\|)")
FORMULA_WORDS = (
    "Row {} holds a formula ({}). A bank's file has none. Download it again from the bank, and do not open "
    "it in a spreadsheet before."
)
BROKEN = "The CSV is broken: a quoted text does not end, or a cell is a book. Download it again."
MIDNIGHT = time.min
CSV_READER = ("csv", "1")


def from_csv(body: str, *, delimiter: str = "") -> tuple[list[list[str]], str]:
    """Return a CSV's rows and its delimiter, found unless it is given. Raises Unreadable for a broken one."""
    try:
        chosen = delimiter or delimiter_of(body)
        rows = [list(row) for row in csv.reader(StringIO(body, newline=""), delimiter=chosen)]
    except csv.Error as error:
        raise Unreadable(BROKEN) from error
    return _checked(rows), chosen


def delimiter_of(body: str) -> str:
    """Tell the delimiter: the one that cuts the most rows into the same number of cells."""
    sample = "\n".join(body.splitlines()[:200])
    best, score = ",", 0
    for mark in DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(StringIO(sample), delimiter=mark))
        found = max(((count * (width - 1)) for width, count in widths.items() if width > 1), default=0)
        if found > score:
            best, score = mark, found
    return best


def from_workbook(content: bytes) -> list[list[str]]:
    """Return the rows of the workbook's fullest sheet. Raises Unreadable for a damaged one."""
    from openpyxl import load_workbook  # only a workbook needs it, and it loads for long

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
            fullest: list[list[str]] = []
            seen = 0
            for sheet in book.worksheets[:MOST_SHEETS]:
                rows = _cells(sheet, MOST_LINES + HEAD_ROWS - seen)
                seen += len(rows)
                fullest = max(fullest, rows, key=len)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("The workbook is damaged. Save it again as .xlsx or CSV.") from error
    return _checked(fullest)


def workbook_reader() -> tuple[str, str]:
    """Return who reads workbooks, and which version."""
    return "openpyxl", version("openpyxl")


def _cells(sheet: Any, most: int) -> list[list[str]]:
    """Return a sheet's rows; a row that is not written counts, because the reader fills it in."""
    rows: list[list[str]] = []
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)):
        if number > most:
            raise Unreadable(TOO_MANY.format(number))
        rows.append([_text(value) for value in row])
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == MIDNIGHT else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Decimal):
        return str(value)
    # a number of a sheet is binary; its shortest text is the decimal that the bank wrote
    return f"{Decimal(repr(value)):f}" if isinstance(value, float) else str(value)


def _checked(rows: list[list[str]]) -> list[list[str]]:
    if len(rows) > MOST_LINES + HEAD_ROWS:
        raise Unreadable(TOO_MANY.format(len(rows)))
    if max((len(row) for row in rows), default=0) > MOST_COLUMNS:
        raise Unreadable(f"The table has more than {MOST_COLUMNS} columns. Bring the bank's own export.")
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if kept := KEPT_TEXT.match(value.strip()):
                row[column] = kept[1]
            elif FORMULA.match(value):
                raise Unreadable(FORMULA_WORDS.format(number, one_line(value, 30)))
    return rows
