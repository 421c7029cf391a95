"""Change data capture (API.md 5): 30 days back, 1000 objects, no paging, tombstones for what was deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from syncapp.emulators.qbo import writing
from syncapp.emulators.qbo.company import ENTITIES, Company, Obj
from syncapp.emulators.qbo.errors import Refused

OBJECTS, DAYS = 1000, 30
NO_CDC = frozenset({"TaxCode", "TaxRate", "TaxAgency", "JournalCode"})
_NAMES = {name.lower(): name for name in ENTITIES}


def since(co: Company, entities: str, changed_since: str) -> Obj:
    """The CDCResponse for entities changed at or after an instant. Raises Refused 2010."""
    try:
        at = datetime.fromisoformat(changed_since.replace(" ", "+"))
    except ValueError:
        raise Refused("2010", "Property Name:changedSince specified is unsupported or invalid") from None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if at < co.clock.now() - timedelta(days=DAYS):
        raise Refused("2010", f"changedSince : at most {DAYS} days back", element="changedSince")
    found, left = [], OBJECTS
    for name in entities.split(","):
        entity = _NAMES.get(name.strip().lower())
        if entity is None or entity in NO_CDC:
            raise Refused("2010", f"Property Name:entities {name} specified is unsupported or invalid")
        rows = _changed(co, entity, at)[:left]
        left -= len(rows)
        found.append({entity: rows, "startPosition": 1, "maxResults": len(rows)} if rows else {})
    return {"CDCResponse": [{"QueryResponse": found}]}


def _changed(co: Company, entity: str, since_: datetime) -> list[Obj]:
    floor = since_.replace(microsecond=0)  # LastUpdatedTime has whole seconds (API.md 11.15)
    changed = [i for i in co.store[entity] if (at := co.touched.get((entity, i))) and at >= floor]
    rows = [writing.view(co, entity, identity) for identity in changed]
    for kind, identity, at in co.tombstones:
        if kind == entity and at >= floor:
            meta = {"LastUpdatedTime": co.stamp(at)}
            rows.append({"status": "Deleted", "domain": "QBO", "Id": identity, "MetaData": meta})
    return rows
