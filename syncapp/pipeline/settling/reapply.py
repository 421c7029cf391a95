"""A removed and a new payment that are one: re-applied in the practice system, re-linked in the books.

One client, equal amount, dates at most three days apart (DESIGN section 9): the payment that stands moves to
the new invoices, and its deposit stays untouched.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from syncapp.core.documents import Kind
from syncapp.core.ledger import PaymentDraft
from syncapp.core.planning.returns import said
from syncapp.core.planning.wanted import Answer
from syncapp.pipeline.context import Context, draft_of
from syncapp.records.models import Document, Link

APART = timedelta(days=3)


def pair(context: Context, row: Document, answer: Answer, *, now: datetime) -> None:
    """Hand what stands for a removed payment over to the new one that it became."""
    if row.kind != Kind.PAYMENT.value or not answer.wanted:
        return
    removed = _removed_twin(context, row, answer)
    if removed is not None:
        _hand_over(context, removed, row, answer.wanted[0].subject, now)


def _removed_twin(context: Context, row: Document, answer: Answer) -> Link | None:
    wanted = answer.wanted[0]
    if (
        not isinstance(wanted.draft, PaymentDraft)
        or len(answer.wanted) != 1
        or context.stands(wanted.subject)
    ):
        return None
    fits = []
    for other in context.removed:
        link = context.links.get(f"payments/{other.source_id}")
        if other.pk == row.pk or link is None or link.content is None or link.subject in context.waiting:
            continue
        if said(context.choices.get(link.subject, "")) is not None:
            continue  # it came back, so another one is new money
        standing = draft_of(link.object_kind, link.content)
        if not isinstance(standing, PaymentDraft):
            continue
        same_money = (standing.amount, standing.account) == (wanted.draft.amount, wanted.draft.account)
        if same_money and other.client_id == row.client_id and abs(standing.day - wanted.draft.day) <= APART:
            fits.append(link)
    return fits[0] if len(fits) == 1 else None


def _hand_over(context: Context, old: Link, row: Document, subject: str, now: datetime) -> None:
    Link.objects.filter(pk=old.pk, firm_id=context.firm_id).update(live=False)
    link = Link.objects.create(
        firm_id=context.firm_id,
        books_id=context.books_id,
        subject=subject,
        generation=context.generations.get(subject, 0) + 1,
        object_kind=old.object_kind,
        remote_id=old.remote_id,
        adopted=old.adopted,
        content=old.content,
        print=old.print,
        round=old.round,
        document=row,
        at=now,
    )
    context.drop(old)
    context.keep(link)
