"""Looking at the mailbox to which banks send statements: each letter once, in its order, to its account.

Whose it is stands in the address that it was sent to; a letter for nobody is not even opened. The mailbox is
only read. Its place is kept after each letter, so a look that is cut short goes on where it stopped, and a
letter that was half brought in is gone on with (each file is kept once).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Q

from syncapp.http import mailbox
from syncapp.http.errors import VendorError
from syncapp.http.mailbox import Mailbox, Waiting
from syncapp.pipeline.clock.schedule import AWAY
from trust import mail
from trust.actions import mailing
from trust.mail import Letter
from trust.models import MailboxMark, MailSource, StatementArrival
from trust.statements.content import LARGEST

LEASE = timedelta(minutes=10)
AT_ONCE = 50  # letters of one look; the next one goes on
LARGEST_LETTER = 2 * LARGEST  # a file grows by a third on its way through the mail
BROKEN = "The mail could not be read. Ask for the statement again, or bring it in by hand."
log = structlog.get_logger(__name__)

type Clock = Callable[[], datetime]


@dataclass(slots=True)
class Look:
    """What one look at the mailbox found: how many letters, and what became of those for an account."""

    letters: int = 0
    arrivals: list[StatementArrival] = field(default_factory=list)


def look(*, clock: Clock) -> Look | None:
    """Bring in what came since the last look; None while another look goes on, or without a mailbox.

    Raises VendorError when the mailbox cannot be read: the words are kept, the next look tries again.
    """
    if not settings.MAILBOX_URL or not _claimed(clock()):
        return None
    words = ""
    try:
        with mailbox.opened(settings.MAILBOX_URL) as box:
            return _read(box, clock)
    except VendorError as error:
        words = error.words
        raise
    finally:
        MailboxMark.objects.filter(pk=1).update(lease_until=None, looked_at=clock(), words=words[:400])


def _claimed(now: datetime) -> bool:
    MailboxMark.objects.get_or_create(pk=1)
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    return MailboxMark.objects.filter(free, pk=1).update(lease_until=now + LEASE) == 1


def _read(box: Mailbox, clock: Clock) -> Look:
    mark = MailboxMark.objects.get(pk=1)
    if mark.validity != box.validity:
        mark.validity, mark.last_uid = box.validity, 0
        mark.save(update_fields=["validity", "last_uid"])
    found = Look()
    for waiting in box.after(mark.last_uid, most=AT_ONCE):
        found.arrivals += _letter(box, waiting, clock())
        found.letters += 1
        MailboxMark.objects.filter(pk=1).update(last_uid=waiting.uid, lease_until=clock() + LEASE)
    return found


def _letter(box: Mailbox, waiting: Waiting, now: datetime) -> list[StatementArrival]:
    """Bring one letter to each account that it is for."""
    found: list[StatementArrival] = []
    whole = b""
    for tag in mail.tags(waiting.head, settings.MAILBOX_ADDRESS):
        firm_id = mail.firm_of(tag)
        source = mailing.source_of(firm_id=firm_id, tag=tag) if firm_id else None
        if source is None:
            continue
        head = mail.letter(waiting.head)
        if words := mailing.why_not(source, head, waiting.size, LARGEST_LETTER):
            found += mailing.turn_away(source, head, words, now)
            continue
        whole = whole or box.whole(waiting.uid)
        found += _brought(source, head, whole, now)
    return found


def _brought(source: MailSource, head: Letter, whole: bytes, now: datetime) -> list[StatementArrival]:
    """Bring a letter in; one that breaks a reader is told of, and does not keep those behind it waiting."""
    try:
        return mailing.receive(source, mail.letter(whole), now)
    except (*AWAY, VendorError):
        raise
    except Exception:
        log.exception("a letter with a statement could not be read", firm_id=source.firm_id)
        return mailing.turn_away(source, head, BROKEN, now)
