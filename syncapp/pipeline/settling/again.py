"""An invoice that a hand took out of the closed books although it was corrected: posted again beside those.

Its corrections stand and say what changed since, so that what is posted once more is the invoice as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from syncapp.core.ledger import (
    Application,
    CreditMemoDraft,
    InvoiceDraft,
    JournalDraft,
    ObjectKind,
    PaymentDraft,
)
from syncapp.core.planning import corrections as core
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import taking
from syncapp.pipeline.settling import amended
from syncapp.records.models import Link


def corrections_of(context: Context, base: str) -> dict[str, core.Correction]:
    """Return what corrects an invoice or a credit, as it stands, by subject and in order."""
    stand = ((subject, context.content(subject)) for subject in amended.ever_corrected(context, base))
    kinds = InvoiceDraft | CreditMemoDraft | JournalDraft
    return {subject: one for subject, one in stand if isinstance(one, kinds)}


def beside(context: Context, answer: Answer) -> tuple[Answer, frozenset[str]]:
    """Want each invoice that is posted once more without what its corrections, which stand, say already.

    Returns beside it which of them no invoice can say any more: one more correction does.
    """
    beyond: set[str] = set()
    for one in answer.wanted:
        said = taking.days(context, one.subject)
        if said is None or not isinstance(one.draft, InvoiceDraft) or one.draft.day != said[1]:
            continue
        if not (stand := corrections_of(context, one.subject)):
            continue
        draft = _less(context, one, stand, day=said[1])
        if draft is None:
            beyond.add(one.subject)
            continue
        kept = {name + end for name in stand for end in ("", amended.APPLY)}
        applied = [w for name, by in stand.items() for w in _applied(context, one.subject, draft, name, by)]
        rest = tuple(w for w in answer.wanted if w.subject != one.subject)
        wanted = (replace(one, draft=draft), *rest, *applied)
        answer = replace(answer, wanted=wanted, kept=answer.kept | frozenset(kept))
    return answer, frozenset(beyond)


def _less(
    context: Context, wanted: Wanted, stand: dict[str, core.Correction], *, day: date
) -> InvoiceDraft | None:
    """Return the invoice as it was posted, or what its corrections lack of the bill as it reads now."""
    draft = wanted.draft
    if not isinstance(draft, InvoiceDraft):
        return None
    was = _was(context, wanted.subject)
    if was is not None:
        once_more = was if was.day == day else core.posted_again(was, day=day)
        if isinstance(once_more, InvoiceDraft) and not core.corrections(
            once_more, stand.values(), draft, number=draft.number, day=day
        ):
            return once_more
    nothing = replace(draft, lines=(), discount=None)
    [*found] = core.corrections(nothing, stand.values(), draft, number=draft.number, day=day)
    one = found[0] if len(found) == 1 else None
    return replace(one, memo=draft.memo, due=draft.due) if isinstance(one, InvoiceDraft) else None


def _was(context: Context, subject: str) -> InvoiceDraft | None:
    """Return the invoice as it stands once more, or as it was before a hand took it out."""
    links = Link.objects.filter(firm_id=context.firm_id, books_id=context.books_id, subject=subject)
    link = links.order_by("-generation").first()
    draft = draft_of(link.object_kind, link.content) if link is not None and link.content else None
    return draft if isinstance(draft, InvoiceDraft) else None


def _applied(
    context: Context, base: str, invoice: InvoiceDraft, subject: str, draft: core.Correction
) -> Iterator[Wanted]:
    """Apply the credit of a correction to the invoice again, where the hand took it off that."""
    said, apply = taking.days(context, subject + amended.APPLY), subject + amended.APPLY
    if said is None or context.stands(apply) or core.owed(draft) >= 0:
        return
    amount = min(-core.owed(draft), invoice.total)
    yield applying((base, invoice), (subject, draft), amount, day=said[1])


def applying(
    to: tuple[str, InvoiceDraft], credit: tuple[str, core.Correction], amount: int, *, day: date
) -> Wanted:
    """Want what applies the credit of a correction to an invoice, each with its subject: a zero payment."""
    (target, invoice), (subject, draft) = to, credit
    applications = (
        Application(subject=target, kind=ObjectKind.INVOICE, amount=amount),
        Application(subject=subject, kind=draft.kind, amount=amount),
    )
    payment = PaymentDraft(
        customer=invoice.customer, day=day, amount=0, account="", receivable=invoice.receivable,
        currency=invoice.currency, applications=applications, memo=f"{draft.memo}, applied",
    )  # fmt: skip
    return Wanted(subject=subject + amended.APPLY, draft=payment)
