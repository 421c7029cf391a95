"""Access tokens for the vendors: leased refresh, refused grants, warnings before the end."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db.models import Q

from accounts import audit, notify, queries, seal
from accounts.models import Grant, GrantState
from accounts.models.books import PROVIDER_WORDS
from accounts.roles import Permission, Role, allows
from accounts.tenancy import firm_scope
from accounts.tokens import GrantBusy, GrantUnusable, Tokens, stamped
from syncapp.http.errors import Revoked

if TYPE_CHECKING:
    from collections.abc import Callable

    from syncapp.http import oauth

TABLE = "accounts_grant"
ACCESS, REFRESH = "access_token_sealed", "refresh_token_sealed"
RENEW_BEFORE = timedelta(minutes=5)
WARN_BEFORE = timedelta(days=30)
LEASE_SECONDS = 150  # longer than the vendor's own time-out of 120 s
FIRST_WAIT_SECONDS = 0.05
LONGEST_WAIT_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A grant as a refresher sees it: no database behind it, tokens kept out of every repr."""

    grant_id: int
    firm_id: int
    provider: str
    region: str
    base_url: str
    external_id: str
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime | None
    sealed: bytes = field(repr=False)


type Refresher = Callable[[Held], oauth.Tokens | Tokens]


def access_token(
    grant_id: int,
    *,
    firm_id: int,
    now: datetime,
    refresh: Refresher,
    refused: str | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Return a token that is good for five more minutes, refreshing it when it is not, outside any scope.

    One worker refreshes at a time: it claims a lease by conditional update, calls `refresh` with no
    transaction open, and stores what came back; all others wait for it. `refused` is the token that the
    vendor just answered 401 to: it is renewed whatever its end. Raises GrantUnusable when a person must
    connect again, GrantBusy when the other worker does not finish, and what `refresh` raises when the
    network fails and the old token is of no use.
    """
    lease = LEASE_SECONDS / settings.TIME_SCALE
    waited, pause = 0.0, FIRST_WAIT_SECONDS
    while waited <= lease:
        at = now + timedelta(seconds=waited)
        held = _look(grant_id, firm_id=firm_id, now=at)
        if held.access != refused and held.expires_at and held.expires_at - at > RENEW_BEFORE:
            return held.access
        holder = uuid4().hex
        if _claim(held, holder=holder, now=at, until=at + timedelta(seconds=lease)):
            return _renew(held, holder=holder, now=at, refresh=refresh, refused=refused)
        sleep(pause)
        waited, pause = waited + pause, min(pause * 2, LONGEST_WAIT_SECONDS)
    raise GrantBusy("Another worker is renewing this connection and has not finished.")


def _look(grant_id: int, *, firm_id: int, now: datetime) -> Held:
    try:
        with firm_scope(write=None, reads=[firm_id]):
            return read(grant_id, firm_id=firm_id, now=now)
    except GrantUnusable as unusable:
        if unusable.state == GrantState.EXPIRED:
            mark(grant_id, firm_id=firm_id, state=GrantState.EXPIRED, reason=unusable.words, now=now)
        raise


def read(grant_id: int, *, firm_id: int, now: datetime) -> Held:
    """Read a grant and open its tokens, in the open scope. Raises GrantUnusable with the sentence to show."""
    grant = Grant.objects.get(pk=grant_id, firm_id=firm_id)
    what = PROVIDER_WORDS[grant.provider]
    if grant.state in {GrantState.REVOKED, GrantState.EXPIRED}:
        raise GrantUnusable(grant.state_reason or f"Connect {what} again.", state=grant.state)
    if grant.hard_expires_at is not None and grant.hard_expires_at <= now:
        raise GrantUnusable(f"The connection to {what} ran out. Connect it again.", state=GrantState.EXPIRED)
    return Held(
        grant_id=grant.pk,
        firm_id=firm_id,
        provider=grant.provider,
        region=grant.region,
        base_url=grant.base_url,
        external_id=grant.external_id,
        access=_open(grant, ACCESS),
        refresh=_open(grant, REFRESH) if grant.refresh_token_sealed else "",
        expires_at=grant.expires_at,
        sealed=bytes(grant.access_token_sealed),
    )


def _open(grant: Grant, column: str) -> str:
    return seal.unseal(getattr(grant, column), table=TABLE, row=grant.pk, column=column)


def _claim(held: Held, *, holder: str, now: datetime, until: datetime) -> bool:
    """Take the lease when nobody has it and nobody has refreshed since we read."""
    with firm_scope(write=held.firm_id):
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
        mine = Grant.objects.filter(
            free, pk=held.grant_id, firm_id=held.firm_id, access_token_sealed=held.sealed
        ).update(lease_holder=holder, lease_until=until)
    return mine == 1


def _renew(held: Held, *, holder: str, now: datetime, refresh: Refresher, refused: str | None) -> str:
    try:
        tokens = stamped(refresh(held), now=now)
    except Revoked as refusal:
        reason = _refusal(held)
        mark(held.grant_id, firm_id=held.firm_id, state=GrantState.REVOKED, reason=reason, now=now)
        raise GrantUnusable(reason, state=GrantState.REVOKED) from refusal
    except Exception:
        _release(held, holder=holder)
        if held.access != refused and held.expires_at and held.expires_at > now:
            return held.access
        raise
    store(held, tokens, holder=holder)
    return tokens.access


def _refusal(held: Held) -> str:
    return f"{PROVIDER_WORDS[held.provider]} no longer accepts this connection. Connect it again."


def _release(held: Held, *, holder: str) -> None:
    with firm_scope(write=held.firm_id):
        Grant.objects.filter(pk=held.grant_id, firm_id=held.firm_id, lease_holder=holder).update(
            lease_holder="", lease_until=None
        )


def sealed(grant_id: int, tokens: Tokens, *, now: datetime | None = None) -> dict[str, object]:
    """Return the columns of a grant that hold tokens, sealed to its row.

    A None for `refresh`, `refresh_expires_at` or `hard_expires_at` keeps what is there.
    """
    columns: dict[str, object] = {
        ACCESS: seal.seal(tokens.access, table=TABLE, row=grant_id, column=ACCESS),
        "expires_at": tokens.expires_at,
    }
    if tokens.refresh:  # QuickBooks rotates it: the newest is the only one that lasts (qbo/API.md)
        columns[REFRESH] = seal.seal(tokens.refresh, table=TABLE, row=grant_id, column=REFRESH)
    if tokens.refresh_expires_at is not None:
        columns["refresh_expires_at"] = tokens.refresh_expires_at
    if tokens.hard_expires_at is not None:
        columns["hard_expires_at"] = tokens.hard_expires_at
    if now is not None:
        columns["state_at"] = now
    return columns


def store(held: Held, tokens: Tokens, *, holder: str) -> None:
    """Keep what a refresh brought, and give the lease back, also when the lease ran out meanwhile."""
    with firm_scope(write=held.firm_id):
        ours = Q(lease_holder=holder) | Q(expires_at__lt=tokens.expires_at) | Q(expires_at__isnull=True)
        Grant.objects.filter(ours, pk=held.grant_id, firm_id=held.firm_id).exclude(
            state__in=[GrantState.REVOKED, GrantState.EXPIRED]
        ).update(
            **sealed(held.grant_id, tokens),
            lease_holder="",
            lease_until=None,
            state=GrantState.CONNECTED,
            state_reason="",
        )


def mark(grant_id: int, *, firm_id: int, state: GrantState, reason: str, now: datetime) -> None:
    """Set a grant's state with its reason; the first time it becomes unusable, record it and tell the people.

    Opens its own scope. An `error` is for what is tried again by itself and is neither recorded nor mailed.
    """
    with firm_scope(write=firm_id):
        changed = (
            Grant.objects.filter(pk=grant_id, firm_id=firm_id)
            .exclude(state=state)
            .update(state=state, state_reason=reason[:500], state_at=now, lease_holder="", lease_until=None)
        )
        grant = Grant.objects.get(pk=grant_id, firm_id=firm_id)
        verb = {GrantState.REVOKED: "grant.revoked", GrantState.EXPIRED: "grant.expired"}.get(state)
        if not changed or verb is None:
            return
        event = audit.record(
            firm_id=firm_id, actor=None, verb=verb, obj=grant, after={"reason": reason}, now=now
        )
    notify.digest(
        firm_id=firm_id,
        role=Role.ADMINISTRATOR,
        subject=f"{grant} needs to be connected again",
        body=f"{reason}\n\nUntil then nothing new reaches the books. "
        f"Connect again: {settings.PUBLIC_URL}/connections/\n",
        key=f"grant:{grant_id}:{event.number}",
        now=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Warning:  # noqa: A001 - the word people use
    """Something about a grant that a person should see to before it stops the work."""

    grant_id: int
    code: str
    words: str
    at: datetime | None = None


def warnings(firm_id: int, now: datetime) -> list[Warning]:
    """List what will stop a connection of the firm, in the open scope: its state, its end, its person."""
    found = []
    for grant in Grant.objects.filter(firm_id=firm_id, disconnected_at=None).select_related("authorised_by"):
        if grant.state != GrantState.CONNECTED:
            found.append(Warning(grant_id=grant.pk, code=grant.state, words=grant.state_reason))
        ends = min(filter(None, [grant.hard_expires_at, grant.refresh_expires_at]), default=None)
        if ends is not None and ends - now <= WARN_BEFORE:
            words = f"The connection to {grant} runs out on {ends:%-d %b %Y}. Connect it again before then."
            found.append(Warning(grant_id=grant.pk, code="ends_soon", words=words, at=ends))
        member = queries.membership(user=grant.authorised_by, firm_id=firm_id, now=now)
        if member is None or not allows(member.role, Permission.CONNECT):
            who = f"{grant.authorised_by} connected {grant} and is no longer an administrator."
            words = f"{who} Connect it as yourself."
            found.append(Warning(grant_id=grant.pk, code="person_left", words=words))
    return found


def rotate_seals(*, firm_id: int) -> int:
    """Seal the firm's tokens again with the first key, in the open scope; return how many were."""
    rotated = 0
    for grant in Grant.objects.select_for_update().filter(firm_id=firm_id):
        fresh = {
            column: seal.seal(_open(grant, column), table=TABLE, row=grant.pk, column=column)
            for column in (ACCESS, REFRESH)
            if seal.needs_rotation(bytes(getattr(grant, column)))
        }
        if fresh:
            Grant.objects.filter(pk=grant.pk, firm_id=firm_id).update(**fresh)
            rotated += len(fresh)
    return rotated
