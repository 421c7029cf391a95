"""What was open when a month ended, as it stood then, and what has become of it since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from syncapp.desk.templatetags.formats import day_text
from syncapp.records.models import CaseCarry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import Firm

MOST_MONTHS = 24
MOST = 5000  # cases of one month


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A case that was carried; `days` is its age at the end of the month, `now` what has become of it."""

    case_id: int
    title: str
    severity: str
    owner: str
    records: int
    amount: int
    opened_at: datetime
    days: int
    now: str
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What one month left open; `months` are all that left something, the newest first."""

    key: str
    label: str
    rows: Sequence[Row]
    months: Sequence[tuple[str, str]]

    @property
    def records(self) -> int:
        """Return how many records it held."""
        return sum(row.records for row in self.rows)

    @property
    def amount(self) -> int:
        """Return what it held, in minor units."""
        return sum(row.amount for row in self.rows)

    @property
    def still(self) -> int:
        """Return how many of the cases are open now."""
        return sum(row.open for row in self.rows)


def of(*, firm: Firm, month: str, now: datetime) -> Carried:
    """Return what a month (`2026-09`) left open; the newest month without one. In a scope."""
    every = CaseCarry.objects.filter(firm_id=firm.pk).order_by("-month").values_list("month", flat=True)
    months = list(every.distinct()[:MOST_MONTHS])
    chosen = next((one for one in months if f"{one:%Y-%m}" == month), months[0] if months else None)
    if chosen is None:
        return Carried(key="none", label="", rows=[], months=[])
    end = datetime.combine(_next(chosen), time(0), tzinfo=ZoneInfo(firm.time_zone))
    found = CaseCarry.objects.filter(firm_id=firm.pk, month=chosen).select_related("case", "owner")
    rows = sorted(found[:MOST], key=lambda row: (row.severity != "trust", -row.amount, row.opened_at))
    return Carried(
        key=f"{chosen:%Y-%m}",
        label=f"{chosen:%B %Y}",
        rows=[_row(row, end, now) for row in rows],
        months=[(f"{one:%Y-%m}", f"{one:%B %Y}") for one in months],
    )


def _row(row: CaseCarry, end: datetime, now: datetime) -> Row:
    closed = row.case.closed_at
    state = f"closed {day_text(closed.astimezone(end.tzinfo).date())}" if closed else "open"
    if closed is None:
        state = f"open, {max((now - row.opened_at).days, 0)} days"
    return Row(
        case_id=row.case_id,
        title=row.title,
        severity=row.severity,
        owner=str(row.owner) if row.owner else "",
        records=row.records,
        amount=row.amount,
        opened_at=row.opened_at,
        days=(end - row.opened_at).days,
        now=state,
        open=closed is None,
    )


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
