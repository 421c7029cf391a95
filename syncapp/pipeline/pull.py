"""Stage 1: bring in what the practice system says, verbatim, every version, and notice what is gone.

A list is read whole the first time and while it is short; then by `updated_since`, from the newest change
seen less an overlap (whether Clio includes the instant is unknown: clio/API.md section 9). A sweep of ids and
etags finds what was erased without a tombstone, and what changed without being listed.

A first reading that is interrupted goes on at the page where it stopped. Pages are in the order of ids, so
what is new meanwhile comes behind; what changed on pages that were read is asked for next, because the next
question begins where this reading began.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import batched
from typing import Any

from django.conf import settings

from accounts.tenancy import firm_scope
from syncapp.clio import shapes
from syncapp.clio.client import Clio
from syncapp.core.keys import fingerprint
from syncapp.http.errors import Refused
from syncapp.pipeline.journal import GivesWay
from syncapp.pipeline.reading import places, vanished
from syncapp.pipeline.reading.places import NEVER_READ, Kept, Place, instant, kept, pages
from syncapp.pipeline.reading.sources import group_of
from syncapp.records import bulk
from syncapp.records.models import Cursor, SourceHead, SourceRecord

REST = timedelta(minutes=15)  # how old the lists may be that seldom change
SHORT_LIST = 200  # one page: reading it whole costs no more than asking what changed
WRITE_OFF_LIST = "allocations:write_off"

Row = dict[str, Any]
Beat = Callable[[str, int], None]


@dataclass(slots=True)
class Pulled:
    """What a pull brought: rows seen, versions stored, records found gone, lists asked."""

    seen: int = 0
    stored: int = 0
    gone: int = 0


def run(
    *,
    firm_id: int,
    clio: Clio,
    now: datetime,
    sweep: bool,
    beat: Beat,
    swept_since: datetime | None = None,
) -> Pulled:
    """Pull every list of one firm. `sweep` also looks for what was erased, save in lists swept meanwhile.

    Lists that seldom change rest for a quarter of an hour, unless a sweep or something new asks for them:
    what is unread may name what is new there. So a poll with nothing new costs eleven calls of Clio's fifty
    a minute.
    """
    pulled, listed = Pulled(), kept(firm_id)
    resting = frozenset() if sweep else _resting(listed, now)

    def bring(wanted: Iterable[shapes.Shape]) -> None:
        still: list[Cursor] = []  # lists that are as they were: where they stand is written once for all
        try:
            for shape in wanted:
                beat(shape.resource, pulled.seen)
                mine = listed.get(shape.resource, NEVER_READ)
                again = sweep and not places.swept(mine, swept_since)
                still += _pull_list(
                    firm_id, clio, shape, known=mine, now=now, sweep=again, pulled=pulled, beat=beat
                )
        except GivesWay:
            places.stand(firm_id, still)
            raise
        places.stand(firm_id, still)

    bring(shape for shape in shapes.ALL if shape.resource not in resting)
    if not sweep and not _news(firm_id):
        return pulled
    bring(shape for shape in shapes.ALL if shape.resource in resting)
    _pull_entries(firm_id, clio, now=now)
    _pull_write_offs(firm_id, clio, now=now)
    return pulled


def _resting(listed: dict[str, Kept], now: datetime) -> frozenset[str]:
    """Return the lists that seldom change and were read whole a short while ago."""
    late = now - REST / settings.TIME_SCALE
    seldom = (shape.resource for shape in shapes.ALL if shape.seldom)
    read = ((name, listed.get(name, NEVER_READ)) for name in seldom)
    return frozenset(name for name, one in read if one.state.get("whole") and one.at and one.at > late)


def _news(firm_id: int) -> bool:
    """Tell whether something waits to be read: also what a pull that was interrupted left."""
    with firm_scope(write=None, reads=[firm_id]):
        return SourceHead.objects.filter(firm_id=firm_id, unread=True).exists()


def fetch(*, firm_id: int, clio: Clio, resource: str, now: datetime, **filters: Any) -> set[int]:
    """Read some rows of a list now, store them, and return their ids."""
    shape = shapes.BY_RESOURCE[resource]
    seen: set[int] = set()
    for page in clio.pages(resource, fields=shape.fields, **filters):
        with firm_scope(write=firm_id):
            store(firm_id, resource, page, now=now)
        seen |= {row["id"] for row in page}
    return seen


def _pull_list(
    firm_id: int,
    clio: Clio,
    shape: shapes.Shape,
    *,
    known: Kept,
    now: datetime,
    sweep: bool,
    pulled: Pulled,
    beat: Beat,
) -> list[Cursor]:
    """Bring in one list; return where it stands, to be written, when nothing of it had to be."""
    first = not known.state.get("whole")
    since = None if first else instant(known.state.get("since"))
    whole = since is None or known.rows <= SHORT_LIST or not shape.updated_since
    at = begun = Place.of(known.state if first else {}, now)
    entire = whole and begun.query == 0 and not begun.following
    seen: set[int] = set()
    last: list[Row] = []
    before = pulled.stored + pulled.gone
    for page, at in pages(clio, shape, None if whole else since, begun):
        if entire and at.query == len(shape.queries):
            last = page  # written below, with the end of the list
        else:
            with firm_scope(write=firm_id):
                pulled.stored += store(firm_id, shape.resource, page, now=now)
                if first:
                    state = known.state | {"reading": at.as_json()}
                    places.remember(Cursor(firm_id=firm_id, name=shape.resource, state=state, at=now))
        seen |= {_id(shape.resource, row) for row in page}
        beat(shape.resource, pulled.seen + len(seen))
    pulled.seen += len(seen)
    present = seen if entire else _sweep(firm_id, clio, shape, now=now) if sweep else None
    if present is not None and len(present) > len(last):  # of several pages
        present = _confirmed(firm_id, clio, shape, present, now=now)
    done = known.state | {"since": places.next_since(at, since, whole=whole), "whole": True, "reading": None}
    done |= {"swept": now.isoformat()} if whole or sweep else {}
    cursor = Cursor(firm_id=firm_id, name=shape.resource, state=done, at=now)
    standing = known.standing if entire else None
    return _end_list(cursor, last, present=present, standing=standing, before=before, pulled=pulled)


def _end_list(
    cursor: Cursor,
    last: list[Row],
    *,
    present: set[int] | None,
    standing: int | None,
    before: int,
    pulled: Pulled,
) -> list[Cursor]:
    """Write the last page of a list and what is gone of it; return its cursor when nothing had to be written.

    Where all that was seen is known and stands, and as many stood, nothing is gone.
    """
    firm_id, resource, now = cursor.firm_id, cursor.name, cursor.at
    with firm_scope(write=firm_id):
        pulled.stored += store(firm_id, resource, last, now=now)
        same = pulled.stored + pulled.gone == before
        if present is not None and not (same and len(present) == standing):
            pulled.gone += _mark_gone(firm_id, resource, present=present, now=now)
        if pulled.stored + pulled.gone != before:
            places.remember(cursor)
            return []
    return [cursor]


def _id(resource: str, row: Row) -> int:
    """Return the id of a row. Raises Refused: a list with rows that are none is not taken at all."""
    if not isinstance(row.get("id"), int):
        spoken = resource.replace("_", " ")
        raise Refused(f"Clio's list of {spoken} holds a record without an id, so nothing of it was taken.")
    return int(row["id"])


def store(firm_id: int, resource: str, rows: Iterable[Row], *, now: datetime) -> int:
    """Keep each new version of some rows; return how many there were. In a scope that writes the firm."""
    if not (by_id := {_id(resource, row): row for row in rows}):
        return 0
    heads = {
        head.source_id: head
        for head in SourceHead.objects.filter(firm_id=firm_id, resource=resource, source_id__in=list(by_id))
    }
    prints = {key: fingerprint(row) for key, row in by_id.items()}
    changed = [k for k in by_id if k not in heads or heads[k].fingerprint != prints[k] or heads[k].gone_at]
    if not changed:
        return 0
    bulk.plan_anew()
    records = SourceRecord.objects.bulk_create(
        SourceRecord(
            firm_id=firm_id,
            resource=resource,
            source_id=key,
            payload=by_id[key],
            fingerprint=prints[key],
            version=heads[key].version + 1 if key in heads else 1,
            seen_at=now,
        )
        for key in changed
    )
    fresh = []
    for record in records:
        head = heads.get(record.source_id) or SourceHead(
            firm_id=firm_id, resource=resource, source_id=record.source_id
        )
        row = by_id[record.source_id]
        head.record, head.version, head.fingerprint = record, record.version, record.fingerprint
        head.etag, head.group = str(row.get("etag") or "")[:80], group_of(resource, row)
        head.unread, head.seen_at, head.gone_at = True, now, None
        fresh.append(head)
    names = ["record", "version", "fingerprint", "etag", "group", "unread", "seen_at", "gone_at"]
    bulk.rewrite([head for head in fresh if head.pk], names)
    SourceHead.objects.bulk_create([head for head in fresh if not head.pk])
    return len(records)


def _mark_gone(firm_id: int, resource: str, *, present: set[int], now: datetime) -> int:
    """Mark what is not there any more; return how many. In a scope that writes the firm."""
    heads = SourceHead.objects.filter(firm_id=firm_id, resource=resource, gone_at__isnull=True)
    missing = set(heads.values_list("source_id", flat=True)) - present
    return heads.filter(source_id__in=missing).update(gone_at=now, unread=True)


def _sweep(firm_id: int, clio: Clio, shape: shapes.Shape, *, now: datetime) -> set[int]:
    """Compare every id and etag with ours and fetch what differs; return the ids that there are."""
    found: dict[int, str] = {}
    for query in shape.queries:
        for page in clio.ids(shape.resource, **query):
            found.update(dict(page))
    with firm_scope(write=None, reads=[firm_id]):
        heads = SourceHead.objects.filter(firm_id=firm_id, resource=shape.resource, gone_at__isnull=True)
        known = dict(heads.values_list("source_id", "etag"))
    stale = [key for key, etag in found.items() if key not in known or (etag and known[key] != etag[:80])]
    for some in batched(stale, vanished.SOME_IDS):
        _fetch_each(firm_id, clio, shape, some, now=now)
    return set(found)


def _confirmed(
    firm_id: int, clio: Clio, shape: shapes.Shape, present: set[int], *, now: datetime
) -> set[int]:
    ask = partial(_fetch_each, firm_id, clio, shape, now=now)
    return present if shape.seldom else vanished.confirmed(firm_id, shape.resource, present, ask)


def _fetch_each(
    firm_id: int, clio: Clio, shape: shapes.Shape, ids: tuple[int, ...], *, now: datetime
) -> set[int]:
    every = ({"ids": list(ids), **query} for query in shape.queries)
    return set().union(
        *(fetch(firm_id=firm_id, clio=clio, resource=shape.resource, now=now, **one) for one in every)
    )


def _pull_entries(firm_id: int, clio: Clio, *, now: datetime) -> None:
    """Fetch the time and expense entries behind new bill lines that the list of entries did not bring."""
    with firm_scope(write=None, reads=[firm_id]):
        lines = SourceHead.objects.filter(firm_id=firm_id, resource="line_items", unread=True)
        payloads = lines.select_related("record").values_list("record__payload", flat=True)
        named = {key for row in payloads if isinstance(key := (row.get("activity") or {}).get("id"), int)}
        heads = SourceHead.objects.filter(firm_id=firm_id, resource="activities", source_id__in=named)
        missing = sorted(named - set(heads.values_list("source_id", flat=True)))
    for some in batched(missing, vanished.SOME_IDS):
        fetch(firm_id=firm_id, clio=clio, resource="activities", now=now, ids=list(some))


def _pull_write_offs(firm_id: int, clio: Clio, *, now: datetime) -> None:
    """Which allocations are write-offs is told only by a filter of the list (clio/API.md section 5)."""
    with firm_scope(write=None, reads=[firm_id]):
        credits_ = SourceHead.objects.filter(firm_id=firm_id, resource="credit_memos").exists()
    if not credits_:
        return
    ids = {key for page in clio.ids("allocations", **shapes.WRITE_OFFS) for key, _ in page}
    with firm_scope(write=firm_id):
        places.remember(Cursor(firm_id=firm_id, name=WRITE_OFF_LIST, state={"ids": sorted(ids)}, at=now))
