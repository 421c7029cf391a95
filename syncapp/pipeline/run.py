"""The sentence: pull, read, settle, post, record, reconcile, for one firm, with one `now`."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings

from accounts.models import Books, Firm, User
from accounts.tenancy import firm_scope
from syncapp.pipeline import connect, post, pull, read, reconcile, refresh, settle, vendors
from syncapp.pipeline.adoption import native, proposing
from syncapp.pipeline.autos import using as answering
from syncapp.pipeline.clock import awaiting, schedule, use
from syncapp.pipeline.clock.troubles import Doubt, Stop, attempt
from syncapp.pipeline.contacts import mergers, telling
from syncapp.pipeline.journal import Beat, Clock, GivesWay, Journal, begin, goes_on, unsettled
from syncapp.pipeline.months import actions as months
from syncapp.pipeline.notices import noticed
from syncapp.pipeline.papers import step as papers
from syncapp.pipeline.sending import retried
from syncapp.pipeline.ties import finished, reread
from syncapp.pipeline.trust import daily as trust_daily
from syncapp.qbo.client import QuickBooks
from syncapp.records.models import Run

LONGEST_NAP = 5.0  # seconds between two beats of a run that waits
MOST_ROUNDS = 50  # of settling and posting in turns; more than this is a mistake of ours
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a run is wanted: whole (sweeps, fresh lists, retries), until quiet, or in shadow.

    `daily`: it is whole because a day has passed, so that lists and settings are read only with a reason.
    """

    trigger: str
    whole: bool = False
    daily: bool = False
    until_quiet: bool = False
    shadow: bool = False
    by: User | None = None


def run(*, firm: Firm, order: Order, clock: Clock, holder: str = "") -> Run:
    """Take one firm over the road once; what stops it is in the run's words, and all of it waits.

    A run that gave way to others is still going when this returns.
    """
    may_wait = bool(holder) and order.trigger == "schedule"
    journal = begin(
        firm=firm, trigger=order.trigger, by=order.by, shadow=order.shadow, may_wait=may_wait, clock=clock,
        holder=holder,
    )  # fmt: skip
    structlog.contextvars.bind_contextvars(firm=firm.slug, run=journal.record.pk)
    try:
        pulled, stops = _stages(firm, order, journal)
        _attach(firm, [] if stops or order.shadow else _books_of(firm), order, journal)
        more = {"pulled": pulled.seen, "versions": pulled.stored}
        state = next((one.state for one in stops if one.state == "failed"), "waiting") if stops else "done"
        journal.end(state, " ".join(one.words for one in stops), more=more)
    except GivesWay:
        journal.rest()
    except schedule.Lost as error:
        journal.end("waiting", f"{error} Everything waits and is tried again.")
    except schedule.AWAY:
        log.warning("the database went away", exc_info=True)
        journal.end_without_database()
    except Exception:
        words = "Something went wrong on our side; it is in the log. Nothing was lost."
        journal.end("failed", words, counted=False)
        log.exception("run failed")
        raise
    finally:
        structlog.contextvars.unbind_contextvars("firm", "run")
    return journal.record


