"""What a person asked to be tried again: what QuickBooks had refused, and the names that it rests on."""

from __future__ import annotations

from django.db.models import Q

from accounts.tenancy import firm_scope
from syncapp.core.ledger import NAME_LISTS
from syncapp.records.models import Hold, Posting


def asked(*, firm_id: int) -> bool:
    """Tell whether a person asked for another try: what they mended in the books is looked at first."""
    with firm_scope(write=None, reads=[firm_id]):
        holds = Hold.objects.filter(firm_id=firm_id, closed_at__isnull=True, retry_asked_at__isnull=False)
        return holds.exists()


def try_refused(*, firm_id: int, books_id: int, everything: bool) -> None:
    """Let refused operations be tried anew: all of them, or those that a person asked for.

    A name that was refused, a customer's say, is the record of its client and holds other records: each is
    tried with whatever is asked for.
    """
    with firm_scope(write=firm_id):
        rows = Posting.objects.filter(firm_id=firm_id, books_id=books_id, state="refused")
        if not everything:
            asked = Hold.objects.filter(firm_id=firm_id, closed_at__isnull=True, retry_asked_at__isnull=False)
            names = Q(object_kind__in=[kind.value for kind in NAME_LISTS]) if asked.exists() else Q()
            rows = rows.filter(Q(document_id__in=asked.values("document_id")) | names)
        rows.update(not_before=None)
        Hold.objects.filter(firm_id=firm_id, retry_asked_at__isnull=False).update(retry_asked_at=None)
