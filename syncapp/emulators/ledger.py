"""A double-entry ledger in whole cents: what both emulators' money stands on.

A wrong posting makes a wrong trial balance. Debits are positive, credits negative.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Line:
    """One side of an entry: an account and signed cents, with the names that reports group by."""

    account: str
    minor: int
    customer: str = ""
    klass: str = ""
    department: str = ""
    item: str = ""
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """The balanced lines of one transaction on one day."""

    key: tuple[str, str]
    day: date
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        off = sum(line.minor for line in self.lines)
        if off:
            raise AssertionError(f"{self.key} is out of balance by {off} cents")


class Ledger:
    """Entries by transaction. A transaction written again replaces its entry; a void has no lines."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], Entry] = {}
        self._totals: dict[str, int] = defaultdict(int)
        self._by_customer: dict[tuple[str, str], int] = defaultdict(int)

    def put(self, key: tuple[str, str], day: date, lines: Iterable[Line]) -> Entry:
        """Write the entry of a transaction. Raises AssertionError when it does not balance."""
        entry = Entry(key, day, tuple(line for line in lines if line.minor))
        self.remove(key)
        self._entries[key] = entry
        self._count(entry, 1)
        return entry

    def remove(self, key: tuple[str, str]) -> None:
        """Take the entry of a transaction out, if there is one."""
        if gone := self._entries.pop(key, None):
            self._count(gone, -1)

    def _count(self, entry: Entry, sign: int) -> None:
        for line in entry.lines:
            self._totals[line.account] += sign * line.minor
            if line.customer:
                self._by_customer[line.account, line.customer] += sign * line.minor

    def entry(self, key: tuple[str, str]) -> Entry | None:
        """The entry of a transaction."""
        return self._entries.get(key)

    def balance(self, account: str, *, customer: str = "") -> int:
        """All that was ever posted to an account (of one customer), in cents."""
        return self._by_customer[account, customer] if customer else self._totals[account]

    def entries(self, *, since: date | None = None, until: date | None = None) -> Iterator[Entry]:
        """Entries of the days from `since` to `until`, both included, oldest first."""
        found = (
            e
            for e in self._entries.values()
            if (not since or e.day >= since) and (not until or e.day <= until)
        )
        return iter(sorted(found, key=lambda e: (e.day, int(e.key[1]) if e.key[1].isdigit() else 0)))

    def sums[K](
        self, group: Callable[[Line], K], *, since: date | None = None, until: date | None = None
    ) -> dict[K, int]:
        """Cents by any property of a line, zero groups left out."""
        sums: dict[K, int] = defaultdict(int)
        for entry in self._entries.values():
            if (since and entry.day < since) or (until and entry.day > until):
                continue
            for line in entry.lines:
                sums[group(line)] += line.minor
        return {key: total for key, total in sums.items() if total}

    def trial_balance(self, *, until: date | None = None, since: date | None = None) -> dict[str, int]:
        """Cents by account; the sum is always zero."""
        return self.sums(lambda line: line.account, since=since, until=until)

    def register(
        self, account: str, *, since: date | None = None, until: date | None = None
    ) -> list[tuple[Entry, Line, int]]:
        """Every line of an account with its running balance in cents."""
        running, rows = 0, []
        for entry in self.entries(until=until):
            for line in entry.lines:
                if line.account == account:
                    running += line.minor
                    if not since or entry.day >= since:
                        rows.append((entry, line, running))
        return rows


def ageing_bucket(due: date, as_of: date) -> str:
    """Where an open amount stands on a day: `current`, `1-30`, `31-60`, `61-90`, `91+` days past due."""
    late = (as_of - due).days
    for top, name in ((0, "current"), (30, "1-30"), (60, "31-60"), (90, "61-90")):
        if late <= top:
            return name
    return "91+"
