"""How an item of the three-way is named to a bookkeeper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from syncapp.core.money import spoken
from trust.nouns import BankLine, Movement

OPENING = "opening"  # how the key of an opening begins, and of the checks outstanding at it


def movement(one: Movement, shown: int) -> str:
    """Name a movement: `check 1042 of $250.00, 2026-09-28, to Smith`."""
    if one.subject.split("/")[0] == OPENING:
        what = "the opening balance"
    elif one.check and one.amount < 0:
        what = f"check {one.check}"
    elif one.amount > 0:
        what = "the deposit"
    else:
        what = "the disbursement" if one.amount else "the transfer"
    who = f", {'to' if one.amount < 0 else 'from'} {one.payee}" if one.payee and one.amount else ""
    return f"{what} of {spoken(abs(shown))}, {one.day}{who}"


def line(one: BankLine) -> str:
    """Name a line of the statement: `the bank's line “WIRE IN” of $100.00, 2026-09-28`."""
    text = f" “{one.text}”" if one.text else ""
    return f"the bank's line{text} of {spoken(one.amount)}, {one.day}"


def ledger(key: str, names: Mapping[str, str]) -> str:
    """Name a ledger as people know it."""
    if key in names:
        return names[key]
    kind, _, number = key.partition("/")
    if kind == "trust":
        return "the firm's own funds in trust" if number == "firm" else "the interest of the programme"
    return f"{'client' if kind == 'contacts' else 'matter'} {number}" if number else "no client"


def sentence(text: str) -> str:
    """Begin with a capital and end with a point."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def days(one: date | None, other: date | None) -> str:
    """Tell two dates apart."""
    return f"{one or 'several days'} and {other or 'several days'}"
