"""What people do: undo records or a whole run, and send again what was undone. Kept with who and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from accounts import audit
from accounts.tenancy import firm_scope
from syncapp.core.ledger import NAME_LISTS
from syncapp.core.planning.reversing import place_of
from syncapp.core.problems import Problem
from syncapp.pipeline.undoing import foreseen
from syncapp.pipeline.undoing.refusals import Rights
from syncapp.records import anew
from syncapp.records.models import Document, Link, Posting, Run, Undone
from syncapp.records.models.postings import PostingState

if TYPE_CHECKING:
    from accounts.models import User

LONGEST = 300  # characters of a reason
NO_REASON = "Say in a few words why it is undone."
STALE = "Something changed since this page was opened. Look at it once more, then undo it."
NOTHING = "Nothing of it can be undone."
NOT_YOURS = "Client money is sent again by a partner, all else by a bookkeeper or an administrator."
NOT_UNDONE = "Nothing of it is undone any more."
_OUT = (PostingState.SENDING.value, PostingState.UNCERTAIN.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What a run posted: records, those that a later run posted again, and customers that it made."""

    records: tuple[int, ...] = ()
    later: tuple[int, ...] = ()
    customers: tuple[str, ...] = ()


def posted_by(run: Run) -> Posted:
    """Return what a run posted, by when it did. In a reading scope."""
    rows = Posting.objects.filter(firm_id=run.firm_id, state=PostingState.POSTED.value)
    rows = rows.exclude(document__kind="books")
    mine = rows.filter(posted_at__gte=run.started_at, posted_at__lte=run.ended_at or run.beat_at)
    names = mine.filter(object_kind__in=NAME_LISTS, verb="create").order_by("number")
    ids = set(mine.exclude(object_kind__in=NAME_LISTS).values_list("document_id", flat=True))
    after = rows.filter(posted_at__gt=run.ended_at or run.beat_at, document_id__in=ids)
    later = set(after.exclude(object_kind__in=NAME_LISTS).values_list("document_id", flat=True))
    return Posted(
        records=tuple(sorted(ids - later)),
        later=tuple(sorted(later)),
        customers=tuple(names.values_list("number", flat=True)),
    )


def undo(
    *,
    firm_id: int,
    documents: Iterable[int],
    shown: str,
    reason: str,
    again: bool,
    rights: Rights,
    by: User,
    now: datetime,
    run_id: int | None = None,
) -> int | str:
    """Undo some records as they were looked at; return how many, or why not. Opens its own scope.

    The entries follow with the next run. With `again` all of it is sent again as soon as it is taken back.
    """
    if not reason.strip():
        return NO_REASON
    with firm_scope(write=firm_id):
        found = foreseen.look(firm_id=firm_id, documents=documents, rights=rights, by=by, now=now)
        if isinstance(found, Problem):
            return found.words
        if not found.taken:
            return NOTHING
        if found.print != shown:
            return STALE
        given = {"reason": reason.strip()[:LONGEST], "again": again, "run_id": run_id}
        _keep([one.document for one in found.taken], given, by, now)
    return len(found.taken)


def _keep(rows: list[Document], given: dict[str, Any], by: User, now: datetime) -> None:
    """Keep that some records are undone, and have them planned anew."""
    batch, firm_id = uuid4(), rows[0].firm_id
    Undone.objects.bulk_create(
        Undone(firm_id=firm_id, document=row, version=row.version, batch=batch, by=by, at=now, **given)
        for row in rows
    )
    for row in rows:
        _told(row, "record.undone", given, by, now)
    anew.plan(Document.objects.filter(firm_id=firm_id, pk__in=[row.pk for row in rows]))


def send_again(
    *, firm_id: int, documents: Collection[int], rights: Rights, by: User, now: datetime
) -> int | str:
    """Let some undone records be planned again; return how many, or why not. Opens its own scope.

    What is still being taken back is sent again as soon as that is done.
    """
    with firm_scope(write=firm_id):
        rows = Undone.objects.filter(firm_id=firm_id, document__in=documents, ended_at__isnull=True)
        found = list(rows.select_related("document").order_by("pk"))
        if not found:
            return NOT_UNDONE
        trust = of_trust(firm_id, [row.document for row in found])
        mine = [row for row in found if rights.refuses(trust=row.document_id in trust) is None]
        if not mine:
            return NOT_YOURS
        out = Posting.objects.filter(
            firm_id=firm_id, document__in=[row.document for row in mine], state__in=_OUT
        )
        busy = set(out.values_list("document_id", flat=True)) | _half(firm_id, mine)
        batch = uuid4()
        for row in mine:
            if row.document_id in busy:
                row.again, row.batch = True, batch
            else:
                row.ended_at, row.ended_by = now, by
            row.save(update_fields=["again", "batch", "ended_at", "ended_by"])
            _told(row.document, "record.sent_again", {"reason": row.reason}, by, now)
        anew.plan(Document.objects.filter(firm_id=firm_id, pk__in=[row.document_id for row in mine]))
    return len(mine)


def _half(firm_id: int, rows: Iterable[Undone]) -> set[int]:
    """Return the documents of which an entry was reversed and is not parted from them yet."""
    links = Link.objects.filter(firm_id=firm_id, live=True, document__in=[row.document_id for row in rows])
    places = {
        (kind, key): pk for kind, key, pk in links.values_list("object_kind", "remote_id", "document_id")
    }
    named = (place_of(subject) for subject in links.values_list("subject", flat=True))
    return {pk for place in named if place is not None and (pk := places.get(place)) is not None}


def of_trust(firm_id: int, documents: Iterable[Document]) -> set[int]:
    """Return those of some documents that client money was posted for. In a scope."""
    rows = Posting.objects.filter(firm_id=firm_id, document__in=list(documents), draft__ledgers__isnull=False)
    return set(rows.values_list("document_id", flat=True))


def _told(row: Document, verb: str, after: dict[str, object], by: User, now: datetime) -> None:
    audit.record(
        firm_id=row.firm_id,
        actor=by,
        verb=verb,
        kind="record",
        id=row.pk,
        text=f"{row.kind} {row.number or row.source_id}",
        after=after,
        now=now,
    )
