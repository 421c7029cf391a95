"""Links to evidence binders: made for one address, sent by mail, taken back; each opening stands in the log.

A link names its firm, sealed (docs/decisions/0011): who opens it reads one firm, where its hash stands.
Nothing of the binder is in the mail.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from accounts import audit, links, queries
from accounts.roles import Permission
from trust.models import BinderLink

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from trust.models import TrustPair
    from trust.reports.binder import Binder

TABLE = "trust_binderlink"
HOUR, LINKS_AN_HOUR = timedelta(hours=1), 30
TOO_MANY = f"A firm sends at most {LINKS_AN_HOUR} links an hour. Send the next one later."


def new_token(firm_id: int) -> str:
    """Return the last part of an address that only we can make."""
    return links.new(firm_id, table=TABLE)


def firm_of(token: str) -> int | None:
    """Read which firm a token names; None when it is none of ours. Asks nothing of the database."""
    return links.firm_of(token, table=TABLE)


def too_many(firm_id: int, now: datetime) -> bool:
    """Say whether a firm sent so many links within the hour that it sends no more. In a scope."""
    return BinderLink.objects.filter(firm_id=firm_id, at__gt=now - HOUR).count() >= LINKS_AN_HOUR


def make(
    *, pair: TrustPair, month: date, email: str, days: int, actor: User, now: datetime
) -> tuple[BinderLink, str]:
    """Make a link for one address that ends after some days; return it with its token, which is not kept."""
    token = new_token(pair.firm_id)
    row = BinderLink.objects.create(
        firm_id=pair.firm_id,
        pair=pair,
        month=month,
        email=email,
        token_hash=links.hashed(token),
        by=actor,
        at=now,
        expires_at=now + timedelta(days=days),
    )
    _record(row, "trust.binder_link_sent", actor, now, after={"email": email, "until": row.expires_at})
    return row, token


def standing(*, firm_id: int, token: str, now: datetime) -> BinderLink | None:
    """Find the link of a token while it opens something. In a scope of the firm."""
    rows = BinderLink.objects.filter(
        firm_id=firm_id, token_hash=links.hashed(token), ended_at=None, expires_at__gt=now
    )
    row = rows.select_related("pair__firm", "pair__books").first()
    return row if row is not None and sent_by_member(row, since=senders(firm_id, now)) else None


def senders(firm_id: int, now: datetime) -> dict[int, datetime]:
    """Say who sends links today, by person, and since when he has been in the firm."""
    return queries.since_when(firm_id=firm_id, permission=Permission.APPROVE, now=now)


def sent_by_member(row: BinderLink, *, since: Mapping[int, datetime]) -> bool:
    """Say whether a link stands with who sent it: it ends with him (`since` is of `senders`)."""
    return queries.stands(maker=row.by_id, made_at=row.at, since=since)


def end(*, row: BinderLink, actor: User, now: datetime) -> None:
    """Take a link back; one that was taken back or ran out already stays as it is."""
    if row.ended_at is not None or row.expires_at <= now:
        return
    row.ended_by, row.ended_at = actor, now
    row.save(update_fields=["ended_by", "ended_at"])
    _record(row, "trust.binder_link_ended", actor, now, before={"email": row.email})


def fetched(*, row: BinderLink, packed: Binder, now: datetime) -> None:
    """Write down that somebody fetched the binder by its link."""
    _record(row, "trust.binder_fetched", None, now, after={"email": row.email, "sha256": packed.digest})


def _record(
    row: BinderLink,
    verb: str,
    actor: User | None,
    now: datetime,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    audit.record(
        firm_id=row.firm_id,
        actor=actor,
        verb=verb,
        obj=row,
        text=f"{row.pair}, {row.month:%Y-%m}",
        before=before,
        after=after,
        now=now,
    )
