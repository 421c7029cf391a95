"""Entries of the books that repeat one of ours: alike in kind, customer and total, at most days apart."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from syncapp.pipeline.context import Context
from syncapp.records.models import BookRow

TWIN_DAYS = 7  # how far apart an entry and its second one may be dated


class Twins:
    """Our own entries by what a second one would have alike: kind, customer and total."""

    def __init__(self, context: Context, rows: dict[tuple[str, str], BookRow]) -> None:
        self._context, self._rows = context, rows
        self._alike: dict[tuple[str, str, int], list[BookRow]] | None = None

    def of(self, row: BookRow) -> BookRow | None:
        """Return the entry of ours that a row repeats: at most a few days apart."""
        if self._alike is None:  # only where something stands that nobody asked for
            self._alike = defaultdict(list)
            for key, mine in self._rows.items():
                if key in self._context.subject_of and not mine.deleted and not mine.voided:
                    self._alike[mine.kind, mine.customer, mine.total].append(mine)
        fits = self._alike.get((row.kind, row.customer, row.total), [])
        return next((one for one in fits if _near(one.day, row.day)), None)


def _near(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and abs((one - other).days) <= TWIN_DAYS
