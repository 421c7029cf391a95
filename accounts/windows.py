"""An auditor's window: named trust accounts, from one day to another. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from syncapp.core.planning.trust.pairs import account_key

if TYPE_CHECKING:
    from collections.abc import Iterable

NO_ACCOUNT = "Choose at least one trust account, or let the auditor see the whole firm."
NO_DAYS = "Say from which day to which day the auditor sees the accounts."
BACKWARDS = "The last day to see comes before the first."
AUDITORS_ONLY = "Only an auditor is held to trust accounts and days."


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Trust accounts by `account_key` of their names in Clio, and the days, both included."""

    accounts: frozenset[str]
    first: date
    last: date

    def holds(self, account: str) -> bool:
        """Say whether an account is one of them, by its name in Clio."""
        return account_key(account) in self.accounts

    def covers(self, first: date, last: date) -> bool:
        """Say whether all the days from `first` to `last` lie within."""
        return self.first <= first <= last <= self.last

    def months(self) -> list[date]:
        """List the first days of the months that lie within whole, the latest first."""
        found, month = [], self.last.replace(day=1)
        while month >= self.first:
            if self.covers(month, month_end(month)):
                found.append(month)
            month = (month - timedelta(days=1)).replace(day=1)
        return found


def month_end(month: date) -> date:
    """Return the last day of a month."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def named(accounts: Iterable[str]) -> frozenset[str]:
    """Return accounts as they are compared."""
    return frozenset(account_key(name) for name in accounts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What somebody asks to see or may see: accounts by their names and two days, or all with none of it."""

    accounts: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    def __str__(self) -> str:
        if self.first is None or self.last is None:
            return "the whole firm"
        days = f"{self.first:%-d %b %Y} to {self.last:%-d %b %Y}"
        return f"{', '.join(self.accounts)}, {days}"

    @property
    def window(self) -> Window | None:
        """Return it as what pages are compared with; None for the whole firm."""
        if not self.accounts or self.first is None or self.last is None:
            return None
        return Window(accounts=named(self.accounts), first=self.first, last=self.last)

    def columns(self) -> dict[str, Any]:
        """Return it as the columns of `accounts.models.reach.Reach`."""
        return {"accounts": list(self.accounts), "sees_from": self.first, "sees_to": self.last}

    def refusal(self, *, auditor: bool) -> str | None:
        """Say why nobody can see this; None when somebody can."""
        if self == Seen():
            return None
        if not auditor:
            return AUDITORS_ONLY
        if not self.accounts:
            return NO_ACCOUNT
        if self.first is None or self.last is None:
            return NO_DAYS
        return BACKWARDS if self.last < self.first else None
