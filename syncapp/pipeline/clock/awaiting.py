"""What waits for a person to mend a connection or pay a vendor stands in the queue under that one cause.

It did not fail: it posts by itself, once, when the vendor takes entries again. What a vendor's own trouble
stops is not here; that passes by itself and is told on its own.
"""

from __future__ import annotations

from datetime import datetime

from accounts.tenancy import firm_scope
from syncapp.pipeline import queue, settle
from syncapp.pipeline.cases import standing
from syncapp.records import bulk
from syncapp.records.models import Document, Hold


def hold(*, firm_id: int, books_id: int, code: str, words: str, now: datetime) -> None:
    """Hold what asks to be posted and is held by nothing else. Opens its own scope."""
    problem = standing.problem(code=code, books_id=books_id, words=words)
    with firm_scope(write=firm_id):
        holds = Hold.objects.filter(firm_id=firm_id, alarm=False, closed_at__isnull=True)
        rows = Document.objects.filter(firm_id=firm_id, kind__in=settle.KINDS, settled=False)
        waiting = list(rows.exclude(pk__in=holds.exclude(code__in=standing.FIXES).values("document_id")))
        verdicts = [settle.not_ready(problem, row) for row in waiting]
        bulk.rewrite(waiting, ["settled", "outcome", "outcome_words"])
        queue.apply(firm_id=firm_id, books_id=books_id, verdicts=verdicts, now=now)
        queue.close_done(firm_id=firm_id, now=now)
