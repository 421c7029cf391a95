"""What every reader makes first, and a line's identity within its account (TRUST-RULES, rule 3). Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from trust.nouns import BankLine

LONGEST_TEXT, LONGEST_REFERENCE, LONGEST_ID = 500, 140, 60
MOST_LINES = 50_000
TOO_MANY = "The file holds {:,} lines; a statement has fewer. Bring a shorter period."
CHECK_IN_TEXT = re.compile(
    r"^\W*+(?:check|cheque|chk)\W*+(?:no\.?|number|paid)?+\W*+(\d{2,10})\b", re.IGNORECASE
)
BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line as a file has it; `mark` is the bank's own id of it, if there is one."""

    day: date
    amount: int
    mark: str = ""
    check: str = ""
    reference: str = ""
    text: str = ""


def one_line(text: str, longest: int = LONGEST_TEXT) -> str:
    """Make a text one line without control characters."""
    return BLANKS.sub(" ", text).strip()[:longest]


def check_number(text: str) -> str:
    """Return a check number as people say it: `0000001042` is 1042, and 0 is none."""
    bare = one_line(text, 40).removeprefix("#").strip()
    return bare.lstrip("0") if bare.isdigit() else bare


def check_in(text: str) -> str:
    """Return the check number that a text begins with: `Check 1042`, `CHECK #1042 PAID`."""
    found = CHECK_IN_TEXT.match(text)
    return found[1] if found else ""


def texts(*parts: str) -> str:
    """Join what a bank says of a line, leaving out what an other part says already."""
    said: list[str] = []
    for part in filter(None, (one_line(part) for part in parts)):
        if any(part.casefold() in other.casefold() for other in said):
            continue
        said = [other for other in said if other.casefold() not in part.casefold()] + [part]
    return " · ".join(said)[:LONGEST_TEXT]


def identified(rows: Sequence[Row]) -> tuple[BankLine, ...]:
    """Give each line of one account in one file its identity.

    The bank's own mark where it is there and unique in the file, else a hash of day, amount, check number,
    text and the line's number among its equals: two equal deposits stay two.
    """
    marks = Counter(row.mark for row in rows)
    equals: Counter[str] = Counter()
    found = []
    for row in rows:
        if row.mark and marks[row.mark] == 1:
            identity = row.mark if len(row.mark) <= LONGEST_ID else sha256(row.mark.encode()).hexdigest()
            identity = f"id:{identity}"
        else:
            same = content(row)
            equals[same] += 1
            identity = f"is:{same}:{equals[same]}"
        found.append(_line(row, identity))
    return tuple(found)


def content(row: Row) -> str:
    """Return the hash of what a line says."""
    said = [row.day.isoformat(), str(row.amount), check_number(row.check), one_line(row.text).casefold()]
    return sha256("\x1f".join(said).encode()).hexdigest()[:32]


def _line(row: Row, identity: str) -> BankLine:
    return BankLine(
        id=identity,
        day=row.day,
        amount=row.amount,
        check=check_number(row.check),
        reference=one_line(row.reference, LONGEST_REFERENCE),
        text=one_line(row.text),
    )
