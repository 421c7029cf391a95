"""The exception queue: one hold for each document that waits, one case for each cause.

A case opens with its first hold, closes itself when the last one is gone, and reopens as the same case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts import audit
from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.cases import causes
from syncapp.pipeline.cases.causes import close_done
from syncapp.pipeline.drifting import hands
from syncapp.records import bulk
from syncapp.records.models import Case, Document, Hold

__all__ = ["Verdict", "apply", "close_alarm", "close_done", "retry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What settling a document came to: held by `problem` if there is one, and its alarms."""

    document: Document
    problem: Problem | None = None
    alarms: tuple[Problem, ...] = ()


def apply(
    *, firm_id: int, books_id: int, verdicts: Sequence[Verdict], now: datetime, release: bool = True
) -> None:
    """Bring the holds and alarms of some documents in line with what was found. In a writing scope.

    Without `release` a hold that is not named again stays: only alarms are raised. An alarm about how a
    record stands ends when it stands so no more; what happened once stays until somebody has looked.
    """
    documents = [verdict.document for verdict in verdicts]
    open_holds = {
        (hold.document_id, hold.alarm, hold.code if hold.alarm else ""): hold
        for hold in Hold.objects.filter(firm_id=firm_id, document__in=documents, closed_at__isnull=True)
    }
    closed = Hold.objects.filter(
        firm_id=firm_id, document__in=documents, alarm=True, closed_at__isnull=False
    ).exclude(Q(code__in=hands.KEPT) | Q(code__in=hands.STATES, closed_words=hands.GONE))
    answered = set(closed.values_list("document_id", "document_version", "code"))
    wanted: dict[tuple[int, bool, str], tuple[Document, Problem]] = {}
    for verdict in verdicts:
        if verdict.problem:
            wanted[verdict.document.pk, False, ""] = (verdict.document, verdict.problem)
        for alarm in verdict.alarms:
            if (verdict.document.pk, verdict.document.version, alarm.code) not in answered:
                wanted[verdict.document.pk, True, alarm.code] = (verdict.document, alarm)
    cases = causes.open_cases(firm_id=firm_id, books_id=books_id, held=wanted.values(), now=now)
    _write(firm_id, wanted, open_holds, cases, now)
    if release:
        held = {verdict.document.pk for verdict in verdicts if verdict.problem}
        stale = [hold.pk for key, hold in open_holds.items() if key not in wanted and _ends(hold, held)]
        holds = Hold.objects.filter(firm_id=firm_id, pk__in=stale)
        holds.update(closed_at=now, closed_words=hands.GONE)


def _ends(hold: Hold, held: set[int]) -> bool:
    """Tell whether what is not found again ends: of a record that is held its alarms are not known."""
    if hold.code in hands.STATES and hold.alarm:
        return hold.document_id not in held
    return not hold.alarm or hold.code in hands.KEPT


def _write(
    firm_id: int,
    wanted: dict[tuple[int, bool, str], tuple[Document, Problem]],
    open_holds: dict[tuple[int, bool, str], Hold],
    cases: dict[str, Case],
    now: datetime,
) -> None:
    fresh: list[Hold] = []
    changed: list[Hold] = []
    for key, (document, problem) in wanted.items():
        hold = open_holds.get(key) or Hold(
            firm_id=firm_id,
            document=document,
            alarm=key[1],
            opened_at=now,
            resource=document.resource,
            source_id=document.source_id,
        )
        hold.case, hold.code, hold.words = cases[problem.cause_key[:200]], problem.code[:40], problem.words
        hold.facts, hold.number = dict(problem.facts), document.number
        hold.amount = document.amount if problem.amount is None else problem.amount
        hold.document_version = document.version
        (changed if hold.pk else fresh).append(hold)
    Hold.objects.bulk_create(fresh)
    names = ["case", "code", "words", "facts", "number", "amount", "document_version"]
    bulk.rewrite(changed, names)


def problem_of(document: Document) -> Problem | None:
    """Return what holds a document as the problem that it is. In a reading scope."""
    holds = Hold.objects.filter(
        firm_id=document.firm_id, document=document, alarm=False, closed_at__isnull=True
    )
    first = holds.select_related("case").first()
    if first is None:
        return None
    return Problem(
        code=first.code,
        fix=Fix(first.case.fix),
        words=first.words,
        title=first.case.title,
        cause=first.case.cause.partition(":")[2],
    )


def retry(
    *,
    firm_id: int,
    hold_ids: Sequence[int] | None = None,
    case_ids: Sequence[int] | None = None,
    everything: bool = False,
    by: User,
    now: datetime,
) -> int:
    """Ask for another try of some holds, of whole cases or of everything; return how many records."""
    with firm_scope(write=firm_id):
        holds = Hold.objects.filter(firm_id=firm_id, closed_at__isnull=True, alarm=False)
        if not everything:
            holds = holds.filter(Q(pk__in=hold_ids or []) | Q(case_id__in=case_ids or []))
        asked = list(holds.values_list("pk", "case_id", "case__title"))
        Hold.objects.filter(firm_id=firm_id, pk__in=[pk for pk, _, _ in asked]).update(retry_asked_at=now)
        for case_id, title in {(case, title) for _, case, title in asked}:
            count = sum(1 for _, case, _ in asked if case == case_id)
            audit.record(
                firm_id=firm_id,
                actor=by,
                verb="hold.retry_asked",
                kind="case",
                id=case_id,
                text=title[:300],
                after={"records": count},
                now=now,
            )
    return len(asked)


def close_alarm(*, firm_id: int, hold_id: int, reason: str, by: User, now: datetime) -> str | None:
    """Close an alarm that a person has looked at, with the reason; return a sentence on refusal."""
    if not reason.strip():
        return "Say in a few words how it was settled."
    with firm_scope(write=firm_id):
        hold = Hold.objects.filter(firm_id=firm_id, pk=hold_id, alarm=True, closed_at__isnull=True).first()
        if hold is None:
            return "This alarm is closed already."
        if refusal := hands.refusal(code=hold.code, resource=hold.resource):
            return refusal
        hold.closed_at, hold.closed_words = now, reason.strip()[:200]
        hold.save(update_fields=["closed_at", "closed_words"])
        audit.record(
            firm_id=firm_id,
            actor=by,
            verb="hold.alarm_closed",
            kind="hold",
            id=hold_id,
            text=hold.words[:300],
            after={"reason": reason.strip()[:200]},
            now=now,
        )
        close_done(firm_id=firm_id, now=now)
    return None