def _stages(firm: Firm, order: Order, journal: Journal) -> tuple[pull.Pulled, list[Stop]]:
    """Take the firm over all stages. What one vendor stops, the other goes on with."""
    clock, pulled, changed = journal.clock, pull.Pulled(), 0
    asked = order.trigger != "schedule" or (order.whole and not order.daily)

    def read_clio(doubt: Doubt) -> None:
        nonlocal pulled
        clio = vendors.open_clio(firm_id=firm.pk, clock=clock, holder=journal.holder)
        counting = use.counting(firm_id=firm.pk, clio=clio, clock=clock)
        with counting, vendors.noticing(firm_id=firm.pk, provider="clio", clock=clock):
            doubt.probe(clio.who_am_i)
            if not doubt.by_person:
                doubt.over()
            pulled = pull.run(
                firm_id=firm.pk, clio=clio, now=clock(), sweep=order.whole, beat=journal.beat("pull"),
                swept_since=journal.record.started_at if journal.turned else None,
            )  # fmt: skip
            noticed.pulled(
                firm_id=firm.pk, stored=pulled.stored, began=journal.record.started_at, now=clock()
            )

    stop = attempt(firm_id=firm.pk, provider="clio", clock=clock, asked=asked, work=read_clio)
    stops, unread = [stop] if stop else [], stop is not None
    if stop and stop.missing:
        return pulled, stops
    if not stop:  # what was read in part is read out when all of it is there
        changed = read.run(firm_id=firm.pk, currency=firm.currency, now=clock(), beat=journal.beat("read"))
    for one in _books_of(firm):
        work = partial(_write_books, firm, one, order, journal, changed)
        stop = attempt(firm_id=firm.pk, provider="qbo", books_id=one.pk, clock=clock, asked=asked, work=work)
        stops += [stop] if stop else []
        if stop and stop.code and not order.shadow:
            awaiting.hold(firm_id=firm.pk, books_id=one.pk, code=stop.code, words=stop.words, now=clock())
    if not order.shadow and not unread and telling.waiting(firm_id=firm.pk):
        stop = attempt(
            firm_id=firm.pk, provider="clio", clock=clock, asked=asked, work=partial(_tell, firm, journal)
        )
        stops += [stop] if stop else []
    return pulled, stops


def _books_of(firm: Firm) -> list[Books]:
    with firm_scope(write=None, reads=[firm.pk]):
        return list(Books.objects.filter(firm_id=firm.pk).order_by("position", "id")[:1])


def _attach(firm: Firm, books: list[Books], order: Order, journal: Journal) -> None:
    """Bring the PDFs of bills to their invoices, last of all: nothing waits for them."""
    for one in books:
        again = order.whole and not order.daily
        papers.run(firm_id=firm.pk, books_id=one.pk, journal=journal, again=again, patient=order.until_quiet)


def _tell(firm: Firm, journal: Journal, doubt: Doubt) -> None:
    """Tell Clio of changes of contacts that its firm lets it be told."""
    clock = journal.clock
    clio = vendors.open_clio(firm_id=firm.pk, clock=clock, holder=journal.holder)
    counting = use.counting(firm_id=firm.pk, clio=clio, clock=clock)
    with counting, vendors.noticing(firm_id=firm.pk, provider="clio", clock=clock):
        doubt.probe(clio.who_am_i)
        telling.run(firm_id=firm.pk, clio=clio, now=clock())


def _write_books(firm: Firm, one: Books, order: Order, journal: Journal, changed: int, doubt: Doubt) -> None:
    """Work with one set of books: what is asked is counted, and an authorisation that ended is noticed."""
    clock = journal.clock
    client = vendors.open_books(firm_id=firm.pk, books_id=one.pk, clock=clock, holder=journal.holder)
    with (
        refresh.counting(firm_id=firm.pk, books_id=one.pk, client=client),
        vendors.noticing(firm_id=firm.pk, books_id=one.pk, provider="qbo", clock=clock),
    ):
        _books(firm, one, order, client, journal, doubt, changed=changed)


