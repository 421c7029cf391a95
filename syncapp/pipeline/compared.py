"""The two sides of one kind of comparison, and the records that differ. Minor units."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from syncapp.records.models import Difference

PAUSED = "Paused by "  # how the words of what a person has stopped begin (pipeline.pausing)


@dataclass(slots=True)
class Side:
    """Count and total of one side of one kind, in minor units."""

    count: int = 0
    total: int = 0

    def add(self, amount: int) -> None:
        """Count one record."""
        self.count += 1
        self.total += amount

    def as_json(self) -> dict[str, int]:
        """Return both figures."""
        return {"count": self.count, "total": self.total}


@dataclass(slots=True)
class Compared:
    """One kind on both sides, and the records that differ."""

    clio: Side = field(default_factory=Side)
    books: Side = field(default_factory=Side)
    rows: list[Difference] = field(default_factory=list)

    @property
    def queued(self) -> int:
        """Return the part of the difference that waits in the queue."""
        return sum(row.amount for row in self.rows if row.queued)

    def as_json(self) -> dict[str, Any]:
        """Return the figures as they are kept and shown: difference = queued + unexplained.

        `paused` is the part of what is queued that a person has stopped.
        """
        difference = self.clio.total - self.books.total
        return {
            "clio": self.clio.as_json(),
            "books": self.books.as_json(),
            "difference": difference,
            "queued": self.queued,
            "paused": sum(row.amount for row in self.rows if row.queued and row.reason.startswith(PAUSED)),
            "unexplained": difference - self.queued,
        }
