"""One case for each cause: born with an owner and a day, reopened as itself, closed when it is gone."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef

from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.cases import owners, standing
from syncapp.records.models import Case, CaseNote, Document, Hold

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

type Held = tuple[Document | None, Problem]  # without a document a cause that stands by itself
CLOSED = "Closed: nothing of it waits any more."


def severity(problem: Problem) -> str:
    """Return how a case is sorted: client money first, then what needs a person, then what waits."""
    of_trust = problem.facts.get("severity") == "trust"
    if of_trust or problem.fix is Fix.TRUST or problem.code.startswith("trust"):
        return "trust"
    if problem.code == "paused":  # a person stopped it: shown apart from what is stuck
        return "paused"
    if problem.code == "scheduled":  # its time has not come
        return "scheduled"
    return "waiting" if problem.fix is Fix.WAIT else "needs_person"


def open_cases(*, firm_id: int, books_id: int | None, held: Iterable[Held], now: datetime) -> dict[str, Case]:
    """Return the open case of each cause, opening or reopening those that are not. In a writing scope."""
    by_cause: dict[str, list[Held]] = defaultdict(list)
    for document, problem in held:
        by_cause[problem.cause_key[:200]].append((document, problem))
    known = {case.cause: case for case in Case.objects.filter(firm_id=firm_id, cause__in=list(by_cause))}
    asleep = [case for case in known.values() if case.closed_at is not None]
    missing = {cause: rows for cause, rows in by_cause.items() if cause not in known}
    born: list[Case] = []
    if missing or asleep:
        care = owners.load(firm_id=firm_id, now=now)
        born = _bear(firm_id, books_id, missing, care, now)
        _wake(firm_id, asleep, by_cause, care, now)
    for case in known.values():
        problem = by_cause[case.cause][-1][1]
        title, facts = problem.title or problem.words, dict(problem.facts)
        if (case.title, case.facts) != (title, facts):
            Case.objects.filter(firm_id=firm_id, pk=case.pk).update(title=title, facts=facts, given={})
    return known | {case.cause: case for case in born}


def _bear(
    firm_id: int, books_id: int | None, missing: dict[str, list[Held]], care: owners.Care, now: datetime
) -> list[Case]:
    names = _names(firm_id, missing.values()) if care.asks_clients else {}
    made = []
    for cause, rows in missing.items():
        problem = rows[-1][1]
        sort = severity(problem)
        owner = care.owner_of(_born(rows, sort, names))
        made.append(
            Case(
                firm_id=firm_id,
                books_id=books_id,
                cause=cause,
                code=problem.code[:40],
                fix=problem.fix.value,
                severity=sort,
                title=problem.title or problem.words,
                facts=dict(problem.facts),
                opened_at=now,
                owner=owner,
                due_on=care.due(sort, care.today),
            )
        )
    Case.objects.bulk_create(made)
    note(made, "opened", "Opened: {title}", now=now)
    return made


def _wake(
    firm_id: int, asleep: list[Case], by_cause: dict[str, list[Held]], care: owners.Care, now: datetime
) -> None:
    """Reopen cases as themselves: a new term, and the owner they had unless that person has left."""
    names = _names(firm_id, [by_cause[case.cause] for case in asleep]) if care.asks_clients else {}
    for case in asleep:
        owner = care.owners.get(case.owner_id or 0)
        owner = owner or care.owner_of(_born(by_cause[case.cause], case.severity, names))
        Case.objects.filter(firm_id=firm_id, pk=case.pk).update(
            closed_at=None,
            told_at=None,
            opened_at=now,
            times_opened=F("times_opened") + 1,
            owner=owner,
            due_on=care.due(case.severity, care.today),
            rested_until=None,
            escalated_at=None,
            given={},  # it is asked anew
        )
    note(asleep, "reopened", "Opened again: the same cause is back.", now=now)


def _born(rows: list[Held], sort: str, names: dict[int, str]) -> owners.Born:
    clients = {document.client_id for document, _ in rows if document}
    client = clients.pop() if len(clients) == 1 else None
    problem = rows[-1][1]
    return owners.Born(
        code=problem.code,
        fix=problem.fix.value,
        severity=sort,
        client=client,
        client_name=names.get(client or 0, ""),
    )


def _names(firm_id: int, held: Iterable[list[Held]]) -> dict[int, str]:
    ids = {document.client_id for rows in held for document, _ in rows if document and document.client_id}
    rows = Document.objects.filter(firm_id=firm_id, kind="client", source_id__in=ids)
    return dict(rows.values_list("source_id", "number"))


def close_done(*, firm_id: int, now: datetime) -> int:
    """Close each case that holds nothing any more; return how many. In a writing scope.

    A lost connection stands until it is mended, whatever it holds.
    """
    live = Hold.objects.filter(case=OuterRef("pk"), firm_id=firm_id, closed_at__isnull=True)
    rows = Case.objects.filter(firm_id=firm_id, closed_at__isnull=True)
    done = list(rows.filter(~Exists(live)))
    if any(case.code in standing.CODES for case in done):
        stands = standing.causes(firm_id)
        done = [case for case in done if case.cause not in stands]
    if done:
        rows.filter(pk__in=[case.pk for case in done]).update(closed_at=now, rested_until=None)
        note(done, "closed", CLOSED, now=now)
    return len(done)


def note(cases: Iterable[Case], kind: str, words: str, *, now: datetime) -> None:
    """Write a line into the history of cases; `{title}` in it is the case's own. In a writing scope."""
    CaseNote.objects.bulk_create(
        [
            CaseNote(
                firm_id=case.firm_id, case=case, kind=kind, words=words.replace("{title}", case.title), at=now
            )
            for case in cases
        ]
    )
