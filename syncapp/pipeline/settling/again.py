"""An invoice or credit that a hand took out of the closed books although it was corrected: posted once more.

Its corrections stand and say what changed since, so that what is posted beside them is the entry as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from syncapp.core.ledger import (
    CreditMemoDraft,
    Draft,
    InvoiceDraft,
    JournalDraft,
    PaymentDraft,
)
from syncapp.core.planning import corrections as core
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import taking
from syncapp.pipeline.settling import amended, applying
from syncapp.records.models import Document, Link


def corrections_of_sale(context: Context, base: str) -> dict[str, core.Correction]:
    """Return what corrects an invoice or a credit, as it stands, by subject and in order."""
    stand = ((subject, context.content(subject)) for subject in amended.ever_corrected(context, base))
    kinds = InvoiceDraft | CreditMemoDraft | JournalDraft
    return {subject: one for subject, one in stand if isinstance(one, kinds)}


def beside(context: Context, row: Document, answer: Answer) -> tuple[Answer, frozenset[str]]:
    """Want each invoice or credit that is posted once more without what its corrections, which stand, say.

    Returns beside it which of them can say it no more: one more correction does.
    """
    beyond: set[str] = set()
    for base, asked in _once_more(context, row, answer):
        said = taking.days(context, base)
        if said is None or (asked is not None and asked.day != said[1]):
            continue
        if asked is None and getattr(context.content(base), "day", said[1]) != said[1]:
            continue  # it stands where it was, and a later entry takes it back
        if not (stand := corrections_of_sale(context, base)):
            continue
        draft = _less(context, base, asked, stand, day=said[1])
        if draft is None:
            beyond.add(base)
            continue
        ever = amended.ever_corrected(context, base)
        kept = {name + end for name in ever for end in ("", amended.APPLY)}
        applied = [*_applied(context, base, draft, stand), *(_own(context, base) if asked is None else ())]
        rest = tuple(_within(w, base, draft) for w in answer.wanted if w.subject != base)
        wanted = (Wanted(subject=base, draft=draft), *rest, *applied)
        answer = replace(answer, wanted=wanted, kept=answer.kept | frozenset(kept), skipped="")
    return answer, frozenset(beyond)


def _once_more(context: Context, row: Document, answer: Answer) -> Iterator[tuple[str, core.Sale | None]]:
    """Give what may be posted once more as it is asked; None of what Clio has no longer, and is corrected."""
    for one in answer.wanted:
        if isinstance(one.draft, InvoiceDraft | CreditMemoDraft):
            yield one.subject, one.draft
    asked = {one.subject for one in answer.wanted}
    standing = [link.subject for link in context.standing(row) if core.is_correction(link.subject)]
    for base in dict.fromkeys(core.base_of(subject) for subject in standing):
        if base not in asked and isinstance(_was(context, base), InvoiceDraft | CreditMemoDraft):
            yield base, None


def _less(
    context: Context, base: str, asked: core.Sale | None, stand: dict[str, core.Correction], *, day: date
) -> core.Sale | None:
    """Return an entry as it was posted, or what its corrections lack of what is asked now."""
    was = _was(context, base)
    if isinstance(was, InvoiceDraft | CreditMemoDraft):
        number = (asked or was).number
        once_more = was if was.day == day else core.posted_again(was, day=day)
        if isinstance(once_more, InvoiceDraft | CreditMemoDraft) and not core.corrections(
            once_more, stand.values(), asked, number=number, day=day
        ):
            return once_more
    if asked is None:
        return None
    nothing = replace(asked, lines=(), discount=None)
    [*found] = core.corrections(nothing, stand.values(), asked, number=asked.number, day=day)
    one = found[0] if len(found) == 1 else None
    if isinstance(one, InvoiceDraft) and isinstance(asked, InvoiceDraft):
        return replace(one, memo=asked.memo, due=asked.due)
    same = isinstance(one, CreditMemoDraft) and isinstance(asked, CreditMemoDraft)
    return replace(one, memo=asked.memo) if same and isinstance(one, CreditMemoDraft) else None


def _was(context: Context, subject: str) -> Draft | None:
    """Return an entry as it stands once more, or as it was before a hand took it out."""
    links = Link.objects.filter(firm_id=context.firm_id, books_id=context.books_id, subject=subject)
    link = links.order_by("-generation").first()
    return draft_of(link.object_kind, link.content) if link is not None and link.content else None


def _within(wanted: Wanted, base: str, credit: core.Sale) -> Wanted:
    """Apply no more of a credit than it has as it stands once more: its corrections apply the rest."""
    payment = wanted.draft
    if wanted.subject != base + amended.APPLY or not isinstance(payment, PaymentDraft):
        return wanted
    left, parts = credit.total, []
    for part in payment.applications:
        amount = min(part.amount, credit.total if part.subject == base else left)
        left -= 0 if part.subject == base else amount
        parts.append(replace(part, amount=amount))
    return replace(wanted, draft=replace(payment, applications=tuple(one for one in parts if one.amount)))


def _own(context: Context, base: str) -> Iterator[Wanted]:
    """Apply a credit that Clio has no longer where it was, as what corrects it still says."""
    apply = base + amended.APPLY
    said, was = taking.days(context, apply), _was(context, apply)
    if said is not None and isinstance(was, PaymentDraft):
        again = was if was.day == said[1] else core.posted_again(was, day=said[1])
        yield Wanted(subject=apply, draft=again)


def _applied(
    context: Context, base: str, once_more: core.Sale, stand: dict[str, core.Correction]
) -> Iterator[Wanted]:
    """Apply the corrections to an entry again, or it to them, where the hand took it off those."""
    left = once_more.total
    for subject, draft in stand.items():
        said, owes = taking.days(context, subject + amended.APPLY), core.owed(draft)
        if said is None or context.stands(subject + amended.APPLY):
            continue
        if isinstance(once_more, InvoiceDraft) and owes < 0:
            parts = applying.moved((base, once_more.kind), (subject, draft.kind), min(-owes, once_more.total))
        elif isinstance(once_more, CreditMemoDraft) and isinstance(draft, InvoiceDraft):
            parts = applying.moved((subject, draft.kind), (base, once_more.kind), min(owes, left))
            left -= min(owes, left)
        else:
            continue
        if parts:
            yield applying.wanted(subject, draft.memo, once_more, parts, day=said[1])
