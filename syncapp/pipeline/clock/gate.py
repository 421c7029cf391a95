"""What every call to a vendor passes: the lease of its run, and the budget of its grant.

Both are kept in PostgreSQL, by PostgreSQL's clock, and asked in one statement before each call. Several
processes that use one grant (workers one after another, a page that checks a connection, a command) therefore
share one window of calls, and a process that died leaves it as it was. A run that has lost its firm, or whose
connection a person has ended, finds it out before anything is sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from accounts import grants
from accounts.tenancy import firm_scope
from accounts.tokens import GrantUnusable
from syncapp.http.errors import Revoked
from syncapp.http.pace import Budget
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.models import CallWindow
from syncapp.records.models import Posting

SENDING_KEPT = 30.0  # seconds between two prolongations of what is being sent
SENDING_LEASE = timedelta(seconds=180)  # above the vendor's own 120 s and one period of the above

TAKE = """
with kept as (
  update pipeline_syncschedule set lease_until = %(until)s
   where firm_id = %(firm)s and lease_holder = %(holder)s and %(holder)s <> '' and not paused returning 1),
row as (select * from pipeline_callwindow where grant_id = %(grant)s for update),
moment as (select extract(epoch from clock_timestamp())::float8 as at from row),
need as (
  select m.at, greatest(r.rest_until - m.at, max(
           case when b.own then r.marked[cardinality(r.marked) - b.most + 1]
                else r.calls[cardinality(r.calls) - b.most + 1] end + b.seconds - m.at), 0) as wait
    from row r, moment m,
         unnest(%(most)s::int[], %(seconds)s::float8[], %(own)s::bool[]) as b(most, seconds, own)
   group by m.at, r.rest_until)
update pipeline_callwindow w
   set calls = case when n.wait > 0 then w.calls
                    else (w.calls || n.at)[greatest(1, cardinality(w.calls) + 2 - %(longest)s):] end,
       marked = case when n.wait > 0 or not %(marks)s then w.marked
                     else (w.marked || n.at)[greatest(1, cardinality(w.marked) + 2 - %(longest)s):] end
  from need n where w.grant_id = %(grant)s
returning n.wait, exists (select 1 from kept)
"""
REST = """
update pipeline_callwindow
   set rest_until = greatest(rest_until, extract(epoch from clock_timestamp()) + %(seconds)s)
 where grant_id = %(grant)s
"""


class Gate:
    """The gate of one grant. `holder` is the lease of the run that calls; empty for a page or a command."""

    def __init__(self, *, grant_id: int, firm_id: int, holder: str, clock: Callable[[], datetime]) -> None:
        self._grant, self._firm, self._holder, self._clock = grant_id, firm_id, holder, clock
        self._began = clock()  # what was sent before is not ours: its worker died, and it is looked up
        self._kept = 0.0
        self._known = False

    def take(self, budgets: Sequence[Budget], kind: str) -> float:
        """Count one call and return 0, or return the seconds to wait. `budgets` are those that count it.

        Raises schedule.Lost when the run does not have its firm any more, Revoked when somebody has ended the
        connection since it was opened; nothing has been sent then.
        """
        self._open()
        values: dict[str, Any] = {
            "firm": self._firm,
            "holder": self._holder,
            "grant": self._grant,
            "until": self._clock() + schedule.LEASE / settings.TIME_SCALE,
            "most": [budget.limit for budget in budgets],
            "seconds": [budget.per_seconds for budget in budgets],
            "own": [bool(budget.kind) for budget in budgets],
            "longest": max(budget.limit for budget in budgets),
            "marks": any(budget.kind == kind for budget in budgets if budget.kind),
        }
        with connection.cursor() as cursor:
            cursor.execute(TAKE, values)
            found = cursor.fetchone()
        if found is None:
            self._open_again()
            return self.take(budgets, kind)
        wait, kept = found
        if self._holder and not kept:
            raise schedule.why_lost(firm_id=self._firm, holder=self._holder)
        if self._holder and not wait:
            self._keep_sending()
        return wait or 0.0

    def rest(self, seconds: float) -> None:
        """Let nobody call this vendor with this grant for so long: it asked to wait."""
        self._open()
        with connection.cursor() as cursor:
            cursor.execute(REST, {"grant": self._grant, "seconds": seconds})

    def _open(self) -> None:
        if not self._known:
            CallWindow.objects.get_or_create(grant_id=self._grant)
            self._known = True

    def _open_again(self) -> None:
        """Go on with what was disconnected and connected again meanwhile. Raises Revoked where it was not."""
        try:
            with firm_scope(write=None, reads=[self._firm]):
                grants.read(self._grant, firm_id=self._firm, now=self._clock())
        except GrantUnusable as ended:
            raise Revoked(ended.words) from ended
        self._known = False

    def _keep_sending(self) -> None:
        """Prolong what is being sent: its time counts from the last call that may carry it, not the first."""
        now = time.monotonic()
        if now - self._kept < SENDING_KEPT / settings.TIME_SCALE:
            return
        self._kept = now
        until = self._clock() + SENDING_LEASE / settings.TIME_SCALE
        with firm_scope(write=self._firm):
            rows = Posting.objects.filter(firm_id=self._firm, state="sending", lease_until__lt=until)
            rows.filter(lease_until__gt=self._clock(), sent_at__gte=self._began).update(lease_until=until)


def end(grant_id: int) -> None:
    """Let nobody call with a grant that is open now: its window goes with the connection."""
    CallWindow.objects.filter(grant_id=grant_id).delete()
