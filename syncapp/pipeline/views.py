"""Where vendors call us: the raw body is verified first, stored, and answered; nothing is fetched here.

QuickBooks wants its answer within three seconds (qbo/API.md section 5), Clio within "a short period".
"""

from __future__ import annotations

from http import HTTPStatus

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from syncapp.pipeline import tasks
from syncapp.pipeline.clock import waking
from syncapp.pipeline.notices import hearing
from syncapp.pipeline.notices.hearing import Heard

LONGEST_BODY = 1_000_000  # bytes; a thousand events of QuickBooks are 400,000
log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
def clio(request: HttpRequest, token: str) -> HttpResponse:
    """Take a handshake or a notice of one subscription, which its address names."""
    body = _body(request)
    if body is None:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return _answer(hearing.clio(token=token, headers=request.headers, body=body, now=timezone.now()))


@csrf_exempt
@require_POST
def quickbooks(request: HttpRequest) -> HttpResponse:
    """Take the notices of any number of companies, signed for the whole application."""
    body = _body(request)
    if body is None:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    signature = request.headers.get("intuit-signature", "")
    return _answer(hearing.quickbooks(signature=signature, body=body, now=timezone.now()))


def _body(request: HttpRequest) -> bytes | None:
    """Return the body; None when it is longer than any notice, unread."""
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > LONGEST_BODY:
        return None
    return request.body


def _answer(heard: Heard) -> HttpResponse:
    """Wake the firms and answer. A broker that is gone costs the wait for the next tick."""
    now = timezone.now()
    for firm_id in heard.wake:
        if waking.wake(firm_id=firm_id, now=now):
            try:
                tasks.wake_firm.apply_async(countdown=waking.seconds(), expires=60, retry=False)
            except Exception:  # noqa: BLE001 - whatever a broker's client raises, the firm is due in PostgreSQL
                log.warning("no wake-up could be sent; the next tick takes the firm", firm_id=firm_id)
    answer = HttpResponse(status=heard.status)
    if heard.secret:
        answer["X-Hook-Secret"] = heard.secret
    return answer
