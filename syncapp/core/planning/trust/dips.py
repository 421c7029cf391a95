"""When a ledger of client money is below zero: since when, by what, how far, and until when. Pure.

Movements of one day count in the order in which the practice system took them (the ids of its rows): a
ledger that is below zero within a day and not at its end is told too. A payment without a row tells no order:
what it brings counts first, and what it takes last, because nobody can say that a ledger was below zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from syncapp.core.ledger import UNTAGGED

_ID = re.compile(r"\d+")
_PAYMENTS = "payments/"
_LAST = 2**63  # above every id (clio/API.md section 6)


class Moving(Protocol):
    """What a dip is told from."""

    @property
    def subject(self) -> str:
        """Its natural key."""
        ...

    @property
    def day(self) -> date:
        """Its day."""
        ...

    @property
    def ledgers(self) -> tuple[tuple[str, int], ...]:
        """What it does to each ledger, in minor units."""
        ...

    @property
    def order(self) -> int:
        """The id of its row where that is not in its key; 0 where none is known."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Dip:
    """A time below zero of one ledger, in minor units: `lowest` at its worst, `balance` at its last.

    `subject` is the movement that took it there, `further` are those that took more out while it was below,
    `cure` is the one that made it good and `until` its day (None: not yet).
    """

    ledger: str
    day: date
    subject: str
    lowest: int
    balance: int
    until: date | None = None
    cure: str = ""
    further: tuple[str, ...] = ()

    @property
    def intraday(self) -> bool:
        """Tell whether it began and ended within one day."""
        return self.until == self.day


def dips(movements: Iterable[Moving]) -> list[Dip]:
    """Return every time that a ledger was below zero, in order of day."""
    balances: dict[str, int] = {}
    below: dict[str, Dip] = {}
    found: list[Dip] = []
    for moved in in_order(movements):
        for ledger, amount in moved.ledgers:
            if ledger in {"", UNTAGGED.key}:
                continue
            balances[ledger] = balances.get(ledger, 0) + amount
            balance, dip = balances[ledger], below.get(ledger)
            if dip is None:
                if balance < 0:
                    below[ledger] = Dip(
                        ledger=ledger, day=moved.day, subject=moved.subject, lowest=balance, balance=balance
                    )
            elif balance < 0:
                below[ledger] = _deeper(dip, moved, amount, balance)
            else:
                del below[ledger]
                found.append(replace(dip, balance=balance, until=moved.day, cure=moved.subject))
    return sorted([*found, *below.values()], key=lambda dip: (dip.day, dip.ledger))


def _deeper(dip: Dip, moved: Moving, amount: int, balance: int) -> Dip:
    """Return a time below zero that goes on after one more movement."""
    further = (*dip.further, moved.subject) if amount < 0 else dip.further
    return replace(dip, lowest=min(balance, dip.lowest), balance=balance, further=further)


def in_order[M: Moving](movements: Iterable[M]) -> list[M]:
    """Return movements in the order in which the practice system took them, day by day."""
    return sorted(movements, key=_order)


def _order(moved: Moving) -> tuple[date, int, str]:
    place = moved.order
    if not place and moved.subject.startswith(_PAYMENTS):
        place = 0 if sum(amount for _, amount in moved.ledgers) > 0 else _LAST
    elif not place and (numbers := _ID.findall(moved.subject)):
        place = int(numbers[0])
    return moved.day, place, moved.subject
