"""What changed in the books since an instant, by change data capture, and by query where that ends.

Facts: qbo/API.md section 5: 30 days back, at most 1000 objects an answer, no pages, deleted ones as stubs.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from syncapp.core.books import BookObject
from syncapp.http.errors import Refused, Transient
from syncapp.qbo import answers
from syncapp.qbo.shapes import LISTS, Json, literal

if TYPE_CHECKING:
    from syncapp.qbo.client import QuickBooks

MOST = 1000
LOOK_BACK = timedelta(days=30) - timedelta(hours=1)  # an hour short of the vendor's bound: clocks differ
_HALVINGS = 12
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def since(client: QuickBooks, entities: list[str], instant: datetime) -> list[BookObject]:
    """Return changed and deleted objects, oldest change first, each once in its newest form.

    An answer that is full may have left something out: it is asked again for each entity alone, then by query
    on the time of the last change, which cannot tell deletions; their stubs are gathered from ever shorter
    windows. From longer than 30 days ago the query answers, and change capture tells what was deleted lately:
    a company in which nothing changed for a month is asked so. What was deleted before that, only reading
    everything again finds.
    """
    if client.now() - instant > LOOK_BACK:
        found = [one for entity in entities for one in _older(client, entity, instant)]
        found += _deleted(client, entities, instant)
    else:
        try:
            found = _captured(client, entities, instant)
        except (Refused, Transient) as error:  # an entity that this company's change capture does not know
            if not answers.is_about_one(error, entities):
                raise
            found = [one for entity in entities for one in _asked(client, entity, instant)]
    newest: dict[tuple[str, str], BookObject] = {}
    for one in sorted(found, key=lambda o: o.changed_at or _EARLIEST):
        newest[str(one.raw.get("entity")), one.id] = one
    return sorted(newest.values(), key=lambda o: o.changed_at or _EARLIEST)


def _older(client: QuickBooks, entity: str, instant: datetime) -> list[BookObject]:
    """Query one entity; a list that the company's plan may lack is then empty (API.md section 8.11)."""
    try:
        return _queried(client, entity, instant)
    except (Refused, Transient) as error:
        if entity in LISTS and answers.has_no_such_list(error, entity):
            return []
        raise


def _deleted(client: QuickBooks, entities: list[str], instant: datetime) -> list[BookObject]:
    """Return the stubs that change capture still tells: all at once, or of each entity that it knows.

    The bound of 30 days is by QuickBooks' clock, and what it does beyond is not documented (API.md section
    13): the whole time is asked first, then what is surely within.
    """
    within = client.now() - LOOK_BACK
    found: list[BookObject] = []
    for some, start in [(entities, instant), (entities, within), *(([one], within) for one in entities)]:
        try:
            found += [one for one in _captured(client, some, start) if one.deleted]
        except (Refused, Transient) as error:
            if not answers.is_about_one(error, some):
                raise
            continue
        if some is entities:
            break
    return found


def _asked(client: QuickBooks, entity: str, instant: datetime) -> list[BookObject]:
    """Capture one entity alone; what that refuses is queried, what the query refuses is not there."""
    for asked in (_captured_alone, _queried):
        try:
            return asked(client, entity, instant)
        except (Refused, Transient) as error:
            if not answers.has_no_such_list(error, entity):
                raise
    return []


def _captured_alone(client: QuickBooks, entity: str, instant: datetime) -> list[BookObject]:
    return _captured(client, [entity], instant)


def _captured(client: QuickBooks, entities: list[str], instant: datetime) -> list[BookObject]:
    found = _capture(client, entities, instant)
    if len(found) < MOST:
        return found
    if len(entities) > 1:
        return [one for entity in entities for one in _captured(client, [entity], instant)]
    gone = [one for one in found if one.deleted]
    start = instant
    for _ in range(_HALVINGS):
        start += (client.now() - start) / 2
        part = _capture(client, entities, start)
        gone += [one for one in part if one.deleted]
        if len(part) < MOST:
            break
    return [*_queried(client, entities[0], instant), *gone]


def _capture(client: QuickBooks, entities: list[str], instant: datetime) -> list[BookObject]:
    at = instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = client.get("cdc", {"entities": ",".join(entities), "changedSince": at})
    found: list[BookObject] = []
    for part in _list(body.get("CDCResponse")):
        for answer in _list(part.get("QueryResponse")):
            for entity, rows in answer.items():
                if entity in entities:
                    found += [client.object(entity, row) for row in _list(rows)]
    return found


def _list(value: object) -> list[Json]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Refused("QuickBooks' list of changes cannot be read.", code="unreadable")
    return value


def _queried(client: QuickBooks, entity: str, instant: datetime) -> list[BookObject]:
    floor = instant.replace(microsecond=0)  # LastUpdatedTime has whole seconds (API.md section 11, row 15)
    where = f"MetaData.LastUpdatedTime >= {literal(floor)}"
    return list(client.query(entity, where, "MetaData.LastUpdatedTime"))
