"""What business portals export: CSV in five shapes, and a workbook."""

from __future__ import annotations

import csv
import io
from datetime import datetime, time
from decimal import Decimal

import xlsxwriter

from syncapp.emulators.bank.sheet import Line, Sheet, grouped, money


def _csv(rows: list[list[str]], *, delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _rows(sheet: Sheet) -> list[list[str]]:
    """Head and lines of the plain shape; pending lines first, where the portal shows them."""
    head = ["Date", "Description", "Check Number", "Reference", "Amount", "Balance"]
    pending = [[*_cells(line), "", "Pending"] for line in sheet.pending]
    posted = [[*_cells(line), money(balance), "Posted"] for line, balance in sheet.running()]
    rows = [[*head, "Status"], *pending, *posted]
    return rows if sheet.pending else [row[:-1] for row in rows]


def _cells(line: Line) -> list[str]:
    return [f"{line.day:%m/%d/%Y}", line.text, line.check, line.reference, money(line.amount)]


def plain(sheet: Sheet) -> bytes:
    """Write a CSV with plain heads, oldest first, one signed amount, a running balance."""
    return _csv(_rows(sheet)).encode()


def debit_credit(sheet: Sheet) -> bytes:
    """Write a small bank's CSV: debit and credit apart, both positive, dollars with commas, padded checks."""
    rows = [["Account", "Date", "ChkRef", "Description", "Debit", "Credit", "Balance"]]
    for line, balance in sheet.running():
        cell = f"${grouped(line.amount)}"
        check = line.check.zfill(8) if line.check else ""
        sides = [cell, ""] if line.amount < 0 else ["", cell]
        total = f"${grouped(balance)}" if balance >= 0 else f"(${grouped(balance)})"
        rows.append([sheet.account, f"{line.day:%Y-%m-%d}", check, line.text, *sides, total])
    return _csv(rows).encode()


def newest_first(sheet: Sheet) -> bytes:
    """Write a large bank's CSV: newest first, minus in parentheses, the sort of line in words."""
    rows = []
    for line, balance in sheet.running():
        sort = "CHECK" if line.check else "CREDIT" if line.amount >= 0 else "DEBIT"
        amount = f"({grouped(line.amount)})" if line.amount < 0 else grouped(line.amount)
        day = f"{line.day:%m/%d/%Y}"
        rows.append([sort, day, line.text, amount, "MISC", money(balance), line.check])
    head = ["Details", "Posting Date", "Description", "Amount", "Type", "Balance", "Check or Slip #"]
    return _csv([head, *reversed(rows)]).encode()


def preamble(sheet: Sheet) -> bytes:
    """Write a CSV that begins with a summary and a byte order mark, and whose first line is the opening."""
    first, last = f"{sheet.first_day:%m/%d/%Y}", f"{sheet.last_day:%m/%d/%Y}"
    paid_in = sum(line.amount for line in sheet.lines if line.amount > 0)
    rows = [
        ["Description", "", "Summary Amt."],
        [f"Beginning balance as of {first}", "", _quoted(sheet.opening)],
        ["Total credits", "", _quoted(paid_in)],
        ["Total debits", "", _quoted(sum(line.amount for line in sheet.lines) - paid_in)],
        [f"Ending balance as of {last}", "", _quoted(sheet.closing)],
        [],
        ["Date", "Description", "Amount", "Running Bal."],
        [first, f"Beginning balance as of {first}", "", _quoted(sheet.opening)],
    ]
    for line, balance in sheet.running():
        text = f"Check {line.check}" if line.check else line.text
        rows.append([f"{line.day:%m/%d/%Y}", text, _quoted(line.amount), _quoted(balance)])
    return _csv(rows).encode("utf-8-sig")


def _quoted(cents: int) -> str:
    return f"-{grouped(cents)}" if cents < 0 else grouped(cents)


def odd(sheet: Sheet) -> bytes:
    """Write a CSV that says nothing by itself: no plain heads, day first, minus behind, no balance."""
    rows = [["F1", "F2", "F3", "F4"]]
    for line in sheet.lines:
        amount = grouped(line.amount) + ("-" if line.amount < 0 else "")
        rows.append([f"{line.day:%d.%m.%Y}", amount, line.text, line.check])
    rows.append(["End of export", "", "", ""])
    return _csv(rows, delimiter=";").encode("cp1252", "replace")


def workbook(sheet: Sheet) -> bytes:
    """Write the plain shape as a workbook with real dates and numbers, below the bank's name."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "mm/dd/yyyy"})
    page = book.add_worksheet("Activity")
    page.write_string(0, 0, f"Account activity {sheet.account}")
    for row, cells in enumerate(_rows(sheet), start=2):
        for column, cell in enumerate(cells):
            page.write_string(row, column, cell)
    for row, line in enumerate([*sheet.pending, *sheet.lines], start=3):
        page.write_datetime(row, 0, datetime.combine(line.day, time.min))
        page.write_number(row, 4, Decimal(line.amount) / 100)
    for row, (_, balance) in enumerate(sheet.running(), start=3 + len(sheet.pending)):
        page.write_number(row, 5, Decimal(balance) / 100)
    book.close()
    return out.getvalue()
