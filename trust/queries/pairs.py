"""Which trust pairs stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trust.models import TrustPair
from trust.pairing import Terms
from trust.queries import called

if TYPE_CHECKING:
    from django.db.models import QuerySet


def pairs(firm_id: int, *, books_id: int | None = None) -> QuerySet[TrustPair]:
    """List the trust pairs in force of a firm, or of one of its sets of books."""
    rows = TrustPair.objects.filter(firm_id=firm_id).select_related("books")
    return rows if books_id is None else rows.filter(books_id=books_id)


def account_names(firm_id: int) -> list[str]:
    """List the firm's trust accounts by their names in Clio. In a reading scope."""
    return list(pairs(firm_id).values_list("clio_account", flat=True))


def pair_named(firm_id: int, clio_account: str) -> TrustPair | None:
    """Return the pair of one trust account of Clio, by the name it was set up with or has there now."""
    rows = pairs(firm_id)
    found = rows.filter(clio_account__iexact=clio_account.strip()).first()
    if found is None and (known := called.known_as(firm_id, clio_account)):
        found = rows.filter(clio_account__iexact=known).first()
    return found


def terms_of(pair: TrustPair) -> Terms:
    """Return what a pair says."""
    return Terms(
        clio_account=pair.clio_account,
        kind=pair.kind,
        bank=pair.bank,
        liability=pair.liability,
        operating=pair.operating,
        client_as=pair.client_as,
        opening=pair.opening,
        start=pair.start,
        post=tuple(pair.post),
        client_id=pair.client_id,
        jurisdiction=pair.jurisdiction,
        last_digits=pair.last_digits,
        disbursement_as=pair.disbursement_as,
    )
