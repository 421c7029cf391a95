"""Stages 3 to 5: place lines by rules, keep trust apart, plan what must be posted, or hold it.

Settling is a comparison, never an event handler: a document's wish against what stands in the books. Any
order of events therefore comes to the same end, and doing it twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import batched

from accounts.tenancy import firm_scope
from syncapp.core.documents import Kind, Money, Opening, Payment
from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Problem
from syncapp.pipeline import queue
from syncapp.pipeline.adoption import native
from syncapp.pipeline.cases import choices, given
from syncapp.pipeline.clock import pausing
from syncapp.pipeline.contacts import flow as contacts
from syncapp.pipeline.context import Context
from syncapp.pipeline.deposits.wish import KINDS as DEPOSITS
from syncapp.pipeline.drifting.book_documents import BOOK_ROW
from syncapp.pipeline.loading import load
from syncapp.pipeline.sending import order, timed
from syncapp.pipeline.settling import (
    barriers,
    corrections,
    diff,
    ended,
    moved,
    parted,
    parties,
    reapply,
    restored,
    returns,
    unsettled,
    untimely,
)
from syncapp.pipeline.settling.refunds import wake as wake_refunds
from syncapp.pipeline.settling.wishes import answer_of, asks_nothing, reading_of
from syncapp.pipeline.trust import changes, feed, ledger_accounts, limits, openings, twins
from syncapp.pipeline.trust import legs as trust_legs
from syncapp.pipeline.undoing import settling as undoing
from syncapp.records import bulk
from syncapp.records.models import Document, Posting

BATCH = 200
ORDER = (Kind.OPENING, Kind.BILL, Kind.INTEREST, Kind.PAYMENT, Kind.CREDIT, Kind.MONEY)
KINDS = (*(kind.value for kind in ORDER), BOOK_ROW, *DEPOSITS)
Beat = Callable[[str, int], None]


def run(*, firm_id: int, books_id: int, now: datetime, shadow: bool = False, beat: Beat) -> int:
    """Settle every document of a firm that is not settled; return how many operations were planned."""
    with firm_scope(write=firm_id):  # what a shadow run planned is planned anew
        Posting.objects.filter(firm_id=firm_id, books_id=books_id, state="shadow").delete()
        openings.run(firm_id=firm_id, books_id=books_id, now=now)
        feed.run(firm_id=firm_id, books_id=books_id, now=now)
        seen = given.mark(firm_id=firm_id, books_id=books_id)
        stopped = native.stops(firm_id=firm_id, books_id=books_id)
        context = stopped or load(firm_id=firm_id, books_id=books_id)
        if isinstance(context, Context):
            context.overdrawn = limits.overdrawn(firm_id=firm_id, books_id=books_id)
    if isinstance(context, Context) and not shadow:
        undoing.advance(context, now=now)
    done = 0
    for kind, some in _batches(firm_id):
        beat(kind, done)
        with firm_scope(write=firm_id):
            bulk.plan_anew()
            if given.overtaken(firm_id=firm_id, books_id=books_id, seen=seen):
                break  # an answer of those that were read was taken back: the next round reads them anew
            batch = unsettled.rows(firm_id, some)
            paused = pausing.load(firm_id)  # anew for each batch: a person may have stopped something
            settled = [_settle(context, row, paused, now=now) for row in batch]
            verdicts = [verdict for verdict in settled if verdict is not None]
            _save(context, batch, verdicts, books_id=books_id, firm_id=firm_id, shadow=shadow, now=now)
        done += len(batch)
    with firm_scope(write=firm_id):
        stale = given.overtaken(firm_id=firm_id, books_id=books_id, seen=seen)
        if isinstance(context, Context) and not shadow and not stale:
            contacts.plan(context, now=now)
        planned = 0 if isinstance(context, Problem) else order.write(context)
        queue.close_done(firm_id=firm_id, now=now)
    if planned >= bulk.MANY:
        bulk.learn()
    return planned


def _batches(firm_id: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Give what waits to be settled, kind by kind; settling one kind may open others."""
    waiting = _waiting(firm_id, KINDS)
    for at, kind in enumerate(KINDS, 1):
        for some in batched(waiting.get(kind, ()), BATCH):
            yield kind, some
        if kind in waiting:
            waiting = _waiting(firm_id, KINDS[at:])


