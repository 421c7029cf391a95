"""What posts at its time: a record whose slot has not come waits, and the tick finds it when it has.

Waiting for its time is neither stuck nor paused. The slot is counted from when the version of the record was
read, and kept with its hold: nobody needs to remember it, and a worker that was away finds it all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from syncapp.core import slots
from syncapp.core.problems import Fix, Problem
from syncapp.core.slots import Every, Schedule
from syncapp.records.models import Document, Hold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

CODE = "scheduled"
KEY = "schedule"  # of the firm's settings
SLOT = "slot"  # of a hold's facts
STAMP = "%Y-%m-%dT%H:%M:%SZ"  # sorts as text does
RESTING = ("held", "paused", CODE, "skipped")  # outcomes of what no run needs to look at
NOUNS = {"bills": "Invoices", "payments": "Payments", "credits": "Credits", "trust": "Trust entries"}


@dataclass(frozen=True, slots=True)
class Timed:
    """The kinds of record of a firm that wait for a time. Empty for most firms."""

    kinds: Mapping[str, Schedule] = field(default_factory=dict)

    def waits(self, row: Document, kind: str, *, zone: str, now: datetime) -> Problem | None:
        """Return what holds a document of a kind until its slot; None when its slot has come."""
        schedule = self.kinds.get(kind)
        if schedule is None:
            return None
        slot = slots.next_slot(schedule, after=row.read_at, zone=ZoneInfo(zone))
        if slot <= now:
            return None
        rule = f"{NOUNS[kind]} post {schedule.spoken}"
        return Problem(
            code=CODE,
            fix=Fix.WAIT,
            cause=kind,
            words=f"{rule}; this one posts on {spoken(slot, zone)}.",
            title=f"{rule}. What came since the last time waits for the next.",
            facts={SLOT: slot.strftime(STAMP)},
        )


def spoken(slot: datetime, zone: str) -> str:
    """Say an instant by the firm's clock."""
    here = slot.astimezone(ZoneInfo(zone))
    return f"{here:%-d %b %Y} at {here:%H:%M}"


def told(stamp: str, zone: str) -> str:
    """Say a slot as it is kept with a hold."""
    return spoken(datetime.strptime(stamp, STAMP).replace(tzinfo=UTC), zone)


def read(settings: Mapping[str, Any]) -> Timed:
    """Return what waits by a firm's settings. What they do not name posts as it comes."""
    said = {kind: slots.read(text) for kind, text in (settings.get(KEY) or {}).items() if kind in NOUNS}
    return Timed({kind: one for kind, one in said.items() if one.every is not Every.EVENT})


def behind(problem: Problem) -> Problem:
    """Return what holds a record that belongs to an invoice which waits for its time."""
    return replace(problem, words=problem.words.replace("this one posts", "it posts"))


def first_of(problems: Iterable[Problem]) -> Problem | None:
    """Return what is said of several parts: first what is no matter of time; it wakes with the first slot."""
    found = sorted(problems, key=lambda one: (one.code == CODE, one.facts.get(SLOT, "")))
    if not found:
        return None
    times = [one.facts[SLOT] for one in found if SLOT in one.facts]
    return replace(found[0], facts={**found[0].facts, SLOT: min(times)}) if times else found[0]


def moving(rows: QuerySet[Document], *, now: datetime) -> QuerySet[Document]:
    """Return the unsettled documents that a run must look at: what rests does so until its slot comes."""
    due = Hold.objects.filter(
        firm_id=OuterRef("firm_id"),
        document_id=OuterRef("pk"),
        closed_at__isnull=True,
        facts__slot__lte=now.astimezone(UTC).strftime(STAMP),
    )
    return rows.filter(~Q(outcome__in=RESTING) | Exists(due))
