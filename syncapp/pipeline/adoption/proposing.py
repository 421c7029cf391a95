"""Proposals are kept, so that a page shows them and settling holds what they are about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Min

from accounts.tenancy import firm_scope
from syncapp.core.adoption import Found, recognise
from syncapp.core.ledger import ObjectKind
from syncapp.core.problems import Problem
from syncapp.pipeline.adoption import forgotten
from syncapp.pipeline.adoption import sight as sights
from syncapp.pipeline.context import Context
from syncapp.pipeline.loading import load
from syncapp.pipeline.trust import money
from syncapp.records import bulk
from syncapp.records.models import BookRow, Document, Proposal
from syncapp.records.models.adoption import ProposalState

_TOLD = ("document", "name", "number", "remote_number", "amount", "day", "confidence", "conflict", "reasons")
NAME_LIMIT = 500


def due(*, firm_id: int, books_id: int) -> bool:
    """Tell whether something asks to be posted while strangers stand in the books. In a reading scope."""
    waiting = sights.unsettled(firm_id)
    asked = waiting.aggregate(day=Min("day"))["day"]
    if asked is None:
        return False
    return sights.strangers(firm_id, books_id, asked).exists() or sights.unnamed(firm_id, books_id, waiting)


def propose(*, firm_id: int, books_id: int, now: datetime) -> Problem | None:
    """Recognise what stands in one set of books already; return why it cannot be done, None when it was."""
    with firm_scope(write=firm_id):
        if not due(firm_id=firm_id, books_id=books_id):
            _open(firm_id, books_id).delete()
            return None
        context = load(firm_id=firm_id, books_id=books_id, started=False)
        if isinstance(context, Problem):
            return context
        seen, documents = sights.look(context)
        wanted = {client for record in seen.records for client in record.clients}
        found = [one for one in recognise(seen) if one.kind != "customer" or one.subject in wanted]
        ours, theirs = forgotten.found(forgotten.links(context))
        known = {one.subject for one in ours} | {_object(one) for one in ours}
        others = [one for one in found if known.isdisjoint({one.subject, _object(one)})]
        _keep(context, _rows(context, [*ours, *others], documents | theirs, now))
    return None


def _open(firm_id: int, books_id: int) -> Any:
    rows = Proposal.objects.filter(firm_id=firm_id, books_id=books_id)
    return rows.filter(state=ProposalState.OPEN.value)


def _rows(
    context: Context, found: list[Found], documents: dict[str, Document], now: datetime
) -> list[Proposal]:
    names = dict(
        BookRow.objects.filter(
            firm_id=context.firm_id, books_id=context.books_id, kind=ObjectKind.CUSTOMER.value
        ).values_list("remote_id", "name")
    )
    standing = BookRow.objects.filter(
        firm_id=context.firm_id, books_id=context.books_id, kind__in={_object(one)[0] for one in found}
    ).exclude(number="")
    numbers = {(kind, key): text for kind, key, text in standing.values_list("kind", "remote_id", "number")}
    rows = []
    for one in found:
        document = documents[one.subject]
        kind, key = _object(one)
        rows.append(
            Proposal(
                firm_id=context.firm_id,
                books_id=context.books_id,
                document=document,
                subject=one.subject,
                resource=document.resource,
                source_id=money.shown_id(document),
                number=document.number,
                name=_name(context, document, names.get(key, "") if kind == "customer" else "")[:NAME_LIMIT],
                amount=document.amount,
                day=document.day,
                object_kind=kind,
                remote_id=key,
                remote_number=numbers.get((kind, key), ""),
                confidence=one.sure.value,
                conflict=one.conflict,
                reasons=list(one.reasons),
                found_at=now,
            )
        )
    return rows


def _object(one: Found) -> tuple[str, str]:
    """Return kind and id of an object; an entry on a trust bank tells its own kind."""
    kind, colon, key = one.books_id.partition(":")
    return (kind, key) if colon else (one.kind, one.books_id)


def _name(context: Context, document: Document, customer: str) -> str:
    """Return whose record it is, for people; of a customer both names where they differ."""
    client = context.book.clients.get(
        document.source_id if document.kind == "client" else document.client_id or 0
    )
    name = client.name if client is not None else ""
    return f"{name} → {customer}" if customer and customer != name else name


def _keep(context: Context, rows: list[Proposal]) -> None:
    """Bring the open proposals in line with what was found; what a person decided stays decided."""
    mine = Proposal.objects.filter(firm_id=context.firm_id, books_id=context.books_id)
    standing = {(one.subject, one.object_kind, one.remote_id): one for one in mine}
    fresh, changed, kept = [], [], set()
    for row in rows:
        before = standing.get((row.subject, row.object_kind, row.remote_id))
        if before is None:
            fresh.append(row)
        elif before.state == ProposalState.OPEN.value:
            kept.add(before.pk)
            if any(getattr(before, name) != getattr(row, name) for name in _TOLD):
                for name in _TOLD:
                    setattr(before, name, getattr(row, name))
                changed.append(before)
    gone = [one.pk for one in standing.values() if one.state == "open" and one.pk not in kept]
    mine.filter(pk__in=gone).delete()
    Proposal.objects.bulk_create(fresh, batch_size=1000)
    bulk.rewrite(changed, _TOLD)
