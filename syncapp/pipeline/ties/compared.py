"""The two sides of one kind of comparison, and the records that differ. Minor units."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from syncapp.records.models import Difference

PAUSED = "Paused by "  # how the words of what a person has stopped begin (pipeline.pausing)
MOST_PARTIES = 200  # clients or matters that differ, kept with a comparison


class What(StrEnum):
    """How a record differs."""

    MISSING = "missing"  # in Clio, and not in the books
    EXTRA = "extra"  # in the books, and not in Clio
    DIFFERENT = "different"
    DUPLICATED = "duplicated"  # a second time in the books
    CHANGED = "changed"  # in the books, after it was posted


def what(*, clio: object, books: object) -> str:
    """Say how two sides differ, of which one may have nothing."""
    if clio and books:
        return What.DIFFERENT.value
    return What.MISSING.value if clio else What.EXTRA.value


@dataclass(slots=True)
class Party:
    """What both sides hold for one client, matter or ledger, in minor units."""

    clio: int = 0
    books: int = 0


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
    parties: defaultdict[str, Party] = field(default_factory=lambda: defaultdict(Party))

    @property
    def queued(self) -> int:
        """Return the part of the difference that waits in the queue."""
        return sum(row.amount for row in self.rows if row.queued)

    def as_json(self) -> dict[str, Any]:
        """Return the figures as they are kept and shown: difference = queued + unexplained.

        `paused` is the part of what is queued that a person has stopped.
        """
        difference = self.clio.total - self.books.total
        more = {"parties": self._parties()} if self.parties else {}
        return {
            "clio": self.clio.as_json(),
            "books": self.books.as_json(),
            "difference": difference,
            "queued": self.queued,
            "paused": sum(row.amount for row in self.rows if row.queued and row.reason.startswith(PAUSED)),
            "unexplained": difference - self.queued,
        } | more

    def _parties(self) -> dict[str, Any]:
        """Return how many clients, matters or ledgers were compared, and those that differ, by money."""
        off = {key: one for key, one in self.parties.items() if one.clio != one.books}
        most = sorted(off, key=lambda key: (-abs(off[key].clio - off[key].books), key))[:MOST_PARTIES]
        return {
            "compared": len(self.parties),
            "differ": len(off),
            "off": [[key, off[key].clio, off[key].books] for key in most],
        }
