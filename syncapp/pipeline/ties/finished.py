"""Whether the last run of a set of books came to its end: settled by the mapping in force, and compared."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from accounts.tenancy import firm_scope
from mapping import queries as mapping_queries
from syncapp.pipeline.sending import timed
from syncapp.records.models import BookChoice, BookCursor, Document, Posting, TieOut
from syncapp.records.models.postings import OPEN_STATES


def by_these_rules(*, firm_id: int, books_id: int, now: datetime) -> bool:
    """Tell whether the last settling used the mapping in force, left nothing on its way, and was compared.

    What waited for its time is on its way once that has come.
    """
    with firm_scope(write=None, reads=[firm_id]):
        cursor = BookCursor.objects.filter(firm_id=firm_id, books_id=books_id).first()
        version = mapping_queries.published(books_id)
        rows = Posting.objects.filter(firm_id=firm_id, books_id=books_id, state__in=OPEN_STATES)
        # read by a run that ended before it settled them
        left = Document.objects.filter(firm_id=firm_id, settled=False).exclude(kind__in=["client", "matter"])
        busy = rows.exists() or timed.moving(left, now=now).exists()
        behind = _behind(firm_id, books_id)
    if busy or behind:
        return False
    return cursor is not None and cursor.facts.get("rules") == (version.number if version else 0)


def _behind(firm_id: int, books_id: int) -> bool:
    """Tell whether something was posted, or answered, after the last comparison: it is not dealt with yet."""
    posted = Posting.objects.filter(firm_id=firm_id, books_id=books_id, state="posted")
    last = posted.aggregate(at=Max("posted_at"))["at"]
    said = BookChoice.objects.filter(firm_id=firm_id, books_id=books_id).aggregate(at=Max("at"))["at"]
    last = max((at for at in (last, said) if at is not None), default=None)
    compared = TieOut.objects.filter(firm_id=firm_id, books_id=books_id).aggregate(at=Max("at"))["at"]
    return last is not None and (compared is None or compared < last)


def end(*, firm_id: int, books_id: int) -> None:
    """Keep by which version of the mapping everything was settled."""
    with firm_scope(write=firm_id):
        version = mapping_queries.published(books_id)
        cursor = BookCursor.objects.select_for_update().get(firm_id=firm_id, books_id=books_id)
        cursor.facts = cursor.facts | {"rules": version.number if version else 0}
        cursor.save(update_fields=["facts"])