def _waiting(firm_id: int, kinds: Sequence[str]) -> dict[str, list[int]]:
    with firm_scope(write=None, reads=[firm_id]):
        return unsettled.by_kind(firm_id, kinds)


def _save(
    context: Context | Problem,
    batch: list[Document],
    verdicts: list[queue.Verdict],
    *,
    firm_id: int,
    books_id: int,
    shadow: bool,
    now: datetime,
) -> None:
    if isinstance(context, Context):
        for posting in context.created:
            if not posting.id:
                posting.state = "shadow" if shadow else posting.state
        Posting.objects.bulk_create([posting for posting in context.created if not posting.id])
    bulk.rewrite(batch, ["settled", "outcome", "outcome_words"])
    if isinstance(context, Context) and batch and batch[0].kind == Kind.PAYMENT.value:
        wake_refunds(context, batch)
        unsettled.wake(context)
    queue.apply(firm_id=firm_id, books_id=books_id, verdicts=verdicts, now=now)


def _settle(
    context: Context | Problem, row: Document, paused: pausing.Paused, *, now: datetime
) -> queue.Verdict | None:
    """Settle one document: mark the row, and say what holds it; None when it stays held as it is."""
    if isinstance(context, Problem):
        return not_ready(context, row)
    undone = undoing.is_undone(context, row)
    if not undone and row.pk in context.elsewhere:
        return _elsewhere(context, row)
    if undone and (rests := undoing.rests(context, row)) is not None:
        return _held(context, row, rests)
    parts = undoing.parts(context, row) if undone else _parts(context, row)
    found = [_settle_part(context, row, part, paused, alone=len(parts) == 1, now=now) for part in parts]
    if any(one is None for one in found):
        _hold_what_follows(context, row)
        return None
    settled = [one for one in found if one is not None]
    alarms = tuple(alarm for one in settled for alarm in one.alarms)
    problem = timed.first_of(one.problem for one in settled if one.problem is not None)
    if problem is not None:
        return replace(_held(context, row, problem), alarms=alarms)
    mine = context.coming[row.pk].union(*(one.wanted for one in settled))  # a part may have withdrawn some
    on_its_way = any(one.on_its_way for one in settled) and not mine.isdisjoint(context.waiting)
    if undone:  # taken back or about to be: it waits until somebody sends it again
        gone = row.pk in context.elsewhere and not on_its_way
        return _elsewhere(context, row) if gone else _held(context, row, undoing.waits(context, row))
    skipped = "" if any(not one.skipped for one in settled) else settled[0].skipped
    row.settled = not on_its_way
    row.outcome = "waiting" if on_its_way else ("skipped" if skipped else "posted")
    row.outcome_words = skipped[:300]
    return queue.Verdict(document=row, alarms=alarms)


def _elsewhere(context: Context, row: Document) -> queue.Verdict:
    row.settled, row.outcome = True, "skipped"
    row.outcome_words = context.elsewhere[row.pk].words[:300]
    return queue.Verdict(document=row)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settled:
    """What settling one part of a document came to."""

    problem: Problem | None = None
    on_its_way: bool = False
    wanted: frozenset[str] = frozenset()
    skipped: str = ""
    alarms: tuple[Problem, ...] = ()


def _parts(context: Context, row: Document) -> list[trust_legs.Part]:
    """Return what a document asks for: of client money apart from all else."""
    document = reading_of(row) if row.data and not row.problem else None
    if isinstance(document, Opening):
        return [trust_legs.Part(answer_of(context, row), trust=True)]
    if not isinstance(document, Payment) and not (isinstance(document, Money) and document.trust):
        return [trust_legs.Part(answer_of(context, row), trust=False)]
    legs = trust_legs.parts(context, row, document)
    if any(isinstance(leg.answer, Problem) and leg.answer.code == trust_legs.BELOW for leg in legs):
        return legs  # the firm holds the whole movement
    only_trust = isinstance(document, Money) or trust_legs.is_deposit(context, document)
    if legs and only_trust:
        return legs
    rest = trust_legs.Part(answer_of(context, row), trust=False)
    barred = isinstance(rest.answer, Problem) and rest.answer.code == "trust_wall"
    return [rest] if barred else [*legs, rest]


