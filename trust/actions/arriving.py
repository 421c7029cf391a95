"""Statements that arrive without a person: tokens made and taken back, files let in and remembered."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from pathlib import PurePath
from typing import TYPE_CHECKING

from accounts import audit
from accounts.queries import today_of
from accounts.tenancy import firm_scope
from trust.actions import statements as actions
from trust.models import Statement, StatementArrival, StatementUpload, UploadToken
from trust.models.arrivals import BY_MAIL, BY_TOKEN, KNOWN, REFUSED, SEEN, TAKEN
from trust.models.statements import STATES
from trust.nouns import BankStatement, Unreadable
from trust.queries import arrivals as query_arrivals
from trust.queries import statements as query
from trust.statements import fitting
from trust.statements.content import LARGEST
from trust.statements.fitting import Told

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from trust.models import TrustPair

MARK, PROVED = "tieout", STATES[0]
HOUR = timedelta(hours=1)
FILES_AN_HOUR = 60
LONGEST_TOKEN = 100
SECRET_BYTES = 32
UNKNOWN = "This upload token is not known, or it was taken back. Make a new one in Tieout."
ENDED = "This upload token ended: who made it brings no statements in any more. Make a new one in Tieout."
TOO_MANY = "More than {} files came with this token within an hour. Send the next one later."
MEGABYTE = 1024 * 1024
TOO_LARGE = "The file has {} MB; a statement has less than {}."
UNPROVED = (
    "The file names no opening balance and no earlier statement is here, so nothing proves it. A person says "
    "the opening balance from the paper statement; the files after it prove themselves against this one."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Why a program is not let in: the HTTP status, the words, and after how many seconds to come again."""

    status: int
    words: str
    wait: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Via:
    """How a file came: by a token, or as part `part` of a mail from `sender`."""

    token: UploadToken | None = None
    sender: str = ""
    message_id: str = ""
    part: int = 0

    @property
    def words(self) -> str:
        """Name who brought it, for the log."""
        return f"Upload token “{self.token}”" if self.token else f"Mail from {self.sender}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What became of a file: the arrival, and where it was taken its statement as it was read and kept."""

    arrival: StatementArrival
    statement: Statement | None = None
    read: BankStatement | None = None
    reader: str = ""


def make_token(*, pair: TrustPair, name: str, by: User, now: datetime) -> tuple[UploadToken, str]:
    """Make a token of one trust account; return it with the secret, which is kept nowhere. In a scope."""
    secret = f"{MARK}_{pair.firm_id}_{secrets.token_urlsafe(SECRET_BYTES)}"
    made = UploadToken.objects.create(
        firm_id=pair.firm_id,
        pair=pair,
        name=name.strip()[:80],
        token_hash=hashed(secret),
        ending=secret[-4:],
        made_by=by,
        made_at=now,
    )
    _log(made, by, "trust.token_made", now)
    return made, secret


def revoke(*, token: UploadToken, by: User, now: datetime) -> None:
    """Take a token back: from now on it lets nobody in. In a scope."""
    if token.revoked_at is not None:
        return
    token.revoked_at, token.revoked_by = now, by
    token.save(update_fields=["revoked_at", "revoked_by"])
    _log(token, by, "trust.token_revoked", now)


def _log(token: UploadToken, by: User, verb: str, now: datetime) -> None:
    after = {"account": token.pair.clio_account, "ending": token.ending}
    audit.record(firm_id=token.firm_id, actor=by, verb=verb, obj=token, after=after, now=now)


