"""Questions about month ends: how each stands, what was done, which days are shut. In an open scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Max, Min

from syncapp.pipeline.months import states
from syncapp.pipeline.months.figures import MonthFigures, restored
from syncapp.pipeline.months.models import MonthEnd, MonthStep, SampledInvoice, SampleReading
from syncapp.pipeline.months.states import Act, Event, Standing, State
from syncapp.records.models import Document
from trust.queries.signing import month_of, next_month

if TYPE_CHECKING:
    from accounts.models import Books

SHOWN = 24  # months


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """One drawn invoice with its newest comparison and who signed that off."""

    row: SampledInvoice
    reading: SampleReading | None

    @property
    def looked_at(self) -> bool:
        """Tell whether somebody signed the newest comparison off."""
        return self.reading is not None and bool(self.reading.notes.all())


def one_of(*, firm_id: int, books_id: int, month: date) -> MonthEnd | None:
    """Return a month end; None until somebody began with it."""
    rows = MonthEnd.objects.filter(firm_id=firm_id, books_id=books_id, month=month_of(month))
    return rows.select_related("books").first()


def steps(one: MonthEnd | None) -> list[MonthStep]:
    """List all that was done to a month end, in its order."""
    if one is None:
        return []
    return list(MonthStep.objects.filter(firm_id=one.firm_id, month_end=one).select_related("by"))


def standing(done: list[MonthStep]) -> Standing:
    """Tell how a month end stands."""
    return states.standing(
        [Event(id=row.pk, act=Act(row.act), by=row.by_id, at=row.at, digest=row.digest) for row in done]
    )


def figures_of(done: list[MonthStep], event: Event | None) -> MonthFigures | None:
    """Return the figures that a step was done to, as they were then."""
    row = next((row for row in done if event is not None and row.pk == event.id), None)
    return restored(row.figures) if row is not None and row.figures else None


def sampled(one: MonthEnd | None) -> list[Sampled]:
    """List the drawn invoices of a month end, each with its newest comparison."""
    if one is None or not one.seed:
        return []
    rows = list(SampledInvoice.objects.filter(firm_id=one.firm_id, month_end=one).select_related("document"))
    readings = SampleReading.objects.filter(firm_id=one.firm_id, sampled__in=rows).prefetch_related(
        "notes__by"
    )
    newest = {reading.sampled_id: reading for reading in readings.order_by("id")}
    return [Sampled(row=row, reading=newest.get(row.pk)) for row in rows]


def months(*, firm_id: int, today: date) -> list[date]:
    """List the months that are over and in which something is dated, the latest first, two years at most."""
    rows = Document.objects.filter(firm_id=firm_id, kind__in=["bill", "payment"], day__lt=month_of(today))
    ends = rows.aggregate(first=Min("day"), last=Max("day"))
    if ends["first"] is None:
        return []
    found: list[date] = []
    month = month_of(today)
    while (month := month_of(month - timedelta(days=1))) >= month_of(ends["first"]) and len(found) < SHOWN:
        found.append(month)
    return found


def known(*, firm_id: int, books: list[Books]) -> dict[tuple[int, date], MonthEnd]:
    """Return the month ends that somebody began with."""
    rows = MonthEnd.objects.filter(firm_id=firm_id, books__in=books)
    return {(row.books_id, row.month): row for row in rows}


def shut_through(*, firm_id: int, books_id: int) -> date | None:
    """Return the last day into which nothing posts because its month was locked; None when none was."""
    rows = MonthEnd.objects.filter(firm_id=firm_id, books_id=books_id, shut=True)
    month: date | None = rows.aggregate(last=Max("month"))["last"]
    return next_month(month) - timedelta(days=1) if month else None


def stood_for(*, firm_id: int, books_id: int) -> list[MonthEnd]:
    """List the months that somebody stands for: submitted or locked."""
    live = [State.SUBMITTED.value, State.LOCKED.value]
    rows = MonthEnd.objects.filter(firm_id=firm_id, books_id=books_id, state__in=live)
    return list(rows.select_related("firm", "books"))
