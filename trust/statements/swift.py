"""MT940, read by `mt-940`, one message at a time. Pure.

60F and 62F are the balances (60M and 62M those between pages), years have two digits, 86 is free text. The
day is the entry date; the sign is C or RD for money in, D or RC for money out.
"""

from __future__ import annotations

import re
from datetime import date
from importlib.metadata import version
from io import StringIO
from typing import Any

from mt940 import parse
from mt940.models import Transaction, Transactions

from syncapp.core.money import NotMoneyError, minor
from trust.nouns import Reading, Unreadable
from trust.statements.joining import Part, joined, opens_on
from trust.statements.lines import Row, one_line, texts

START = re.compile(r"(?m)^:20:")
ENVELOPE = re.compile(r"(?m)^(?:\{[^\r\n]*|-\}?[^\r\n]*)$")
NO_REFERENCE = {"NONREF", "NOTPROVIDED"}
CHECK = "CHK"
OUT = {"D", "RC", "ED"}
DAMAGED = "The MT940 file is damaged: a field is missing or broken."


def read(body: str) -> Reading:
    """Read an MT940 file. Raises Unreadable for a damaged one."""
    bare = ENVELOPE.sub("", body.replace("\r\n", "\n"))
    starts = [found.start() for found in START.finditer(bare)]
    messages = [bare[here:there].strip() for here, there in zip(starts, [*starts[1:], None], strict=True)]
    parts = [_part(message) for message in messages]
    return Reading(reader="mt-940", version=version("mt-940"), statements=joined(parts))


def _part(message: str) -> Part:
    try:
        found: Transactions = parse(StringIO(message))
        said: dict[str, Any] = found.data
        rows = tuple(_row(line) for line in found)
    except (NotMoneyError, Unreadable):
        raise
    except Exception as error:
        raise Unreadable(DAMAGED) from error
    if message.count("\n:61:") + message.startswith(":61:") != len(rows):
        raise Unreadable(DAMAGED)
    opening = said.get("final_opening_balance") or said.get("intermediate_opening_balance")
    closing = said.get("final_closing_balance") or said.get("intermediate_closing_balance")
    if opening is None or closing is None:
        raise Unreadable("The file names no opening or no closing balance. Bring the whole statement.")
    begins, ends = _day(opening.date), _day(closing.date)
    return Part(
        account=one_line(said.get("account_identification", "")),
        currency=opening.amount.currency,
        rows=rows,
        opening=minor(opening.amount.amount, opening.amount.currency),
        closing=minor(closing.amount.amount, closing.amount.currency),
        first_day=min(opens_on(begins, rows), ends),
        last_day=ends,
    )


def _day(value: date) -> date:
    return date(value.year, value.month, value.day)


def _row(line: Transaction) -> Row:
    said = line.data
    size = abs(minor(said["amount"].amount, said["amount"].currency))
    mine = one_line(said.get("customer_reference") or "")
    theirs = one_line(said.get("bank_reference") or "")
    is_check = str(said.get("id") or "").endswith(CHECK) and mine.isdigit()
    return Row(
        day=_day(said.get("entry_date") or said["date"]),
        amount=-size if str(said["status"]).upper() in OUT else size,
        mark="" if theirs in NO_REFERENCE else theirs,
        check=mine if is_check else "",
        reference="" if is_check or mine in NO_REFERENCE else mine,
        text=texts(said.get("transaction_details") or "", said.get("extra_details") or ""),
    )
