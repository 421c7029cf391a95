"""The time control total: every hour that Clio holds is billed, on a draft, unbilled or not billable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from syncapp.clio.translate.reading import Reading, Row, UnreadableError


@dataclass(slots=True, kw_only=True)
class Hours:
    """A sum of time entries: hours, money in minor units, and how many."""

    hours: Decimal = Decimal(0)
    amount: int = 0
    count: int = 0

    def add(self, hours: Decimal, amount: int) -> None:
        """Count one more entry."""
        self.hours += hours
        self.amount += amount
        self.count += 1


@dataclass(slots=True, kw_only=True)
class TimeTotals:
    """What became of the time. `all` = billed + drafted + unbilled; non-billable stands beside it.

    `billed` is by bill id, so that the caller can tell posted from held; 0 where Clio names no bill.
    `unreadable` counts entries that could not be read, `redacted` those whose hours Clio hides.
    """

    all: Hours = field(default_factory=Hours)
    billed: dict[int, Hours] = field(default_factory=dict)
    drafted: Hours = field(default_factory=Hours)
    unbilled: Hours = field(default_factory=Hours)
    non_billable: Hours = field(default_factory=Hours)
    oldest_unbilled: date | None = None
    redacted: int = 0
    unreadable: int = 0


def time_totals(activities: Iterable[Row], *, currency: str = "USD") -> TimeTotals:
    """Add up the time entries among `activities`; amounts in minor units of `currency`.

    Hours are the rounded ones, from which Clio makes the total (clio/API.md appendix A, Activity).
    """
    totals = TimeTotals()
    for row in activities:
        try:
            _count(totals, Reading(row, "time entry", "activities"), currency)
        except UnreadableError:
            totals.unreadable += 1
    return totals


def _count(totals: TimeTotals, found: Reading, currency: str) -> None:
    if found.text("type") != "TimeEntry":
        return
    if found.flag("quantity_redacted"):
        totals.redacted += 1
    rounded = found.number("rounded_quantity_in_hours")
    hours = rounded if rounded is not None else found.number("quantity_in_hours") or Decimal(0)
    if found.flag("non_billable") or found.flag("no_charge"):
        totals.non_billable.add(hours, found.money("non_billable_total", currency) or 0)
        return
    amount = found.money("total", currency) or 0
    bill_id, day = found.ref("bill"), found.day("date")
    totals.all.add(hours, amount)
    if found.flag("billed"):
        totals.billed.setdefault(bill_id or 0, Hours()).add(hours, amount)
    elif found.flag("on_bill"):
        totals.drafted.add(hours, amount)
    else:
        totals.unbilled.add(hours, amount)
        if day is not None:
            totals.oldest_unbilled = min(day, totals.oldest_unbilled or day)
