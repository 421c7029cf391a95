"""Statements that the emulated bank writes for the tests of the readers."""

from __future__ import annotations

from datetime import date
from typing import Any

from syncapp.emulators.bank import Line, Sheet

ACCOUNT = "000123457725"


def sep(day: int) -> date:
    """A day of September 2026."""
    return date(2026, 9, day)


DEPOSITS = (
    Line(day=sep(12), amount=50_000, id="A1", reference="R1", text="Deposit"),
    Line(day=sep(12), amount=50_000, id="A2", reference="R2", text="Deposit"),
)
LINES = (
    *DEPOSITS,
    Line(
        day=sep(15), amount=-123, id="A3", text="SERVICE CHARGE, monthly & analysis fee that is rather long"
    ),
    Line(day=sep(30), amount=-25_010, id="A4", check="1042", text="Check paid Muller & Sons"),
)


def sheet(*lines: Line, opening: int = 1_000_000, closing: int | None = None, **more: Any) -> Sheet:
    """A statement of September; its closing balance follows from the lines unless another is given."""
    lines = lines or LINES
    total = opening + sum(line.amount for line in lines)
    given = {"account": ACCOUNT, "first_day": sep(1), "last_day": sep(30), **more}
    return Sheet(opening=opening, closing=total if closing is None else closing, lines=lines, **given)
