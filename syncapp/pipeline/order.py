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
    releases = _releases(context)
    open_ = {posting.pk for posting in context.waiting.values()}
    changed = []
    for posting in _ready(context):
        after = set(posting.after) & open_  # what an earlier plan said holds while that is on its way
        if posting.draft is not None:
            for subject in draft_of(posting.object_kind, posting.draft).needs():
                first = context.waiting.get(subject)
                if first is not None and first.pk != posting.pk and first.verb == Verb.CREATE.value:
                    after.add(first.pk)
        named = {posting.subject} if posting.verb != Verb.CREATE.value else set()
        if is_correction(posting.subject) and posting.object_kind == ObjectKind.PAYMENT.value:
            named |= {part["subject"] for part in (posting.draft or {}).get("applications", [])}
        after |= {pk for subject in named for pk in releases.get(subject, set()) if pk != posting.pk}
        if sorted(after) != posting.after:
            posting.after = sorted(after)
            changed.append(posting)
    bulk.rewrite(changed, ["after"])
    return len(context.created)


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
