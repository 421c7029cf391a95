"""Statements that come by mail: the address of an account, who may send, and what becomes of a letter."""

from __future__ import annotations

import base64
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from accounts import audit
from accounts.tenancy import firm_scope
from trust.actions import arriving
from trust.actions.arriving import Via
from trust.models import MailSource, StatementArrival
from trust.models.arrivals import REFUSED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from accounts.models import User
    from trust.mail import Letter
    from trust.models import TrustPair

CODE_BYTES, CODE_LENGTH = 8, 10
MOST_FILES = 20
NO_FILE = "The mail had no file. Ask the bank to attach the statement, and bring this one in by hand."
TOO_MANY = "The mail has {} files, which is no statement. Bring in by hand what is one."
NO_SENDER = "The mail does not say who sent it."
STRANGER = "{} is not among the senders of this account. Add the address, or look at the mailbox."
FORGED = "The mail was not sent by whom it names ({}): the receiving server says so."
TOO_LARGE = "The mail has {} MB, which is more than a statement. Bring the file in by hand."


def watch_for(
    *, pair: TrustPair, senders: Iterable[str], by: User, now: datetime, anew: bool = False
) -> MailSource:
    """Say who may send statements of an account; `anew` gives it another address. In a writing scope."""
    row = MailSource.objects.select_for_update().filter(firm_id=pair.firm_id, pair=pair).first()
    before = row.senders if row else []
    row = row or MailSource(firm_id=pair.firm_id, pair=pair)
    if anew or not row.tag:
        row.tag = f"{pair.firm_id}-{_code()}"
    row.senders, row.by, row.at = list(senders), by, now
    row.save()
    audit.record(
        firm_id=pair.firm_id,
        actor=by,
        verb="trust.mail_set",
        obj=pair,
        before=before,
        after={"senders": ", ".join(row.senders), "new address": anew},
        now=now,
    )
    return row


def _code() -> str:
    return base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()[:CODE_LENGTH]


def stop(*, pair: TrustPair, by: User, now: datetime) -> None:
    """Take no mail for an account any more; its address is gone. In a writing scope."""
    deleted, _ = MailSource.objects.filter(firm_id=pair.firm_id, pair=pair).delete()
    if deleted:
        audit.record(firm_id=pair.firm_id, actor=by, verb="trust.mail_stopped", obj=pair, now=now)


def source_of(*, firm_id: int, tag: str) -> MailSource | None:
    """Return whose address a tag is. Opens its own scope; a firm that is not there has none."""
    with firm_scope(write=None, reads=[firm_id]):
        rows = MailSource.objects.select_related("pair__firm")
        return rows.filter(firm_id=firm_id, tag=tag).first()


def why_not(source: MailSource, letter: Letter, size: int, largest: int) -> str:
    """Say why a letter is not even opened; empty when it may be."""
    host = f"@{letter.sender.rpartition('@')[2]}"
    if not letter.sender:
        return NO_SENDER
    if not {letter.sender, host} & set(source.senders):
        return STRANGER.format(letter.sender)
    if letter.forged:
        return FORGED.format(letter.sender)
    return TOO_LARGE.format(size // arriving.MEGABYTE) if size > largest else ""


def turn_away(source: MailSource, letter: Letter, words: str, now: datetime) -> list[StatementArrival]:
    """Remember a letter that is not opened, once for its sender until a person has looked. Own scope."""
    pair = source.pair
    with firm_scope(write=pair.firm_id):
        rows = StatementArrival.objects.filter(firm_id=pair.firm_id, pair=pair)
        same = rows.filter(sender=_via(letter).sender, state=REFUSED, words=words, size=0)
        if same.exists() or rows.filter(message_id=letter.message_id).exists():
            return []
        return [arriving.refused(pair, "", b"", _via(letter), words, now)]


def receive(source: MailSource, letter: Letter, now: datetime) -> list[StatementArrival]:
    """Bring in what a letter holds, each file for itself. One that came before is left alone. Own scopes."""
    pair = source.pair
    with firm_scope(write=None, reads=[pair.firm_id]):
        rows = StatementArrival.objects.filter(firm_id=pair.firm_id, message_id=letter.message_id)
        known = set(rows.filter(pair=pair).values_list("part", flat=True))
    if not 0 < len(letter.files) <= MOST_FILES:
        words = TOO_MANY.format(len(letter.files)) if letter.files else NO_FILE
        return [] if known else turn_away(source, letter, words, now)
    return [
        arriving.deliver(
            pair=pair, name=name, content=content, via=replace(_via(letter), part=part), now=now
        ).arrival
        for part, (name, content) in enumerate(letter.files)
        if part not in known
    ]


def _via(letter: Letter) -> Via:
    return Via(sender=letter.sender or "nobody", message_id=letter.message_id)
