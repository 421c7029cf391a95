"""What a payment leaves open on the invoices that it pays: known without asking, because it was just posted.

QuickBooks answers a payment with the payment alone, and every read is charged for (qbo/API.md section 6). The
next change capture brings the invoices as they stand, and overwrites this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from syncapp.core.books import BookObject
from syncapp.core.ledger import ObjectKind
from syncapp.qbo.shapes import KIND_OF
from syncapp.records import bulk
from syncapp.records.models import BookRow

SHOWN = {ObjectKind.INVOICE.value, ObjectKind.CREDIT_MEMO.value}  # what has a balance in the books


def shift(*, firm_id: int, books_id: int, objects: Sequence[BookObject]) -> None:
    """Move balances by what payments apply now, less what they applied when we last saw them. Minor units.

    In a writing scope, and before `objects` are kept. A payment whose answer was lost, and that a change
    capture has brought meanwhile, moves nothing: the same capture brought the invoices that it pays.
    """
    payments = {one.id: one for one in objects if one.kind is ObjectKind.PAYMENT}
    if not payments:
        return
    ours = BookRow.objects.filter(firm_id=firm_id, books_id=books_id)
    applied: Counter[tuple[str, str]] = Counter()
    for one in payments.values():
        if not (one.voided or one.deleted):
            applied.update(_applied(one.links))
    for row in ours.filter(kind=ObjectKind.PAYMENT.value, remote_id__in=list(payments)):
        if not (row.voided or row.deleted):
            applied.subtract(_applied(row.data.get("links") or []))
    moved = {key: amount for key, amount in applied.items() if amount and key[0] in SHOWN}
    changed = []
    for row in ours.filter(kind__in=SHOWN, remote_id__in=[remote for _, remote in moved]):
        if (row.kind, row.remote_id) in moved and not row.voided and not row.deleted:
            row.balance -= moved[row.kind, row.remote_id]
            changed.append(row)
    bulk.rewrite(changed, ["balance"])


def _applied(links: Iterable[Sequence[str | int]]) -> Counter[tuple[str, str]]:
    """Return what a payment applies to each object, by kind and id."""
    found: Counter[tuple[str, str]] = Counter()
    for target, amount in links:
        entity, _, key = str(target).partition(":")
        if entity in KIND_OF:
            found[KIND_OF[entity].value, key] += int(amount)
    return found
