"""What goes back to Clio, written down before it leaves: one change of a client at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from syncapp.core.contacts import Pair, same
from syncapp.core.planning.wanted import client_subject
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.context import Context
from syncapp.pipeline.drifting import hands
from syncapp.records import bulk
from syncapp.records.models import ContactWrite, Document, SourceHead

AGAIN = timedelta(days=1)  # after which what Clio refused is tried once more
NO_LONGER = "It is not asked for any more."


@dataclass(slots=True)
class Kept:
    """What is written down already, by document, and what this look adds or still wants."""

    ready: dict[int, ContactWrite] = field(default_factory=dict)
    ended: dict[int, ContactWrite] = field(default_factory=dict)  # the last one that is done or refused
    fresh: list[ContactWrite] = field(default_factory=list)
    busy: set[int] = field(default_factory=set)  # another set of books has one on its way
    heard: list[ContactWrite] = field(default_factory=list)
    wanted: set[int] = field(default_factory=set)


def load(context: Context) -> Kept:
    """Read what is on its way to Clio, and what came of it last. In a scope."""
    kept = Kept()
    rows = ContactWrite.objects.filter(firm_id=context.firm_id)
    for row in rows.filter(state__in=["ready", "done", "refused"]).order_by("pk"):
        if row.books_id == context.books_id:
            (kept.ready if row.state == "ready" else kept.ended)[row.document_id] = row
        elif row.state == "ready":
            kept.busy.add(row.document_id)
    return kept


def heads(context: Context, clients: Iterable[int]) -> dict[int, SourceHead]:
    """Return what Clio said last of some clients, by id. In a scope."""
    rows = SourceHead.objects.filter(
        firm_id=context.firm_id, resource="contacts", source_id__in=list(clients)
    )
    return {row.source_id: row for row in rows.select_related("record")}


def taken(kept: Kept, document: Document, head: SourceHead | None) -> tuple[dict[str, str], bool]:
    """Return what Clio took last, and whether its answer was read since; it is heard once."""
    last = kept.ended.get(document.pk)
    if last is None or last.state != "done":
        return {}, False
    read = head is not None and head.version != last.source_version
    if read:
        kept.heard.append(kept.ended.pop(document.pk))
    return dict(last.after), read


def put(
    kept: Kept,
    document: Document,
    version: int,
    now: Mapping[str, Pair],
    changes: Mapping[str, str],
    at: datetime,
) -> Problem | None:
    """Write down what Clio is to take; say when it refused exactly this within a day."""
    if not changes or document.pk in kept.busy:
        return None
    kept.wanted.add(document.pk)
    before = {name: now[name].clio for name in changes}
    last, standing = kept.ended.get(document.pk), kept.ready.get(document.pk)
    if last is not None and _is(last, before, changes) and last.done_at and at - last.done_at < AGAIN:
        return _refused(document, last)
    if standing is not None and standing.source_version == version and _is(standing, before, changes):
        return None
    kept.wanted.discard(document.pk)  # what stands there is another one
    kept.fresh.append(
        ContactWrite(document=document, source_version=version, before=before, after=dict(changes))
    )
    return None


def _is(row: ContactWrite, before: Mapping[str, str], changes: Mapping[str, str]) -> bool:
    if row.after.keys() != changes.keys():
        return False
    return all(same(name, row.after[name], changes[name]) for name in changes) and row.before == before


def _refused(document: Document, row: ContactWrite) -> Problem:
    return Problem(
        code=hands.NOT_TOLD,
        fix=Fix.CLIO,
        cause=client_subject(document.source_id),
        title=f"Clio does not take the change of client {document.number}.",
        words=row.words,
        facts={"client": document.number},
    )


def keep(context: Context, kept: Kept, *, now: datetime) -> None:
    """Write what is new, and end what nobody asks for any more. In a writing scope."""
    gone = [row for pk, row in kept.ready.items() if pk not in kept.wanted]
    for row in gone:
        row.state, row.words, row.done_at = "dropped", NO_LONGER, now
    bulk.rewrite(gone, ["state", "words", "done_at"])
    for row in kept.heard:
        row.state = "heard"
    bulk.rewrite(kept.heard, ["state"])
    for row in kept.fresh:
        row.firm_id, row.books_id, row.asked_at = context.firm_id, context.books_id, now
    ContactWrite.objects.bulk_create(kept.fresh)
