"""Alarms of client money that end by themselves: raised while the cause stands, ended when it is gone."""

from __future__ import annotations

from datetime import datetime

from syncapp.pipeline import queue
from syncapp.records.models import Hold


def tell(
    *, firm_id: int, books_id: int, code: str, ended: str, verdicts: list[queue.Verdict], now: datetime
) -> None:
    """Raise the alarms of one code, and end with the words `ended` those that are none any more.

    In a writing scope. One that ended by itself is raised again when its cause comes back; one that a person
    closed is not.
    """
    documents = {verdict.document.pk for verdict in verdicts}
    alarms = Hold.objects.filter(firm_id=firm_id, case__books_id=books_id, alarm=True, code=code)
    again = alarms.filter(document_id__in=documents, closed_words=ended)
    again.update(closed_at=None, closed_words="")
    gone = alarms.filter(closed_at__isnull=True).exclude(document_id__in=documents)
    gone.update(closed_at=now, closed_words=ended)
    queue.apply(firm_id=firm_id, books_id=books_id, verdicts=verdicts, now=now, release=False)
    queue.close_done(firm_id=firm_id, now=now)
