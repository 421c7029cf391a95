"""How a record was undone, as its trace tells it: by whom and why, what took it back, what stands again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from syncapp.core.planning.reversing import place_of
from syncapp.records.models import Document, Link, Posting, PostingState, Undone

VOIDING = ("void", "delete")
_NEVER = datetime.max.replace(tzinfo=UTC)


def told(document: Document) -> list[dict[str, Any]]:
    """Return each undo of a record, the oldest first. In a reading scope."""
    mine: dict[str, Any] = {"firm_id": document.firm_id, "document": document}
    rows = list(Undone.objects.filter(**mine).select_related("by", "ended_by").order_by("at", "pk"))
    if not rows:
        return []
    links = list(Link.objects.filter(**mine).order_by("pk"))
    voids = list(
        Posting.objects.filter(**mine, verb__in=VOIDING, state=PostingState.POSTED.value).order_by("pk")
    )
    ends = [*(row.at for row in rows[1:]), _NEVER]
    return [_one(row, until, links, voids) for row, until in zip(rows, ends, strict=True)]


def _one(row: Undone, until: datetime, links: list[Link], voids: list[Posting]) -> dict[str, Any]:
    """Tell one undo by what happened from then until the next one."""
    since = [link for link in links if row.at <= link.at < until]
    made_void = [one for one in voids if one.posted_at and row.at <= one.posted_at < until]
    return {
        "at": _text(row.at),
        "by": str(row.by),
        "reason": row.reason,
        "run": row.run_id,
        "made_void": [f"{one.object_kind}:{one.remote_id}" for one in made_void],
        "reversed_by": [_place(link) for link in since if place_of(link.subject)],
        "sent_again": {
            "at": _text(row.ended_at),
            "by": str(row.ended_by or row.by),
            "as": [_place(link) for link in since if not place_of(link.subject)],
        }
        if row.ended_at
        else None,
    }


def _place(link: Link) -> str:
    return f"{link.object_kind}:{link.remote_id}"


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
