"""What waits in Undeposited Funds longer than the firm allows: one case, which ends with each deposit."""

from __future__ import annotations

from datetime import date, datetime

from syncapp.core.money import spoken
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import queue
from syncapp.pipeline.context import Context
from syncapp.pipeline.deposits import waiting
from syncapp.pipeline.deposits.waiting import Waits
from syncapp.pipeline.drifting import hands
from syncapp.pipeline.drifting.book_documents import document_of
from syncapp.pipeline.trust.alarms import tell
from syncapp.records.models import BookRow, Document, Hold

AGED = "undeposited_aged"
DEPOSITED = "it does not wait any more"


def run(context: Context, *, now: datetime, today: date) -> None:
    """Raise an alarm for each thing that waits too long, all under one cause. In a writing scope."""
    firm_id, books_id = context.firm_id, context.books_id
    days = context.book.options.aged_after
    late = [
        one
        for one in waiting.read(firm_id=firm_id, books_id=books_id).waits
        if (today - one.day).days > days and one.slip is None  # what is on a slip is on its way
    ]
    moved = _moved(context)
    late = [one for one in late if one.document not in moved]
    documents = _documents(context, late, now)
    verdicts = [
        queue.Verdict(document=documents[one.key], alarms=(_problem(context, one, late, days),))
        for one in late
    ]
    tell(firm_id=firm_id, books_id=books_id, code=AGED, ended=DEPOSITED, verdicts=verdicts, now=now)


def _moved(context: Context) -> set[int]:
    """Return what a hand changed after it was posted: that it waits there now is told by that case."""
    told = Hold.objects.filter(firm_id=context.firm_id, case__books_id=context.books_id)
    changed = told.filter(code=hands.CHANGED, closed_at__isnull=True)
    return set(changed.values_list("document_id", flat=True))


def _documents(context: Context, late: list[Waits], now: datetime) -> dict[str, Document]:
    """Return the record of each: Clio's, or that of the row of the books where somebody typed it there."""
    ours = {one.document for one in late if one.document is not None}
    rows = {row.pk: row for row in Document.objects.filter(firm_id=context.firm_id, pk__in=ours)}
    found = {one.key: rows[one.document] for one in late if one.document in rows}
    typed = {one.place: one for one in late if one.key not in found}
    if typed:
        kept = BookRow.objects.filter(firm_id=context.firm_id, books_id=context.books_id)
        for row in kept.filter(kind=waiting.PAYMENT, remote_id__in=[key for _, key in typed]):
            one = typed[row.kind, row.remote_id]
            found[one.key] = document_of(row, amount=one.amount, now=now)
    return found


def _problem(context: Context, one: Waits, late: list[Waits], days: int) -> Problem:
    currency = context.book.company.currency
    total = spoken(sum(each.amount for each in late), currency)
    count = "A receipt" if len(late) == 1 else f"{len(late)} receipts"
    has = "has" if len(late) == 1 else "have"
    return Problem(
        code=AGED,
        fix=Fix.LOOK,
        cause="undeposited",
        title=f"{count} of {total} {has} waited in Undeposited Funds for more than {days} days.",
        words=f"Received on {one.day:%-d %b %Y}, {spoken(one.amount, currency)}, and in no deposit since.",
        facts={"books_id": f"{one.place[0].capitalize()}:{one.place[1]}"},
    )
