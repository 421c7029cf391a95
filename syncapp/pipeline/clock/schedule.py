"""Who is due, and who has it: one lease for each firm, claimed fairly by one query.

The broker carries wake-ups only. A worker that is woken takes the firm that has waited longest, whatever woke
it: no firm is served twice while another waits, and a wake-up that was lost is sent again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q

from syncapp.http.errors import Transient
from syncapp.pipeline.clock import holders
from syncapp.pipeline.models import SyncSchedule, Tick

LEASE = timedelta(minutes=5)  # longer than any single wait for a vendor: it is prolonged before each call
LONG = timedelta(minutes=10)  # where only the database works, no call comes by to prolong it
HANDED = timedelta(seconds=30)  # how long a wake-up may be on its way before the firm is offered again
TURN = timedelta(seconds=90)  # how long a run goes on while others are due and no worker is free
UNSERVED = timedelta(seconds=10)  # two ticks: a firm that is due for longer finds no free worker
OFFERED = "handed out"  # the holder of a firm that a wake-up was sent for, and no worker has begun
AT_ONCE = 20  # firms taken by one tick
WHOLE_EVERY = timedelta(hours=24)
AWAY = (OperationalError, InterfaceError)  # the database is not there: it restarts, or the network is down
PATIENCE = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)  # seconds between two tries while the database is away

# chosen once: inside `in (…)` a plan may choose anew for every row, and take more than the limit
CLAIM = """
with chosen as materialized (
   select firm_id from pipeline_syncschedule
    where due_at <= %(now)s and not paused
      and (lease_until is null or lease_until < %(now)s or lease_holder = any(%(free)s))
    order by due_at limit %(limit)s for update skip locked)
update pipeline_syncschedule set lease_holder = %(holder)s, lease_until = %(until)s,
       started_at = case when %(begins)s then %(now)s else started_at end
 where firm_id in (select firm_id from chosen)
returning firm_id
"""


class Busy(Exception):
    """Another worker has this firm now."""


class Lost(Transient):
    """The run no longer has its firm: another worker took it over, or it was paused. Nothing was sent."""

    def __init__(self, words: str) -> None:
        super().__init__(words, sent=False)


def enrol(*, firm_id: int, now: datetime) -> None:
    """Give a firm its place in the schedule."""
    SyncSchedule.objects.get_or_create(firm_id=firm_id, defaults={"due_at": now})


def _dead(now: datetime) -> list[str]:
    """Return the holders of leases that were processes of this machine and are no more."""
    held = SyncSchedule.objects.filter(lease_until__gte=now, lease_holder__startswith=f"{holders.here()}:")
    return [name for name in held.values_list("lease_holder", flat=True) if holders.is_dead(name)]


def claim_due(*, now: datetime, limit: int | None = None) -> list[tuple[int, str]]:
    """Take the firms that have waited longest; return each with the lease that it was taken under.

    A lease that ran out, or whose process is no more, belongs to a worker that died: its firm is due again.
    """
    holder = holders.new()
    found = _take_due(holder, LEASE, now, free=[OFFERED, *_dead(now)], limit=limit or AT_ONCE)
    return [(firm_id, holder) for firm_id in found]


def hand_out(*, now: datetime) -> list[int]:
    """Mark the firms that wake-ups are sent for; return them, those that waited longest.

    The mark is short: a wake-up that the broker loses costs half a minute.
    """
    return _take_due(OFFERED, HANDED, now, free=_dead(now), limit=AT_ONCE)


def _take_due(holder: str, lease: timedelta, now: datetime, *, free: list[str], limit: int) -> list[int]:
    values: dict[str, Any] = {
        "holder": holder,
        "begins": holder != OFFERED,
        "now": now,
        "free": free,
        "limit": limit,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, values | {"until": now + lease / settings.TIME_SCALE})
        return [row[0] for row in cursor.fetchall()]


def take(*, firm_id: int, now: datetime) -> str | None:
    """Take one firm for a run in the foreground; None while another worker has it."""
    enrol(firm_id=firm_id, now=now)
    holder = holders.new()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now) | Q(lease_holder__in=["", OFFERED])
    mine = SyncSchedule.objects.filter(free | Q(lease_holder__in=_dead(now)), firm_id=firm_id)
    taken = mine.update(lease_holder=holder, lease_until=now + LEASE / settings.TIME_SCALE, started_at=now)
    return holder if taken else None


def keep(*, firm_id: int, holder: str, now: datetime, lease: timedelta = LEASE) -> bool:
    """Prolong a lease; False when it was lost to another worker."""
    rows = SyncSchedule.objects.filter(firm_id=firm_id, lease_holder=holder)
    return rows.update(lease_until=now + lease / settings.TIME_SCALE) == 1


def why_lost(*, firm_id: int, holder: str) -> Lost:
    """Say why a run does not have its firm any more."""
    row = SyncSchedule.objects.filter(firm_id=firm_id, lease_holder=holder).first()
    if row is not None and row.paused:
        return Lost("A person has paused syncing.")
    return Lost("Another worker has taken this firm over.")


def others_wait(*, firm_id: int, now: datetime) -> bool:
    """Tell whether another firm is due and no worker is free for it."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now) | Q(lease_holder=OFFERED)
    due = SyncSchedule.objects.filter(free, due_at__lt=now - UNSERVED / settings.TIME_SCALE, paused=False)
    return due.exclude(firm_id=firm_id).exists()


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


def patiently[T](do: Callable[[], T]) -> T:
    """Do something in the database although it may be restarting: again and again for half a minute.

    Raises what the last try raised.
    """
    for pause in PATIENCE:
        try:
            return do()
        except AWAY:
            connection.close()
            time.sleep(pause / settings.TIME_SCALE)
    return do()


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


def stop(*, firm_id: int, words: str, now: datetime) -> None:
    """Begin no run of a firm until `go_on`; one that goes stops before its next call."""
    enrol(firm_id=firm_id, now=now)
    SyncSchedule.objects.filter(firm_id=firm_id).update(paused=True, paused_words=words[:200])


def go_on(*, firm_id: int) -> None:
    """Begin runs of a firm again."""
    SyncSchedule.objects.filter(firm_id=firm_id).update(paused=False, paused_words="")


def beat(*, now: datetime) -> None:
    """Remember that the clock is ticking."""
    Tick.objects.update_or_create(pk=1, defaults={"at": now})


def last_tick_at() -> datetime | None:
    """Return when the clock last ticked; None before the first tick."""
    return Tick.objects.filter(pk=1).values_list("at", flat=True).first()


def whole_asked(*, firm_id: int) -> bool:
    """Tell whether somebody asked for a whole run: then everything is read afresh."""
    return SyncSchedule.objects.filter(firm_id=firm_id, whole_at__isnull=True).exists()


def whole_due(*, firm_id: int, now: datetime) -> bool:
    """Tell whether a firm's sweep is due: what was erased without a word is looked for once a day."""
    row, every = SyncSchedule.objects.filter(firm_id=firm_id).first(), WHOLE_EVERY / settings.TIME_SCALE
    return row is not None and (row.whole_at is None or now - row.whole_at >= every)


def whole_done(*, firm_id: int, now: datetime) -> None:
    """Remember that a whole run came to its end; one that somebody asked for meanwhile is still to come."""
    asked = Q(due_at__gt=F("started_at"))
    SyncSchedule.objects.filter(~asked, firm_id=firm_id).update(whole_at=now)
