"""Statements of one account in one file become one: a file of daily statements is a month. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from syncapp.core.money import spoken
from trust.nouns import BankStatement, Unreadable
from trust.statements.lines import MOST_LINES, TOO_MANY, Row, identified


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One statement as a file has it; a file may have many of one account."""

    account: str
    currency: str
    rows: tuple[Row, ...]
    opening: int | None = None
    closing: int | None = None
    first_day: date | None = None
    last_day: date | None = None

    def begins(self) -> date:
        """Return its first day, as far as it tells one."""
        days = [row.day for row in self.rows] + [day for day in (self.first_day, self.last_day) if day]
        return min(days, default=date.min)

    def ends(self) -> date:
        """Return its last day, as far as it tells one."""
        days = [row.day for row in self.rows] + [day for day in (self.first_day, self.last_day) if day]
        return max(days, default=date.min)


def opens_on(balance_day: date, rows: Iterable[Row]) -> date:
    """Return the first day of a statement whose opening balance has this day.

    Banks give it the day that it opens or the one before. Where a line is booked on it, or it is the first of
    a month, it opens; else it ended the statement before.
    """
    opens = balance_day.day == 1 or any(row.day <= balance_day for row in rows)
    return balance_day if opens else balance_day + timedelta(days=1)


def joined(parts: Iterable[Part]) -> tuple[BankStatement, ...]:
    """Join the statements of each account, in the order of their days, and give each line its identity.

    Raises Unreadable when one does not begin with the balance that the one before ended with, when two
    currencies meet, and for more lines than a statement has.
    """
    accounts: dict[str, list[Part]] = {}
    for part in parts:
        accounts.setdefault(part.account, []).append(part)
    return tuple(_one(account, own) for account, own in accounts.items())


def _one(account: str, parts: list[Part]) -> BankStatement:
    ordered = sorted(parts, key=lambda part: (part.begins(), part.ends()))
    currency = ordered[0].currency
    if any(part.currency != currency for part in ordered):
        raise Unreadable(f"The file holds account {account} in two currencies.")
    rows = [row for part in ordered for row in part.rows]
    if len(rows) > MOST_LINES:
        raise Unreadable(TOO_MANY.format(len(rows)))
    for before, after in pairwise(ordered):
        _follows(before, after, currency)
    told = any(part.first_day or part.last_day for part in ordered)
    begins, ends = min(part.begins() for part in ordered), max(part.ends() for part in ordered)
    return BankStatement(
        account=account,
        currency=currency,
        lines=identified(rows),
        opening=ordered[0].opening,
        closing=ordered[-1].closing,
        first_day=begins if told else None,
        last_day=ends if told else None,
    )


def _follows(before: Part, after: Part, currency: str) -> None:
    if before.closing is None or after.opening is None or before.closing == after.opening:
        return
    missing = spoken(after.opening - before.closing, currency)
    raise Unreadable(
        f"Inside the file, the statement that begins on {after.begins():%-d %b %Y} opens with "
        f"{spoken(after.opening, currency)}, the one before it closes with "
        f"{spoken(before.closing, currency)}: {missing} lie between them."
    )
