"""Whether the last run of a set of books came to its end: settled by the mapping in force, and compared."""

from __future__ import annotations

from accounts.tenancy import firm_scope
from mapping import queries as mapping_queries
from syncapp.records.models import BookCursor, Document, Posting
from syncapp.records.models.postings import OPEN_STATES


def by_these_rules(*, firm_id: int, books_id: int) -> bool:
    """Tell whether the last settling used the mapping in force and left nothing on its way."""
    with firm_scope(write=None, reads=[firm_id]):
        cursor = BookCursor.objects.filter(firm_id=firm_id, books_id=books_id).first()
        version = mapping_queries.published(books_id)
        rows = Posting.objects.filter(firm_id=firm_id, books_id=books_id, state__in=OPEN_STATES)
        # read by a run that ended before it settled them
        left = Document.objects.filter(firm_id=firm_id, settled=False).exclude(kind__in=["client", "matter"])
        busy = rows.exists() or left.exclude(outcome__in=["held", "paused", "skipped"]).exists()
    return not busy and cursor is not None and cursor.facts.get("rules") == (version.number if version else 0)


def begin(*, firm_id: int, books_id: int) -> None:
    """Forget that everything was settled and compared: a run that does not come to its end is done again."""
    with firm_scope(write=firm_id):
        cursor = BookCursor.objects.select_for_update().filter(firm_id=firm_id, books_id=books_id).first()
        if cursor is not None and cursor.facts.get("rules") is not None:
            cursor.facts = cursor.facts | {"rules": None}
            cursor.save(update_fields=["facts"])


def end(*, firm_id: int, books_id: int) -> None:
    """Keep by which version of the mapping everything was settled and compared."""
    with firm_scope(write=firm_id):
        version = mapping_queries.published(books_id)
        cursor = BookCursor.objects.select_for_update().get(firm_id=firm_id, books_id=books_id)
        cursor.facts = cursor.facts | {"rules": version.number if version else 0}
        cursor.save(update_fields=["facts"])
