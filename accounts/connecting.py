"""Connecting a vendor account to a firm, connecting it again, and disconnecting it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts import audit, grants
from accounts.models import Books, ExternalAccount, Grant, GrantState
from accounts.models.books import PROVIDER_WORDS
from accounts.tenancy import firm_scope
from accounts.tokens import stamped

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.tokens import Tokens
    from syncapp.http import oauth

THINGS = {"clio": "Clio account", "qbo": "QuickBooks company", "xero": "Xero organisation"}


def finish_connect(
    *,
    firm_id: int,
    provider: str,
    external_id: str,
    external_name: str,
    tokens: oauth.Tokens | Tokens,
    by: User,
    now: datetime,
    books_id: int | None = None,
    region: str = "",
    base_url: str = "",
    identity: dict[str, Any] | None = None,
) -> Grant | str:
    """Keep what a person authorised: a new grant, or the same grant with new tokens and every link kept.

    A sentence when the vendor account belongs to another firm or set of books, or when these books are
    linked to another company. Opens its own scope.
    """
    with firm_scope(write=firm_id):
        grant = (
            Grant.objects.select_for_update(of=("self",))
            .filter(_for(books_id), firm_id=firm_id, provider=provider)
            .first()
        )
        if grant is not None and (grant.external_id, grant.region) != (external_id, region):
            return _another(grant, provider, external_name or external_id)
        if refusal := _reserve(provider, region, external_id, firm_id=firm_id, books_id=books_id):
            return refusal
        verb = "grant.connected" if grant is None else "grant.reconnected"
        before = None if grant is None else _facts(grant)
        if grant is None:
            grant = Grant(firm_id=firm_id, provider=provider, books_id=books_id)
            grant.region, grant.external_id = region, external_id
        grant.external_name, grant.base_url, grant.identity = external_name[:250], base_url, identity or {}
        _authorise(grant, stamped(tokens, now=now), by=by, now=now)
        audit.record(
            firm_id=firm_id, actor=by, verb=verb, obj=grant, before=before, after=_facts(grant), now=now
        )
    return grant


def _authorise(grant: Grant, tokens: Tokens, *, by: User, now: datetime) -> None:
    """Keep who authorised the grant and the new tokens, sealed to its row."""
    grant.authorised_by, grant.authorised_at = by, now
    grant.state, grant.state_reason, grant.state_at = GrantState.CONNECTED.value, "", now
    grant.disconnected_at, grant.lease_holder, grant.lease_until = None, "", None
    grant.refresh_expires_at = grant.hard_expires_at = None
    grant.save()  # a new row has its id only now
    for column, value in grants.sealed(grant.pk, tokens).items():
        setattr(grant, column, value)
    grant.save()


def _for(books_id: int | None) -> Q:
    return Q(books__isnull=True) if books_id is None else Q(books_id=books_id)


def _facts(grant: Grant) -> dict[str, str]:
    return {
        "provider": grant.provider,
        "account": grant.external_id,
        "name": grant.external_name,
        "authorised_by": str(grant.authorised_by),
    }


def _another(grant: Grant, provider: str, chosen: str) -> str:
    return (
        f"You chose {chosen}, but this is linked to the {THINGS[provider]} "
        f"{grant.external_name or grant.external_id}. Sign in to that one: its records are linked to it."
    )


def _reserve(
    provider: str, region: str, external_id: str, *, firm_id: int, books_id: int | None
) -> str | None:
    """Claim the vendor account for this firm and set of books; a sentence when it is somebody else's."""
    account, _ = ExternalAccount.objects.get_or_create(
        provider=provider,
        region=region,
        external_id=external_id,
        defaults={"firm_id": firm_id, "books_id": books_id},
    )
    if account.firm_id != firm_id:
        return (
            f"This {THINGS[provider]} is connected to another firm in Tieout. "
            "Nothing was changed. Disconnect it there first, or choose another."
        )
    if account.books_id != books_id:
        books = Books.objects.filter(pk=account.books_id or 0, firm_id=firm_id).first()
        return (
            f"This {THINGS[provider]} is connected already, as the set of books {books}. Nothing was changed."
        )
    return None


def disconnect(*, grant_id: int, firm_id: int, by: User, now: datetime) -> Grant:
    """Forget the tokens and free the vendor account; the row and every link stay for a later reconnect.

    Revoke the tokens at the vendor before calling this. Opens its own scope. Raises Grant.DoesNotExist.
    """
    with firm_scope(write=firm_id):
        grant = Grant.objects.select_for_update(of=("self",)).get(pk=grant_id, firm_id=firm_id)
        before = _facts(grant)
        grant.access_token_sealed = grant.refresh_token_sealed = b""
        grant.expires_at = grant.refresh_expires_at = grant.hard_expires_at = None
        grant.state, grant.state_at, grant.disconnected_at = GrantState.REVOKED.value, now, now
        grant.state_reason = f"{by} disconnected {PROVIDER_WORDS[grant.provider]}."[:500]
        grant.lease_holder, grant.lease_until = "", None
        grant.save()
        ExternalAccount.objects.filter(
            provider=grant.provider, region=grant.region, external_id=grant.external_id, firm_id=firm_id
        ).delete()
        audit.record(firm_id=firm_id, actor=by, verb="grant.disconnected", obj=grant, before=before, now=now)
    return grant
