"""What waits to be settled, in the order of its settling. To be asked within an open scope of the firm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Case, When

from syncapp.pipeline.context import Context
from syncapp.records import anew
from syncapp.records.models import Document


def by_kind(firm_id: int, kinds: Sequence[str]) -> dict[str, list[int]]:
    """Return the ids of the documents of some kinds that are not settled."""
    waiting = Document.objects.filter(firm_id=firm_id, kind__in=kinds, settled=False)
    removed = Case(When(amount=0, then=1), default=0)  # what replaces a removed payment is seen before it
    found: dict[str, list[int]] = defaultdict(list)
    for kind, key in waiting.order_by(removed, "day", "source_id").values_list("kind", "pk"):
        found[kind].append(key)
    return dict(found)


def rows(firm_id: int, ids: Sequence[int]) -> list[Document]:
    """Return some documents in this order."""
    found = Document.objects.filter(firm_id=firm_id).in_bulk(list(ids))
    return [found[pk] for pk in ids if pk in found]


def wake(context: Context) -> None:
    """Plan anew, in the next round, what was settled before what it rests on. In a writing scope."""
    if context.woken:
        anew.plan(Document.objects.filter(firm_id=context.firm_id, pk__in=context.woken))
        context.woken.clear()
