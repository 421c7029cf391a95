"""The rows of the three tests. Pure; `open` tells what nobody has resolved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """One month that somebody prepared, and how its duties were kept apart.

    `shared` says which two duties one person had, empty when none; `reason` is what he wrote for it.
    """

    month: date
    preparer: str
    signer: str
    checks: str
    shared: str
    reason: str

    @property
    def open(self) -> bool:
        """Tell two duties of one person that nobody explained."""
        return bool(self.shared) and not self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One movement that may be the firm's own, taken from client money."""

    day: date
    sort: str
    text: str
    amount: int
    where: str
    resolution: str
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """One change in the books of an entry that Tieout had posted. Who did it, QuickBooks does not tell."""

    at: datetime
    day: date | None
    entry: str
    what: str
    before: str
    after: str
    who: str
    resolution: str
    open: bool
