"""Subscriptions at Clio: asked for, kept alive, made anew when Clio gave them up, taken back at the end.

They make a change seen within seconds; without them the poll sees it within its minute, so nothing here ever
stops a run. Facts: clio/API.md section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings

from accounts.grants import Held
from accounts.models import Grant
from accounts.tenancy import firm_scope
from accounts.tokens import GrantBusy, GrantUnusable
from syncapp.clio import oauth as clio_oauth
from syncapp.clio import subscriptions
from syncapp.clio.client import Clio
from syncapp.clio.subscriptions import Subscribed
from syncapp.http.errors import Refused, VendorError
from syncapp.pipeline import vendors
from syncapp.pipeline.clock import use
from syncapp.pipeline.notices import hearing, noticed
from syncapp.records.models import Webhook

LIFE = timedelta(days=30)  # a day short of Clio's longest: clocks differ
LOOK_EVERY = timedelta(hours=1)  # one call an hour says whether Clio still holds them
LOOK_SOON = timedelta(minutes=1)
REFUSED_FOR = timedelta(hours=6)
log = structlog.get_logger(__name__)


def prefix() -> str:
    """Return what every address that we give to Clio begins with."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/webhooks/clio/"


def possible() -> bool:
    """Tell whether Clio can reach us: it calls https only; a Clio on this machine calls this machine."""
    return settings.PUBLIC_URL.startswith("https://") or bool(settings.CLIO_BASE_URL)


def keep(*, firm_id: int, now: datetime) -> None:
    """See to a firm's subscriptions when that is due: mostly nothing, one call an hour. Never raises."""
    if not possible() or not _due(firm_id, now):
        return
    try:
        clio = vendors.open_clio(firm_id=firm_id)
        with use.counting(firm_id=firm_id, clio=clio, clock=lambda: now):
            _Keeper.of(firm_id, clio, now).see()
    except (vendors.NotConnected, GrantUnusable):
        return
    except (VendorError, GrantBusy) as error:
        log.warning("clio's webhooks could not be seen to", firm_id=firm_id, why=str(error))
        with firm_scope(write=firm_id):
            later = now + LOOK_SOON / settings.TIME_SCALE
            Webhook.objects.filter(firm_id=firm_id, look_at__lt=later).update(look_at=later)


def forget(*, firm_id: int, held: Held | None) -> None:
    """Take every subscription back before a disconnect; what Clio does not let go of ends by itself."""
    with firm_scope(write=firm_id):
        rows = Webhook.objects.filter(firm_id=firm_id)
        ids = [key for key in rows.values_list("remote_id", flat=True) if key is not None]
        rows.delete()
    if held is None:
        return
    base = held.base_url or clio_oauth.host(held.region or "us", base_url=settings.CLIO_BASE_URL)
    clio = Clio(base, lambda _: held.access, time_scale=settings.TIME_SCALE)
    for webhook_id in ids:
        with suppress(VendorError):
            subscriptions.remove(clio, webhook_id)


def _due(firm_id: int, now: datetime) -> bool:
    with firm_scope(write=None, reads=[firm_id]):
        rows = list(Webhook.objects.filter(firm_id=firm_id))
    missing = {row.model for row in rows} != set(subscriptions.WATCHED)
    return missing or any(
        min(row.look_at, row.renew_at or row.look_at) <= now or not row.url.startswith(prefix())
        for row in rows
    )


