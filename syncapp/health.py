"""Whether the process is alive, and whether it can do its work."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

STALE_TICK_SECONDS = 60
SCHEDULE = "syncapp.pipeline.clock.schedule"


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Say that the process answers."""
    return JsonResponse({"ok": True})


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Say whether database, broker and the beat's last tick are there; 503 names what is not."""
    checks = {
        "database": _database(),
        "broker": _broker(),
        "last_tick": _last_tick(now=timezone.now()),
    }
    ok = all(answer == "ok" for answer in checks.values())
    return JsonResponse({"ok": ok, "checks": checks}, status=200 if ok else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return "the database does not answer"
    return "ok"


def _broker() -> str:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
            client.ping()
    except redis.RedisError:
        return "the broker does not answer"
    return "ok"


def _last_tick(*, now: datetime) -> str:
    try:
        at: datetime | None = import_module(SCHEDULE).last_tick_at()
    except ModuleNotFoundError:
        return "ok"  # an installation without the pipeline has no schedule to wait for
    except DatabaseError:
        return "the last tick is unknown"
    if at is None:
        return "the schedule has not ticked yet"
    age = int((now - at).total_seconds())
    return "ok" if age <= STALE_TICK_SECONDS else f"the schedule last ticked {age} seconds ago"
