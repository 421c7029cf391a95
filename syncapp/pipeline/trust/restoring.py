"""An entry of client money that somebody changed or deleted in the books is posted again as it was.

It is a person's word (who signs for client money), about what was seen and nothing later. What is restored is
the entry as it was posted, with the bank line that it is matched with; what must stay as it is gets a later
entry that corrects it (`correcting`). Nothing is ever accepted by a word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from accounts import audit
from accounts.tenancy import firm_scope
from syncapp.core.problems import Problem
from syncapp.pipeline.cases import given
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import drift, taking
from syncapp.pipeline.loading import load
from syncapp.pipeline.ties import entries
from syncapp.pipeline.trust import correcting, strays
from syncapp.pipeline.trust.legs import is_trust
from syncapp.records import anew
from syncapp.records.models import BookChoice, BookRow, Case, Document, Hold, Link

if TYPE_CHECKING:
    from accounts.models import User

CLOSED = "QuickBooks takes no change of what lies in its closed books. Post the correcting entry instead."
NO_ENTRY = "No entry within the trust account can correct it. Put it right in QuickBooks."
VERBS = {drift.RESTORE: "case.drift_restored", drift.CORRECT: "case.drift_corrected"}
SAYS = {drift.RESTORE: "post it as it was", drift.CORRECT: "post the later entry that corrects it"}
GONE = "It stands as it was posted, or was changed again since. Look at it once more."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changed:
    """An entry of ours that stands otherwise than it was posted, and what would correct it."""

    context: Context
    link: Link
    row: BookRow | None
    offer: correcting.Offer | None
    problem: Problem


def changed(*, firm_id: int, case: Case, now: datetime) -> list[Problem]:
    """Return what stands otherwise than it was posted of what a case is about. In a reading scope."""
    return [one.problem for one in _changed(firm_id, case, now)]


def _changed(firm_id: int, case: Case, now: datetime) -> list[_Changed]:
    if case.code != strays.CODE or case.books_id is None:
        return []
    context = load(firm_id=firm_id, books_id=case.books_id)
    if isinstance(context, Problem):
        return []
    alarms = Hold.objects.filter(firm_id=firm_id, case=case, alarm=True, closed_at__isnull=True)
    documents = set(alarms.values_list("document_id", flat=True))
    links = [link for link in context.links.values() if link.document_id in documents and _ours(link)]
    rows = BookRow.objects.filter(firm_id=firm_id, books_id=case.books_id)
    stands = {
        (row.kind, row.remote_id): row
        for row in rows.filter(remote_id__in=[link.remote_id for link in links])
    }
    found = [_told(context, link, stands.get((link.object_kind, link.remote_id)), now) for link in links]
    return [one for one in found if one is not None]


def _ours(link: Link) -> bool:
    return is_trust(link.content) and not link.adopted and "form" not in (link.content or {})


def _told(context: Context, link: Link, row: BookRow | None, now: datetime) -> _Changed | None:
    place = (link.object_kind, link.remote_id)
    words = entries.difference(draft_of(link.object_kind, link.content or {}), row, context)
    found = correcting.offer(context, link, row, now=now) if words else None
    comes = drift.answered(context, place, row) == drift.RESTORE and not (found and found.closed)
    if not words or comes:
        return None
    told = drift.changed(context, link, row, words)
    told = replace(told, facts=dict(told.facts) | correcting.facts(context, found))
    return _Changed(context=context, link=link, row=row, offer=found, problem=told)


def restore(
    *, firm_id: int, case_id: int, place: str, shown: str, way: str = drift.RESTORE, by: User, now: datetime
) -> str | None:
    """Have an entry posted again as it was, or corrected by a later one; a sentence when it cannot be.

    Opens its own scope.
    """
    with firm_scope(write=firm_id):
        case = Case.objects.filter(firm_id=firm_id, pk=case_id, closed_at__isnull=True).first()
        told = _changed(firm_id, case, now) if case is not None else []
        at = (place, shown)
        one = next((c for c in told if (c.problem.facts["place"], c.problem.facts["print"]) == at), None)
        if case is None or one is None:
            return GONE
        with given.press(
            case, says=SAYS[way], by=by, now=now, subjects=taking.subjects_of(one.link), links=[one.link]
        ):
            refusal = _correct(one, by, now) if way == drift.CORRECT else _restore(one, by, now)
            if refusal is None:
                anew.plan(Document.objects.filter(firm_id=firm_id, pk__in=[one.link.document_id or 0]))
        if refusal is not None:
            return refusal
        facts = one.problem.facts
        entry = {"entry": facts["correction"], "day": facts["correction_day"]} if way == drift.CORRECT else {}
        audit.record(
            firm_id=firm_id, actor=by, verb=VERBS[way], kind="case", id=case.pk,
            text=one.problem.title[:300], before={"lines": facts["was"]},
            after={"place": place, "lines": facts["is"], **entry}, now=now,
        )  # fmt: skip
    return None


def _restore(one: _Changed, by: User, now: datetime) -> str | None:
    if one.offer is not None and one.offer.closed:
        return CLOSED
    BookChoice.objects.update_or_create(
        firm_id=one.link.firm_id,
        books_id=one.link.books_id,
        subject=drift.subject_of(one.link.object_kind, one.link.remote_id),
        defaults={"answer": f"{drift.RESTORE}:{one.problem.facts['print']}", "by": by, "at": now},
    )
    return None


def _correct(one: _Changed, by: User, now: datetime) -> str | None:
    if one.offer is None or one.offer.draft is None:
        return NO_ENTRY
    correcting.take(one.context, one.link, one.row, one.offer, by=by, now=now)
    return None
