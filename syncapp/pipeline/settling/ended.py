"""What Clio took back and a hand took out of the books: it stands nowhere, and nobody is asked about it."""

from __future__ import annotations

from datetime import datetime

from syncapp.core.ledger import NAME_LISTS
from syncapp.core.planning.corrections import is_correction
from syncapp.core.planning.returns import is_return
from syncapp.core.planning.wanted import Answer
from syncapp.pipeline.context import Context
from syncapp.pipeline.ties import book
from syncapp.records.models import BookRow, Document, Link


def wholly(context: Context, document: Document, answer: Answer, *, now: datetime) -> None:
    """End what was deleted there of a document that asks for nothing any more, before anything amends it.

    Otherwise a correction would be proposed of what lay in closed books. Where a correction or a return
    stands for it, those say what follows. In a writing scope.
    """
    own = context.own.get(document.pk, set())
    if not answer.wanted and not any(is_correction(subject) or is_return(subject) for subject in own):
        each(context, document, answer, now=now)


def each(context: Context, document: Document, answer: Answer, *, now: datetime) -> None:
    """End what a document wants no more and QuickBooks says is deleted, by an entry of our own book.

    QuickBooks refuses to void or delete it once more with 610 (qbo/API.md section 9). In a writing scope.
    """
    wanted = {one.subject for one in answer.wanted} | answer.kept
    unwanted = [
        link
        for link in context.standing(document)
        if link.subject not in wanted and link.object_kind not in NAME_LISTS  # those are merged
    ]
    ended = [
        link
        for link in unwanted
        if link.subject not in context.waiting and (link.object_kind, link.remote_id) in _gone(context)
    ]
    if not ended:
        return
    book.taken_out(firm_id=context.firm_id, books_id=context.books_id, ended=ended, now=now)
    mine = Link.objects.filter(firm_id=context.firm_id, books_id=context.books_id)
    mine.filter(pk__in=[link.pk for link in ended]).update(live=False)
    for link in ended:
        context.drop(link)


def _gone(context: Context) -> frozenset[tuple[str, str]]:
    """Return the places of the books that a hand deleted, read once for all documents."""
    if context.gone is None:
        rows = BookRow.objects.filter(firm_id=context.firm_id, books_id=context.books_id, deleted=True)
        context.gone = frozenset(rows.values_list("kind", "remote_id"))
    return context.gone
