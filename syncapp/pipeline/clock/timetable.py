"""The firm's timetable: when each kind of record posts, the next time of each, and how it is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from accounts import audit
from accounts.models import Firm
from accounts.tenancy import firm_scope
from mapping import actions as mapping
from mapping import queries
from syncapp.core import slots
from syncapp.core.slots import Every, Schedule
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.sending import timed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from accounts.models import User

NOTHING_NEW = "Nothing of the schedule would change."


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """When a kind of record posts, and the next time; None for what posts as it comes."""

    kind: str
    noun: str
    schedule: Schedule
    next_at: datetime | None


def entries(*, firm: Firm, now: datetime) -> list[Entry]:
    """List the kinds of record with their schedules. In a reading scope."""
    said = timed.read(queries.firm_settings(firm.pk)).kinds
    zone = ZoneInfo(firm.time_zone)
    return [
        Entry(
            kind=kind,
            noun=noun,
            schedule=said.get(kind, Schedule()),
            next_at=slots.next_slot(said[kind], after=now, zone=zone) if kind in said else None,
        )
        for kind, noun in timed.NOUNS.items()
    ]


def in_words(found: Mapping[str, Schedule]) -> str:
    """Say a timetable in a sentence."""
    if all(one.every is Every.EVENT for one in found.values()):
        return "Everything posts as it comes."
    said = [f"{timed.NOUNS[kind]} post {one.spoken}" for kind, one in found.items()]
    first, *others, last = [said[0], *(one[0].lower() + one[1:] for one in said[1:])]
    return f"{', '.join([first, *others])} and {last}."


def change(*, firm: Firm, wanted: Mapping[str, Schedule], by: User, now: datetime) -> str | None:
    """Let each kind of record post when it is wanted; return a sentence when nothing would change.

    What waits is looked at anew at once. Opens its own scope.
    """
    with firm_scope(write=firm.pk):
        Firm.objects.select_for_update().get(pk=firm.pk)
        settings = queries.firm_settings(firm.pk)
        before = {one.kind: one.schedule for one in entries(firm=firm, now=now)}
        after = {kind: wanted.get(kind, standing) for kind, standing in before.items()}
        if after == before:
            return NOTHING_NEW
        kept = {kind: str(one) for kind, one in after.items()}
        mapping.keep_settings(
            firm_id=firm.pk, settings=settings | {timed.KEY: {**(settings.get(timed.KEY) or {}), **kept}}
        )
        audit.record(
            firm_id=firm.pk,
            actor=by,
            verb="firm.schedule",
            obj=firm,
            before={kind: str(one) for kind, one in before.items()},
            after={**kept, "said": in_words(after)},
            now=now,
        )
    schedule.ask(firm_id=firm.pk, now=now)
    return None
