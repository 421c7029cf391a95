"""Whether the time of what is planned has come: what posts by the calendar waits until then."""

from __future__ import annotations

from datetime import datetime

from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Problem
from syncapp.pipeline.clock import pausing
from syncapp.pipeline.context import Context
from syncapp.pipeline.settling import barriers
from syncapp.pipeline.trust import legs as trust_legs
from syncapp.pipeline.undoing import settling as undoing
from syncapp.records.models import Document, PostingState


def early(
    context: Context, row: Document, part: trust_legs.Part, answer: Answer, *, now: datetime
) -> Problem | None:
    """Say when a part posts whose time has not come. What was ready of it before does not leave."""
    if not context.times.kinds or undoing.is_undone(context, row):
        return None
    kind = "trust" if part.trust else pausing.kind_of(row)
    waits = context.times.waits(row, kind, zone=context.zone, now=now)
    if waits is None or not pausing.asks(context, row, answer) or _tried(context, row, answer):
        return None
    mine = trust_legs.of_trust(context, row)
    pausing.shelve(context, row, {one for one in context.coming[row.pk] if (one in mine) == part.trust})
    return waits


def _tried(context: Context, row: Document, answer: Answer) -> bool:
    """Tell whether the same was sent and refused: then its time had come, and what refused it is said."""
    prints = {barriers.print_of(one.draft) for one in answer.wanted}
    shelved = (one for one in context.shelved.values() if one.document_id == row.pk)
    return any(one.state == PostingState.REFUSED.value and one.print in prints for one in shelved)
