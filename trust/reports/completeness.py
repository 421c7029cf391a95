"""Completeness: what became of each movement that Clio has, and what stands in the books without one. Pure.

Amounts are minor units.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trust.nouns import Movement
from trust.reports.nouns import Cell, Money, Report, Table


class State(StrEnum):
    """What became of a movement that Clio has."""

    POSTED = "posted"
    HELD = "held"
    EXCLUDED = "excluded"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Movements of one kind together: money in, money out (negative), and between ledgers."""

    count: int = 0
    received: int = 0
    paid: int = 0
    between: int = 0

    @property
    def net(self) -> int:
        """Return what they do to the account."""
        return self.received + self.paid


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One movement with what became of it, and why where it was not posted."""

    movement: Movement
    state: State
    reason: str
    whose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete:
    """Clio's movements of a trust account and days, each in one state, and what has no source.

    `entries` are our own entries of the days, `without` those whose source is gone or whose days differ, and
    `strays` what stands in the books beside them.
    """

    firm: str
    account: str
    currency: str
    first: date
    last: date
    rows: tuple[Row, ...]
    entries: Counted
    without: tuple[Movement, ...]
    strays: tuple[Movement, ...]

    def of(self, state: State | None = None) -> Counted:
        """Count the movements of a state, or all."""
        return counted(row.movement for row in self.rows if state in {None, row.state})

    @property
    def difference(self) -> int:
        """Return by how much our entries differ from the movements that they stand for."""
        return self.entries.net - self.of(State.POSTED).net - counted(self.without).net

    @property
    def whole(self) -> bool:
        """Say whether every movement is posted and every entry has its source."""
        all_posted = all(row.state is State.POSTED for row in self.rows)
        return all_posted and not self.difference and not self.without and not self.strays


def counted(movements: Iterable[Movement]) -> Counted:
    """Add movements up."""
    listed = list(movements)
    return Counted(
        count=len(listed),
        received=sum(one.amount for one in listed if one.amount > 0),
        paid=sum(one.amount for one in listed if one.amount < 0),
        between=sum(_worth(one) for one in listed if not one.amount),
    )


def _worth(one: Movement) -> int:
    return sum(amount for _, amount in one.ledgers if amount > 0)


WORDS = {
    State.POSTED: "Posted",
    State.HELD: "Held for a person",
    State.EXCLUDED: "Left out by rule",
    State.WAITING: "Not settled yet",
}
LIST = ("Date", "Check or reference", "Payer or payee", "Client and matter", "Why", "Amount", "Clio")


def report(found: Complete) -> Report:
    """Write it: the count by state with its sums, then each list that is not simply posted."""
    parts = [
        _states(found),
        *(_listed(found, state) for state in (State.HELD, State.EXCLUDED, State.WAITING)),
        _entries("Entries whose source is gone or of other days", found.without),
        _entries("Lines of the books without a source", found.strays),
    ]
    return Report(
        title="Completeness of client money",
        subject=f"{found.firm}: {found.account}, {found.first:%-d %b %Y} to {found.last:%-d %b %Y}",
        parts=tuple(part for part in parts if part is not None),
        currency=found.currency,
        foot="Each movement that Clio has stands in one state; the states sum to all of them.",
    )


def sentence(found: Complete) -> str:
    """Say the answer in one sentence."""
    all_of = found.of().count
    if not all_of:
        return "Clio has no movement of client money in these days."
    if found.whole:
        return f"All {all_of:,} movements that Clio has are posted, and nothing else is in the books."
    parts = [f"{found.of(state).count:,} {WORDS[state].lower()}" for state in State if found.of(state).count]
    beside = len(found.without) + len(found.strays)
    more = f"; {beside:,} in the books without a source" if beside else ""
    return f"Of {all_of:,} movements that Clio has: {', '.join(parts)}{more}."


def _states(found: Complete) -> Table:
    rows = [(WORDS[state], *_sums(found.of(state))) for state in State]
    return Table(
        title="What became of each movement",
        heads=("State", "Movements", "Money in", "Money out", "Between ledgers"),
        rows=(*rows, ("Our entries in the books", *_sums(found.entries))),
        totals=("All that Clio has", *_sums(found.of())),
    )


def _sums(of: Counted) -> tuple[Cell, ...]:
    return (of.count, Money(of.received), Money(of.paid), Money(of.between))


def _listed(found: Complete, state: State) -> Table | None:
    rows = [row for row in found.rows if row.state is state]
    if not rows:
        return None
    return Table(
        title=WORDS[state],
        heads=LIST,
        rows=tuple(
            (
                row.movement.day,
                row.movement.check or row.movement.reference,
                row.movement.payee,
                row.whose,
                row.reason,
                Money(row.movement.amount),
                row.movement.subject,
            )
            for row in rows
        ),
        totals=("Total", "", "", "", "", Money(sum(row.movement.amount for row in rows)), ""),
    )


def _entries(title: str, listed: tuple[Movement, ...]) -> Table:
    return Table(
        title=title,
        heads=("Date", "Number", "Text", "Amount", "In the books"),
        rows=tuple(
            (one.day, one.number, one.payee or one.text, Money(one.amount), one.subject) for one in listed
        ),
        totals=("Total", "", "", Money(sum(one.amount for one in listed)), ""),
    )
