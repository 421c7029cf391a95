"""What stands reversed and was changed in the books since: the two come to nothing no more."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime

from django.utils.text import capfirst

from syncapp.core.ledger import JournalDraft
from syncapp.core.planning.reversing import place_of
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import queue
from syncapp.pipeline.context import Context
from syncapp.pipeline.drifting import drift, hands
from syncapp.pipeline.drifting.book_documents import document_of, entity
from syncapp.pipeline.drifting.drift import Place
from syncapp.records.models import BookRow


def run(context: Context, rows: dict[Place, BookRow], now: datetime) -> list[queue.Verdict]:
    """Raise a case for each entry that was changed after it was reversed. In a writing scope."""
    found = []
    for subject in context.links:
        place = place_of(subject)
        row, draft = rows.get(place) if place else None, context.content(subject)
        if place is None or row is None or not isinstance(draft, JournalDraft):
            continue
        words = _differs(context, subject, draft, row)
        if words and drift.answered(context, place, row) != drift.ACCEPT:
            problem = _problem(context, place, draft, row, words)
            document = document_of(row, amount=row.total, now=now)
            found.append(queue.Verdict(document=document, alarms=(problem,)))
    return found


def _differs(context: Context, subject: str, draft: JournalDraft, row: BookRow) -> str:
    """Say how what was reversed differs from what it was then; empty when it does not."""
    if row.deleted or row.voided:
        verb = "deleted" if row.deleted else "made void"
        return f"It was {verb} after entry {draft.number} had reversed it, so it is taken back twice."
    day = _day_then(context, subject, draft)
    if day is not None and row.day is not None and row.day != day:
        return f"It was dated {day:%-d %b %Y} when it was reversed, and is dated {row.day:%-d %b %Y} now."
    sums: Counter[str] = Counter()
    for line in row.data.get("lines") or []:
        sums[line["account"]] += line["amount"]
    for own in draft.entry():
        sums[context.place(own)] += own.amount
    if any(sums.values()):
        return f"It was changed after entry {draft.number} had reversed it: the two do not come to nothing."
    return ""


def _day_then(context: Context, subject: str, draft: JournalDraft) -> date | None:
    """Return the day that the reversed one had: what we reverse of ours has its own day, else as was kept."""
    kept = context.choices.get(subject)
    if kept is None:
        return draft.day
    _, _, day = kept.partition(":")[2].partition(":")
    return date.fromisoformat(day) if day else None


def _problem(context: Context, place: Place, draft: JournalDraft, row: BookRow, words: str) -> Problem:
    kind, remote_id = place
    name = f"{kind.replace('_', ' ')} {row.number or remote_id}"
    return Problem(
        code=hands.REVERSED,
        fix=Fix.LOOK,
        cause=f"{kind}:{remote_id}",
        title=f"{capfirst(name)} was changed in QuickBooks after it was reversed.",
        words=f"{words} Put it back as it was there, or accept it with a reason.",
        facts={
            "place": f"{kind}:{remote_id}",
            "books_id": f"{entity(kind)}:{remote_id}",
            "print": drift.shape_of(row),
            "is": json.dumps([] if row.deleted else drift.lines_of(context, row)),
            "is_day": row.day.isoformat() if row.day and not row.deleted else "",
            "by": draft.number,
            "changed_at": row.changed_at.isoformat() if row.changed_at else "",
        },
    )
