"""Who may read the figures: a program that knows METRICS_TOKEN, or without one a program on this machine."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from syncapp import environment
from syncapp.metrics import collect

if TYPE_CHECKING:
    from django.http import HttpRequest

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures of all firms, which name firms by their slug and hold no record of any; else 401."""
    if not _may_read(request):
        refused = HttpResponse("A bearer token is needed: METRICS_TOKEN.\n", "text/plain", 401)
        refused["WWW-Authenticate"] = "Bearer"
        return refused
    answer = HttpResponse(collect.text(now=timezone.now()), CONTENT_TYPE_LATEST)
    answer["Cache-Control"] = "no-store"
    return answer


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        same = hmac.compare_digest(given.strip().encode(), settings.METRICS_TOKEN.encode())
        return scheme.lower() == "bearer" and same
    return _from_here(request)


def _from_here(request: HttpRequest) -> bool:
    """Tell whether a program on this machine asks: directly, not through a proxy that stands on it."""
    if settings.TRUSTED_PROXIES or any(name in request.headers for name in FORWARDED):
        return False
    remote = request.META.get("REMOTE_ADDR", "")
    remote = f"[{remote}]" if ":" in remote else remote
    return all(environment.is_loopback(f"http://{end}") for end in (remote, request.get_host()))