@dataclass(slots=True)
class _Keeper:
    """What Clio holds beside what we hold, for one look."""

    firm_id: int
    grant_id: int
    clio: Clio
    now: datetime
    rows: Mapping[str, Webhook]

    @classmethod
    def of(cls, firm_id: int, clio: Clio, now: datetime) -> _Keeper:
        """Gather what we hold, and forget notices of long ago on the way."""
        with firm_scope(write=firm_id):
            noticed.sweep(firm_id=firm_id, now=now)
            grant = Grant.objects.get(firm_id=firm_id, provider="clio")
            rows = {row.model: row for row in Webhook.objects.filter(firm_id=firm_id)}
        return cls(firm_id, grant.pk, clio, now, rows)

    def see(self) -> None:
        """Ask Clio once what it holds, bring each kind in order, and take back what stands for nothing."""
        try:
            theirs = subscriptions.listed(self.clio)
        except Refused as error:
            for model in subscriptions.WATCHED:
                self._refused(model, error)
            return
        kept = set()
        for model in subscriptions.WATCHED:
            row = self.rows.get(model)
            found = next((one for one in theirs if row and row.url == one.url), None) or next(
                (one for one in theirs if row and row.remote_id == one.id), None
            )
            try:
                if row is None or found is None or not self._stands(row, found):
                    self._anew(model)
                else:
                    kept.add(found.id)
            except Refused as error:
                self._refused(model, error)
        for one in theirs:
            known = any(row.remote_id == one.id for row in self.rows.values())
            if one.id not in kept and (known or one.url.startswith(prefix())):
                with suppress(Refused):
                    subscriptions.remove(self.clio, one.id)

    def _stands(self, row: Webhook, found: Subscribed) -> bool:
        """Tell whether what Clio holds serves; prolong or confirm it where that is all it needs."""
        ended = found.expires_at is not None and found.expires_at <= self.now
        token = row.url.removeprefix(prefix()).rstrip("/")
        moved = hearing.named_by(token) != hearing.Named(firm_id=self.firm_id, grant_id=self.grant_id)
        if found.status == "suspended" or ended or moved:
            return False
        secret = found.secret or hearing.secret_of(row)
        old = self.now - row.asked_at > hearing.HANDSHAKE
        if not secret:
            self._learn(row, found)
            return not old
        confirmed = found.status == "enabled"
        if not confirmed and self.now - row.asked_at > LOOK_SOON / settings.TIME_SCALE:
            confirmed = subscriptions.activate(self.clio, found.id, secret=secret)
            if not confirmed:
                return False
        if row.renew_at is None or row.renew_at <= self.now:
            longer = subscriptions.renew(self.clio, found.id, expires_at=self.now + LIFE)
            if longer is None:
                return False
            found = longer
        self._learn(row, found, live=confirmed)
        return True

    def _anew(self, model: str) -> None:
        """Ask for a subscription under a fresh address, kept before Clio is asked: it calls at once."""
        token = hearing.new_token(firm_id=self.firm_id, grant_id=self.grant_id)
        url = f"{prefix()}{token}/"
        with firm_scope(write=self.firm_id):
            row, _ = Webhook.objects.update_or_create(
                firm_id=self.firm_id,
                model=model,
                defaults={
                    "grant_id": self.grant_id,
                    "url": url,
                    "token_hash": hearing.hashed(token),
                    "remote_id": None,
                    "secret_sealed": b"",
                    "state": "asked",
                    "words": "",
                    "asked_at": self.now,
                    "live_at": None,
                    "missed_at": None,
                    "expires_at": None,
                    "renew_at": None,
                    "look_at": self.now + LOOK_SOON / settings.TIME_SCALE,
                },
            )
        made = subscriptions.ask(self.clio, model=model, url=url, expires_at=self.now + LIFE)
        if made is not None:
            self._learn(row, made, live=made.status == "enabled")

    def _learn(self, row: Webhook, found: Subscribed, *, live: bool = False) -> None:
        """Keep what Clio says of a subscription; a handshake may have come meanwhile, so read it anew."""
        with firm_scope(write=self.firm_id):
            row = Webhook.objects.select_for_update(of=("self",)).get(firm_id=self.firm_id, pk=row.pk)
            if row.remote_id != found.id and row.url != found.url:
                return  # asked anew by another worker meanwhile
            row.remote_id = found.id
            if found.secret:
                row.secret_sealed = hearing.sealed_secret(row, found.secret)
            if found.expires_at is not None and (row.renew_at is None or row.renew_at <= self.now):
                row.expires_at = found.expires_at
                row.renew_at = self.now + (found.expires_at - self.now) * 2 / 3
            if live and row.secret_sealed:
                row.state, row.words, row.live_at = "live", "", row.live_at or self.now
            after = LOOK_EVERY if row.state == "live" else LOOK_SOON
            row.look_at = self.now + after / settings.TIME_SCALE
            row.save()

    def _refused(self, model: str, error: Refused) -> None:
        """Clio does not give this kind: a permission is missing. The poll does it, and we ask again later."""
        log.warning("clio refused a webhook", firm_id=self.firm_id, model=model, why=str(error))
        said = {
            "state": "refused",
            "words": str(error)[:300],
            "live_at": None,
            "look_at": self.now + REFUSED_FOR / settings.TIME_SCALE,
        }
        new = {"grant_id": self.grant_id, "url": prefix(), "token_hash": "", "asked_at": self.now}
        with firm_scope(write=self.firm_id):
            Webhook.objects.update_or_create(
                firm_id=self.firm_id, model=model, defaults=said, create_defaults=said | new
            )
