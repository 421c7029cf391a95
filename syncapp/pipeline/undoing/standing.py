"""What people undid, as settling is told of it: by document, and what of the books stands reversed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from syncapp.core.planning.reversing import END, place_of
from syncapp.records.models import Link, Undone

if TYPE_CHECKING:
    from datetime import datetime

    from syncapp.pipeline.context import Context


@dataclass(slots=True)
class Undoing:
    """What is undone now, by document, and when each was last undone or sent again.

    `places` are the objects of the books that stand reversed, `times` how many there are by subject.
    """

    open: dict[int, Undone] = field(default_factory=dict)
    last: dict[int, datetime] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    places: frozenset[tuple[str, str]] = frozenset()


def load(context: Context) -> Undoing:
    """Read what was undone. In a reading scope."""
    found = Undoing()
    for row in Undone.objects.filter(firm_id=context.firm_id).select_related("by").order_by("pk"):
        found.last[row.document_id] = row.ended_at or row.at
        if row.ended_at is None:
            found.open[row.document_id] = row
    named = (place_of(subject) for subject in context.links if subject.endswith(END))
    found.places = frozenset(place for place in named if place is not None)
    if found.places:
        ended = Link.objects.filter(firm_id=context.firm_id, books_id=context.books_id, live=False)
        ended = ended.filter(remote_id__in=[key for _, key in found.places])
        for kind, key, subject in ended.values_list("object_kind", "remote_id", "subject"):
            found.times[subject] += (kind, key) in found.places
    return found
