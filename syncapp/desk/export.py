"""Lists as files: CSV and XLSX, with totals, and with no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone

from accounts.downloads import CSV, download
from trust.reports.table import DANGEROUS, MARK

type Cell = str | int | Decimal | date | datetime | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table(
    *, name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], form: str, totals: Sequence[Cell] = ()
) -> HttpResponse:
    """Answer with a file of `rows`; `form` is `xlsx` or anything else for CSV. Money comes as Decimal."""
    if form == "xlsx":
        return download(_xlsx(heads, rows, totals), name=f"{name}.xlsx", kind=XLSX)
    return download(_csv(heads, rows, totals), name=f"{name}.csv", kind=CSV)


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Cell]], totals: Sequence[Cell]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    if totals:
        writer.writerow([_plain(cell) for cell in totals])
    return MARK + out.getvalue().encode()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:.2f}"
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell):%Y-%m-%d %H:%M}"
    if isinstance(cell, str) and cell.startswith(DANGEROUS):
        return f"'{cell}"
    return str(cell)


def _xlsx(heads: Sequence[str], rows: Iterable[Sequence[Cell]], totals: Sequence[Cell]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet()
    strong = book.add_format({"bold": True, "bottom": 1})
    total = book.add_format({"bold": True, "top": 1, "num_format": "#,##0.00"})
    forms = {
        Decimal: book.add_format({"num_format": "#,##0.00;(#,##0.00)"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    sheet.write_row(0, 0, heads, strong)
    sheet.freeze_panes(1, 0)
    at, widths = 0, [len(head) for head in heads]
    for at, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            value = timezone.localtime(cell).replace(tzinfo=None) if isinstance(cell, datetime) else cell
            sheet.write(at, column, value, forms.get(type(cell)))
            widths[column] = min(max(widths[column], len(_plain(cell))), 60)
    if totals:
        sheet.write_row(at + 1, 0, totals, total)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width + 2)
    if at:
        sheet.autofilter(0, 0, at, len(heads) - 1)
    book.close()
    return buffer.getvalue()
