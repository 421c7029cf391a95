"""A person links a record to what stands in the books: found by search, nothing posts, and it can be undone.

Money agrees to the cent or is refused with the difference; nothing is linked twice; client money is a
partner's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from accounts.tenancy import firm_scope
from syncapp.core.money import spoken
from syncapp.pipeline.adoption import accepting
from syncapp.pipeline.trust import money as trust_money
from syncapp.records.models import BookRow, Document, Hold, Link, Proposal

if TYPE_CHECKING:
    from accounts.models import User

KINDS = {"bill": "invoice", "interest": "invoice", "payment": "payment", "credit": "credit_memo"}
PREFIX = {"bill": "bills", "interest": "interest_charges", "payment": "payments"}
CLOSED = "This record does not wait any more."
NO_KIND = "Nothing in the books could be this record."
VOID = "It was made void or deleted in the books."
TWICE = "It stands for another record of Clio already."
ANOTHERS = "It stands on the customer of another client."
STANDS = "The record stands in the books already."
PARTNERS_ONLY = "It is client money: a partner links it."


def subject_of(document: Document) -> str:
    """Return the subject that a record would be linked under; empty for what is not linked by hand."""
    data = document.data or {}
    if document.problem or document.kind not in KINDS or "id" not in data:
        return ""
    if document.kind == "credit":
        parts = data.get("allocations") or []
        return f"credit_memos/{data['id']}/a{parts[0]['id']}" if len(parts) == 1 else ""
    return f"{PREFIX[document.kind]}/{data['id']}"


def refusal(document: Document, row: BookRow, *, partner: bool, taken: bool, client: int | None) -> str:
    """Say why a record is not linked to an object of the books; empty when it may be.

    `taken`: it stands for a record already; `client` is whose customer it stands on, where that is known.
    """
    if row.kind != KINDS.get(document.kind) or not subject_of(document):
        return NO_KIND
    if row.deleted or row.voided:
        return VOID
    if taken:
        return TWICE
    if client is not None and document.client_id not in {client, None}:
        return ANOTHERS
    if row.total != document.amount:
        gap = spoken(abs(row.total - document.amount))
        return f"Clio says {spoken(document.amount)} and the books {spoken(row.total)}: {gap} apart."
    return PARTNERS_ONLY if document.of_trust and not partner else ""


def taken(row: BookRow) -> bool:
    """Tell whether an object of the books stands for a record already. In a scope."""
    links = Link.objects.filter(firm_id=row.firm_id, books_id=row.books_id, object_kind=row.kind)
    return links.filter(remote_id=row.remote_id, live=True).exists()


def clients_of(*, firm_id: int, books_id: int, customers: Iterable[str]) -> dict[str, int]:
    """Return whose some customers of the books are, by id: a client's own, or a matter's. In a scope."""
    links = Link.objects.filter(
        firm_id=firm_id, books_id=books_id, object_kind="customer", live=True, remote_id__in=list(customers)
    )
    found = dict(links.order_by("-shared", "pk").values_list("remote_id", "subject"))
    matters = [int(one.partition("/")[2]) for one in found.values() if one.startswith("matters/")]
    rows = Document.objects.filter(firm_id=firm_id, kind="matter", source_id__in=matters)
    owners = {f"matters/{key}": client for key, client in rows.values_list("source_id", "client_id")}
    whose = {key: owners.get(one) or _client(one) for key, one in found.items()}
    return {key: client for key, client in whose.items() if client is not None}


def _client(subject: str) -> int | None:
    kind, _, key = subject.partition("/")
    return int(key) if kind == "contacts" and key.isdigit() else None


def link(*, firm_id: int, hold_id: int, row_id: int, partner: bool, by: User, now: datetime) -> str | None:
    """Link a held record to what a person found; a sentence when it cannot be. Opens its own scopes."""
    with firm_scope(write=firm_id):
        holds = Hold.objects.filter(firm_id=firm_id, pk=hold_id, alarm=False, closed_at__isnull=True)
        hold = holds.select_related("document", "case").first()
        if hold is None or hold.case.books_id is None:
            return CLOSED
        document = hold.document
        row = BookRow.objects.filter(firm_id=firm_id, books_id=hold.case.books_id, pk=row_id).first()
        if row is None:
            return VOID
        whose = clients_of(firm_id=firm_id, books_id=row.books_id, customers=[row.customer])
        client = whose.get(row.customer)
        if refused := refusal(document, row, partner=partner, taken=taken(row), client=client):
            return refused
        mine = Link.objects.filter(firm_id=firm_id, books_id=row.books_id, live=True)
        if mine.filter(subject=subject_of(document)).exists():
            return STANDS
        proposal = _proposed(document, row, by, now)
    done = accepting.accept(firm_id=firm_id, books_id=row.books_id, ids=[proposal.pk], by=by, now=now)
    return done if isinstance(done, str) else None if done else accepting.GONE


def _proposed(document: Document, row: BookRow, by: User, now: datetime) -> Proposal:
    """Write down whom a person says it is, as a proposal of their own."""
    found, _ = Proposal.objects.update_or_create(
        firm_id=document.firm_id,
        books_id=row.books_id,
        subject=subject_of(document),
        object_kind=row.kind,
        remote_id=row.remote_id,
        defaults={
            "document": document,
            "resource": document.resource,
            "source_id": trust_money.shown_id(document),
            "number": document.number,
            "amount": document.amount,
            "day": document.day,
            "remote_number": row.number,
            "confidence": "doubtful",
            "reasons": [f"found by {by}"],
            "state": "open",
            "found_at": now,
        },
    )
    return found
