"""Which operation must be posted before which: what is named first, what is released before it ends."""

from __future__ import annotations

from collections import defaultdict

from syncapp.core.ledger import DepositDraft, ObjectKind, PaymentDraft, Verb
from syncapp.core.planning.corrections import is_correction
from syncapp.pipeline.context import Context, draft_of
from syncapp.records import bulk
from syncapp.records.models import Posting, PostingState


def write(context: Context) -> int:
    """Write down what each operation comes after; return how many were planned. In a writing scope.

    What an interrupted run left ready without its order gets it now.
    """
    releases, ready = _releases(context), _ready(context)
    open_ = {posting.pk for posting in context.waiting.values()}
    order = {posting.pk: _needed(context, posting, releases, open_) for posting in ready}
    for posting in ready:
        _credit_comes_last(context, posting, order)
    for posting in ready:
        for pk in _room(context, posting, releases):
            if not _comes_after(order, pk, posting.pk):  # two that wait for each other's room: neither can
                order[posting.pk].add(pk)
    changed = []
    for posting in ready:
        if sorted(order[posting.pk]) != posting.after:
            posting.after = sorted(order[posting.pk])
            changed.append(posting)
    bulk.rewrite(changed, ["after"])
    return len(context.created)


def _needed(context: Context, posting: Posting, releases: dict[str, set[int]], open_: set[int]) -> set[int]:
    """Return what must be posted before an operation: what it names, and what releases what it changes."""
    after = set(posting.after) & open_  # what an earlier plan said holds while that is on its way
    if posting.draft is not None:
        for subject in draft_of(posting.object_kind, posting.draft).needs():
            first = context.waiting.get(subject)
            if first is not None and first.pk != posting.pk and first.verb == Verb.CREATE.value:
                after.add(first.pk)
    named = {posting.subject} if posting.verb != Verb.CREATE.value else set()
    if is_correction(posting.subject) and posting.object_kind == ObjectKind.PAYMENT.value:
        named |= {part["subject"] for part in (posting.draft or {}).get("applications", [])}
    return after | {pk for subject in named for pk in releases.get(subject, set()) if pk != posting.pk}


def _credit_comes_last(context: Context, posting: Posting, order: dict[int, set[int]]) -> None:
    """Let a new credit wait for the new invoice that it is for: without that it would stand for nothing."""
    then = draft_of(posting.object_kind, posting.draft) if posting.draft is not None else None
    if not isinstance(then, PaymentDraft) or len(then.applications) < 2:  # noqa: PLR2004  a credit and what it pays
        return
    named = [context.waiting.get(part.subject) for part in then.applications]
    fresh = [one for one in named if one is not None and one.verb == Verb.CREATE.value]
    invoices = {one.pk for one in fresh if one.object_kind == ObjectKind.INVOICE.value}
    for one in fresh:
        if one.object_kind == ObjectKind.CREDIT_MEMO.value and one.pk in order:
            order[one.pk] |= invoices


def _room(context: Context, posting: Posting, releases: dict[str, set[int]]) -> list[int]:
    """Return what makes room for a payment: what it pays more of is raised first, or released by another."""
    then = draft_of(posting.object_kind, posting.draft) if posting.draft is not None else None
    if not isinstance(then, PaymentDraft):
        return []
    link = context.links.get(posting.subject)
    before = draft_of(link.object_kind, link.content) if link is not None and link.content else None
    had = {a.subject: a.amount for a in before.applications} if isinstance(before, PaymentDraft) else {}
    found: set[int] = set()
    for part in then.applications:
        if part.amount <= had.get(part.subject, 0):
            continue
        found |= releases.get(part.subject, set())
        raised = context.waiting.get(part.subject)
        if raised is not None and raised.verb == Verb.UPDATE.value:
            found.add(raised.pk)
    return sorted(found - {posting.pk})


def _comes_after(order: dict[int, set[int]], one: int, other: int) -> bool:
    """Tell whether one operation waits for another, however far down."""
    seen, left = set(), [one]
    while left:
        pk = left.pop()
        if pk == other:
            return True
        if pk not in seen:
            seen.add(pk)
            left += order.get(pk, set())
    return False


def _ready(context: Context) -> list[Posting]:
    """Return the operations of this plan, and of earlier ones, that wait to be sent."""
    return [posting for posting in context.waiting.values() if posting.state == PostingState.READY.value]


def _releases(context: Context) -> dict[str, set[int]]:
    """Return, by subject, the operations on their way that release it: they take something off it.

    A payment releases the invoice or credit that it pays less of; a deposit that ends, its payments.
    """
    found: dict[str, set[int]] = defaultdict(set)
    for posting in context.waiting.values():
        link = context.links.get(posting.subject)
        if link is None or link.content is None or link.object_kind not in {"payment", "deposit"}:
            continue
        before = draft_of(link.object_kind, link.content)
        if isinstance(before, DepositDraft) and posting.verb == Verb.DELETE.value:
            for subject in before.payments:
                found[subject].add(posting.pk)
        then = draft_of(posting.object_kind, posting.draft) if posting.draft is not None else None
        if not isinstance(before, PaymentDraft):
            continue
        keeps = {a.subject: a.amount for a in then.applications} if isinstance(then, PaymentDraft) else {}
        for part in before.applications:
            if keeps.get(part.subject, 0) < part.amount:
                found[part.subject].add(posting.pk)
    return dict(found)
