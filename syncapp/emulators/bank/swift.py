"""MT940 as SWIFT has it: 60F and 62F balances, comma for the point, years of two digits, free text in 86."""

from __future__ import annotations

from datetime import timedelta
from textwrap import wrap

from syncapp.emulators.bank.sheet import Sheet, money

LONGEST = 65


def mt940(sheet: Sheet) -> bytes:
    """Write one statement message."""
    before = sheet.first_day - timedelta(days=1)
    records = [
        "{1:F01BANKUS33AXXX0000000000}{2:I940FIRMUS33XXXXN}{4:",
        ":20:STATEMENT",
        f":25:{sheet.account}",
        ":28C:1/1",
        f":60F:{_side(sheet.opening)}{before:%y%m%d}{sheet.currency}{_comma(sheet.opening)}",
    ]
    for line in sheet.lines:
        kind = "NCHK" if line.check else "NTRF"
        mine = line.check or line.reference[:16] or "NONREF"
        theirs = f"//{line.id[:16]}" if line.id else ""
        side = _side(line.amount)
        records.append(f":61:{line.day:%y%m%d}{line.day:%m%d}{side}{_comma(line.amount)}{kind}{mine}{theirs}")
        records.append(":86:" + "\r\n".join(wrap(line.text, LONGEST) or ["-"]))
    records += [f":62F:{_side(sheet.closing)}{sheet.last_day:%y%m%d}{sheet.currency}{_comma(sheet.closing)}"]
    return ("\r\n".join([*records, "-}"]) + "\r\n").encode("ascii", "replace")


def _side(cents: int) -> str:
    return "D" if cents < 0 else "C"


def _comma(cents: int) -> str:
    return money(abs(cents)).replace(".", ",")
