"""Submitting, sending back, locking, watching and reopening a month end. Each runs in a scope that writes.

An action returns what it kept, or the sentence that says why it did not.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from accounts import audit
from accounts.models import User
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.months import checklist, figures, queries, states
from syncapp.pipeline.months.checklist import Asked
from syncapp.pipeline.months.figures import MonthFigures
from syncapp.pipeline.months.models import MonthEnd, MonthStep
from syncapp.pipeline.months.states import Act
from trust.queries.signing import month_of


def begun(*, firm_id: int, books_id: int, month: date, now: datetime) -> MonthEnd:
    """Return a month end with its row locked, made if need be."""
    made, _ = MonthEnd.objects.get_or_create(
        firm_id=firm_id, books_id=books_id, month=month_of(month), defaults={"changed_at": now}
    )
    return _locked(made)


def submit(*, asked: Asked, reason: str, by: User, now: datetime) -> MonthStep | str:
    """Submit a month to the partner; `reason` is why what is open is carried into the next month."""
    one = begun(firm_id=asked.firm.pk, books_id=asked.books_id, month=asked.figures.first, now=now)
    stands = queries.standing(queries.steps(one))
    found = checklist.points(asked, one, queries.sampled(one))
    refused = states.why_not_submit(
        stands, blocked=checklist.blocking(found), carried=checklist.carried(found), reason=reason
    )
    return refused or _keep(one, Act.SUBMITTED, by, now, figures_=asked.figures, text=reason.strip())


def lock(
    *, one: MonthEnd, now_figures: MonthFigures, seen: str, reason: str, by: User, now: datetime
) -> MonthStep | str:
    """Lock a submitted month: from now on nothing posts into it. `reason` is why one person did both."""
    stands = queries.standing(queries.steps(_locked(one)))
    refused = states.why_not_lock(stands, digest=now_figures.digest, seen=seen, by=by.pk, reason=reason)
    if refused:
        return refused
    own = stands.submitted is not None and stands.submitted.by == by.pk
    return _keep(
        one, Act.LOCKED, by, now, figures_=now_figures, separation=reason.strip()[:500] if own else ""
    )


def send_back(*, one: MonthEnd, words: str, by: User, now: datetime) -> MonthStep | str:
    """Send a submitted month back with what is to be done first."""
    stands = queries.standing(queries.steps(_locked(one)))
    return states.why_not_return(stands, words=words) or _keep(one, Act.RETURNED, by, now, text=words.strip())


def reopen(*, one: MonthEnd, reason: str, by: User, now: datetime) -> MonthStep | str:
    """Open a locked month again, with a reason; what waited for it posts with the next run."""
    stands = queries.standing(queries.steps(_locked(one)))
    if refused := states.why_not_reopen(stands, reason=reason):
        return refused
    kept = _keep(one, Act.REOPENED, by, now, text=reason.strip())
    schedule.ask(firm_id=one.firm_id, now=now)
    return kept


def watch(*, firm_id: int, books_id: int, ledger: str, now: datetime) -> int:
    """Compare every submitted or locked month anew; bring back those whose figures moved; return how many."""
    moved = 0
    for one in queries.stood_for(firm_id=firm_id, books_id=books_id):
        seen = figures.of(firm_id=firm_id, books_id=books_id, month=one.month)
        done = queries.steps(_locked(one))
        event = queries.standing(done).stands
        if event is None or event.digest == seen.digest:
            continue
        before = queries.figures_of(done, event)
        words = figures.told(
            firm_id=firm_id,
            books_id=books_id,
            found=figures.changes(before, seen) if before else [],
            since=event.at,
            currency=one.firm.currency,
            ledger=ledger,
        )
        _keep(one, Act.MOVED, None, now, figures_=seen, text=words or "The figures are others than before.")
        moved += 1
    return moved


def _locked(one: MonthEnd) -> MonthEnd:
    return MonthEnd.objects.select_for_update().get(pk=one.pk, firm_id=one.firm_id)


def _keep(
    one: MonthEnd,
    act: Act,
    by: User | None,
    now: datetime,
    *,
    figures_: MonthFigures | None = None,
    **more: Any,
) -> MonthStep:
    row = MonthStep.objects.create(
        firm_id=one.firm_id,
        month_end=one,
        act=act.value,
        by=by,
        name=str(by) if by else "Tieout",
        digest=figures_.digest if figures_ else "",
        figures=figures_.as_json() if figures_ else None,
        at=now,
        **more,
    )
    stands = queries.standing(queries.steps(one))
    MonthEnd.objects.filter(pk=one.pk, firm_id=one.firm_id).update(
        state=stands.state.value, shut=stands.shut, changed_at=now
    )
    audit.record(
        firm_id=one.firm_id,
        actor=by,
        verb=f"month.{act.value}",
        kind="month end",
        id=one.pk,
        text=str(one),
        after={"text": row.text, "figures": row.digest},
        now=now,
    )
    return row
