"""Payments from trust as a person recorded them in Clio, against the lines that the partner signed. Pure.

Each payment is checked against what was signed and not yet recorded when it was recorded: a line that is
signed later covers nothing that happened before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from syncapp.core.documents import Payment
from syncapp.core.money import spoken

type Part = tuple[str, int, int]  # ledger, bill, amount


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedLine:
    """One line of a signed list; `ended` is when somebody took its rest off the list."""

    id: int
    ledger: str
    bill: int
    amount: int
    at: datetime
    ended: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a payment from trust took from one ledger for one bill; `at` is when Tieout first read it."""

    subject: str
    ledger: str
    bill: int
    amount: int
    day: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A recorded payment, or the part of one, that no signed line covers."""

    recorded: Recorded
    amount: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A signed line with what was recorded of it, and what is still to be recorded."""

    line: SignedLine
    recorded: int
    rest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Recorded payments against the signed lists: what is outside them, and how each line stands."""

    outside: tuple[Outside, ...]
    lines: tuple[Followed, ...]

    @property
    def open(self) -> tuple[Followed, ...]:
        """Return the lines that are still to be recorded in Clio."""
        return tuple(one for one in self.lines if one.rest)


class _Sweep:
    """The signed lines as they stand at one moment: what is still to be recorded of each."""

    def __init__(self, lines: Iterable[SignedLine]) -> None:
        self.lines = sorted(lines, key=lambda line: (line.at, line.id))
        self.rest = {line.id: 0 for line in self.lines}
        self.done = {line.id: 0 for line in self.lines}

    def cover(self, one: Recorded) -> int:
        """Take a payment from the lines that are open for it, the oldest first; return what they covered."""
        left = one.amount
        for line in self.lines:
            if (line.ledger, line.bill) == (one.ledger, one.bill):
                part = min(left, self.rest[line.id])
                self.rest[line.id] -= part
                self.done[line.id] += part
                left -= part
        return one.amount - left


def check_recorded(signed: Iterable[SignedLine], recorded: Iterable[Recorded]) -> Checked:
    """Check payments against signed lines in the order in which both came about, the oldest line first."""
    sweep = _Sweep(signed)
    marks = sorted({mark for line in sweep.lines for mark in (line.at, line.ended) if mark is not None})
    outside: list[Outside] = []
    waiting = sorted(recorded, key=lambda one: (one.at, one.day, one.subject, one.bill))
    for number, mark in enumerate([None, *marks]):
        until = marks[number] if number < len(marks) else None
        for line in sweep.lines:
            if line.at == mark:
                sweep.rest[line.id] = line.amount
            if line.ended == mark and mark is not None:
                sweep.rest[line.id] = 0
        while waiting and (until is None or waiting[0].at < until):
            one = waiting.pop(0)
            covered = sweep.cover(one)
            if covered < one.amount:
                outside.append(Outside(recorded=one, amount=one.amount - covered, words=_words(one, covered)))
    lines = tuple(
        Followed(line=line, recorded=sweep.done[line.id], rest=sweep.rest[line.id]) for line in sweep.lines
    )
    return Checked(outside=tuple(outside), lines=lines)


def _words(one: Recorded, covered: int) -> str:
    if not covered:
        return f"{spoken(one.amount)} left trust for a bill that is not on the signed list of this ledger."
    return f"{spoken(one.amount)} left trust; the signed list has {spoken(covered)} for it."


def parts_of(payment: Payment, ledgers: Mapping[str, int]) -> list[Part]:
    """Tell what a payment took from which ledger for which bill: each bill from its own matter first.

    `ledgers` is what it took from each, positive. A bill that Clio does not name is 0, a ledger "".
    """
    room = dict(ledgers)
    left = {part.id: part.amount for part in payment.allocations}
    found: list[Part] = []
    for own in (True, False):
        for part in sorted(payment.allocations, key=lambda one: one.id):
            for ledger in sorted(room):
                taken = min(left[part.id], room[ledger])
                if taken > 0 and (ledger == f"matters/{part.matter_id}") is own:
                    room[ledger] -= taken
                    left[part.id] -= taken
                    found.append((ledger, part.bill_id or 0, taken))
    bills = {part.id: part.bill_id or 0 for part in payment.allocations}
    return found + [("", bills[id_], amount) for id_, amount in left.items() if amount > 0]
