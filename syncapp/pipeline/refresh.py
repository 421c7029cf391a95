"""How the books stand: lists, company and objects, kept current by what QuickBooks charges least for.

The first time everything is read; then change data capture since the newest change seen, less an overlap. The
vendor's own times are used, so that a difference of clocks loses nothing (qbo/API.md section 5).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings

from accounts.tenancy import firm_scope
from mapping import mirror
from mapping import queries as mapping_queries
from syncapp.core import codec
from syncapp.core.books import BookObject
from syncapp.core.ledger import ObjectKind
from syncapp.qbo.client import QuickBooks
from syncapp.records.models import BookCursor, BookRow, Document, Posting
from syncapp.records.models.postings import OPEN_STATES

OVERLAP = timedelta(minutes=5)
EVERY = timedelta(minutes=5)  # how old the books may be while nothing is to be posted
KINDS = tuple(ObjectKind)
LISTS = ("Account", "Item", "Class", "Department")
_COLUMNS = [
    "token",
    "number",
    "name",
    "day",
    "total",
    "balance",
    "customer",
    "active",
    "voided",
    "deleted",
    "data",
    "changed_at",
    "seen_at",
]


def run(*, firm_id: int, books_id: int, client: QuickBooks, now: datetime, fresh: bool) -> None:
    """Bring in what changed in one set of books. `fresh` also reads the company's settings again."""
    cursor = _cursor(firm_id, books_id)
    first = cursor.full_at is None
    if first or fresh:
        _read_lists(firm_id, books_id, client, now=now)
    if first:
        _read_all(firm_id, books_id, client, cursor, now=now)
    else:
        changed = client.changes([*KINDS, *LISTS], cursor.changes_since or now - OVERLAP)
        if not fresh and any(one.raw.get("entity") in LISTS for one in changed):
            _read_lists(firm_id, books_id, client, now=now)
        _keep(firm_id, books_id, changed, cursor, now=now)
    with firm_scope(write=firm_id):
        cursor = BookCursor.objects.select_for_update().get(firm_id=firm_id, books_id=books_id)
        cursor.facts = cursor.facts | {"asked_at": now.isoformat()}
        cursor.save(update_fields=["facts"])
    count(firm_id=firm_id, books_id=books_id, client=client)


def due(*, firm_id: int, books_id: int, now: datetime) -> bool:
    """Tell whether the books must be asked: something is to be posted, or the last answer is old."""
    with firm_scope(write=None, reads=[firm_id]):
        cursor = BookCursor.objects.filter(firm_id=firm_id, books_id=books_id).first()
        waiting = Document.objects.filter(firm_id=firm_id, settled=False).exclude(outcome="held")
        asked = waiting.exclude(kind__in=["client", "matter"]).exists()
    if cursor is None or cursor.full_at is None or asked:
        return True
    last = datetime.fromisoformat(cursor.facts.get("asked_at", cursor.full_at.isoformat()))
    return now - last > EVERY / settings.TIME_SCALE


def settled_by_these_rules(*, firm_id: int, books_id: int) -> bool:
    """Tell whether the last settling used the mapping in force and left nothing on its way."""
    with firm_scope(write=None, reads=[firm_id]):
        cursor = BookCursor.objects.filter(firm_id=firm_id, books_id=books_id).first()
        version = mapping_queries.published(books_id)
        rows = Posting.objects.filter(firm_id=firm_id, books_id=books_id, state__in=OPEN_STATES)
        busy = rows.exists()
    return not busy and cursor is not None and cursor.facts.get("rules") == (version.number if version else 0)


def remember_rules(*, firm_id: int, books_id: int) -> None:
    """Keep by which version of the mapping everything was settled."""
    with firm_scope(write=firm_id):
        version = mapping_queries.published(books_id)
        cursor = BookCursor.objects.select_for_update().get(firm_id=firm_id, books_id=books_id)
        cursor.facts = cursor.facts | {"rules": version.number if version else 0}
        cursor.save(update_fields=["facts"])


