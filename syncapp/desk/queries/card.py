"""What a single case shows beside its records: the choices, what people did, the other side, what left it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.models import AuditEvent
from syncapp.desk import words
from syncapp.records.models import BookRow, Hold, Link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syncapp.records.models import Case, Document

MOST_EVENTS = 30


def candidates(*, firm_id: int, case: Case, holds: Sequence[Hold]) -> list[BookRow]:
    """Return the customers of the books between which a person chooses."""
    ids: dict[str, None] = {}
    for facts in (case.facts, *(hold.facts for hold in holds)):
        ids.update(dict.fromkeys(filter(None, str(facts.get("candidates", "")).split(","))))
    rows = BookRow.objects.filter(firm_id=firm_id, kind="customer", remote_id__in=list(ids), deleted=False)
    return list(rows.filter(books=case.books).order_by("-active", "name"))


def events(*, firm_id: int, case: Case, holds: Sequence[Hold]) -> list[AuditEvent]:
    """Return what people did about a case, the newest first."""
    about = Q(object_kind="case", object_id=str(case.pk)) | Q(
        object_kind="hold", object_id__in=[str(hold.pk) for hold in holds]
    )
    # Sorted here: with a limit PostgreSQL would rather read the log from its end until it has found enough.
    found = AuditEvent.objects.filter(about, firm_id=firm_id).order_by()
    return sorted(found, key=lambda event: -event.number)[:MOST_EVENTS]


def beside(*, firm_id: int, document: Document) -> BookRow | None:
    """Return the object of the books that stands for a document, as last seen."""
    subject = f"{words.PREFIX.get(document.kind, document.resource)}/{document.source_id}"
    link = Link.objects.filter(firm_id=firm_id, live=True).filter(Q(document=document) | Q(subject=subject))
    found = link.order_by("pk").first()
    if found is None:
        return None
    return BookRow.objects.filter(
        firm_id=firm_id, books_id=found.books_id, kind=found.object_kind, remote_id=found.remote_id
    ).first()


def closed_holds(*, firm_id: int, case_id: int) -> list[Hold]:
    """Return the last records that left a case."""
    rows = Hold.objects.filter(firm_id=firm_id, case_id=case_id, closed_at__isnull=False)
    return list(rows.order_by("-closed_at")[:10])
