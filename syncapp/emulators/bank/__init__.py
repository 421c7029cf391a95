"""A bank: it writes a statement from a list of lines, in every format that banks hand out.

A witness, not a mock: it shares no code with `trust.statements`, and what it is told it writes, a closing
balance that does not follow from the lines too. What banks do is TRUST-RULES, "Bank statement formats".
"""

from __future__ import annotations

from collections.abc import Callable

from syncapp.emulators.bank import camt, ofx, paper, swift, tables, treasury
from syncapp.emulators.bank.sheet import Line, Sheet

__all__ = ["FORMATS", "SUFFIX", "Line", "Sheet", "write"]

WRITERS: dict[str, Callable[[Sheet], bytes]] = {
    "ofx1": ofx.sgml,
    "ofx2": ofx.xml,
    "qfx": ofx.quicken,
    "qbo": ofx.web_connect,
    "csv": tables.plain,
    "csv-debit-credit": tables.debit_credit,
    "csv-newest-first": tables.newest_first,
    "csv-preamble": tables.preamble,
    "csv-odd": tables.odd,
    "xlsx": tables.workbook,
    "bai2": treasury.bai2,
    "camt053": camt.camt053,
    "mt940": swift.mt940,
    "pdf": paper.pdf,
}
FORMATS: tuple[str, ...] = tuple(WRITERS)
SUFFIX: dict[str, str] = {
    **dict.fromkeys(["ofx1", "ofx2"], "ofx"),
    **dict.fromkeys([name for name in WRITERS if name.startswith("csv")], "csv"),
    "qfx": "qfx",
    "qbo": "qbo",
    "xlsx": "xlsx",
    "bai2": "bai",
    "camt053": "xml",
    "mt940": "sta",
    "pdf": "pdf",
}


def write(format: str, sheet: Sheet) -> bytes:  # noqa: A002 - what banks call it
    """Write one account's statement. Raises KeyError for a format that no bank has."""
    return WRITERS[format](sheet)
