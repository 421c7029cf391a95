"""Messages to a firm's channels: at once or once a day, by urgency, and never twice for the same.

A message tells how many causes are new and how much they hold, by urgency; the causes themselves name
clients, so they stay here. What could not be sent is told with the next message.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Sum
from django.db.models.functions import Abs, Coalesce

from accounts import channels, letters
from accounts.models import AlertChannel
from accounts.seal import SealBroken
from accounts.tenancy import firm_scope
from syncapp.core.money import spoken
from syncapp.http.errors import VendorError
from syncapp.http.session import Session
from syncapp.records.models import Case, Hold

if TYPE_CHECKING:
    from accounts.models import Firm

PATIENCE = 10.0  # seconds for an answer
NAMES = {"trust": "client money", "needs_person": "for a person", "waiting": "waiting by itself"}
OK = range(200, 300)


def send(*, firm: Firm, now: datetime) -> int:
    """Tell every channel that is due what it does not know yet; return how many were told. In no scope."""
    with firm_scope(write=None, reads=[firm.pk]):
        rows = list(AlertChannel.objects.filter(firm_id=firm.pk).order_by("pk"))
        due = [
            row for row in rows if not row.daily or row.told_at < letters.last_morning(firm.time_zone, now)
        ]
        found = [(row, _new_to(firm, row)) for row in due]
    return sum(_tell(row, text, now) for row, text in found if text or row.daily)


def _new_to(firm: Firm, row: AlertChannel) -> str:
    """Write what a channel does not know; empty when nothing is new to it."""
    cases = Case.objects.filter(firm_id=firm.pk, closed_at__isnull=True, told_at__gt=row.told_at)
    known = dict(cases.filter(severity__in=letters.told_of(row.least)).values_list("pk", "severity"))
    if not known:
        return ""
    held = Hold.objects.filter(firm_id=firm.pk, case__in=known, closed_at__isnull=True).order_by()
    sums = held.values("case_id").annotate(n=Count("pk"), minor=Coalesce(Sum(Abs("amount")), 0))
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for severity in known.values():
        counts[severity][0] += 1
    for one in sums:
        counts[known[one["case_id"]]][1] += one["minor"]
    parts = [
        f"{counts[severity][0]} {words} ({spoken(counts[severity][1], firm.currency)})"
        for severity, words in NAMES.items()
        if severity in counts
    ]
    noun = "exception" if len(known) == 1 else "exceptions"
    address = f"{settings.PUBLIC_URL.rstrip('/')}/exceptions/"
    return f"{firm.name}: {len(known)} new {noun}: {', '.join(parts)}. {address}"


def _tell(row: AlertChannel, text: str, now: datetime) -> bool:
    """Send a message, if there is one, and remember until when the channel knows; False when none went."""
    trouble = post(row, text) if text else ""
    with firm_scope(write=row.firm_id):
        rows = AlertChannel.objects.filter(firm_id=row.firm_id, pk=row.pk)
        rows.update(trouble=trouble) if trouble else rows.update(told_at=now, trouble="")
    return bool(text) and not trouble


def post(row: AlertChannel, text: str) -> str:
    """Send a text to a channel; return why it could not be, in words. In no scope."""
    try:
        url = channels.url_of(row)
    except SealBroken:
        return "Its address cannot be opened any more. Add the channel again."
    session = Session(url, timeout=PATIENCE, provider=channels.KINDS[row.kind], path_shown="/…")
    try:
        answer = session.request("POST", url, json=body(row.kind, text))
    except VendorError as error:
        return error.words[:300]
    if answer.status not in OK:
        return f"{channels.KINDS[row.kind]} refused the message (HTTP {answer.status}): is the webhook on?"
    return ""


def body(kind: str, text: str) -> dict[str, Any]:
    """Write a message as the chat takes it: Slack a text, Teams an adaptive card."""
    if kind == "slack":
        return {"text": text}
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": text, "wrap": True}],
    }
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [content]}
