"""How the books stand: lists, company and objects, kept current by what QuickBooks charges least for.

The first time everything is read; then change data capture since the newest change seen, less an overlap. The
vendor's own times are used, so that a difference of clocks loses nothing (qbo/API.md section 5).

Every look is a paid read (section 6), so books are looked at when there is a reason: their notices tell of
somebody else's change, something was refused, a day has passed. Books that send no notices are looked at
before something is posted, and hourly while something is held that a person mends there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from accounts.tenancy import firm_scope
from mapping import mirror
from syncapp.core import codec
from syncapp.core.books import BookObject, Chart, Company
from syncapp.core.ledger import ObjectKind
from syncapp.core.problems import Fix
from syncapp.pipeline.clock import use
from syncapp.pipeline.deposits import waiting as undeposited
from syncapp.pipeline.notices import listed, news, noticed
from syncapp.pipeline.notices.news import LISTS
from syncapp.pipeline.sending import timed
from syncapp.pipeline.trust import beside, hands, ledger_accounts, pairs
from syncapp.pipeline.trust import payees as trust_payees
from syncapp.qbo.client import QuickBooks
from syncapp.records.models import BookCursor, BookRow, Document, Hold, Posting

OVERLAP = timedelta(minutes=5)
BEFORE_POSTING = timedelta(minutes=5)  # how old the last look at books without notices may be
WHILE_WAITING = timedelta(hours=1)
TWINS = "trust_twin"  # codes of client money that a person deletes, or enters anew, in the books
SETTINGS_EVERY = timedelta(days=7)  # closed books and the rest; a day when something of the past is posted
OF_THE_PAST = timedelta(days=7)
# Accounts are of the chart, expenses come with the checks, vendors concern who writes checks.
KINDS = tuple(kind for kind in ObjectKind if kind.value not in {"account", "expense", "vendor"})
_COLUMNS = [
    "token", "number", "name", "day", "total", "balance", "customer", "active", "voided", "deleted", "data",
    "changed_at", "seen_at",
]  # fmt: skip


def run(*, firm_id: int, books_id: int, client: QuickBooks, now: datetime, fresh: bool) -> None:
    """Bring in what changed in one set of books. `fresh` also reads its settings and lists again."""
    cursor = _cursor(firm_id, books_id)
    first, changed = cursor.full_at is None, list[BookObject]()
    read: dict[str, Any] = {"asked_at": now.isoformat()}
    chart: Chart | None = None
    if first or fresh:
        read["settings_at"] = now.isoformat()
        chart = _read_company(firm_id, books_id, client, client.company(), now=now)
    if first:
        _read_all(firm_id, books_id, client, cursor, now=now)
    else:
        with firm_scope(write=None, reads=[firm_id]):
            others = beside.captured(firm_id=firm_id, books_id=books_id)
        asked = [*KINDS, *sorted(LISTS), *others]
        changed = client.changes(asked, cursor.changes_since or client.unseen_since() - OVERLAP)
        lists, known = (
            listed.changes(firm_id, books_id, changed),
            set(cursor.facts.get("lists_read", [])),
        )
        if not fresh and not lists <= known:
            company = client.known_company or client.company()
            chart = _read_company(firm_id, books_id, client, company, now=now)
        read["lists_read"] = sorted(lists & known if fresh else lists)
        _keep(firm_id, books_id, changed, cursor, now=now)
    unread, seen = beside.unread(firm_id=firm_id, books_id=books_id, client=client)
    payees, told = trust_payees.read(firm_id=firm_id, books_id=books_id, client=client, changed=changed)
    with firm_scope(write=firm_id):
        cursor = BookCursor.objects.select_for_update().get(firm_id=firm_id, books_id=books_id)
        save_rows(firm_id=firm_id, books_id=books_id, objects=[*unread, *payees], now=now)
        cursor.facts = cursor.facts | read | seen | told
        cursor.facts |= undeposited.learned(firm_id=firm_id, books_id=books_id, chart=chart)
        cursor.save(update_fields=["facts"])
        noticed.close(firm_id=firm_id, provider="qbo", books_id=books_id, began=now, now=client.now())
    count(firm_id=firm_id, books_id=books_id, client=client)


def due(*, firm_id: int, books_id: int, now: datetime) -> bool:
    """Tell whether there is a reason to look at the books."""
    with firm_scope(write=None, reads=[firm_id]):
        cursor = BookCursor.objects.filter(firm_id=firm_id, books_id=books_id).first()
        if cursor is None or cursor.full_at is None:
            return True
        if trust_payees.unread(firm_id=firm_id, books_id=books_id):
            return True
        looked = news.instant(cursor, "asked_at") or cursor.full_at
        told = news.instant(cursor, "told_at")
        if (told is not None and told > looked) or _refused_since(looked, firm_id, books_id):
            return True
        age = (now - looked) * settings.TIME_SCALE
        if news.listening(cursor, now=now) or age <= BEFORE_POSTING:
            return False
        standing = Hold.objects.filter(firm_id=firm_id, closed_at__isnull=True)
        held = standing.filter(alarm=False, case__fix=Fix.BOOKS)
        if standing.filter(code__startswith=TWINS).exists() or (age > WHILE_WAITING and held.exists()):
            return True
        waiting = Document.objects.filter(firm_id=firm_id, settled=False)
        waiting = timed.moving(waiting, now=now)
        return waiting.exclude(kind__in=["client", "matter"]).exists()


def settings_due(*, firm_id: int, books_id: int, now: datetime) -> bool:
    """Tell whether the settings must be read: told or refused since, a week old, or a day old and needed.

    A closing date matters to what is dated in the past: entries there are planned otherwise.
    """
    with firm_scope(write=None, reads=[firm_id]):
        cursor = BookCursor.objects.filter(firm_id=firm_id, books_id=books_id).first()
        read = news.instant(cursor, "settings_at") if cursor else None
        if cursor is None or read is None:
            return True
        told = news.instant(cursor, "settings_told_at")
        age = (now - read) * settings.TIME_SCALE
        if age > SETTINGS_EVERY or (told is not None and told > read):
            return True
        if age > WHILE_WAITING and _refused_since(read, firm_id, books_id):
            return True
        past = (now - OF_THE_PAST).date()
        waiting = Document.objects.filter(firm_id=firm_id, settled=False, day__lt=past)
        return age > timedelta(days=1) and timed.moving(waiting, now=now).exists()


def read_settings(*, firm_id: int, books_id: int, client: QuickBooks, now: datetime) -> None:
    """Read the company's settings again: two metered reads."""
    company = client.company()
    with firm_scope(write=firm_id):
        mirror.mirror_company(firm_id=firm_id, books_id=books_id, company=company, now=now)
        cursor = BookCursor.objects.select_for_update().get(firm_id=firm_id, books_id=books_id)
        cursor.facts = cursor.facts | {"settings_at": now.isoformat()}
        cursor.save(update_fields=["facts"])
    count(firm_id=firm_id, books_id=books_id, client=client)


