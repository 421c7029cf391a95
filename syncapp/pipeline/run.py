"""The sentence: pull, read, settle, post, record, reconcile, for one firm, with one `now`."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings

from accounts.models import Books, Firm, User
from accounts.tenancy import firm_scope
from accounts.tokens import GrantBusy, GrantUnusable
from syncapp.core.problems import Problem
from syncapp.http.errors import Refused, Revoked, Transient, VendorError
from syncapp.pipeline import connect, post, pull, read, reconcile, refresh, schedule, settle, vendors
from syncapp.pipeline.context import load
from syncapp.qbo.client import QuickBooks
from syncapp.records.models import Document, Hold, Posting, Run, TieOut

SETTLED_KINDS = ("bill", "interest", "payment", "credit", "money")
LONGEST_NAP = 5.0  # seconds between two beats of a run that waits
MOST_ROUNDS = (
    50  # settle and post alternate until nothing is planned; more rounds than this is a mistake of ours
)
Clock = Callable[[], datetime]
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
    """Take one firm over the road once; what stops it is in the run's words, and all of it waits."""
    started = clock()
    with firm_scope(write=firm.pk):
        record = Run.objects.create(
            firm_id=firm.pk,
            trigger=order.trigger,
            by=order.by,
            shadow=order.shadow,
            started_at=started,
            beat_at=started,
        )
    structlog.contextvars.bind_contextvars(firm=firm.slug, run=record.pk)
    try:
        _stages(firm, order, record, clock, holder)
        _end(record, "done", "", clock)
    except (vendors.NotConnected, GrantUnusable) as error:
        _end(record, "waiting", error.words, clock)
    except Revoked as error:
        _end(record, "waiting", str(error), clock)
    except (Transient, GrantBusy) as error:
        _end(record, "waiting", f"{error} Everything waits and is tried again.", clock)
    except Refused as error:
        _end(record, "failed", str(error), clock)
    except Exception:
        _end(record, "failed", "Something went wrong on our side; it is in the log. Nothing was lost.", clock)
        log.exception("run failed")
        raise
    finally:
        structlog.contextvars.unbind_contextvars("firm", "run")
    return record


class Beat(Protocol):
    """Says how far a stage is: what it is at, how much is done, and of how much where that is known."""

    def __call__(self, what: str, done: int, of: int = 0, /) -> None: ...


class Beats(Protocol):
    """Gives the beat of a stage; `of` is its whole, 0 while unknown."""

    def __call__(self, stage: str, of: int = 0) -> Beat: ...


