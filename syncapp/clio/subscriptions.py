"""Webhooks at Clio: asked for, kept alive and taken back. Facts: clio/API.md section 4.

Whether the fields of a webhook may be nested is unknown, so only plain names are watched. They hold no word
of a narrative: what comes is thrown away, the record is read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from syncapp.clio.client import Clio

EVENTS = ("created", "updated", "deleted")
WATCHED: Mapping[str, str] = {
    "bill": "id,etag,updated_at,number,state,issued_at,due_at,total,balance,paid",
    "contact": "id,etag,updated_at,type,is_client",
    "matter": "id,etag,updated_at,display_number,status",
    "activity": "id,etag,updated_at,type,date,total,billed,on_bill",
}
_SHOWN = "id,url,model,status,expires_at,shared_secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """One webhook as Clio shows it. `status` is pending, enabled or suspended; the secret may be missing."""

    id: int
    url: str
    model: str
    status: str
    expires_at: datetime | None
    secret: str = field(repr=False, default="")


def listed(clio: Clio) -> list[Subscribed]:
    """Return every webhook of ours in this account: one call."""
    pages = clio.pages("webhooks", fields=_SHOWN)
    return [found for page in pages for row in page if (found := _read(row))]


def ask(clio: Clio, *, model: str, url: str, expires_at: datetime) -> Subscribed | None:
    """Ask for one; Clio calls `url` for the handshake, maybe before it answers. Raises Refused, Transient."""
    data = {
        "url": url,
        "model": model,
        "fields": WATCHED[model],
        "events": list(EVENTS),
        "expires_at": expires_at.isoformat(timespec="seconds"),
    }
    return _read(clio.command("POST", "webhooks.json", data=data, fields=_SHOWN))


def renew(clio: Clio, webhook_id: int, *, expires_at: datetime) -> Subscribed | None:
    """Give one a longer life; None when it is gone."""
    data = {"expires_at": expires_at.isoformat(timespec="seconds")}
    return _read(clio.command("PATCH", f"webhooks/{webhook_id}.json", data=data, fields=_SHOWN))


def activate(clio: Clio, webhook_id: int, *, secret: str) -> bool:
    """Confirm one whose handshake did not reach us, with its secret; False when it is gone."""
    done = clio.command("PUT", f"webhooks/{webhook_id}/activate", headers={"X-Hook-Secret": secret})
    return done is not None


def remove(clio: Clio, webhook_id: int) -> None:
    """Take one back; what is gone already is no matter."""
    clio.command("DELETE", f"webhooks/{webhook_id}.json")


def _read(row: Mapping[str, Any] | None) -> Subscribed | None:
    if not row or not isinstance(row.get("id"), int):
        return None
    return Subscribed(
        id=row["id"],
        url=str(row.get("url") or ""),
        model=str(row.get("model") or ""),
        status=str(row.get("status") or ""),
        expires_at=_instant(row.get("expires_at")),
        secret=str(row.get("shared_secret") or ""),
    )


def _instant(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value or ""))
    except ValueError:
        return None
    return at if at.tzinfo else None
