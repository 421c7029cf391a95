"""How fresh what we show is: up to when Clio was read, and whether it still tells us of changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Max, Min, Q

from syncapp.clio import shapes
from syncapp.records.models import Cursor, Webhook

if TYPE_CHECKING:
    from syncapp.pipeline.models import SyncSchedule

POLLED = [shape.resource for shape in shapes.ALL if not shape.seldom]
GRACE = timedelta(minutes=2)  # a notice may be on its way while the poll has its record already


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """`clio_at`: everything of Clio up to then is here. `silent_at`: since when no webhook can be relied on.

    `live`: webhooks come. Neither: they were never there, or Clio does not give them. `every` is the poll's
    interval in seconds. Not `reached`: Clio is in trouble, and what it would tell or be asked reaches nobody.
    """

    clio_at: datetime | None
    heard_at: datetime | None
    live: bool
    silent_at: datetime | None
    every: int
    reached: bool = True

    @property
    def pace(self) -> str:
        """Say how often Clio is asked."""
        if self.every < 2 * 60:
            return "every minute" if self.every == 60 else f"every {self.every} seconds"  # noqa: PLR2004
        return f"every {self.every // 60} minutes"


def freshness(*, firm_id: int, plan: SyncSchedule | None, now: datetime, reached: bool = True) -> Freshness:
    """Gather it in two queries, in a scope that reads the firm."""
    lists = Cursor.objects.filter(firm_id=firm_id, name__in=POLLED).aggregate(at=Min("at"))
    late = now - GRACE / settings.TIME_SCALE
    down = (~Q(state="live") & (Q(heard_at__isnull=False) | Q(state="asked", asked_at__lt=late))) | Q(
        missed_at__lt=late
    )
    hooks = Webhook.objects.filter(firm_id=firm_id).aggregate(
        heard=Max("heard_at"),
        asked=Min("asked_at", filter=down),
        down_heard=Min("heard_at", filter=down),
        up=Min("asked_at", filter=Q(state="live")),
    )
    silent = hooks["asked"] is not None
    return Freshness(
        clio_at=lists["at"],
        heard_at=hooks["heard"],
        live=reached and hooks["up"] is not None and not silent,
        silent_at=(hooks["down_heard"] or hooks["asked"]) if silent else None,
        every=plan.every if plan else 60,
        reached=reached,
    )