def _refused_since(at: datetime, firm_id: int, books_id: int) -> bool:
    """Tell whether QuickBooks refused something since then: it knows more of its books than we do."""
    rows = Posting.objects.filter(firm_id=firm_id, books_id=books_id, state="refused")
    return rows.filter(sent_at__gt=at).exists()


def save_rows(*, firm_id: int, books_id: int, objects: Iterable[BookObject], now: datetime) -> None:
    """Keep some objects of the books as just seen. In a writing scope."""
    newest = {(kind, one.id): one for one in objects if (kind := beside.row_kind(one))}
    rows = [
        BookRow(
            firm_id=firm_id,
            books_id=books_id,
            kind=kind,
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
        for (kind, _), one in newest.items()
    ]
    BookRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        update_fields=_COLUMNS,
        batch_size=500,
        unique_fields=["firm", "books", "kind", "remote_id"],
    )
    beside.keep_once(firm_id=firm_id, books_id=books_id, places=newest, now=now)


def _cursor(firm_id: int, books_id: int) -> BookCursor:
    with firm_scope(write=firm_id):
        return BookCursor.objects.get_or_create(firm_id=firm_id, books_id=books_id)[0]


def _read_company(
    firm_id: int, books_id: int, client: QuickBooks, company: Company, *, now: datetime
) -> Chart:
    chart = client.chart()
    with firm_scope(write=firm_id):
        mirror.mirror_chart(firm_id=firm_id, books_id=books_id, chart=chart, company=company, now=now)
        pairs.settle(firm_id=firm_id, books_id=books_id, now=now)
        ledger_accounts.keep(firm_id=firm_id, books_id=books_id, chart=chart)
    return chart


