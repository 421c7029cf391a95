"""The audit log: written in the transaction that does the thing, chained by hash, never changed."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any, Required, TypedDict, Unpack

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from structlog.contextvars import get_contextvars

from accounts import verifier
from accounts.models import AuditEvent, AuditHead, Firm, User
from accounts.tenancy import NoScope, current_firm
from accounts.verbs import VERBS, extend, say
from accounts.verifier import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

__all__ = ["VERBS", "Verdict", "extend", "record", "sentence", "verify"]

SYSTEM = "Tieout"
CHUNK = 2000
README = "Check this log with any Python 3.12 or later: python verifier.py audit.jsonl\n"
WITHHELD = "Events that are withheld have their place in the chain; what they say is not for this reader.\n"

type Told = Callable[[list[AuditEvent]], frozenset[int]]


class Saying(TypedDict, total=False):
    """What is said of an event; `event` tells what each of it means."""

    firm_id: Required[int]
    actor: Required[User | str | None]
    verb: Required[str]
    now: Required[datetime]
    obj: models.Model | None
    kind: str
    id: object
    text: str
    before: object
    after: object
    request_id: str


def record(**said: Unpack[Saying]) -> AuditEvent:
    """Write who did what, in the open scope of the firm, and chain it to the firm's last event.

    Raises what `event` raises.
    """
    return append([event(**said)])[0]


def event(
    *,
    firm_id: int,
    actor: User | str | None,
    verb: str,
    now: datetime,
    obj: models.Model | None = None,
    kind: str = "",
    id: object = "",  # noqa: A002 - the field's own name
    text: str = "",
    before: object = None,
    after: object = None,
    request_id: str = "",
) -> AuditEvent:
    """Make an event that is not written yet: see `record`, and `append` for many at once.

    `actor` is a person, a program's name, or None for Tieout itself; `obj` fills kind, id and text; an empty
    `request_id` is that of the web request or task being served. Raises ValueError for a verb without a
    sentence, TypeError for a float (money is text), NoScope when the open scope writes another firm.
    """
    if verb not in VERBS:
        raise ValueError(f"The verb {verb} has no sentence; add it with accounts.audit.extend.")
    if current_firm() != firm_id:
        raise NoScope("An event is written in the scope of its own firm.")
    if obj is not None:
        kind, id, text = kind or type(obj).__name__.lower(), id or obj.pk, text or str(obj)  # noqa: A001
    return AuditEvent(
        firm_id=firm_id,
        at=now,
        actor=actor if isinstance(actor, User) else None,
        actor_text=_clean(_name(actor), 200),
        verb=verb,
        object_kind=_clean(kind, 60),
        object_id=_clean(str(id), 80),
        object_text=_clean(text, 300),
        before=_plain(before),
        after=_plain(after),
        request_id=_clean(request_id or str(get_contextvars().get("request_id", "")), 64),
    )


def append(events: list[AuditEvent]) -> list[AuditEvent]:
    """Chain events of one firm, in their order, to its last one, whose row is locked until the end."""
    if not events:
        return []
    firm_id = events[0].firm_id
    AuditHead.objects.bulk_create([AuditHead(firm_id=firm_id)], ignore_conflicts=True)
    head = AuditHead.objects.select_for_update().get(firm_id=firm_id)
    number, last = head.number, head.hash
    for one in events:
        number += 1
        one.number, one.previous_hash = number, last
        one.hash = last = verifier.digest(last, as_dict(one))
    AuditEvent.objects.bulk_create(events)
    AuditHead.objects.filter(pk=head.pk, firm_id=firm_id).update(number=number, hash=last)
    return events


def _name(actor: User | str | None) -> str:
    if isinstance(actor, User):
        return actor.name or actor.email
    return actor or SYSTEM


def _clean(text: str, length: int) -> str:
    return text.replace("\x00", "")[:length]


def _plain(value: object) -> Any:
    """Turn dates, decimals and ids into JSON text once, so that what is hashed is what is read back."""
    if value is None:
        return None
    text = json.dumps(value, cls=DjangoJSONEncoder).replace("\\u0000", "")
    return json.loads(text, parse_float=_no_float)


def _no_float(text: str) -> float:
    raise TypeError(f"{text} in an audit event is a float; write money as text or whole cents.")


def as_dict(event: AuditEvent) -> dict[str, Any]:
    """Return an event as it is exported and hashed; `at` is UTC with microseconds."""
    return {
        "number": event.number,
        "at": event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor_id": event.actor_id,
        "actor_text": event.actor_text,
        "verb": event.verb,
        "object_kind": event.object_kind,
        "object_id": event.object_id,
        "object_text": event.object_text,
        "before": event.before,
        "after": event.after,
        "request_id": event.request_id,
        "previous_hash": event.previous_hash,
        "hash": event.hash,
    }


def sentence(event: AuditEvent) -> str:
    """Say an event in words."""
    return say(
        event.verb, actor=event.actor_text, obj=event.object_text, before=event.before, after=event.after
    )


def _chain(firm_id: int) -> Iterator[dict[str, Any]]:
    events = AuditEvent.objects.filter(firm_id=firm_id).order_by("number")
    return (as_dict(event) for event in events.iterator(chunk_size=CHUNK))


def verify(firm_id: int) -> Verdict:
    """Check the firm's whole chain in the open scope and name the first event that does not fit."""
    verdict = verifier.check(_chain(firm_id))
    head = AuditHead.objects.filter(firm_id=firm_id).first()
    return verifier.against(verdict, count=head.number if head else 0, head=head.hash if head else "")


def export_lines(firm_id: int, told: Told | None = None) -> Iterator[str]:
    """Write the firm's log as JSON, one event a line, oldest first. Consume it inside the scope.

    `told` says which events of some may be read; of the others only what holds the chain together is written.
    """
    if told is None:
        return (json.dumps(event, ensure_ascii=False) + "\n" for event in _chain(firm_id))
    return (json.dumps(event, ensure_ascii=False) + "\n" for event in _partly(firm_id, told))


def _partly(firm_id: int, told: Told) -> Iterator[dict[str, Any]]:
    events = AuditEvent.objects.filter(firm_id=firm_id).order_by("number").iterator(chunk_size=CHUNK)
    for some in batched(events, CHUNK):
        open_ones = told(list(some))
        for event in some:
            whole = as_dict(event)
            kept = {name: whole[name] for name in ("number", "previous_hash", "hash")}
            yield whole if event.number in open_ones else {**kept, "withheld": True}


def export_zip(*, firm: Firm, now: datetime, told: Told | None = None) -> bytes:
    """Pack the firm's log, the end it must have, and the program that checks it without Tieout."""
    head = AuditHead.objects.filter(firm_id=firm.pk).first()
    manifest = {
        "firm": firm.name,
        "exported_at": now.isoformat(),
        "count": head.number if head else 0,
        "head": head.hash if head else "",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("audit.jsonl", "".join(export_lines(firm.pk, told)))
        archive.writestr("manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False))
        archive.writestr("verifier.py", Path(verifier.__file__).read_bytes())
        archive.writestr("README.txt", README + (WITHHELD if told else ""))
    return buffer.getvalue()