class NotComparable(Exception):
    """The two sides cannot be compared; the words say why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def compare(*, firm: Firm, clock: Clock) -> TieOut:
    """Read both sides afresh and compare them, without posting anything. Raises NotComparable."""
    now = clock()
    try:
        clio = vendors.open_clio(firm_id=firm.pk, clock=clock)
        pull.run(firm_id=firm.pk, clio=clio, now=now, sweep=True, beat=_silent)
        read.run(firm_id=firm.pk, currency=firm.currency, now=now, beat=_silent)
        with firm_scope(write=None, reads=[firm.pk]):
            one = Books.objects.filter(firm_id=firm.pk).order_by("position", "id").first()
        if one is None:
            raise NotComparable("The firm has no set of books.")
        client = vendors.open_books(firm_id=firm.pk, books_id=one.pk, clock=clock)
        refresh.run(firm_id=firm.pk, books_id=one.pk, client=client, now=now, fresh=True)
    except (vendors.NotConnected, GrantUnusable) as error:
        raise NotComparable(error.words) from error
    except (VendorError, GrantBusy) as error:
        raise NotComparable(str(error)) from error
    today = now.astimezone(ZoneInfo(firm.time_zone)).date()
    found = reconcile.run(firm_id=firm.pk, books_id=one.pk, now=clock(), today=today)
    if found is None:
        with firm_scope(write=None, reads=[firm.pk]):
            problem = load(firm_id=firm.pk, books_id=one.pk)
        raise NotComparable(
            problem.words if isinstance(problem, Problem) else "There is nothing to compare yet."
        )
    return found


def _silent(_what: str, _done: int, _of: int = 0) -> None:
    """Take no notice of progress."""


def _stages(firm: Firm, order: Order, record: Run, clock: Clock, holder: str) -> None:
    now = clock()
    before = _snapshot(firm.pk)

    def beat(stage: str, of: int = 0) -> Beat:
        def told(what: str, done: int, known: int = 0) -> None:
            _beat(record, stage, {"what": what, "done": done, "of": known or of}, clock, holder)

        return told

    clio = vendors.open_clio(firm_id=firm.pk, clock=clock)
    with vendors.noticing(firm_id=firm.pk, provider="clio", clock=clock):
        pulled = pull.run(firm_id=firm.pk, clio=clio, now=now, sweep=order.whole, beat=beat("pull"))
    changed = read.run(firm_id=firm.pk, currency=firm.currency, now=now, beat=beat("read"))
    with firm_scope(write=None, reads=[firm.pk]):
        books = list(Books.objects.filter(firm_id=firm.pk).order_by("position", "id")[:1])
    for one in books:
        with vendors.noticing(firm_id=firm.pk, provider="qbo", books_id=one.pk, clock=clock):
            _books(firm, one, order, clock, beat, changed=changed)
    record.counts = _counts(firm.pk, before) | {"pulled": pulled.seen, "versions": pulled.stored}


def _books(
    firm: Firm,
    one: Books,
    order: Order,
    clock: Clock,
    beat: Beats,
    *,
    changed: int,
) -> None:
    """Settle and post one set of books until nothing is planned, then compare.

    Where nothing changed since the last run there is nothing to settle, and nothing is asked.
    """
    client = vendors.open_books(firm_id=firm.pk, books_id=one.pk, clock=clock)
    fresh = (order.whole and not order.daily) or post.asked(firm_id=firm.pk)
    stale = fresh or order.daily or refresh.due(firm_id=firm.pk, books_id=one.pk, now=clock())
    if not stale and not changed and refresh.settled_by_these_rules(firm_id=firm.pk, books_id=one.pk):
        return
    beat("books")("books", 0)
    if stale:
        refresh.run(firm_id=firm.pk, books_id=one.pk, client=client, now=clock(), fresh=fresh)
    if refresh.settings_due(firm_id=firm.pk, books_id=one.pk, now=clock()):
        refresh.read_settings(firm_id=firm.pk, books_id=one.pk, client=client, now=clock())
    if order.whole:
        connect.check(firm_id=firm.pk, books_id=one.pk, now=clock())
    post.try_refused(firm_id=firm.pk, books_id=one.pk, everything=order.whole)
    if not order.shadow:
        post.resolve(firm_id=firm.pk, books_id=one.pk, client=client, now=clock())
    done = _settle_and_post(firm, one, order, client, clock, beat)
    beat("reconcile")("reconcile", 0)
    refresh.remember_rules(firm_id=firm.pk, books_id=one.pk)
    if fresh and order.whole and done:  # proves itself on the books as they stand afterwards
        refresh.run(firm_id=firm.pk, books_id=one.pk, client=client, now=clock(), fresh=False)
    today = clock().astimezone(ZoneInfo(firm.time_zone)).date()
    reconcile.run(firm_id=firm.pk, books_id=one.pk, now=clock(), today=today)
    refresh.count(firm_id=firm.pk, books_id=one.pk, client=client)


def _settle_and_post(
    firm: Firm,
    one: Books,
    order: Order,
    client: QuickBooks,
    clock: Clock,
    beat: Beats,
) -> int:
    """Settle and post in turns until nothing is planned; return how many operations were posted."""
    done = 0
    for _ in range(MOST_ROUNDS):
        told = beat("settle", _unsettled(firm.pk))
        planned = settle.run(firm_id=firm.pk, books_id=one.pk, now=clock(), shadow=order.shadow, beat=told)
        if order.shadow:
            break
        posted = post.run(firm_id=firm.pk, books_id=one.pk, client=client, clock=clock, beat=beat("post"))
        done += posted
        if planned or posted:
            continue
        count, _, due = post.waiting(firm_id=firm.pk, books_id=one.pk)
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


def _beat(record: Run, stage: str, progress: dict[str, str | int], clock: Clock, holder: str) -> None:
    """Tell the page how far a stage is: `what`, `done`, and `of` where the whole is known, else 0."""
    now = clock()
    if record.stage == stage and now - record.beat_at < timedelta(milliseconds=300):
        return
    record.stage, record.beat_at, record.progress = stage, now, progress
    with firm_scope(write=record.firm_id):
        Run.objects.filter(pk=record.pk, firm_id=record.firm_id).update(
            stage=stage, beat_at=now, progress=record.progress
        )
    if holder and not schedule.keep(firm_id=record.firm_id, holder=holder, now=now):
        raise Transient("Another worker has taken this firm over.")


def _end(record: Run, state: str, words: str, clock: Clock) -> None:
    record.state, record.words, record.ended_at = state, words[:500], clock()
    with firm_scope(write=record.firm_id):
        Run.objects.filter(pk=record.pk, firm_id=record.firm_id).update(
            state=state, words=record.words, ended_at=record.ended_at, counts=record.counts
        )


def _unsettled(firm_id: int) -> int:
    """Return how many documents a round of settling looks at."""
    with firm_scope(write=None, reads=[firm_id]):
        return Document.objects.filter(firm_id=firm_id, kind__in=SETTLED_KINDS, settled=False).count()


def _snapshot(firm_id: int) -> dict[int, int]:
    """Return the settled documents before a run, with their versions."""
    with firm_scope(write=None, reads=[firm_id]):
        rows = Document.objects.filter(firm_id=firm_id, kind__in=SETTLED_KINDS, settled=True)
        return dict(rows.values_list("pk", "version"))


def _counts(firm_id: int, before: dict[int, int]) -> dict[str, int]:
    """Return the control totals: seen = posted + held + skipped + unchanged + uncertain."""
    with firm_scope(write=None, reads=[firm_id]):
        rows = Document.objects.filter(firm_id=firm_id, kind__in=SETTLED_KINDS)
        listed = list(rows.values_list("pk", "version", "settled", "outcome"))
        unsure = set(
            Posting.objects.filter(firm_id=firm_id, state__in=["uncertain", "sending", "ready"]).values_list(
                "document_id", flat=True
            )
        )
        held = set(
            Hold.objects.filter(firm_id=firm_id, alarm=False, closed_at__isnull=True).values_list(
                "document_id", flat=True
            )
        )
    counts: Counter[str] = Counter(
        {"seen": len(listed), "posted": 0, "held": 0, "skipped": 0, "unchanged": 0, "uncertain": 0}
    )
    for pk, version, settled, outcome in listed:
        if pk in held:
            counts["held"] += 1
        elif pk in unsure or (not settled and outcome != "skipped"):
            counts["uncertain"] += 1
        elif before.get(pk) == version:
            counts["unchanged"] += 1
        else:
            counts["skipped" if outcome == "skipped" else "posted"] += 1
    return dict(counts)
