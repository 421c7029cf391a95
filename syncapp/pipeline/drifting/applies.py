"""What only applies a credit, a payment of nothing, as a hand left it: what of it a further one can say."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from syncapp.core.ledger import Draft, ObjectKind, PaymentDraft

type _Applied = Counter[tuple[str, ObjectKind]]


def only_dated(posted: Draft, stands: Draft) -> bool:
    """Tell whether nothing but the day differs."""
    if not isinstance(posted, PaymentDraft) or not isinstance(stands, PaymentDraft):
        return False
    same = replace(stands, day=posted.day, applications=posted.applications)
    return same == posted and stands.day != posted.day and _applied(posted) == _applied(stands)


def less(posted: Draft | None, stands: Draft) -> list[tuple[str, int, str]]:
    """Return the lines of what it applies less than it did; none where more than that differs.

    They are of receivables alone, for one customer: account, minor units, customer.
    """
    if not isinstance(posted, PaymentDraft) or not isinstance(stands, PaymentDraft) or stands.amount:
        return []
    was, now = _applied(posted), _applied(stands)
    if stands.customer != posted.customer or any(now[part] > was[part] for part in now):
        return []
    amount = (was.total() - now.total()) // 2
    sides = (amount, -amount) if amount else ()
    return [(posted.receivable, one, posted.customer) for one in sides]


def _applied(payment: PaymentDraft) -> _Applied:
    applied: _Applied = Counter()
    for part in payment.applications:
        applied[part.subject, part.kind] += part.amount
    return applied
