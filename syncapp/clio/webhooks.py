"""Clio's webhooks, which only say "look again" (clio/API.md section 4). Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

# Webhook models that Tieout subscribes to, and the resource each makes it look at.
RESOURCE_OF: Mapping[str, str] = {
    "bill": "bills",
    "contact": "contacts",
    "matter": "matters",
    "activity": "activities",
}


@dataclass(frozen=True, slots=True)
class Handshake:
    """Clio asks whether this address is ours: answer 200 with the same secret in `X-Hook-Secret`."""

    webhook_id: int | None
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something happened to one record. `digest` tells a repeated delivery: Clio sends no event id."""

    webhook_id: int | None
    event: str
    record_id: int | None
    etag: str
    digest: str


def verify(*, body: bytes, signature: str, secret: str) -> bool:
    """Tell whether `X-Hook-Signature` is the lowercase hex HMAC-SHA256 of the raw body."""
    if not secret:
        return False
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.strip().encode("utf-8", "replace"))


def handshake(*, headers: Mapping[str, str], body: bytes) -> Handshake | None:
    """Read a handshake: a POST with `X-Hook-Secret`; None when it is none."""
    secret = next((v for k, v in headers.items() if k.lower() == "x-hook-secret"), "")
    if not secret:
        return None
    content = _parsed(body)
    data, meta = _part(content, "data"), _part(content, "meta")
    return Handshake(
        _number(data.get("webhook_id") or meta.get("webhook_id") or content.get("webhook_id")), secret
    )


def notice(body: bytes) -> Notice | None:
    """Read a delivery; None when it is not one."""
    content = _parsed(body)
    data, meta = _part(content, "data"), _part(content, "meta")
    event = meta.get("event")
    if not isinstance(event, str) or not event:
        return None
    return Notice(
        _number(meta.get("webhook_id")),
        event,
        _number(data.get("id")),
        str(data.get("etag") or ""),
        hashlib.sha256(body).hexdigest(),
    )


def _parsed(body: bytes) -> Mapping[str, object]:
    try:
        content = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _part(content: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = content.get(name)
    return part if isinstance(part, dict) else {}


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None