def save_rows(*, firm_id: int, books_id: int, objects: Iterable[BookObject], now: datetime) -> None:
    """Keep some objects of the books as just seen. In a writing scope."""
    newest = {(one.kind, one.id): one for one in objects if one.kind is not None}
    rows = [
        BookRow(
            firm_id=firm_id,
            books_id=books_id,
            kind=one.kind.value,
            remote_id=one.id,
            token=one.token,
            number=one.number[:60],
            name=one.name[:500],
            day=one.day,
            total=one.total,
            balance=one.balance,
            customer=one.customer,
            active=one.active,
            voided=one.voided,
            deleted=one.deleted,
            data=codec.to_json(replace(one, raw={})),
            changed_at=one.changed_at,
            seen_at=now,
        )
        for one in newest.values()
        if one.kind is not None
    ]
    BookRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        update_fields=_COLUMNS,
        batch_size=500,
        unique_fields=["firm", "books", "kind", "remote_id"],
    )


def _cursor(firm_id: int, books_id: int) -> BookCursor:
    with firm_scope(write=firm_id):
        return BookCursor.objects.get_or_create(firm_id=firm_id, books_id=books_id)[0]


def _read_lists(firm_id: int, books_id: int, client: QuickBooks, *, now: datetime) -> None:
    company, chart = client.company(), client.chart()
    with firm_scope(write=firm_id):
        mirror.mirror_chart(firm_id=firm_id, books_id=books_id, chart=chart, company=company, now=now)


def _read_all(firm_id: int, books_id: int, client: QuickBooks, cursor: BookCursor, *, now: datetime) -> None:
    names = client.names()
    newest = _store(firm_id, books_id, names.customers, now=now)
    for kind in KINDS:
        if kind is not ObjectKind.CUSTOMER:
            newest = max(
                [t for t in (newest, _store(firm_id, books_id, client.query(kind), now=now)) if t],
                default=None,
            )
    with firm_scope(write=firm_id):
        cursor.facts = cursor.facts | {"other_names": sorted(names.others)}
        cursor.full_at, cursor.changes_since = now, (newest or now) - OVERLAP
        cursor.save(update_fields=["facts", "full_at", "changes_since"])


def _store(firm_id: int, books_id: int, objects: Iterable[BookObject], *, now: datetime) -> datetime | None:
    newest: datetime | None = None
    page: list[BookObject] = []
    for one in objects:
        page.append(one)
        if one.changed_at and (newest is None or one.changed_at > newest):
            newest = one.changed_at
        if len(page) >= 1000:  # noqa: PLR2004 - QuickBooks' page
            with firm_scope(write=firm_id):
                save_rows(firm_id=firm_id, books_id=books_id, objects=page, now=now)
            page = []
    with firm_scope(write=firm_id):
        save_rows(firm_id=firm_id, books_id=books_id, objects=page, now=now)
    return newest


def _keep(
    firm_id: int, books_id: int, changed: list[BookObject], cursor: BookCursor, *, now: datetime
) -> None:
    newest = max([one.changed_at for one in changed if one.changed_at], default=None)
    with firm_scope(write=firm_id):
        gone = [one for one in changed if one.deleted and one.kind is not None]
        save_rows(
            firm_id=firm_id, books_id=books_id, objects=[one for one in changed if not one.deleted], now=now
        )
        for one in gone:
            rows = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, kind=one.kind, remote_id=one.id)
            rows.update(deleted=True, balance=0, changed_at=one.changed_at, seen_at=now)
        if newest is not None:
            cursor.changes_since = max(newest - OVERLAP, cursor.changes_since or newest - OVERLAP)
            cursor.save(update_fields=["changes_since"])


def count(*, firm_id: int, books_id: int, client: QuickBooks) -> None:
    """Add the calls and metered reads of a client to those of its books, once."""
    with firm_scope(write=firm_id):
        cursor = BookCursor.objects.select_for_update().get(firm_id=firm_id, books_id=books_id)
        cursor.metered, cursor.calls = (
            cursor.metered + client.metered,
            cursor.calls + client.calls - client.counted,
        )
        cursor.save(update_fields=["metered", "calls"])
    client.metered, client.counted = 0, client.calls
