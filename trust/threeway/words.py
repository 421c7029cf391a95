"""How an item of the three-way is named to a bookkeeper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from syncapp.core.money import spoken
from trust.nouns import BankLine, Movement

OPENING = "opening"  # how the key of an opening begins, and of the checks outstanding at it
BOOKS = "books/"  # how the key of a row of the books begins that is not ours
BOOKS_NAME = "QuickBooks"
NOUNS = {"journal": "journal entry"}  # where the kind of a row is not its own noun


def movement(one: Movement, shown: int) -> str:
    """Name a movement: `check 1042 of $250.00, 28 Sep 2026, to Smith`."""
    if one.subject.startswith(BOOKS):
        what = in_books(one)
    elif one.subject.split("/")[0] == OPENING:
        what = "the opening balance"
    elif one.check and one.amount < 0:
        what = f"check {one.check}"
    elif one.amount > 0:
        what = "the deposit"
    else:
        what = "the disbursement" if one.amount else "the transfer"
    who = f", {'to' if one.amount < 0 else 'from'} {one.payee}" if one.payee and one.amount else ""
    return f"{what} of {spoken(abs(shown))}, {day(one.day)}{who}"


def in_books(one: Movement) -> str:
    """Name a row of the books as people find it there: `QuickBooks check 1066`."""
    kind = one.subject.removeprefix(BOOKS).partition(":")[0]
    noun = NOUNS.get(kind, kind.replace("_", " "))
    return f"{BOOKS_NAME} {noun} {one.number or one.check or 'without a number'}"


def day(one: date) -> str:
    """Say a day as every page does: `5 Jul 2026`."""
    return f"{one:%-d %b %Y}"


def line(one: BankLine) -> str:
    """Name a line of the statement: `the bank's line “WIRE IN” of $100.00, 28 Sep 2026`."""
    text = f" “{one.text}”" if one.text else ""
    return f"the bank's line{text} of {spoken(one.amount)}, {day(one.day)}"


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
