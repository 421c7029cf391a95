"""What Tieout posted itself before its links were forgotten: known for certain, and linked as it was."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from syncapp.core.adoption import Found, Sure
from syncapp.core.ledger import ObjectKind
from syncapp.pipeline.context import Context
from syncapp.pipeline.drifting import taking
from syncapp.records.models import BookRow, Document, Link

type Key = tuple[str, str, str]  # subject, kind and id
REASON = "Tieout posted it, before the links were forgotten"
_NOT_ROWS = (ObjectKind.ACCOUNT.value, ObjectKind.VENDOR.value)


def links(context: Context) -> dict[Key, Link]:
    """Return the newest ended link of each subject whose object still stands and is nobody's. In a scope."""
    mine = {"firm_id": context.firm_id, "books_id": context.books_id}
    stands = BookRow.objects.filter(
        **mine, kind=OuterRef("object_kind"), remote_id=OuterRef("remote_id"), deleted=False, voided=False
    )
    ended = Link.objects.filter(**mine, live=False, document__isnull=False).exclude(object_kind__in=_NOT_ROWS)
    found: dict[str, Link] = {}
    for link in ended.filter(Exists(stands)).select_related("document").order_by("generation", "pk"):
        found[link.subject] = link
    return {
        (link.subject, link.object_kind, link.remote_id): link
        for link in found.values()
        if not context.stands(link.subject)
        and taking.days(context, link.subject) is None  # a person has it posted once more
        and (link.object_kind, link.remote_id) not in context.subject_of
        and (link.object_kind, link.remote_id) not in context.undoing.places
        and link.document_id not in context.undoing.open
    }


def found(ended: dict[Key, Link]) -> tuple[list[Found], dict[str, Document]]:
    """Return them as what was recognised, with the document of each subject."""
    documents = {link.subject: link.document for link in ended.values() if link.document is not None}
    return [
        Found(subject=subject, kind=kind, books_id=f"{kind}:{key}", sure=Sure.CERTAIN, reasons=(REASON,))
        for subject, kind, key in ended
    ], documents
