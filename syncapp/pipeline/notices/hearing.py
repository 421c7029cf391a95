"""What a vendor calls out to us: verified, stored once, and a reason to look again; never believed further.

Nothing is fetched here. Facts: clio/API.md section 4, qbo/API.md section 5.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

import structlog
from django.conf import settings
from django.db.models import F

from accounts import queries as accounts
from accounts import seal
from accounts.tenancy import firm_scope
from syncapp.clio import webhooks as of_clio
from syncapp.pipeline.notices import news, noticed
from syncapp.pipeline.trust import beside
from syncapp.qbo import webhooks as of_qbo
from syncapp.qbo.shapes import KIND_OF
from syncapp.records.models import Notice, Webhook

TABLE, SECRET, ADDRESS = "records_webhook", "secret_sealed", "url"
HANDSHAKE = timedelta(minutes=10)  # how long after we asked a handshake is ours
LONGEST_TOKEN, LONGEST_SECRET = 400, 256
CONCERNS = frozenset({*KIND_OF, *beside.KIND_OF, *news.LISTS, news.SETTINGS})
# Time and expenses post nothing before they are billed: the poll within the minute reads them.
PATIENT = frozenset({"activity"})
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """How a call is answered, and which firms must look again. `secret` answers a handshake."""

    status: int
    secret: str = field(default="", repr=False)
    wake: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Whose subscription an address is for."""

    firm_id: int
    grant_id: int


REFUSED = Heard(status=HTTPStatus.UNAUTHORIZED)
FINE = Heard(status=HTTPStatus.OK)


