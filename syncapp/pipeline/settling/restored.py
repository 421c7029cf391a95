"""What stays as it was posted, and a hand changed, is wanted as it was where a person had it restored."""

from __future__ import annotations

from dataclasses import replace

from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import drift
from syncapp.records.models import Document


def amend(context: Context, row: Document, answer: Answer) -> Answer:
    """Want what is kept as it was posted, of a document, as far as it is to be restored.

    What corrects closed books, a payment in its deposit and their like are kept without a wish of their own.
    """
    kept = answer.kept - {one.subject for one in answer.wanted} - context.waiting.keys()
    links = [link for link in context.standing(row) if link.subject in kept and link.content is not None]
    more = [
        Wanted(subject=link.subject, draft=draft_of(link.object_kind, link.content or {}))
        for link in links
        if drift.restores(context, link) is not None
    ]
    return replace(answer, wanted=(*answer.wanted, *more)) if more else answer
