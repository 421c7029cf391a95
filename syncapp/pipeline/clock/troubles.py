"""A vendor's trouble is not the firm's: what cannot be done now waits, is told once, and goes on by itself.

While a vendor is in trouble only one call in each interval asks whether it is back. The interval doubles, and
a part of it differs from firm to firm, so that they do not all come in the same second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from zlib import crc32

import structlog
from django.conf import settings

from accounts.models import Grant, GrantState
from accounts.tenancy import firm_scope
from accounts.tokens import GrantBusy, GrantUnusable
from syncapp.core.problems import Fix
from syncapp.http import session
from syncapp.http.errors import Refused, Revoked, Transient, VendorError
from syncapp.pipeline import vendors
from syncapp.pipeline.cases import causes, standing
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.models import Trouble
from syncapp.qbo.faults import ENDED

FIRST = timedelta(seconds=30)
MOST = timedelta(minutes=15)
SILENT = ("gave no answer", "could not be reached", "fault of its own", "could not be read", "did not say")
Clock = Callable[[], datetime]
log = structlog.get_logger(__name__)


def of(firm_id: int) -> list[Trouble]:
    """List a firm's vendors in trouble, the longest first. In a reading scope."""
    return list(Trouble.objects.filter(firm_id=firm_id).order_by("since", "pk"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Why one side of a run could not go on. `state` is the run's, `words` its sentence.

    `missing`: it was never connected.
    """

    state: str
    words: str
    missing: bool = False
    code: str = ""  # of the cause that only a person can end


def attempt(
    *,
    firm_id: int,
    provider: str,
    books_id: int | None = None,
    clock: Clock,
    asked: bool,
    work: Callable[[Doubt], None],
) -> Stop | None:
    """Work with one vendor; return why it cannot be worked with, once kept as its trouble.

    While the vendor is in trouble nothing is done before its next try is due; `asked` says that a person
    wants it tried now. Raises schedule.Lost, and what is no vendor's trouble.
    """
    row = _row(firm_id, provider, books_id)
    if row is not None and not asked and row.next_at > clock():
        return Stop(state="waiting", words=row.words)
    doubt = Doubt(
        firm_id=firm_id, provider=provider, books_id=books_id, clock=clock, open=row is not None,
        by_person=row is not None and row.fix != Fix.WAIT.value,
    )  # fmt: skip
    try:
        work(doubt)
    except schedule.Lost:
        raise
    except (VendorError, GrantBusy, GrantUnusable, vendors.NotConnected) as error:
        return note(firm_id=firm_id, provider=provider, books_id=books_id, error=error, now=clock())
    if not doubt.unproven:
        doubt.over()
    return None


@dataclass(slots=True, kw_only=True)
class Doubt:
    """Whether a vendor was in trouble when the work began: then it is asked one thing before all else."""

    firm_id: int
    provider: str
    books_id: int | None
    clock: Clock
    open: bool
    by_person: bool = False  # a person was to mend it: only work that went well shows that it is over
    unproven: bool = False  # nothing was there to prove that it is over

    def probe(self, ask: Callable[[], object]) -> None:
        """Ask one thing, once, if there is a doubt. Raises what the vendor answers."""
        if self.open:
            with session.single_try():
                ask()

    def over(self) -> None:
        """Forget the trouble: the vendor does what it is asked."""
        if self.open:
            self.open = False
            clear(firm_id=self.firm_id, provider=self.provider, books_id=self.books_id, now=self.clock())


def note(
    *, firm_id: int, provider: str, books_id: int | None = None, error: Exception, now: datetime
) -> Stop:
    """Keep a vendor's trouble, and when to try again; return what the run says of it."""
    words = str(getattr(error, "words", "") or error)
    if isinstance(error, vendors.NotConnected) and error.missing:
        return Stop(state="waiting", words=words, missing=True)
    fix = _fix(provider, error, words)
    with firm_scope(write=firm_id):
        rows = Trouble.objects.filter(firm_id=firm_id, provider=provider, books=books_id)
        before = rows.first()
        if before and isinstance(error, Transient) and before.fix != Fix.WAIT.value:
            fix, words = Fix(before.fix), before.words  # what a person must mend is not mended by silence
        tries = before.tries + 1 if before else 1
        values: dict[str, Any] = {
            "last_at": now,
            "next_at": now + backoff(tries, f"{firm_id}/{provider}/{books_id}"),
            "tries": tries,
            "fix": fix.value,
            "since": standing.since(before, fix, now),
            "silent": isinstance(error, Transient) and any(part in words for part in SILENT),
            "words": words[:400],
        }
        if not rows.update(**values):
            Trouble.objects.create(firm_id=firm_id, provider=provider, books_id=books_id, **values)
        if problem := standing.of(rows.get()):
            causes.open_cases(firm_id=firm_id, books_id=books_id, held=[(None, problem)], now=now)
        causes.close_done(firm_id=firm_id, now=now)
        _show(firm_id, provider, books_id, GrantState.CONNECTED, GrantState.ERROR, words, now)
    log.warning("vendor in trouble", provider=provider, tries=tries, words=words)
    if isinstance(error, Refused) and fix is Fix.WAIT:
        return Stop(state="failed", words=words)
    code = next((code for code, by in standing.FIXES.items() if by is fix), "")
    ends = words if fix is Fix.CONNECT else f"{words} Everything waits and is tried again."
    return Stop(state="waiting", words=ends, code=code)


def _fix(provider: str, error: Exception, words: str) -> Fix:
    """Return whose move it is. Clio's 403 is a permission that a person gives (clio/API.md section 1)."""
    if isinstance(error, Revoked | GrantUnusable | vendors.NotConnected):
        return Fix.CONNECT
    if provider == "clio" and isinstance(error, Refused) and error.status == HTTPStatus.FORBIDDEN:
        return Fix.CONNECT
    return Fix.SETUP if ENDED in words else Fix.WAIT


def backoff(tries: int, who: str) -> timedelta:
    """Return how long to wait before try number `tries + 1`: doubled each time, spread by a fifth."""
    wait = min(FIRST * (1 << min(tries - 1, 20)), MOST)
    spread = 0.9 + (crc32(f"{who}/{tries}".encode()) % 1000) / 5000
    return wait * spread / settings.TIME_SCALE


def clear(*, firm_id: int, provider: str, books_id: int | None = None, now: datetime) -> None:
    """Forget a vendor's trouble: it is back."""
    with firm_scope(write=firm_id):
        gone, _ = Trouble.objects.filter(firm_id=firm_id, provider=provider, books=books_id).delete()
        if gone:
            _show(firm_id, provider, books_id, GrantState.ERROR, GrantState.CONNECTED, "", None)
            causes.close_done(firm_id=firm_id, now=now)
            log.info("vendor is back", provider=provider)


def _row(firm_id: int, provider: str, books_id: int | None) -> Trouble | None:
    with firm_scope(write=None, reads=[firm_id]):
        return Trouble.objects.filter(firm_id=firm_id, provider=provider, books=books_id).first()


def _show(
    firm_id: int,
    provider: str,
    books_id: int | None,
    before: GrantState,
    after: GrantState,
    words: str,
    now: datetime | None,
) -> None:
    """Let the connection show what is; one that a person must mend says so already."""
    rows = Grant.objects.filter(firm_id=firm_id, provider=provider, disconnected_at__isnull=True)
    rows = rows.filter(books=books_id, state=before)
    rows.update(state=after, state_reason=words[:500], **({"state_at": now} if now else {}))
