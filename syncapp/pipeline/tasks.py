"""What the workers do: the tick finds due firms in PostgreSQL; a task is only a wake-up."""

from __future__ import annotations

import structlog
from django.utils import timezone

from accounts.models import Firm
from syncapp.celery import app
from syncapp.http.errors import VendorError
from syncapp.pipeline import mailbox
from syncapp.pipeline.cases import digest, tending
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.notices import webhooks
from syncapp.pipeline.run import Order, run

STALE = 60  # seconds after which a wake-up is worth nothing: another one was sent
log = structlog.get_logger(__name__)


@app.task
def tick() -> None:
    """Wake a worker for each firm that is due. While the database is away there is nothing to be found."""
    now = timezone.now()
    try:
        schedule.beat(now=now)
        due = schedule.hand_out(now=now)
    except schedule.AWAY:
        log.warning("the tick found no database")
        return
    for firm_id in due:
        wake_firm.apply_async(kwargs={"firm_id": firm_id}, expires=STALE)


@app.task
def run_firm(*, firm_id: int, holder: str, **_later: object) -> None:
    """Take one firm over the road, under the lease that was taken for it."""
    if not schedule.keep(firm_id=firm_id, holder=holder, now=timezone.now()):
        return  # somebody else has the firm by now
    again_in = None
    try:
        again_in = _serve(Firm.objects.get(pk=firm_id), holder)
    except schedule.AWAY:
        log.warning("the database went away", exc_info=True)
    finally:
        _give_back(firm_id, holder, again_in)


def _serve(firm: Firm, holder: str) -> float | None:
    """Run for one firm; return in how many seconds it is due again when that is not its interval."""
    webhooks.keep(firm_id=firm.pk, now=timezone.now())
    asked = schedule.whole_asked(firm_id=firm.pk)
    whole = schedule.whole_due(firm_id=firm.pk, now=timezone.now())
    order = Order(trigger="schedule", whole=whole, daily=whole and not asked)
    done = run(firm=firm, order=order, clock=timezone.now, holder=holder)
    gave_way = done.state == "going"
    if whole and (done.state == "done" or (gave_way and done.stage == "post")):
        schedule.whole_done(firm_id=firm.pk, now=timezone.now())
    if gave_way:  # at the end of the queue, and as whole as it was
        return 0
    tending.tend(firm=firm, now=timezone.now())
    digest.send_new(firm=firm, now=timezone.now())
    return None


@app.task
def look_at_mail(**_later: object) -> None:
    """Bring in the statements that came by mail. One that is away is looked at by the next beat."""
    try:
        mailbox.look(clock=timezone.now)
    except VendorError as error:
        log.warning("the mailbox of statements could not be read", why=error.words)
    except schedule.AWAY:
        log.warning("a look at the mailbox found no database")


def _give_back(firm_id: int, holder: str, again_in: float | None) -> None:
    """Release a firm, also after the database was away; else its lease runs out by itself."""
    try:
        schedule.patiently(
            lambda: schedule.release(firm_id=firm_id, holder=holder, now=timezone.now(), again_in=again_in)
        )
    except schedule.AWAY:
        log.warning("a firm could not be given back", firm_id=firm_id)


@app.task
def wake_firm(**_later: object) -> None:
    """Serve the firm that has waited longest, whatever woke the worker: the tick, or a notice."""
    try:
        due = schedule.claim_due(now=timezone.now(), limit=1)
    except schedule.AWAY:
        log.warning("a wake-up found no database")
        return
    for firm_id, holder in due:
        run_firm(firm_id=firm_id, holder=holder)
