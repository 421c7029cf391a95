"""The document that stands for an object of the books which did not come from Clio."""

from __future__ import annotations

from datetime import datetime

from syncapp.pipeline.trust.beside import KIND_OF as OTHER_KINDS
from syncapp.qbo.shapes import ENTITY_OF
from syncapp.records.models import BookRow, Document

BOOK_ROW = "book_row"  # the kind of such a document
_ENTITIES = {kind.value: name for kind, name in ENTITY_OF.items()}
_ENTITIES |= {kind: name for name, kind in OTHER_KINDS.items()}


def entity(kind: str) -> str:
    """Return what QuickBooks calls a kind of object."""
    return _ENTITIES.get(kind, kind)


def document_of(row: BookRow, *, amount: int, now: datetime) -> Document:
    """Return the document of a row, made when the row is first noticed. In a writing scope."""
    document, _ = Document.objects.get_or_create(
        firm_id=row.firm_id,
        kind=BOOK_ROW,
        source_id=row.pk,
        defaults={
            "resource": "books",
            "number": row.number or f"{entity(row.kind)}:{row.remote_id}",
            "day": row.day,
            "amount": amount,
            "settled": True,
            "outcome": "skipped",
            "outcome_words": "It did not come from Clio.",
            "read_at": now,
        },
    )
    return document