def _settle_part(
    context: Context,
    row: Document,
    part: trust_legs.Part,
    paused: pausing.Paused,
    *,
    alone: bool,
    now: datetime,
) -> _Settled | None:
    """Plan one part of a document; None when it stays held as it is."""
    answer = part.answer if alone else trust_legs.keeping(context, row, part)
    if isinstance(answer, Answer):
        answer = ledger_accounts.placed(context, answer) if part.trust else answer
        ended.wholly(context, row, answer, now=now)
        answer = _amended(context, row, part, answer, now=now)
    if isinstance(answer, Problem):
        return _Settled(problem=answer)
    ended.each(context, row, answer, now=now)
    stopped = _stopped(context, row, part, answer, paused) or untimely.early(
        context, row, part, answer, now=now
    )
    if stopped is None:
        stopped = parties.bring(context, row, answer, now=now)
    if stopped is not None:
        return _Settled(problem=stopped)
    if part.trust:
        answer = ledger_accounts.placed(context, answer)  # what was found meanwhile
    result = diff.plan(context, row, answer, now=now)
    if isinstance(result, Problem):
        return _Settled(problem=result)
    if result is None:
        return None
    wanted = frozenset(one.subject for one in answer.wanted)
    return _Settled(on_its_way=result, wanted=wanted, skipped=answer.skipped, alarms=answer.alarms)


def _amended(
    context: Context, row: Document, part: trust_legs.Part, answer: Answer, *, now: datetime
) -> Answer | Problem:
    """Put in what corrects an entry that stays as it stands."""
    if part.trust:
        return changes.amend(context, row, answer)
    answer = undoing.with_reversals(context, row, answer)
    if undoing.is_undone(context, row):
        return answer
    reapply.pair(context, row, answer, now=now)
    kept = answer.kept
    for amend in (parted.amend, corrections.amend, returns.amend, moved.journals):
        amended = amend(context, row, answer)
        if isinstance(amended, Problem):
            return amended
        answer = replace(amended, kept=amended.kept | kept)
    return restored.amend(context, row, answer)


def _stopped(
    context: Context, row: Document, part: trust_legs.Part, answer: Answer, paused: pausing.Paused
) -> Problem | None:
    """Say what keeps a part from being sent: the wall and the books as they are, a pause, an approval."""
    barred = barriers.barred(context, answer)
    if barred is not None:
        return barred
    stopped = (paused.kinds.get("trust") if part.trust else None) or paused.of(context, row)
    if stopped is not None and pausing.asks(context, row, answer):
        return pausing.problem(stopped)
    if not part.trust:
        return None
    return twins.held(context, answer) or trust_legs.unapproved(context, answer)


def not_ready(problem: Problem, row: Document) -> queue.Verdict:
    """Hold what asks for something while the books are not ready; what asks for nothing is no exception."""
    if asks_nothing(row):
        row.outcome, row.outcome_words = "skipped", "it asks for nothing"
        return queue.Verdict(document=row)
    return _held(problem, row, problem)


def _held(context: Context | Problem, row: Document, problem: Problem) -> queue.Verdict:
    paused = problem.code == pausing.CODE
    row.settled, row.outcome_words = False, problem.words[:300]
    row.outcome = problem.code if problem.code in {pausing.CODE, timed.CODE} else "held"
    if paused and isinstance(context, Context):
        pausing.shelve(context, row)
    stays = problem.code == choices.CORRECTION  # the invoice stands; only what changed waits
    if isinstance(context, Context) and row.kind == Kind.BILL.value and not stays:
        context.held[row.source_id] = timed.behind(problem) if problem.code == timed.CODE else problem
    return queue.Verdict(document=row, problem=problem)


def _hold_what_follows(context: Context, row: Document) -> None:
    """Let what waits for a bill wait under the bill's own cause."""
    problem = queue.problem_of(row)
    if problem is not None and row.kind == Kind.BILL.value and problem.code != choices.CORRECTION:
        context.held[row.source_id] = problem
