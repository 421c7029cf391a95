"""A notice makes its firm due at once: in PostgreSQL first, so that a lost wake-up costs only a tick."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q

from syncapp.pipeline.models import SyncSchedule

GATHER = timedelta(seconds=1)  # what comes within it is one run: a person's act makes several notices


def wake(*, firm_id: int, now: datetime) -> bool:
    """Make a firm due in a second, or at once while its run goes; True when a wake-up must be sent.

    Unlike `schedule.ask` it asks for an ordinary run. A firm that is due already is left as it is, so a burst
    of notices is one run, and one more after a run that was going.
    """
    soon = now + GATHER / settings.TIME_SCALE
    row = SyncSchedule.objects.filter(firm_id=firm_id)
    going = Q(lease_until__gt=now, started_at__isnull=False) & ~Q(lease_holder="")
    asked = Q(due_at__gt=F("started_at"), due_at__lte=now)
    row.filter(going & ~asked).update(due_at=now)
    return row.filter(~going, due_at__gt=soon, paused=False).update(due_at=soon) == 1


def seconds() -> float:
    """Return how long a wake-up waits, so that its firm is due when it comes."""
    return (GATHER / settings.TIME_SCALE).total_seconds() + 0.02
