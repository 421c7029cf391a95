"""Opening Clio and QuickBooks for one firm: the only place where a grant becomes a client."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from accounts import grants
from accounts.grants import Held
from accounts.models import Grant, GrantState
from accounts.tenancy import firm_scope
from mapping import queries as mapping_queries
from syncapp.clio import oauth as clio_oauth
from syncapp.clio.client import Clio
from syncapp.http import oauth
from syncapp.http.errors import Revoked
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.clock.gate import Gate
from syncapp.qbo import oauth as qbo_oauth
from syncapp.qbo.client import QuickBooks

TOKEN_KEPT = 60.0  # seconds that a token is used without a look at its grant; it is good for five minutes


class NotConnected(Exception):
    """There is no usable grant; the words say what a person must do. `missing`: there never was one."""

    def __init__(self, words: str, *, missing: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.missing = missing


def clio_authority(region: str) -> oauth.Authority:
    """Return Clio's authorisation server of a region with our registration."""
    return clio_oauth.authority(
        region=region or "us",
        client_id=settings.CLIO_CLIENT_ID,
        client_secret=settings.CLIO_CLIENT_SECRET,
        base_url=settings.CLIO_BASE_URL,
    )


def qbo_authority() -> oauth.Authority:
    """Return Intuit's authorisation server with our registration."""
    return qbo_oauth.authority(
        discovery_url=settings.QBO_DISCOVERY_URL,
        client_id=settings.QBO_CLIENT_ID,
        client_secret=settings.QBO_CLIENT_SECRET,
    )


def refresh_clio(held: Held) -> oauth.Tokens:
    """Renew Clio's tokens. Raises Revoked, Refused, Transient."""
    return clio_oauth.refresh(clio_authority(held.region), refresh_token=held.refresh)


def refresh_qbo(held: Held) -> oauth.Tokens:
    """Renew QuickBooks' tokens. Raises Revoked, Refused, Transient."""
    return oauth.refresh(qbo_authority(), refresh_token=held.refresh)


def _token(
    grant: Grant, refresh: Callable[[Held], oauth.Tokens], clock: Callable[[], datetime], holder: str
) -> Callable[[bool], str]:
    """Return what gives a token. The lease of a run that waits for one is kept."""
    last: list[str] = []
    looked = 0.0

    def still_here() -> None:
        if holder and not schedule.keep(firm_id=grant.firm_id, holder=holder, now=clock()):
            raise schedule.why_lost(firm_id=grant.firm_id, holder=holder)

    def renewed(held: Held) -> oauth.Tokens:
        still_here()
        return refresh(held)

    def waited(seconds: float) -> None:
        still_here()
        time.sleep(seconds)

    def token(force: bool) -> str:  # noqa: FBT001 - the session's own signature
        nonlocal looked
        if last and not force and time.monotonic() - looked < TOKEN_KEPT / settings.TIME_SCALE:
            return last[-1]
        refused = last[-1] if force and last else None
        found = grants.access_token(
            grant.pk,
            firm_id=grant.firm_id,
            now=clock(),
            refresh=renewed,
            refused=refused,
            sleep=waited,
        )
        last[:], looked = [found], time.monotonic()
        return found

    return token


def _grant(firm_id: int, provider: str, books_id: int | None) -> Grant:
    with firm_scope(write=None, reads=[firm_id]):
        rows = Grant.objects.filter(firm_id=firm_id, provider=provider, disconnected_at__isnull=True)
        grant = rows.filter(books_id=books_id).first() if books_id is not None else rows.first()
    name = "Clio" if provider == "clio" else "QuickBooks"
    if grant is None:
        raise NotConnected(f"{name} is not connected. Connect it under Connections.", missing=True)
    if grant.state in {GrantState.REVOKED.value, GrantState.EXPIRED.value}:
        why = grant.state_reason.rstrip(".") or "the authorisation ended"
        raise NotConnected(
            f"{grant} must be connected again: {why}. Everything waits and goes on by itself afterwards."
        )
    return grant


@contextmanager
def noticing(
    *, firm_id: int, provider: str, clock: Callable[[], datetime], books_id: int | None = None
) -> Iterator[None]:
    """Mark the grant when the vendor says that the authorisation is gone. Raises NotConnected."""
    try:
        yield
    except Revoked as error:
        grant = _grant(firm_id, provider, books_id)
        grants.mark(grant.pk, firm_id=firm_id, state=GrantState.REVOKED, reason=error.words, now=clock())
        _grant(firm_id, provider, books_id)
        raise


def open_clio(*, firm_id: int, clock: Callable[[], datetime] = timezone.now, holder: str = "") -> Clio:
    """Return Clio for a firm; `holder` is the lease of the run that will call. Raises NotConnected."""
    grant = _grant(firm_id, "clio", None)
    base = grant.base_url or clio_oauth.host(grant.region or "us", base_url=settings.CLIO_BASE_URL)
    gate = Gate(grant_id=grant.pk, firm_id=firm_id, holder=holder, clock=clock)
    token = _token(grant, refresh_clio, clock, holder)
    return Clio(base, token, time_scale=settings.TIME_SCALE, shared=gate)


def open_books(
    *, firm_id: int, books_id: int, clock: Callable[[], datetime] = timezone.now, holder: str = ""
) -> QuickBooks:
    """Return the ledger of one set of books; `holder` as for Clio. Raises NotConnected."""
    grant = _grant(firm_id, "qbo", books_id)
    with firm_scope(write=None, reads=[firm_id]):
        chart, company = mapping_queries.chart(books_id), mapping_queries.company(books_id)
    return QuickBooks(
        settings.QBO_API_BASE_URL,
        grant.external_id,
        _token(grant, refresh_qbo, clock, holder),
        time_scale=settings.TIME_SCALE,
        shared=Gate(grant_id=grant.pk, firm_id=firm_id, holder=holder, clock=clock),
        chart=chart if company else None,
        company=company,
        now=clock,
    )
