"""Ledgers that stand on money the bank may still take back, and what takes one below zero. Pure.

Clearing is not availability (TRUST-RULES, New Jersey): a deposit counts as cleared when the days that the
firm waits for its kind are over. Amounts are minor units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from syncapp.core.ledger import UNTAGGED
from syncapp.core.planning.trust.dips import Moving, in_order

CHECK, OTHER = "check", "other"


class Deposited(Moving, Protocol):
    """A movement of which the check is known."""

    @property
    def check(self) -> str:
        """The number of its check."""
        ...

    @property
    def kind(self) -> str:
        """Which of the firm's posting choices it falls under."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """A ledger that would be below zero without deposits that may still bounce.

    `subject` is the last movement that took money out, `amount` what is missing, `until` the day from which
    the last of those deposits counts as cleared.
    """

    ledger: str
    subject: str
    day: date
    amount: int
    until: date


def resting(movements: Iterable[Deposited], waits: Mapping[str, int], today: date) -> list[Resting]:
    """Return the ledgers that rest today on deposits within the firm's days of waiting, by kind."""
    held: dict[str, int] = {}
    fresh: dict[str, list[tuple[date, int]]] = {}
    last: dict[str, Deposited] = {}
    for moved in in_order(movements):
        if moved.day > today:
            continue
        clears = moved.day + timedelta(days=waits.get(CHECK if moved.check else OTHER, 0))
        for ledger, amount in moved.ledgers:
            held[ledger] = held.get(ledger, 0) + amount
            if amount < 0:
                last[ledger] = moved
            elif moved.kind == "deposit" and clears > today:
                fresh.setdefault(ledger, []).append((clears, amount))
    found = []
    for ledger, deposits in fresh.items():
        short = sum(amount for _, amount in deposits) - held[ledger]
        if ledger in last and held[ledger] >= 0 and short > 0:
            moved, until = last[ledger], max(day for day, _ in deposits)
            found.append(
                Resting(ledger=ledger, subject=moved.subject, day=moved.day, amount=short, until=until)
            )
    return sorted(found, key=lambda one: (one.day, one.ledger))


def overdrawing(movements: Iterable[Moving]) -> dict[str, int]:
    """Return the movements after which a ledger that is below zero now was so, with its balance then."""
    balances: dict[str, int] = {}
    below: dict[str, dict[str, int]] = {}
    for moved in in_order(movements):
        for ledger, amount in moved.ledgers:
            if ledger in {"", UNTAGGED.key}:
                continue
            balances[ledger] = balances.get(ledger, 0) + amount
            if balances[ledger] >= 0:
                below.pop(ledger, None)
            elif amount < 0:
                below.setdefault(ledger, {})[moved.subject] = balances[ledger]
    return {subject: balance for mine in below.values() for subject, balance in mine.items()}
