"""What a person has stopped, with the reason, until resumed: everything, a kind of record, or one client.

Paused is not stuck. What is paused is held under one case of its own, apart from what needs a person, and so
is what depends on it: a payment of a paused bill. What was ready does not leave; what stands, stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError

from accounts import audit
from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.core.documents import Kind
from syncapp.core.ledger import NAME_LISTS
from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.context import Context
from syncapp.pipeline.models import Pause
from syncapp.pipeline.settling.barriers import print_of
from syncapp.pipeline.ties.compared import PAUSED
from syncapp.records import anew
from syncapp.records.models import Document, Posting, PostingState

CODE = "paused"
MOST_ENDED = 20
EVERYTHING, CLIENT = "all", "client"
KINDS = {
    "bills": "Bills and interest",
    "payments": "Payments",
    "credits": "Credits and write-offs",
    "trust": "Trust entries",
}
_OF: dict[str, str] = {
    Kind.BILL: "bills",
    Kind.INTEREST: "bills",
    Kind.PAYMENT: "payments",
    Kind.CREDIT: "credits",
}


@dataclass(frozen=True, slots=True)
class Paused:
    """The pauses of a firm that stop single records: by kind, and by client."""

    kinds: dict[str, Pause]
    clients: dict[int, Pause]

    def of(self, context: Context, row: Document) -> Pause | None:
        """Return what stops a document: its kind, its client, or the client of a bill that it pays."""
        if not self.kinds and not self.clients:
            return None
        if (found := self.kinds.get(kind_of(row))) is not None:
            return found
        named = [row.client_id, *(_client(context, bill_id) for bill_id in _bills(row))]
        return next((self.clients[key] for key in named if key is not None and key in self.clients), None)


def kind_of(row: Document) -> str:
    """Return the kind of record that a document counts as."""
    if row.kind == Kind.MONEY.value:
        return "trust" if (row.data or {}).get("trust") else "payments"
    return _OF.get(row.kind, "")


def _bills(row: Document) -> list[int]:
    data = row.data or {}
    named = [data.get("bill_id"), *(part.get("bill_id") for part in data.get("allocations") or [])]
    return [bill_id for bill_id in named if bill_id is not None]


def _client(context: Context, bill_id: int) -> int | None:
    bill = context.bills.get(bill_id)
    return bill.client_id if bill is not None else None


def active(firm_id: int) -> list[Pause]:
    """List what is stopped now, the longest first. In a reading scope."""
    rows = Pause.objects.filter(firm_id=firm_id, ended_at__isnull=True).select_related("by")
    return list(rows.order_by("at", "pk"))


def ended(firm_id: int) -> list[dict[str, object]]:
    """List the pauses that were ended, the newest first, each with what it stopped. In a reading scope."""
    rows = Pause.objects.filter(firm_id=firm_id, ended_at__isnull=False).select_related("by", "ended_by")
    return [
        {"spoken": spoken(row).capitalize(), "reason": row.reason, "by": row.by, "at": row.at,
         "ended_by": row.ended_by, "ended_at": row.ended_at}
        for row in rows.order_by("-ended_at", "-pk")[:MOST_ENDED]
    ]  # fmt: skip


def load(firm_id: int) -> Paused:
    """Read which records are stopped. In a reading scope."""
    rows = active(firm_id)
    return Paused(
        {row.what: row for row in rows if row.what in KINDS},
        {row.client_id: row for row in rows if row.what == CLIENT and row.client_id is not None},
    )


def spoken(pause: Pause) -> str:
    """Say what a pause stops."""
    if pause.what == CLIENT:
        return f"everything of {pause.client_name or f'client {pause.client_id}'}"
    return KINDS.get(pause.what, "everything").lower()


def problem(pause: Pause) -> Problem:
    """Return a pause as what holds a record."""
    reason = pause.reason.rstrip(".")
    return Problem(
        code=CODE,
        fix=Fix.WAIT,
        cause=f"pause {pause.pk}",
        words=f"{PAUSED}{pause.by}: {reason}.",
        title=f"Paused: {spoken(pause)}. {pause.by} said: {reason}.",
        facts={"pause": str(pause.pk)},
    )


def asks(context: Context, row: Document, answer: Answer) -> bool:
    """Tell whether a document asks for something that the books do not hold yet."""
    wanted = {one.subject: one.draft for one in answer.wanted}
    for subject, draft in wanted.items():
        link = context.links.get(subject)
        if link is None or link.print != print_of(draft):
            return True
    kept = wanted.keys() | answer.kept
    return any(
        link.subject not in kept and link.object_kind not in NAME_LISTS for link in context.standing(row)
    )


def shelve(context: Context, row: Document, subjects: set[str] | None = None) -> None:
    """Take back what was ready for a document, or for some of it, so that it does not leave.

    In a writing scope.
    """
    mine = [
        posting
        for posting in context.waiting.values()
        if posting.document_id == row.pk
        and posting.state == PostingState.READY.value
        and (subjects is None or posting.subject in subjects)
    ]
    _supersede(row.firm_id, [posting.pk for posting in mine])
    for posting in mine:
        posting.state = PostingState.SUPERSEDED.value
        del context.waiting[posting.subject]
        context.coming[row.pk].discard(posting.subject)


def _supersede(firm_id: int, ids: Iterable[int]) -> None:
    rows = Posting.objects.filter(firm_id=firm_id, pk__in=list(ids), state=PostingState.READY.value)
    rows.update(state=PostingState.SUPERSEDED.value)


def pause(
    *, firm_id: int, what: str, reason: str, by: User, now: datetime, client_id: int | None = None
) -> str | None:
    """Stop something, with the reason; return a sentence when it cannot be.

    A run that goes on stops before its next call when everything is paused; of one kind or one client nothing
    more leaves. What was sent is still recorded.
    """
    if not reason.strip():
        return "Give a reason, so that your colleagues know why nothing arrives."
    if what not in {EVERYTHING, CLIENT, *KINDS}:
        return "Choose what to pause."
    try:
        with firm_scope(write=firm_id):
            name = _client_name(firm_id, client_id) if what == CLIENT else ""
            if name is None:
                return "Choose one of the clients that Clio shows."
            made = Pause.objects.create(
                firm_id=firm_id,
                what=what,
                client_id=client_id if what == CLIENT else None,
                client_name=name[:120],
                reason=reason.strip()[:200],
                by=by,
                at=now,
            )
            _keep_back(firm_id, made)
            _record(made, by, "sync.paused", now)
    except IntegrityError:
        return "That is paused already."
    if what == EVERYTHING:
        schedule.stop(firm_id=firm_id, words=f"{by}: {reason.strip()}", now=now)
    else:
        schedule.ask(firm_id=firm_id, now=now)
    return None


def resume(*, firm_id: int, pause_id: int, by: User, now: datetime) -> str | None:
    """Let what was paused go on, at once; return a sentence when it goes on already."""
    with firm_scope(write=firm_id):
        rows = Pause.objects.select_for_update().filter(firm_id=firm_id, pk=pause_id, ended_at__isnull=True)
        found = rows.first()
        if found is None:
            return "It goes on already."
        found.ended_at, found.ended_by = now, by
        found.save(update_fields=["ended_at", "ended_by"])
        _record(found, by, "sync.resumed", now)
    if found.what == EVERYTHING:
        schedule.go_on(firm_id=firm_id)
    schedule.ask(firm_id=firm_id, now=now)
    return None


def _record(row: Pause, by: User, verb: str, now: datetime) -> None:
    audit.record(
        firm_id=row.firm_id,
        actor=by,
        verb=verb,
        kind="pause",
        id=row.pk,
        text=spoken(row),
        after={"reason": row.reason, "what": row.what, "client": row.client_id},
        now=now,
    )


def _client_name(firm_id: int, client_id: int | None) -> str | None:
    row = Document.objects.filter(firm_id=firm_id, kind=Kind.CLIENT.value, source_id=client_id or 0).first()
    return row.number or f"client {client_id}" if row is not None else None


def _keep_back(firm_id: int, made: Pause) -> None:
    """Take back what is ready and falls under a pause: nothing of it leaves from now on."""
    if made.what == EVERYTHING:
        return
    rows = Posting.objects.filter(firm_id=firm_id, state=PostingState.READY.value).select_related("document")
    if made.what == CLIENT:
        ids = list(rows.filter(document__client_id=made.client_id).values_list("pk", "document_id"))
    else:
        ids = [(row.pk, row.document_id) for row in rows if kind_of(row.document) == made.what]
    _supersede(firm_id, [pk for pk, _ in ids])
    documents = Document.objects.filter(firm_id=firm_id, pk__in=[document for _, document in ids])
    anew.plan(documents.exclude(kind__in=["client", "matter"]))
