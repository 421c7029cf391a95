"""Webhooks: a queue that can be dropped, doubled, reordered and flushed (API.md 5)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
import urllib.request
import uuid
from collections.abc import Callable
from datetime import UTC

from syncapp.emulators.qbo.company import Company, Obj
from syncapp.emulators.wire import dumps

VERBS = {"Create": "created", "Update": "updated", "Delete": "deleted", "Void": "voided", "Merge": "merged"}
_SENDING = threading.Lock()
type Send = Callable[[str, bytes, dict[str, str]], int]


def body(co: Company, events: list[Obj]) -> bytes:
    """The body for these events: a CloudEvents array, or the legacy object, by switch."""
    form = (
        _legacy(co, events)
        if co.switches.webhook_form == "legacy"
        else [_cloud(co, event) for event in events]
    )
    return dumps(form).encode()


def _cloud(co: Company, event: Obj) -> Obj:
    at = event["at"].astimezone(UTC)
    seed = f"{co.realm}/{event['name']}/{event['id']}/{event['operation']}/{at.isoformat()}"
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, seed)),
        "source": "intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=",
        "type": f"qbo.{event['name'].lower()}.{VERBS[event['operation']]}.v1",
        "datacontenttype": "application/json",
        "time": f"{at:%Y-%m-%dT%H:%M:%S.%f}000Z",
        "intuitentityid": event["id"],
        "intuitaccountid": co.realm,
        "data": event.get("data", {}),
    }


def _legacy(co: Company, events: list[Obj]) -> Obj:
    entities = [
        {
            "id": event["id"],
            "operation": event["operation"],
            "name": event["name"],
            "lastUpdated": f"{event['at'].astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}",
            **({"deletedId": event["data"]["deletedid"]} if event["operation"] == "Merge" else {}),
        }
        for event in events
    ]
    return {"eventNotifications": [{"realmId": co.realm, "dataChangeEvent": {"entities": entities}}]}


def signature(raw: bytes, verifier: str) -> str:
    """`intuit-signature`: base64 of HMAC-SHA256 over the raw body."""
    return base64.b64encode(hmac.new(verifier.encode(), raw, hashlib.sha256).digest()).decode()


def drop(co: Company, *, count: int) -> None:
    """Lose the oldest events."""
    del co.events[:count]


def double(co: Company) -> None:
    """Deliver everything twice."""
    co.events = [event for event in co.events for _ in range(2)]


def reorder(co: Company) -> None:
    """Deliver the newest first."""
    co.events.reverse()


def flush(co: Company, *, send: Send | None = None) -> int:
    """Send what is queued, one realm in one body; on any answer but 2xx the events stay queued.

    Gives the number of events delivered. One delivery at a time, so that none is lost between two.
    """
    with _SENDING:
        return _flush(co, send or _post)


def _flush(co: Company, send: Send) -> int:
    events = list(co.events)
    if not events or not co.webhook_url:
        return 0
    raw = body(co, events)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "intuit-signature": signature(raw, co.verifier_token),
        "user-agent": "intuit_notification_server/0.1",
        "intuit-notification-schema-version": "0.1",
    }
    try:
        status = send(co.webhook_url, raw, headers)
    except OSError:
        return 0
    if not 200 <= status < 300:
        return 0
    del co.events[: len(events)]
    return len(events)


def _post(url: str, raw: bytes, headers: dict[str, str]) -> int:
    request = urllib.request.Request(url, data=raw, headers=headers, method="POST")  # noqa: S310
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # to this machine, past any proxy
    with direct.open(request, timeout=10) as answer:
        return int(answer.status)
