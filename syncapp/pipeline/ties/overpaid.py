"""A bill that was made smaller than what was paid on it: Clio shows less than nothing open on it.

The books show the same as an unapplied part of its payments, on the same customer: the two are one thing.
"""

from __future__ import annotations

from collections import Counter

from syncapp.core.documents import Payment
from syncapp.pipeline.context import Context
from syncapp.records.models import BookRow

type Place = tuple[str, str]


def take(context: Context, bill_id: int, rows: dict[Place, BookRow], taken: Counter[Place], need: int) -> int:
    """Take up to `need` minor units from what the payments of a bill leave unapplied; return how much.

    `taken` keeps what of each payment is spoken for; below zero it is what pays a refund, and was unapplied.
    """
    found = 0
    for paid in context.paying.get(bill_id, []):
        document = context.documents.get(("payment", paid.id)) if isinstance(paid, Payment) else None
        for link in context.standing(document) if document is not None else []:
            place = (link.object_kind, link.remote_id)
            row = rows.get(place) if place[0] == "payment" else None
            part = min(row.balance - taken[place], need - found) if row and not row.deleted else 0
            if part > 0:
                taken[place] += part
                found += part
    return found
