"""Who is due, and who has it: one lease for each firm, claimed fairly by one query."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from accounts import audit
from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.pipeline.models import SyncSchedule, Tick

LEASE = timedelta(minutes=4)  # renewed at every beat of a run; longer than the longest wait for a vendor
AT_ONCE = 20  # firms taken by one tick
WHOLE_EVERY = timedelta(hours=24)

CLAIM = """
update pipeline_syncschedule set lease_holder = %(holder)s, lease_until = %(until)s, started_at = %(now)s
 where firm_id in (
   select firm_id from pipeline_syncschedule
    where due_at <= %(now)s and not paused and (lease_until is null or lease_until < %(now)s)
    order by due_at limit %(limit)s for update skip locked)
returning firm_id
"""


class Busy(Exception):
    """Another worker has this firm now."""


def enrol(*, firm_id: int, now: datetime) -> None:
    """Give a firm its place in the schedule."""
    SyncSchedule.objects.get_or_create(firm_id=firm_id, defaults={"due_at": now})


def _holder() -> str:
    """Name a lease by the process that takes it, so that its death can be seen on the same host."""
    return f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid4().hex[:12]}"


def _dead(firm_id: int) -> list[str]:
    """Return the holder of a firm's lease when it was a process of this host that is no more."""
    row = SyncSchedule.objects.filter(firm_id=firm_id).first()
    host, _, rest = (row.lease_holder if row else "").partition(":")
    pid = rest.partition(":")[0]
    if row is None or host != socket.gethostname()[:20] or not pid.isdigit() or int(pid) == os.getpid():
        return []
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return [row.lease_holder]
    except PermissionError:
        pass
    return []


def claim_due(*, now: datetime) -> list[tuple[int, str]]:
    """Take the firms that have waited longest; return each with the lease that it was taken under.

    A lease that ran out belongs to a worker that died: its firm is due again.
    """
    holder = _holder()
    with transaction.atomic(), connection.cursor() as cursor:
        until = now + LEASE / settings.TIME_SCALE
        cursor.execute(CLAIM, {"holder": holder, "until": until, "now": now, "limit": AT_ONCE})
        return [(row[0], holder) for row in cursor.fetchall()]


def take(*, firm_id: int, now: datetime) -> str | None:
    """Take one firm for a run in the foreground; None while another worker has it."""
    enrol(firm_id=firm_id, now=now)
    holder = _holder()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now) | Q(lease_holder="")
    mine = SyncSchedule.objects.filter(free | Q(lease_holder__in=_dead(firm_id)), firm_id=firm_id)
    taken = mine.update(lease_holder=holder, lease_until=now + LEASE / settings.TIME_SCALE, started_at=now)
    return holder if taken else None


def keep(*, firm_id: int, holder: str, now: datetime) -> bool:
    """Prolong a lease; False when it was lost to another worker."""
    rows = SyncSchedule.objects.filter(firm_id=firm_id, lease_holder=holder)
    return rows.update(lease_until=now + LEASE / settings.TIME_SCALE) == 1


def release(*, firm_id: int, holder: str, now: datetime, again_in: float | None = None) -> None:
    """Give a firm back; it is due again after its interval, or in `again_in` seconds."""
    row = SyncSchedule.objects.filter(firm_id=firm_id, lease_holder=holder).first()
    if row is not None:
        seconds = row.every if again_in is None else again_in
        asked = row.due_at > (row.started_at or now)  # somebody asked while the run was going
        due = (
            row.due_at
            if asked and row.due_at <= now
            else now + timedelta(seconds=seconds / settings.TIME_SCALE)
        )
        SyncSchedule.objects.filter(firm_id=firm_id, lease_holder=holder).update(
            lease_holder="", lease_until=None, due_at=due
        )


@contextmanager
def leased(*, firm_id: int, now: datetime) -> Iterator[str]:
    """Hold a firm for the length of a block. Raises Busy."""
    holder = take(firm_id=firm_id, now=now)
    if holder is None:
        raise Busy("Another run of this firm is going on.")
    try:
        yield holder
    finally:
        SyncSchedule.objects.filter(firm_id=firm_id, lease_holder=holder).update(
            lease_holder="", lease_until=None
        )


def ask(*, firm_id: int, now: datetime) -> None:
    """Make a firm due at once, and look at everything: a person did something that is to take effect."""
    enrol(firm_id=firm_id, now=now)
    SyncSchedule.objects.filter(firm_id=firm_id).update(due_at=now, whole_at=None)


def status(firm_id: int) -> SyncSchedule | None:
    """Return a firm's place in the schedule."""
    return SyncSchedule.objects.filter(firm_id=firm_id).first()


def pause(*, firm_id: int, words: str, by: User, now: datetime) -> None:
    """Stop all runs of a firm until a person resumes them, with the reason."""
    enrol(firm_id=firm_id, now=now)
    SyncSchedule.objects.filter(firm_id=firm_id).update(paused=True, paused_words=words[:200])
    with firm_scope(write=firm_id):
        audit.record(firm_id=firm_id, actor=by, verb="sync.paused", after={"reason": words[:200]}, now=now)


def resume(*, firm_id: int, by: User, now: datetime) -> None:
    """Let a paused firm run again, at once."""
    SyncSchedule.objects.filter(firm_id=firm_id).update(paused=False, paused_words="", due_at=now)
    with firm_scope(write=firm_id):
        audit.record(firm_id=firm_id, actor=by, verb="sync.resumed", now=now)


def beat(*, now: datetime) -> None:
    """Remember that the clock is ticking."""
    Tick.objects.update_or_create(pk=1, defaults={"at": now})


def last_tick_at() -> datetime | None:
    """Return when the clock last ticked; None before the first tick."""
    return Tick.objects.filter(pk=1).values_list("at", flat=True).first()


def whole_due(*, firm_id: int, now: datetime) -> bool:
    """Tell whether a firm's sweep is due: what was erased without a word is looked for once a day."""
    row = SyncSchedule.objects.filter(firm_id=firm_id).first()
    if row is None or (row.whole_at is not None and now - row.whole_at < WHOLE_EVERY / settings.TIME_SCALE):
        return False
    SyncSchedule.objects.filter(firm_id=firm_id).update(whole_at=now)
    return True
