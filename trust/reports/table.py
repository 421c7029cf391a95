"""A report as CSV: the same parts in the same order as its PDF. Pure."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING

from syncapp.core.money import text
from trust.reports.nouns import Cell, Facts, Money, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trust.reports.nouns import Part, Report

# What a spreadsheet takes for a formula, in full width too (it reads those as their narrow ones).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
MARK = b"\xef\xbb\xbf"  # spreadsheets read UTF-8 by this mark


def write(report: Report) -> bytes:
    """Return the report as CSV: money with two decimals, days as ISO dates, no cell that is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in _rows(report):
        writer.writerow([_plain(cell, report.currency) for cell in row])
    return MARK + out.getvalue().encode()


def _rows(report: Report) -> Iterator[Iterable[Cell]]:
    yield (report.title,)
    yield (report.subject,)
    if report.mark:
        yield (report.mark,)
    for part in report.parts:
        yield ()
        yield (part.title,)
        yield from _part(part)
    yield ()
    yield (report.foot,)


def _part(part: Part) -> Iterator[Iterable[Cell]]:
    if isinstance(part, Facts):
        yield from part.rows
    elif isinstance(part, Table):
        yield part.heads
        yield from part.rows
        if part.totals and part.rows:
            yield part.totals
        elif not part.rows:
            yield (part.empty,)
    else:
        yield from ((paragraph,) for paragraph in part.paragraphs)


def _plain(cell: Cell, currency: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Money):
        return text(cell.minor, currency)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str) and cell.startswith(DANGEROUS):
        return f"'{cell}"
    return str(cell)