def new_token(*, firm_id: int, grant_id: int) -> str:
    """Return the last part of an address that only we can make: it names firm and grant to us alone."""
    text = f"{firm_id}:{grant_id}:{secrets.token_hex(8)}"
    return base64.urlsafe_b64encode(seal.seal(text, table=TABLE, row=0, column=ADDRESS)).decode().rstrip("=")


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def named_by(token: str) -> Named | None:
    """Read whom a token names; None when it is none of ours. Asks nothing of the database."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        firm, grant, _ = seal.unseal(sealed, table=TABLE, row=0, column=ADDRESS).split(":")
    except (binascii.Error, ValueError, IndexError, seal.SealBroken):
        return None
    return Named(firm_id=int(firm), grant_id=int(grant))


def clio(*, token: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Heard:
    """Take a call of Clio: a handshake or a notice of one subscription.

    401 without a trace for what is not signed; 410 for an address that we gave up, which makes Clio stop.
    """
    named = named_by(token)
    if named is None:
        return REFUSED
    with firm_scope(write=named.firm_id):
        rows = Webhook.objects.select_for_update(of=("self",)).filter(firm_id=named.firm_id)
        row = rows.filter(grant_id=named.grant_id, token_hash=hashed(token)).first()
        if row is None:
            return Heard(status=HTTPStatus.GONE)
        signature = headers.get("X-Hook-Signature", "")
        asked = of_clio.handshake(headers=headers, body=body)
        if asked is not None and not signature:
            return _shaken(row, asked, now=now)
        if not of_clio.verify(body=body, signature=signature, secret=secret_of(row)):
            return REFUSED
        return _noticed(row, body, now=now)


def secret_of(row: Webhook) -> str:
    """Return what Clio signs with; empty while we do not know it."""
    if not row.secret_sealed:
        return ""
    try:
        return seal.unseal(bytes(row.secret_sealed), table=TABLE, row=row.pk, column=SECRET)
    except seal.SealBroken:
        return ""


def sealed_secret(row: Webhook, secret: str) -> bytes:
    """Seal a secret to its row."""
    return seal.seal(secret, table=TABLE, row=row.pk, column=SECRET)


def _shaken(row: Webhook, asked: of_clio.Handshake, *, now: datetime) -> Heard:
    """Answer a handshake of a subscription that we just asked for, or one with the secret that we know."""
    known = secret_of(row)
    if known:
        ours = hmac.compare_digest(known.encode(), asked.secret.encode())
    else:
        ours = row.state == "asked" and now - row.asked_at <= HANDSHAKE
    if not ours or len(asked.secret) > LONGEST_SECRET:
        return REFUSED
    row.secret_sealed = sealed_secret(row, asked.secret)
    row.remote_id = row.remote_id or asked.webhook_id
    row.state, row.words, row.live_at = "live", "", row.live_at or now
    row.save(update_fields=["secret_sealed", "remote_id", "state", "words", "live_at"])
    return Heard(status=HTTPStatus.OK, secret=asked.secret)


def _noticed(row: Webhook, body: bytes, *, now: datetime) -> Heard:
    """Keep a signed notice; one that cannot be read still says that something changed."""
    said = of_clio.notice(body)
    notice = Notice(
        firm_id=row.firm_id,
        provider="clio",
        digest=said.digest if said else hashlib.sha256(body).hexdigest(),
        entity=row.model,
        event=said.event[:40] if said else "unreadable",
        source_id=str(said.record_id or "") if said else "",
        received_at=now,
    )
    fresh = _store(row.firm_id, "clio", [notice], certain={notice.digest} if said and said.etag else set())
    row.heard_at, row.missed_at, row.state, row.live_at = now, None, "live", row.live_at or now
    row.save(update_fields=["heard_at", "missed_at", "state", "live_at"])
    hurry = bool(fresh) and row.model not in PATIENT
    return Heard(status=HTTPStatus.OK, wake=(row.firm_id,) if hurry else ())


def quickbooks(*, signature: str, body: bytes, now: datetime) -> Heard:
    """Take a call of QuickBooks, for any number of companies. What nobody connected is answered and dropped.

    A signed body that cannot be read is answered with 200 too: sending it again would not help.
    """
    token = settings.QBO_WEBHOOK_VERIFIER_TOKEN
    if not token:
        log.warning("quickbooks calls, but QBO_WEBHOOK_VERIFIER_TOKEN is not set: nothing can be verified")
        return REFUSED
    if not of_qbo.verified(body=body, signature=signature, token=token):
        return REFUSED
    try:
        said = [one for one in of_qbo.notices(body) if one.entity in CONCERNS]
    except of_qbo.UnreadableNoticeError:
        log.warning("quickbooks sent a notice in a form that is not known")
        return FINE
    holders = accounts.holders(provider="qbo", accounts={one.realm for one in said})
    wake = [
        firm_id
        for realm, (firm_id, books_id) in holders.items()
        if books_id is not None
        and _told(firm_id, books_id, [one for one in said if one.realm == realm], now=now)
    ]
    return Heard(status=HTTPStatus.OK, wake=tuple(wake))


def _told(firm_id: int, books_id: int, said: list[of_qbo.Notice], *, now: datetime) -> bool:
    """Keep what was said of one company; tell whether somebody else changed its books."""
    with firm_scope(write=firm_id):
        notices = [_of_books(firm_id, books_id, one, now=now) for one in said]
        fresh = _store(firm_id, "qbo", notices, certain={one.digest for one in said if one.certain})
    if not fresh or news.hear(
        firm_id=firm_id, books_id=books_id, notices=[one for one in said if one.digest in fresh], now=now
    ):
        return bool(fresh)
    with firm_scope(write=firm_id):  # our own writing, heard again
        noticed.close(firm_id=firm_id, provider="qbo", began=now, now=now, books_id=books_id, only=fresh)
    return False


def _of_books(firm_id: int, books_id: int, said: of_qbo.Notice, *, now: datetime) -> Notice:
    return Notice(
        firm_id=firm_id,
        books_id=books_id,
        provider="qbo",
        digest=said.digest,
        entity=said.entity[:40],
        event=said.operation[:40],
        source_id=said.id[:64],
        gone_id=said.gone[:64],
        changed_at=said.changed_at,
        received_at=now,
    )


def _store(firm_id: int, provider: str, notices: list[Notice], *, certain: set[str]) -> set[str]:
    """Keep each notice once and count its repeats; return the digests of those to be looked at.

    A repeat is nothing new, unless two changes may look alike (`certain` does not name it): then it counts.
    """
    by_digest = {notice.digest: notice for notice in notices}
    times = Counter(notice.digest for notice in notices)
    rows = Notice.objects.filter(firm_id=firm_id, provider=provider)
    known = set(rows.filter(digest__in=list(by_digest)).values_list("digest", flat=True))
    fresh = [notice for digest, notice in by_digest.items() if digest not in known]
    for notice in fresh:
        notice.repeats = times[notice.digest] - 1
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    for digest in known:
        again: dict[str, object] = {"repeats": F("repeats") + times[digest]}
        if digest not in certain:
            again |= {"looked_at": None, "received_at": by_digest[digest].received_at}
        rows.filter(digest=digest).update(**again)
    return {notice.digest for notice in fresh} | (known - certain)
