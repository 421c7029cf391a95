"""How long matching takes: 10,000 bank lines against 10,000 entries, of a usual year and at their worst."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tests.bench.document import table
from trust.matching import match
from trust.nouns import BankLine, Movement

MANY = 10_000
FIRST = date(2026, 1, 1)
HEAD = ["10,000 lines × 10,000 entries", "processor s", "certain", "suggested", "left over"]

type Sides = tuple[list[BankLine], list[Movement]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one shape took: seconds of processor, and how many lines came out how."""

    shape: str
    seconds: float
    certain: int
    suggested: int
    left: int


def a_year(chance: random.Random) -> Sides:
    """Return a year: checks that clear in weeks, deposits in days, batches, a few of the bank's own."""
    lines, entries = [], []
    for number in range(MANY):
        day = FIRST + timedelta(days=chance.randrange(365))
        paid = chance.random() < 0.5
        amount = chance.randrange(1_000, 2_000_000) * (-1 if paid else 1)
        check = str(10_000 + number) if paid else ""
        entries.append(Movement(subject=f"bank_transactions/{number}", day=day, amount=amount, check=check))
        if chance.random() < 0.98:
            cleared = day + timedelta(days=chance.randrange(40 if paid else 5))
            lines.append(BankLine(id=f"L{number}", day=cleared, amount=amount, check=check))
    while len(lines) < MANY:
        number = len(lines)
        day = FIRST + timedelta(days=chance.randrange(365))
        lines.append(
            BankLine(id=f"B{number}", day=day, amount=-chance.randrange(100, 5_000), text="BANK FEE")
        )
    return lines, entries


def all_alike(_chance: random.Random) -> Sides:
    """Return one amount on one day, named alike."""
    lines = [BankLine(id=f"L{n}", day=FIRST, amount=50_000, text="DEPOSIT ANN SMITH") for n in range(MANY)]
    entries = [
        Movement(subject=f"bank_transactions/{n}", day=FIRST, amount=50_000, payee="Ann Smith")
        for n in range(MANY)
    ]
    return lines, entries


def strangers(chance: random.Random) -> Sides:
    """Return lines and entries of which none fits another, all within a month: every sum is tried."""
    lines = [
        BankLine(
            id=f"L{n}",
            day=FIRST + timedelta(days=chance.randrange(30)),
            amount=chance.randrange(2, 9**9) * 2 + 1,
        )
        for n in range(MANY)
    ]
    entries = [
        Movement(
            subject=f"bank_transactions/{n}",
            day=FIRST + timedelta(days=chance.randrange(30)),
            amount=chance.randrange(1, 9**8) * 2,
        )
        for n in range(MANY)
    ]
    return lines, entries


SHAPES: dict[str, Callable[[random.Random], Sides]] = {
    "a year": a_year,
    "all of one amount, one day and one payee": all_alike,
    "nothing fits, every sum is tried": strangers,
}


def taken(shape: str, *, seed: int = 4) -> Taken:
    """Match one shape and measure it."""
    lines, entries = SHAPES[shape](random.Random(seed))
    began = time.process_time()
    found = match(lines, entries)
    seconds = time.process_time() - began
    certain = sum(len(one.lines) for one in found.automatic)
    suggested = sum(len(one.lines) for one in found.suggested)
    return Taken(
        shape=shape,
        seconds=seconds,
        certain=certain,
        suggested=suggested,
        left=len(lines) - certain - suggested,
    )


def figures() -> str:
    """Return the table."""
    rows = [
        [one.shape, f"{one.seconds:.1f}", f"{one.certain:,}", f"{one.suggested:,}", f"{one.left:,}"]
        for one in (taken(shape) for shape in SHAPES)
    ]
    return table(HEAD, rows)
