"""How statements of a trust account arrive, and what became of them. To be asked within an open scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trust.models import MailboxMark, MailSource, StatementArrival, UploadToken
from trust.models.arrivals import REFUSED

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from trust.models import TrustPair

SHOWN = 30


def tokens(pair: TrustPair) -> QuerySet[UploadToken]:
    """Return the upload tokens of a trust account, those that work first."""
    rows = UploadToken.objects.filter(firm_id=pair.firm_id, pair=pair).select_related("made_by", "revoked_by")
    return rows.order_by("revoked_at", "-made_at", "-pk")


def token_by_id(firm_id: int, token_id: int) -> UploadToken | None:
    """Return an upload token of a firm."""
    return UploadToken.objects.select_related("pair").filter(firm_id=firm_id, pk=token_id).first()


def mailbox() -> MailboxMark | None:
    """Return when the mailbox was last looked at, and why it could not be read."""
    return MailboxMark.objects.filter(pk=1).first()


def mail_source(pair: TrustPair) -> MailSource | None:
    """Return the address under which mails bring statements of an account, if one was made."""
    return MailSource.objects.filter(firm_id=pair.firm_id, pair=pair).select_related("by").first()


def arrivals(pair: TrustPair) -> list[StatementArrival]:
    """Return what arrived last for an account, the latest first, without the bytes."""
    rows = StatementArrival.objects.filter(firm_id=pair.firm_id, pair=pair).defer("content")
    return list(rows.select_related("token", "statement", "seen_by")[:SHOWN])


def unseen(pair: TrustPair) -> int:
    """Return how many files were refused and wait for a person to look at them."""
    return StatementArrival.objects.filter(firm_id=pair.firm_id, pair=pair, state=REFUSED).count()


def arrival_by_id(firm_id: int, arrival_id: int) -> StatementArrival | None:
    """Return one arrival of a firm, with the bytes of a refused file, locked for what a person does."""
    rows = StatementArrival.objects.select_for_update(of=("self",)).select_related("pair")
    return rows.filter(firm_id=firm_id, pk=arrival_id).first()
