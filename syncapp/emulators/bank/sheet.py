"""What a bank knows of one account and period. Amounts are signed cents, positive into the account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the account. `id` is the bank's own mark; not every bank has one."""

    day: date
    amount: int
    id: str = ""
    check: str = ""
    reference: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One account's statement; `pending` lines stand only in what a portal exports (CSV, XLSX)."""

    account: str
    first_day: date
    last_day: date
    opening: int
    closing: int
    lines: tuple[Line, ...]
    currency: str = "USD"
    pending: tuple[Line, ...] = ()

    def running(self) -> list[tuple[Line, int]]:
        """Return each line with the balance after it."""
        found, balance = [], self.opening
        for line in self.lines:
            balance += line.amount
            found.append((line, balance))
        return found


def money(cents: int) -> str:
    """Write cents as `-1234.50`."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


def grouped(cents: int) -> str:
    """Write cents as `1,234.50`, without a sign."""
    whole, rest = divmod(abs(cents), 100)
    return f"{whole:,}.{rest:02d}"
