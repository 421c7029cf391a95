"""What a payment leaves open on the invoices that it pays: known without asking, because it was just posted.

QuickBooks answers a payment with the payment alone, and every read is charged for (qbo/API.md section 6). The
next change capture brings the invoices as they stand, and overwrites this.
"""

from __future__ import annotations

from collections import Counter

from syncapp.core.ledger import PaymentDraft
from syncapp.pipeline.context import draft_of
from syncapp.records import bulk
from syncapp.records.models import BookRow, Link, Posting


def shift(*, firm_id: int, books_id: int, posted: list[tuple[Posting, dict[str, object] | None]]) -> None:
    """Move balances by what some posted payments apply, less what they applied before. In a writing scope.

    Each posting comes with the content that stood before it, None for a new one. Minor units.
    """
    applied: Counter[str] = Counter()
    for posting, before in posted:
        if posting.object_kind == "payment":
            applied.update(_applied(posting.draft))
            applied.subtract(_applied(before))
    moved = {subject: amount for subject, amount in applied.items() if amount}
    if not moved:
        return
    links = Link.objects.filter(firm_id=firm_id, books_id=books_id, subject__in=list(moved))
    by_object = {
        (link.object_kind, link.remote_id): moved[link.subject] for link in links.order_by("generation")
    }
    rows = BookRow.objects.filter(
        firm_id=firm_id, books_id=books_id, remote_id__in=[remote for _, remote in by_object]
    )
    changed = []
    for row in rows:
        if (row.kind, row.remote_id) in by_object and not row.voided and not row.deleted:
            row.balance -= by_object[row.kind, row.remote_id]
            changed.append(row)
    bulk.rewrite(changed, ["balance"])


def _applied(content: dict[str, object] | None) -> Counter[str]:
    """Return what a payment's content applies to each subject."""
    if content is None:
        return Counter()
    draft = draft_of("payment", content)
    if not isinstance(draft, PaymentDraft):
        return Counter()
    return Counter({part.subject: part.amount for part in draft.applications})
