"""Alarms of client money that end by themselves: raised while the cause stands, ended when it is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from syncapp.pipeline import queue
from syncapp.records import bulk
from syncapp.records.models import Hold

LONGEST = 200  # characters of what ended an alarm


def tell_all(
    *,
    firm_id: int,
    books_id: int,
    ends: Mapping[str, str],
    verdicts: Mapping[str, list[queue.Verdict]],
    now: datetime,
) -> None:
    """Tell the alarms of several codes (`tell`); `ends` says in which words those of each code end.

    In a writing scope. What nobody raises and nothing is open of is not asked for one by one.
    """
    mine = Hold.objects.filter(firm_id=firm_id, case__books_id=books_id, alarm=True, closed_at__isnull=True)
    open_ = set(mine.filter(code__in=ends).values_list("code", flat=True))
    for code, ended in ends.items():
        if (told := verdicts.get(code, [])) or code in open_:
            tell(firm_id=firm_id, books_id=books_id, code=code, ended=ended, verdicts=told, now=now)


def tell(
    *,
    firm_id: int,
    books_id: int,
    code: str,
    ended: str,
    verdicts: list[queue.Verdict],
    now: datetime,
    how: Callable[[Hold], str] | None = None,
) -> None:
    """Raise the alarms of one code, and end with the words `ended` those that are none any more.

    In a writing scope. `how` adds what ended one alarm. One that ended by itself is raised again when its
    cause comes back; one that a person closed is not.
    """
    documents = {verdict.document.pk for verdict in verdicts}
    alarms = Hold.objects.filter(firm_id=firm_id, case__books_id=books_id, alarm=True, code=code)
    again = alarms.filter(document_id__in=documents, closed_words__startswith=ended)
    again.update(closed_at=None, closed_words="")
    gone = list(alarms.filter(closed_at__isnull=True).exclude(document_id__in=documents))
    if not verdicts and not gone:
        return
    for hold in gone:
        hold.closed_at, hold.closed_words = now, f"{ended}{how(hold) if how else ''}"[:LONGEST]
    bulk.rewrite(gone, ["closed_at", "closed_words"])
    queue.apply(firm_id=firm_id, books_id=books_id, verdicts=verdicts, now=now, release=False)
    queue.close_done(firm_id=firm_id, now=now)
