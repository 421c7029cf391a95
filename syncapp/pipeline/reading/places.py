"""Where the reading of a list of Clio's stands, so that it goes on there after an interruption."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from accounts.tenancy import firm_scope
from syncapp.clio import shapes
from syncapp.clio.client import Clio
from syncapp.http.errors import Refused
from syncapp.records.models import Cursor, SourceHead

OVERLAP = timedelta(minutes=5)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """What an earlier pull left of a list: its cursor's state and time, how many rows are known and stand."""

    state: dict[str, Any]
    at: datetime | None
    rows: int
    standing: int  # of them not gone


NEVER_READ = Kept({}, None, 0, 0)


def kept(firm_id: int) -> dict[str, Kept]:
    """Return where every list of a firm stands, by its name. In no scope."""
    with firm_scope(write=None, reads=[firm_id]):
        heads = SourceHead.objects.filter(firm_id=firm_id).values("resource")
        counted = heads.annotate(all=Count("pk"), standing=Count("pk", filter=Q(gone_at__isnull=True)))
        rows = {name: (all_, left) for name, all_, left in counted.values_list("resource", "all", "standing")}
        names = [shape.resource for shape in shapes.ALL]
        cursors = Cursor.objects.filter(firm_id=firm_id, name__in=names).values_list("name", "state", "at")
        return {name: Kept(state, at, *rows.get(name, (0, 0))) for name, state, at in cursors}


def remember(*cursors: Cursor) -> None:
    """Write where some lists stand. In a scope that writes their firm."""
    Cursor.objects.bulk_create(
        cursors,
        update_conflicts=True,
        unique_fields=["firm", "name"],
        update_fields=["state", "at"],
    )


def stand(firm_id: int, cursors: list[Cursor]) -> None:
    """Write where some lists of a firm stand, if there are any. In no scope."""
    if cursors:
        with firm_scope(write=firm_id):
            remember(*cursors)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reading stands: which query of the list, the next page's address, the newest change seen.

    `began` is when the first page was asked for.
    """

    began: datetime
    query: int = 0
    following: str = ""
    newest: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what the cursor keeps."""
        newest = self.newest.isoformat() if self.newest else ""
        began = self.began.isoformat()
        return {"query": self.query, "next": self.following, "newest": newest, "began": began}

    @staticmethod
    def of(state: dict[str, Any], now: datetime) -> Place:
        """Return the place that a cursor kept, or the beginning."""
        if not (kept := state.get("reading")):
            return Place(began=now)
        newest = datetime.fromisoformat(kept["newest"]) if kept["newest"] else None
        return Place(datetime.fromisoformat(kept["began"]), kept["query"], kept["next"], newest)


def pages(
    clio: Clio, shape: shapes.Shape, since: datetime | None, begun: Place
) -> Iterator[tuple[list[Row], Place]]:
    """Give every page of every query of a list from a place on, each with the place behind it."""
    newest, start = begun.newest, begun.following
    for place, query in list(enumerate(shape.queries))[begun.query :]:
        for page, following in _from(clio, shape, since, query, start):
            newest = max([t for t in (newest, *map(_changed, page)) if t], default=None)
            yield page, Place(begun.began, place if following else place + 1, following, newest)
        start = ""


def _from(
    clio: Clio, shape: shapes.Shape, since: datetime | None, query: Mapping[str, str], start: str
) -> Iterator[tuple[list[Row], str]]:
    """Give the pages of one query from an address on; from its beginning when Clio forgot the address."""
    asked: dict[str, Any] = {"fields": shape.fields, "updated_since": since, **query}
    if start:
        try:
            yield from clio.pages_from(shape.resource, start=start, **asked)
        except Refused:
            pass
        else:
            return
    yield from clio.pages_from(shape.resource, **asked)


def next_since(at: Place, before: datetime | None, *, whole: bool) -> str:
    """Return from when on the next question about a list asks, as text; empty while nothing is known."""
    newest = max([t for t in (at.newest, before) if t], default=None)
    if whole and newest:
        newest = min(newest, at.began)
    return (newest - OVERLAP).isoformat() if newest else ""


def swept(known: Kept, since: datetime | None) -> bool:
    """Tell whether a list was swept since then, by the same run before others had their turn."""
    at = instant(known.state.get("swept"))
    return since is not None and at is not None and at >= since


def instant(text: str | None) -> datetime | None:
    """Return a moment that was kept as text; None for none."""
    return datetime.fromisoformat(text) if text else None


def _changed(row: Row) -> datetime | None:
    try:
        at = datetime.fromisoformat(row.get("updated_at") or "")
    except ValueError:
        return None
    return at if at.tzinfo else None
