"""The step of its own after posting: what is due of the papers, a few at a time, and never in the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import structlog
from django.conf import settings
from django.db.models import Min

from accounts.tenancy import firm_scope
from accounts.tokens import GrantBusy, GrantUnusable
from syncapp.clio.papers import Papers
from syncapp.http.errors import VendorError
from syncapp.pipeline import refresh, vendors
from syncapp.pipeline.clock import use
from syncapp.pipeline.journal import Clock, Journal
from syncapp.pipeline.papers.attaching import Attaching
from syncapp.pipeline.papers.planning import LATER, Work, plan
from syncapp.records.models import BillPaper

MOST_ROUNDS = 50
LONGEST_NAP = 5.0  # seconds between two beats
log = structlog.get_logger(__name__)


def run(*, firm_id: int, books_id: int, journal: Journal, again: bool, patient: bool) -> None:
    """Attach what is due; `patient`: all of it, and until what was sent is clear. In no scope.

    `again`: what was given up has one more try. A vendor's trouble ends the step and nothing else: the next
    run goes on. Raises schedule.Lost.
    """
    for turn in range(MOST_ROUNDS if patient else 1):
        with firm_scope(write=firm_id):
            work = plan(firm_id=firm_id, books_id=books_id, now=journal.clock(), again=again and not turn)
        if work is None:
            return
        if work.papers or work.leaving:
            if not _round(firm_id, books_id, journal, work):
                return
        elif not patient or not _wait(firm_id, books_id, journal):
            return


def _round(firm_id: int, books_id: int, journal: Journal, work: Work) -> bool:
    """Do one round of work; tell whether both vendors went along."""
    clock, beat = journal.clock, journal.beat("papers")
    try:
        clio = vendors.open_clio(firm_id=firm_id, clock=clock, holder=journal.holder)
        client = vendors.open_books(firm_id=firm_id, books_id=books_id, clock=clock, holder=journal.holder)
        with (
            use.counting(firm_id=firm_id, clio=clio, clock=clock),
            refresh.counting(firm_id=firm_id, books_id=books_id, client=client),
        ):
            attaching = Attaching(
                papers=Papers(clio), client=client, clock=clock, send=work.send, hidden=work.hidden
            )
            for done, row in enumerate(work.papers):
                beat("bills", done, len(work.papers))
                _one(attaching.attach, row, clock)
            for row in work.leaving:
                _one(attaching.remove, row, clock)
    except (VendorError, GrantBusy, GrantUnusable, vendors.NotConnected) as error:
        log.warning("papers wait", words=str(error))
        return False
    return True


def _one(act: Callable[[BillPaper], None], row: BillPaper, clock: Clock) -> None:
    """Do one, and keep why it waits when a vendor stops it; others have their turn before. Raises that."""
    try:
        act(row)
    except VendorError as error:
        with firm_scope(write=row.firm_id):
            mine = BillPaper.objects.filter(firm_id=row.firm_id, pk=row.pk, state__in=["ready", "leaving"])
            mine.update(words=error.words[:300], next_at=clock() + LATER / settings.TIME_SCALE)
        raise


def _wait(firm_id: int, books_id: int, journal: Journal) -> bool:
    """Wait until what was sent without an answer may be looked for; tell whether there is such a thing."""
    with firm_scope(write=None, reads=[firm_id]):
        unclear = BillPaper.objects.filter(
            firm_id=firm_id, books_id=books_id, state="ready", sent_at__isnull=False
        )
        due: datetime | None = unclear.aggregate(first=Min("next_at"))["first"]
    if due is None:
        return False
    beat = journal.beat("papers")
    while (left := (due - journal.clock()).total_seconds()) > 0:
        beat("an answer of QuickBooks", 0)
        time.sleep(min(left + 0.01, LONGEST_NAP))
    return True
