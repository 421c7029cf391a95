"""A complete re-read of the books: what no change capture tells, on a schedule that the firm chooses.

Change capture looks back 30 days at most and tells 1,000 changes at once (qbo/API.md section 5). Each
thousand objects of a kind are one metered read (section 6), so that a firm says how often it wants them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count

from accounts import audit
from accounts.models import Firm, User
from accounts.tenancy import firm_scope
from mapping import actions as mapping
from mapping import queries
from syncapp.core.books import BookObject
from syncapp.core.ledger import ObjectKind
from syncapp.pipeline import refresh
from syncapp.pipeline.firmfile.schedule_words import REREAD
from syncapp.pipeline.notices import news
from syncapp.pipeline.sending import timed
from syncapp.pipeline.trust import beside, hands
from syncapp.qbo.changes import LOOK_BACK
from syncapp.qbo.client import QuickBooks
from syncapp.records.models import BookCursor, BookRow

KEY = "reread"  # of the firm's schedule
PAGE = 1000  # objects of one read
EVERY = dict(zip(REREAD, (None, *(timedelta(days=days) for days in (7, 30, 91))), strict=True))
IN_A_YEAR = dict(zip(REREAD, (0, 52, 12, 4), strict=True))
SAID = dict(zip(REREAD, ("never", "every week", "every month", "every quarter"), strict=True))
NOTHING_NEW = "It is re-read so already."


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one complete re-read costs: metered reads, for so many records. `last_at` is the last one."""

    reads: int
    records: int
    last_at: datetime | None


def chosen(firm_id: int) -> str:
    """Return how often a firm wants its books re-read. In a reading scope."""
    said = (queries.firm_settings(firm_id).get(timed.KEY) or {}).get(KEY)
    return said if said in EVERY else "never"


def due(*, firm_id: int, books_id: int, now: datetime) -> bool:
    """Tell whether the books are to be read completely again. Opens its own scope.

    Whatever is chosen: when nobody looked for longer than change capture looks back, it lost deletions.
    """
    with firm_scope(write=None, reads=[firm_id]):
        every = EVERY[chosen(firm_id)]
        cursor = BookCursor.objects.filter(firm_id=firm_id, books_id=books_id).first()
    if cursor is None or cursor.full_at is None:
        return False
    if now - (news.instant(cursor, "asked_at") or cursor.full_at) > LOOK_BACK:
        return True
    return every is not None and now - cursor.full_at >= every / settings.TIME_SCALE


def cost(*, firm_id: int) -> Cost:
    """Say what one complete re-read would cost, over all sets of books. In a reading scope."""
    kinds = [one.value for one in refresh.KINDS]
    rows = BookRow.objects.filter(firm_id=firm_id, deleted=False, kind__in=kinds)
    counts = {
        (books, kind): n
        for books, kind, n in rows.values_list("books_id", "kind").annotate(n=Count("pk")).order_by()
    }
    cursors = BookCursor.objects.filter(firm_id=firm_id, full_at__isnull=False)
    read = dict(cursors.values_list("books_id", "full_at"))
    reads = sum(counts.get((books, one.value), 0) // PAGE + 1 for books in read for one in refresh.KINDS)
    last_at = max(filter(None, read.values()), default=None)
    return Cost(reads=reads, records=sum(counts.values()), last_at=last_at)


def change(*, firm: Firm, wanted: str, by: User, now: datetime) -> str | None:
    """Re-read the books as often as is wanted; a sentence when nothing would change. Opens its own scope."""
    with firm_scope(write=firm.pk):
        Firm.objects.select_for_update().get(pk=firm.pk)
        standing, before = queries.firm_settings(firm.pk), chosen(firm.pk)
        if wanted == before:
            return NOTHING_NEW
        kept = {**(standing.get(timed.KEY) or {}), KEY: wanted}
        mapping.keep_settings(firm_id=firm.pk, settings=standing | {timed.KEY: kept})
        audit.record(
            firm_id=firm.pk,
            actor=by,
            verb="firm.reread",
            obj=firm,
            before={"every": before},
            after={"every": wanted, "said": SAID[wanted]},
            now=now,
        )
    return None


def run(*, firm_id: int, books_id: int, client: QuickBooks, now: datetime) -> None:
    """Read everything again, and mark as deleted what is not there any more. In no scope."""
    for kind in refresh.KINDS:
        seen: set[str] = set()
        page: list[BookObject] = []
        for one in client.query(kind):
            seen.add(one.id)
            page.append(one)
            if len(page) == PAGE:
                _take(firm_id, books_id, page, now)
                page = []
        _take(firm_id, books_id, page, now)
        _gone(firm_id, books_id, kind, seen, now)
    with firm_scope(write=firm_id):
        BookCursor.objects.filter(firm_id=firm_id, books_id=books_id).update(full_at=now)
    refresh.count(firm_id=firm_id, books_id=books_id, client=client)


def _take(firm_id: int, books_id: int, page: Iterable[BookObject], now: datetime) -> None:
    """Keep one page, and who changed what of client money."""
    with firm_scope(write=firm_id):
        stand = beside.wanted(firm_id=firm_id, books_id=books_id, objects=page)
        objects = refresh.differing(firm_id, books_id, stand)
        hands.notice(firm_id=firm_id, books_id=books_id, objects=objects, now=now)
        refresh.save_rows(firm_id=firm_id, books_id=books_id, objects=objects, now=now)


def _gone(firm_id: int, books_id: int, kind: ObjectKind, seen: set[str], now: datetime) -> None:
    """Mark as deleted what was seen before this reading began, and is not there any more."""
    with firm_scope(write=firm_id):
        rows = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, kind=kind.value, deleted=False)
        before = rows.filter(seen_at__lt=now).values_list("remote_id", flat=True)
        gone = [key for key in before if key not in seen]
        if not gone:
            return
        stubs = [BookObject(kind=kind, id=key, deleted=True, raw={}) for key in gone]
        hands.notice(firm_id=firm_id, books_id=books_id, objects=stubs, now=now)
        rows.filter(remote_id__in=gone).update(deleted=True, balance=0, seen_at=now)