def _read_all(firm_id: int, books_id: int, client: QuickBooks, cursor: BookCursor, *, now: datetime) -> None:
    names = client.names()
    newest = _store(firm_id, books_id, names.customers, now=now)
    for kind in KINDS:
        if kind is not ObjectKind.CUSTOMER:
            stored = _store(firm_id, books_id, client.query(kind), now=now)
            newest = max([t for t in (newest, stored) if t], default=None)
    with firm_scope(write=firm_id):
        cursor.facts = cursor.facts | {"other_names": sorted(names.others)}
        cursor.full_at, cursor.changes_since = now, (newest or client.unseen_since()) - OVERLAP
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
        gone = [one for one in changed if one.deleted and beside.row_kinds(one)]
        stand = beside.wanted(
            firm_id=firm_id, books_id=books_id, objects=[one for one in changed if not one.deleted]
        )
        objects = differing(firm_id, books_id, stand)
        hands.notice(firm_id=firm_id, books_id=books_id, objects=[*objects, *gone], now=now)
        save_rows(firm_id=firm_id, books_id=books_id, objects=objects, now=now)
        for one in gone:
            rows = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, remote_id=one.id)
            rows = rows.filter(kind__in=beside.row_kinds(one))
            rows.update(deleted=True, balance=0, changed_at=one.changed_at, seen_at=now)
        if newest is not None:
            cursor.changes_since = max(newest - OVERLAP, cursor.changes_since or newest - OVERLAP)
            cursor.save(update_fields=["changes_since"])


def differing(firm_id: int, books_id: int, objects: list[BookObject]) -> list[BookObject]:
    """Return those that we hold otherwise: most of what a change capture tells is what we wrote ourselves."""
    rows = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, deleted=False)
    rows = rows.filter(remote_id__in=[one.id for one in objects])
    held = {
        (kind, key): (balance, data)
        for kind, key, balance, data in rows.values_list("kind", "remote_id", "balance", "data")
    }
    return [
        one
        for one in objects
        if held.get((beside.row_kind(one), one.id)) != (one.balance, codec.to_json(replace(one, raw={})))
    ]


def count(*, firm_id: int, books_id: int, client: QuickBooks) -> None:
    """Add the calls and metered reads of a client to those of its books and of the day, once."""
    calls = client.calls - client.counted
    if not calls and not client.metered:
        return
    _cursor(firm_id, books_id)
    with firm_scope(write=firm_id):
        cursor = BookCursor.objects.select_for_update().get(firm_id=firm_id, books_id=books_id)
        cursor.metered, cursor.calls = cursor.metered + client.metered, cursor.calls + calls
        cursor.save(update_fields=["metered", "calls"])
        spent = {"calls": calls, "metered": client.metered}
        use.add(firm_id=firm_id, provider="qbo", books_id=books_id, now=client.now(), **spent)
    client.metered, client.counted = 0, client.calls


@contextmanager
def counting(*, firm_id: int, books_id: int, client: QuickBooks) -> Iterator[None]:
    """Count what a client asks within the block, however it ends. In no scope."""
    try:
        yield
    finally:
        count(firm_id=firm_id, books_id=books_id, client=client)
