"""The words of the oracle: what one event of Clio must be in the books (DESIGN section 9)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

RECEIVABLE = "Accounts Receivable"
UNDEPOSITED = "Undeposited Funds"

type Source = tuple[str, int]


class Held(Exception):
    """This document cannot be posted; the text says why."""


def minor(amount: Decimal) -> int:
    """Money as whole cents. Raises ValueError on a fraction of a cent."""
    worth = amount * 100
    if worth != worth.to_integral_value():
        raise ValueError(f"{amount} is no whole number of cents")
    return int(worth)


def half_up(amount: Decimal) -> int:
    """Cents with a fraction to whole cents, half up."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def numbered(text: str) -> str:
    """A number without the count of an interest charge: a charge keeps its own when an older one goes."""
    return re.sub(r"-I\d+$", "-I", text)


def plain(text: object) -> str:
    """A name without case, spacing and punctuation, for comparing."""
    return "".join(letter for letter in str(text or "").casefold() if letter.isalnum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of an entry: names of the books, signed cents, a debit positive."""

    account: str
    cents: int
    customer: str = ""
    item: str = ""
    klass: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One event as it must stand in the books. `pays` names invoices by key, with cents."""

    kind: str
    source: Source
    day: date
    customer: str
    rows: tuple[Row, ...]
    number: str = ""
    due: date | None = None
    pays: tuple[tuple[str, int], ...] = ()

    def __post_init__(self) -> None:
        """Refuse an entry that does not balance."""
        if sum(row.cents for row in self.rows):
            raise AssertionError(f"{self.kind} {self.source} does not balance")

    @property
    def key(self) -> str:
        """What payments call this invoice."""
        return f"{self.source[0]}/{self.source[1]}/{self.number}"

    @property
    def total(self) -> int:
        """What an invoice comes to, in cents."""
        return sum(row.cents for row in self.rows if row.account == RECEIVABLE)


@dataclass(slots=True, kw_only=True)
class Expected:
    """All that the books must hold, and all that must be held for a person."""

    documents: list[Document] = field(default_factory=list)
    held: dict[Source, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksFacts:
    """What the firm's QuickBooks has: the account behind every item, how classes are kept, who is there."""

    items: Mapping[str, str]
    class_of_transaction: bool = False
    customers: tuple[str, ...] = ()
