"""The same answer for every exception of a kind: fifty numbers that are taken, fifty corrections.

Each is its own case, since each is answered for itself; a person looks at all of them once and answers once.
Only what may be answered without looking at each alone is offered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from syncapp.pipeline.cases import choices
from syncapp.pipeline.drifting import answers, hands, otherwise
from syncapp.records.models import Case, Hold

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

NUMBER = "duplicate_number"
MOST = 500
PRINTED = frozenset({choices.APPROVE, otherwise.UNTAX})  # answers that say what was looked at
SAME = {choices.LINK: "yes", choices.RENUMBER: "no"}


@dataclass(slots=True, kw_only=True)
class One:
    """A case that takes the answer: `answer` as it is given, with what it holds."""

    case: Case
    answer: str
    holds: list[Hold] = field(default_factory=list)

    @property
    def token(self) -> str:
        """Return what a page sends back: the case and the answer as it was seen."""
        return f"{self.case.pk} {self.answer}"


def answers_of(code: str) -> tuple[str, ...]:
    """Return which answers of a kind of case may be given to all of it."""
    return {
        NUMBER: (choices.LINK, choices.RENUMBER),
        choices.CORRECTION: (choices.APPROVE,),
        hands.OTHERWISE: (otherwise.UNTAX,),
    }.get(code, ())


def count(case: Case) -> dict[str, int]:
    """Return how many open cases would take each answer of this one's kind. In a reading scope."""
    return {answer: _cases(case, answer).count() for answer in answers_of(case.code)}


def of(case: Case, answer: str) -> list[One]:
    """List the cases that would take an answer, the oldest first, with their records. In a reading scope."""
    cases = list(_cases(case, answer).order_by("opened_at", "pk")[:MOST])
    found = {one.pk: One(case=one, answer=_written(one, answer)) for one in cases}
    holds = Hold.objects.filter(firm_id=case.firm_id, case__in=found, closed_at__isnull=True)
    holds = holds.filter(alarm=case.code == hands.OTHERWISE)
    for hold in holds.order_by("pk"):
        found[hold.case_id].holds.append(hold)
    return list(found.values())


def _cases(case: Case, answer: str) -> QuerySet[Case]:
    rows = Case.objects.filter(firm_id=case.firm_id, books=case.books_id, code=case.code)
    rows = rows.filter(closed_at__isnull=True)
    if answer in SAME:
        rows = rows.filter(facts__same=SAME[answer])
    if answer == otherwise.UNTAX:
        rows = rows.filter(facts__has_key="tax").exclude(facts__has_any_keys=["kept_tax", "closed"])
    return rows


def _written(case: Case, answer: str) -> str:
    return f"{answer}:{case.facts['print']}" if answer in PRINTED else answer


def answer_one(
    *, firm_id: int, case_id: int, code: str, answer: str, by: User, now: datetime, through: str = ""
) -> str | None:
    """Keep the answer to one case; a sentence when it cannot be taken. In no scope."""
    if code == hands.OTHERWISE:
        return answers.answer(
            firm_id=firm_id, case_id=case_id, answer=answer, by=by, today=now.date(), now=now, through=through
        )
    return choices.choose(firm_id=firm_id, case_id=case_id, answer=answer, by=by, now=now, through=through)


def give(*, firm_id: int, code: str, tokens: Iterable[str], by: User, now: datetime) -> tuple[int, list[str]]:
    """Give the answers that were seen; return how many were taken, and each refusal once. In no scope."""
    taken, refusals = 0, dict[str, None]()
    for token in list(tokens)[:MOST]:
        id_, _, answer = token.partition(" ")
        if not id_.isdigit() or answer.partition(":")[0] not in answers_of(code):
            continue
        refusal = answer_one(firm_id=firm_id, case_id=int(id_), code=code, answer=answer, by=by, now=now)
        if refusal is None:
            taken += 1
        else:
            refusals[refusal] = None
    return taken, list(refusals)
