"""Who was asked about a case by mail, what they propose, and how that is applied. In a reading scope."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from syncapp.core.planning.returns import MISTAKE
from syncapp.desk.cards import card_of
from syncapp.desk.queries import card, cases
from syncapp.pipeline.asking import acts, questions
from syncapp.pipeline.cases import choices
from syncapp.pipeline.cases.alike import NUMBER
from syncapp.records.models import CaseAsk, Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from syncapp.records.models import Case, Hold

MOST = 200  # records that are read to propose a question


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question of a case. `door` is the address at which its answer is given on the card, if it can be.

    `field` and `value` are what that address takes.
    """

    row: CaseAsk
    state: str
    proposal: str = ""
    door: str = ""
    field: str = ""
    value: str = ""


def of_case(*, firm_id: int, case: Case, now: datetime) -> list[Asked]:
    """List the questions of a case that wait or were answered, the newest first."""
    rows = CaseAsk.objects.filter(firm_id=firm_id, case=case).select_related("by").order_by("-pk")
    found = [row for row in rows if row.answered_at or row.ended_at is None]
    if not found:
        return []
    since = acts.askers(firm_id, now)
    return [_asked(row, case, acts.state(row, since=since, now=now)) for row in found]


def _asked(row: CaseAsk, case: Case, state: acts.State) -> Asked:
    if row.answered_at is None:
        return Asked(row=row, state=state.value)
    door, field = ("", "") if case.closed_at or not row.answer else _door(case.code, row.answer)
    value = row.answer if door else ""
    words = acts.proposal(row)
    return Asked(row=row, state="answered", proposal=words, door=door, field=field, value=value)


def _door(code: str, answer: str) -> tuple[str, str]:
    """Return where the card of a cause takes an answer, and in which field."""
    if code in {NUMBER, questions.CUSTOMER}:
        return "desk:choose", "answer"
    if code == choices.CORRECTION:
        return "desk:approve", "answer"
    return ("desk:payment", "what") if code == choices.REMOVED and answer == MISTAKE else ("", "")


def latest(*, firms: Sequence[int], case_ids: Iterable[int], now: datetime) -> dict[int, CaseAsk]:
    """Return the last question of each case that waits or was answered."""
    rows = CaseAsk.objects.filter(firm_id__in=firms, case__in=list(case_ids), ended_at__isnull=True)
    rows = rows.filter(Q(answered_at__isnull=False) | Q(expires_at__gt=now)).order_by("pk")
    return {row.case_id: row for row in rows}


def question(*, firm_id: int, case: Case, currency: str) -> tuple[questions.Question, list[Hold]]:
    """Propose what to ask about a case, with the records that it is about."""
    holds = list(cases.open_holds(firm_id=firm_id, case_id=case.pk).select_related("document")[:MOST])
    rows = card.candidates(firm_id=firm_id, case=case, holds=holds) if case.code == questions.CUSTOMER else []
    found = card_of(case.code, case.facts)
    means = found.means if found else ""
    return questions.of(case, holds, means=means, currency=currency, candidates=rows), holds


def responsible(*, firm_id: int, holds: Sequence[Hold]) -> str:
    """Name the attorney that Clio makes responsible for most of some records; "" when it names none."""
    ids: set[int] = set()
    for hold in holds:
        data = hold.document.data or {}
        parts = [data, *(data.get("allocations") or [])]
        ids |= set(data.get("matter_ids") or []) | {
            part["matter_id"] for part in parts if part.get("matter_id")
        }
    rows = Document.objects.filter(firm_id=firm_id, kind="matter", source_id__in=ids)
    named = Counter(str(row.get("responsible") or "") for row in rows.values_list("data", flat=True))
    named.pop("", None)
    return named.most_common(1)[0][0] if named else ""


def address_of(*, firm_id: int, name: str) -> str:
    """Return the address at which somebody of a name was asked last; "" when nobody was."""
    rows = CaseAsk.objects.filter(firm_id=firm_id, name__iexact=name, answered_at__isnull=False)
    return rows.order_by("-pk").values_list("email", flat=True).first() or "" if name else ""
