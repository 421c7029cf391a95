"""What settling needs to know of client money, read once: its rows, which belong together, what came back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from syncapp.core import codec
from syncapp.core.documents import Kind, Money, Payment
from syncapp.records.models import Document
from trust import rules
from trust.queries import known
from trust.rules.originals import originals

if TYPE_CHECKING:
    from syncapp.pipeline.context import Context


def read(context: Context) -> None:
    """Read the rows of client money of a firm whose payments were read. In a reading scope."""
    moved = Document.objects.filter(firm_id=context.firm_id, kind=Kind.MONEY.value, data__trust=True)
    context.moneys = {row.source_id: codec.from_json(Money, row.data) for row in moved}
    context.transfers = rules.transfers_of(context.moneys.values())
    paid = {one.id: one for some in context.paying.values() for one in some if isinstance(one, Payment)}
    said = known.returns(firm_id=context.firm_id, books_id=context.books_id)
    context.known = replace(context.known, returns=said)
    context.returned = originals(
        [*context.moneys.values(), *paid.values()], context.book.matters, context.known
    )