def hashed(secret: str) -> str:
    """Return what is kept of a token. It has 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def firm_of(secret: str) -> int | None:
    """Return the firm that a token names; None for what is no token of ours. Asks nothing of the database."""
    parts = secret.split("_", 2)
    if len(secret) > LONGEST_TOKEN or len(parts) != 3 or parts[0] != MARK:  # noqa: PLR2004 - mark, firm, secret
        return None
    firm = parts[1]
    return int(firm) if firm.isascii() and firm.isdigit() and len(firm) < LONGEST_TOKEN // 8 else None


def admit(*, firm_id: int, secret: str, now: datetime) -> UploadToken | Stop:
    """Let a program in by its token and count the file, or say why not. In a writing scope of the firm."""
    rows = UploadToken.objects.select_for_update(of=("self",)).select_related("pair__firm")
    token = rows.filter(firm_id=firm_id, token_hash=hashed(secret), revoked_at__isnull=True).first()
    if token is None:
        return Stop(status=HTTPStatus.UNAUTHORIZED, words=UNKNOWN)
    if not query_arrivals.stands(token, since=query_arrivals.bringers(firm_id, now)):
        return Stop(status=HTTPStatus.UNAUTHORIZED, words=ENDED)
    if token.hour_began is None or now - token.hour_began >= HOUR:
        token.hour_began, token.hour_used = now, 0
    if token.hour_used >= FILES_AN_HOUR:
        wait = int((token.hour_began + HOUR - now).total_seconds()) + 1
        words = TOO_MANY.format(FILES_AN_HOUR)
        return Stop(status=HTTPStatus.TOO_MANY_REQUESTS, words=words, wait=wait)
    token.hour_used += 1
    token.used_at = now
    token.save(update_fields=["hour_began", "hour_used", "used_at"])
    return token


def deliver(
    *,
    pair: TrustPair,
    name: str,
    content: bytes,
    via: Via,
    now: datetime,
    told: Told | None = None,
    digits: str = "",
) -> Delivered:
    """Bring in a file that arrived, and remember it; one that is refused is kept for a person to look at.

    Nobody watches, so only what proves itself is taken.
    Opens its own scopes: reading a file takes long and needs none.
    """
    firm, name = pair.firm, PurePath(name).name[: actions.LONGEST_NAME] or "statement"
    with firm_scope(write=None, reads=[firm.pk]):
        profiles = list(query.profiles(firm.pk))
    try:
        if len(content) > LARGEST:
            raise Unreadable(TOO_LARGE.format(len(content) // MEGABYTE, LARGEST // MEGABYTE))
        file = actions.open_file(name=name, content=content, currency=firm.currency, profiles=profiles)
        with firm_scope(write=firm.pk):
            made, again = _take(pair, file, told or Told(), digits, via, now)
            arrival = _remember(pair, name, content, via, now, statement=made, again=again)
    except Unreadable as error:
        with firm_scope(write=firm.pk):
            return Delivered(arrival=refused(pair, name, content, via, error.words, now))
    read = fitting.own(file.reading.statements, digits or made.account)
    return Delivered(arrival=arrival, statement=made, read=read, reader=file.reading.reader)


def _take(
    pair: TrustPair, file: actions.File, told: Told, digits: str, via: Via, now: datetime
) -> tuple[Statement, bool]:
    """Bring a file in that proves itself; True when it was here before. Raises Unreadable."""
    known = query.kept(pair=pair, sha256=file.sha256)
    if known is not None:
        return known, True
    today = today_of(pair.firm, now)
    made = actions.take(
        pair=pair, file=file, told=told, digits=digits, by=None, through=via.words, today=today, now=now
    )
    if made.state != PROVED:
        raise Unreadable(UNPROVED)  # nothing of it is kept: the scope is undone
    return made, False


def refused(
    pair: TrustPair, name: str, content: bytes, via: Via, words: str, now: datetime
) -> StatementArrival:
    """Remember what was not taken, with the reason: a person looks at it. In a scope."""
    arrival = _remember(pair, name, content, via, now, words=words)
    audit.record(
        firm_id=pair.firm_id,
        actor=via.words,
        verb="trust.arrival_refused",
        obj=pair,
        after={"file": str(arrival), "words": words},
        now=now,
    )
    return arrival


def _remember(
    pair: TrustPair,
    name: str,
    content: bytes,
    via: Via,
    now: datetime,
    *,
    statement: Statement | None = None,
    again: bool = False,
    words: str = "",
) -> StatementArrival:
    state = REFUSED if statement is None else KNOWN if again else TAKEN
    return StatementArrival.objects.create(
        firm_id=pair.firm_id,
        pair=pair,
        source=BY_TOKEN if via.token else BY_MAIL,
        token=via.token,
        sender=via.sender[:254],
        message_id=via.message_id[:255],
        part=via.part,
        name=name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest() if content else "",
        content=content if state == REFUSED and 0 < len(content) <= LARGEST else None,
        state=state,
        words=words,
        statement=statement,
        at=now,
    )


def look_at(*, arrival: StatementArrival, by: User, now: datetime) -> StatementUpload | None:
    """Put a refused file aside for a person, as if he had dropped it in himself; None when it is gone."""
    if not arrival.content:
        return None
    staged = actions.stage(
        pair=arrival.pair, name=arrival.name, content=bytes(arrival.content), by=by, now=now
    )
    dismiss(arrival=arrival, by=by, now=now)
    return staged


def dismiss(*, arrival: StatementArrival, by: User, now: datetime) -> None:
    """Remember that a person has seen what was refused; its bytes are let go. In a scope."""
    if arrival.state != REFUSED:
        return
    arrival.state, arrival.seen_by, arrival.content = SEEN, by, None
    arrival.save(update_fields=["state", "seen_by", "content"])
    audit.record(
        firm_id=arrival.firm_id,
        actor=by,
        verb="trust.arrival_seen",
        obj=arrival.pair,
        after={"file": str(arrival), "words": arrival.words},
        now=now,
    )
