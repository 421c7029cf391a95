"""BAI2: one group for each banking day, whole cents without a point, control totals at every level.

Type codes: 010 opening ledger, 015 closing ledger, 100 and 400 summaries; 475 check paid, 165 a credit, 469 a
debit. The sign is in the code alone. A long text goes on in an 88 record.
"""

from __future__ import annotations

from datetime import date, timedelta
from textwrap import wrap

from syncapp.emulators.bank.sheet import Line, Sheet

SATURDAY = 5
WIDTH = 60


def bai2(sheet: Sheet) -> bytes:
    """Write a prior-day report of each banking day of the period."""
    groups, balance = [], sheet.opening
    for day in _days(sheet):
        own = [line for line in sheet.lines if line.day == day]
        after = balance + sum(line.amount for line in own)
        # what the bank says at the end is its own, whether or not the lines lead there
        groups.append(_group(sheet, day, own, balance, sheet.closing if day == sheet.last_day else after))
        balance = after
    made = f"{sheet.last_day + timedelta(days=1):%y%m%d}"
    records = [f"01,BANKOF,FIRM,{made},0600,1,80,,2/", *(record for group, _ in groups for record in group)]
    total = sum(total for _, total in groups)
    records.append(f"99,{total},{len(groups)},{len(records) + 1}/")
    return ("\r\n".join(records) + "\r\n").encode("ascii", "replace")


def _days(sheet: Sheet) -> list[date]:
    """Banking days, the period's edges, and every day with a line."""
    span = (sheet.last_day - sheet.first_day).days
    every = [sheet.first_day + timedelta(days=n) for n in range(span + 1)]
    used = {line.day for line in sheet.lines} | {sheet.first_day, sheet.last_day}
    return [day for day in every if day.weekday() < SATURDAY or day in used]


def _group(sheet: Sheet, day: date, lines: list[Line], opening: int, closing: int) -> tuple[list[str], int]:
    paid_in = [line.amount for line in lines if line.amount >= 0]
    paid_out = [-line.amount for line in lines if line.amount < 0]
    account = [
        f"03,{sheet.account},{sheet.currency},010,{opening},,/",
        f"88,015,{closing},,/",
        f"88,100,{sum(paid_in)},{len(paid_in)},,400,{sum(paid_out)},{len(paid_out)},/",
    ]
    for line in lines:
        account += _detail(line)
    total = opening + closing + 2 * (sum(paid_in) + sum(paid_out))
    account.append(f"49,{total},{len(account) + 1}/")
    head = f"02,FIRM,BANKOF,1,{day:%y%m%d},2359,{sheet.currency},2/"
    return [head, *account, f"98,{total},1,{len(account) + 2}/"], total


def _detail(line: Line) -> list[str]:
    code = ("475" if line.check else "469") if line.amount < 0 else "165"
    first, *rest = wrap(line.text.replace("/", " "), WIDTH) or [""]
    mine = line.check or line.reference.replace(",", " ")
    records = [f"16,{code},{abs(line.amount)},Z,{line.id},{mine},{first}"]
    return records + [f"88,{part}" for part in rest]
