"""How statements of a trust account arrive, and what became of them. To be asked within an open scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts import queries
from accounts.roles import Permission
from trust.models import MailboxMark, MailSource, StatementArrival, UploadToken
from trust.models.arrivals import REFUSED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from trust.models import TrustPair

SHOWN = 30


def tokens(pair: TrustPair) -> QuerySet[UploadToken]:
    """Return the upload tokens of a trust account, those that work first."""
    rows = UploadToken.objects.filter(firm_id=pair.firm_id, pair=pair).select_related("made_by", "revoked_by")
    return rows.order_by("revoked_at", "-made_at", "-pk")


def bringers(firm_id: int, now: datetime) -> dict[int, datetime]:
    """Say who brings statements in today, by person, and since when he has been in the firm."""
    return queries.since_when(firm_id=firm_id, permission=Permission.RETRY, now=now)


def stands(token: UploadToken, *, since: Mapping[int, datetime]) -> bool:
    """Say whether a token lets anybody in: it ends with who made it (`since` is of `bringers`)."""
    return token.revoked_at is None and queries.stands(
        maker=token.made_by_id, made_at=token.made_at, since=since
    )


def ended_tokens(firm_id: int, now: datetime) -> list[UploadToken]:
    """Return the tokens that ended with who made them, until somebody takes them back."""
    working = UploadToken.objects.filter(firm_id=firm_id, revoked_at=None)
    rows = list(working.select_related("pair", "made_by"))
    since = bringers(firm_id, now) if rows else {}
    return [token for token in rows if not stands(token, since=since)]


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