def _books(
    firm: Firm, one: Books, order: Order, client: QuickBooks, journal: Journal, doubt: Doubt, *, changed: int
) -> None:
    """Settle and post one set of books until nothing is planned, then compare; or nothing, when unchanged."""
    clock, beat, ids = journal.clock, journal.beat, {"firm_id": firm.pk, "books_id": one.pk}
    fresh = (order.whole and not order.daily) or retried.asked(firm_id=firm.pk)
    again = reread.due(**ids, now=clock())
    stale = fresh or order.daily or again or doubt.open or refresh.due(**ids, now=clock())
    if not stale and not changed and finished.by_these_rules(**ids, now=clock()):
        return
    beat("books")("books", 0)
    doubt.probe(lambda: client.get(f"companyinfo/{client.realm}"))
    resting = journal.turned == "post" and not fresh and not changed
    if resting and not native.on(**ids) and post.as_planned(**ids):
        post.run(firm_id=firm.pk, books_id=one.pk, client=client, clock=clock, beat=beat("post"))
    if stale:
        refresh.run(**ids, client=client, now=clock(), fresh=fresh)
        mergers.notice(**ids, client=client, now=clock())
    if again:
        reread.run(**ids, client=client, now=clock())
    if refresh.settings_due(**ids, now=clock()):
        refresh.read_settings(**ids, client=client, now=clock())
    if order.whole:
        connect.check(**ids, now=clock())
    stopped = native.notice(**ids, now=clock())
    proposing.propose(**ids, now=clock())
    retried.try_refused(**ids, everything=order.whole)
    if not order.shadow:
        post.resolve(**ids, client=client, now=clock())
    done = _settle_and_post(firm, one, order, client, journal, doubt, stopped=stopped)
    beat("reconcile")("reconcile", 0)
    finished.end(**ids)
    if fresh and order.whole and done:  # proves itself on the books as they stand afterwards
        refresh.run(**ids, client=client, now=clock(), fresh=False)
    today = clock().astimezone(ZoneInfo(firm.time_zone)).date()
    tied = reconcile.run(**ids, now=clock(), today=today)
    trust_daily.run(**ids, now=clock(), context=tied.context if tied else None)
    with firm_scope(write=firm.pk):
        months.watch(**ids, ledger=connect.NAMES.get(one.ledger, "the books"), now=clock())


def _settle_and_post(
    firm: Firm, one: Books, order: Order, client: QuickBooks, journal: Journal, doubt: Doubt, *, stopped: bool
) -> int:
    """Settle and post in turns until nothing is planned; return how many operations were posted.

    `stopped`: another connector posts the same, so nothing leaves.
    """
    clock, beat, ids = journal.clock, journal.beat, {"firm_id": firm.pk, "books_id": one.pk}
    done, looked = 0, False  # looked whether a record has another step, and nothing came of it
    for _ in range(MOST_ROUNDS):
        told = beat("settle", unsettled(firm.pk))
        planned = settle.run(firm_id=firm.pk, books_id=one.pk, now=clock(), shadow=order.shadow, beat=told)
        if order.shadow or stopped:
            break
        posted = 0
        if doubt.open:  # one entry first: reading may go well where writing does not
            posted = post.run(
                firm_id=firm.pk, books_id=one.pk, client=client, clock=clock, beat=beat("post"), only_one=True
            )
            doubt.unproven = not done + posted and post.waiting(**ids)[0] > 0
            if not doubt.unproven:
                doubt.over()
        posted += post.run(
            firm_id=firm.pk, books_id=one.pk, client=client, clock=clock, beat=beat("post"),
            patient=order.until_quiet,
        )  # fmt: skip
        done += posted
        moved = bool(planned or posted or answering.run(**ids, now=clock()))
        if moved or (not looked and goes_on(firm.pk)):  # once: what was refused lately plans nothing
            looked = not moved
            continue
        count, _, due = post.waiting(**ids)
        if not count or not order.until_quiet:
            break
        _wait_for(due, clock, beat("wait"))
    return done


def _wait_for(due: datetime | None, clock: Clock, beat: Beat) -> None:
    """Wait for the vendor's own time-out to pass before an uncertain operation is looked up.

    The lease is kept meanwhile, and the page sees that the run waits.
    """
    until = due if due is not None else clock() + timedelta(seconds=1 / settings.TIME_SCALE)
    while (left := (until - clock()).total_seconds()) > 0:
        beat("an answer of QuickBooks", 0)
        time.sleep(min(left + 0.01, LONGEST_NAP))
