"""What a person decides of a hand in the books: restore it, correct it, accept it, reverse what was typed.

Each answer is about what was seen: when it is changed again, it is asked again. Client money is never
accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypedDict

from accounts import audit
from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.core.planning import reversing
from syncapp.core.problems import Problem
from syncapp.pipeline.cases import causes, given
from syncapp.pipeline.drifting import drift, hands, otherwise, pressed, reversals, taking
from syncapp.pipeline.loading import load
from syncapp.records import anew
from syncapp.records.models import BookChoice, BookRow, Case, Document, Hold

STALE = "It was changed again since this page was opened. Look at it once more, then decide."
NO_REASON = "Say in a few words why it may stay as it is."
NOTHING = "It moves no account that can be moved back."
CLOSED = "QuickBooks takes no change of what lies in its closed books. Have it corrected by an entry instead."
NOT_ASKED = "This exception does not ask for this."
CHANGING = frozenset({drift.RESTORE, otherwise.UNTAX, otherwise.ROUND})
CORRECTED = "it stays as it stands, and an entry of its own corrects it"
NOT_TRUST = "It moves client money, and client money is never accepted by a word. Correct it in QuickBooks."
WAYS = {
    hands.CHANGED: {drift.RESTORE, drift.ACCEPT, drift.CORRECT},
    hands.OTHERWISE: {otherwise.UNTAX, otherwise.ROUND, drift.RESTORE, drift.ACCEPT, drift.CORRECT},
    hands.TYPED: {drift.ACCEPT, reversals.REVERSE},
    hands.PAID_THERE: {drift.ACCEPT, reversals.REVERSE},
    hands.TWICE: {drift.ACCEPT},
    hands.REVERSED: {drift.ACCEPT},
}
CODES = frozenset(WAYS)
SAYS = {
    drift.RESTORE: "post it as it was",
    drift.ACCEPT: "leave it as it stands, and post nothing",
    drift.CORRECT: "post the entry of its own that corrects it",
    otherwise.UNTAX: "send it once more, and have QuickBooks add no tax of its own",
    otherwise.ROUND: "add the one rounding line",
    reversals.REVERSE: "post the entry that reverses it",
}
VERBS = {
    drift.RESTORE: "case.drift_restored",
    drift.ACCEPT: "case.drift_accepted",
    drift.CORRECT: "case.drift_corrected",
    otherwise.UNTAX: "case.answer_untaxed",
    otherwise.ROUND: "case.answer_rounded",
    reversals.REVERSE: "case.typed_reversed",
}


def ways(code: str, facts: Mapping[str, str]) -> frozenset[str]:
    """Return which answers a case of a hand, or of what QuickBooks made of a write, takes as it stands."""
    if code != hands.OTHERWISE:
        return frozenset(WAYS[code]) - (CHANGING if facts.get("closed") else frozenset())
    found = {drift.ACCEPT} | ({drift.CORRECT} if facts.get("correction") else set())
    if facts.get("closed"):
        return frozenset(found)
    if facts.get("tax"):
        return frozenset(found | (set() if facts.get("kept_tax") else {otherwise.UNTAX}))
    return frozenset(found | {drift.RESTORE} | ({otherwise.ROUND} if facts.get("rounding") else set()))


def answer(
    *,
    firm_id: int,
    case_id: int,
    answer: str,
    by: User,
    today: date,
    now: datetime,
    reason: str = "",
    through: str = "",
) -> str | None:
    """Keep a decision, `what:print`; return a sentence when it cannot be taken. Opens its own scope.

    `through` names the person's rule that gives it, for the log.
    """
    what, _, shown = answer.partition(":")
    with firm_scope(write=firm_id):
        case = Case.objects.filter(firm_id=firm_id, pk=case_id, closed_at__isnull=True).first()
        if case is None or case.books_id is None:
            return "This exception is closed already."
        if case.code not in CODES or what not in WAYS[case.code]:
            return NOT_ASKED
        kind, _, remote_id = case.facts["place"].partition(":")
        row = BookRow.objects.filter(
            firm_id=firm_id, books_id=case.books_id, kind=kind, remote_id=remote_id
        ).first()
        if (refusal := _refused(case, what, shown, row, reason)) is not None:
            return refusal
        who: _Who = {"by": by, "now": now, "through": through}
        if what == drift.CORRECT:
            if (refusal := _correct(case, who)) is not None:
                return refusal
        else:
            kept = _kept(case, what, (kind, remote_id), shown, today)
            with given.press(case, says=SAYS[what], subjects=kept, **who):
                _keep(case, kept, by, now)
                _settle(case, what, reason.strip(), now)
        _record(case, what, reason.strip()[:200], through or by, now)
    return None


class _Who(TypedDict):
    by: User
    now: datetime
    through: str


def _refused(case: Case, what: str, shown: str, row: BookRow | None, reason: str) -> str | None:
    """Say why an answer cannot be taken; None when it can."""
    if shown != case.facts["print"] or shown != drift.shape_of(row):
        return STALE
    if case.facts.get("closed") and what in CHANGING:
        return CLOSED
    if what not in ways(case.code, case.facts):
        return NOT_ASKED
    if case.facts.get("trust") and what != drift.RESTORE:
        return NOT_TRUST
    if what == reversals.REVERSE and case.facts.get("reversal", "[]") == "[]":
        return NOTHING
    if what == drift.ACCEPT and not reason.strip():
        return NO_REASON
    return None


def _correct(case: Case, who: _Who) -> str | None:
    places = drift.alike(case.facts)
    ids = [remote_id for _, remote_id in places]
    rows = BookRow.objects.filter(firm_id=case.firm_id, books=case.books, remote_id__in=ids)
    stand = {(row.kind, row.remote_id): row for row in rows}
    if any(drift.shape_of(stand.get(place)) != shown for place, shown in places.items()):
        return STALE
    context = load(firm_id=case.firm_id, books_id=case.books_id or 0)
    if isinstance(context, Problem):
        return context.words
    links = [link for place in places for link in pressed.about(context, place)]
    subjects = [subject for link in links for subject in taking.subjects_of(link)]
    asked = case.facts.get("approve")
    says = "propose the entry that corrects it, to be approved" if asked else SAYS[drift.CORRECT]
    says = "take it as it stands, and post nothing" if case.facts.get("stays") else says
    with given.press(case, says=says, subjects=subjects, links=links, **who):
        refusal = pressed.take(context, places, by=who["by"], now=who["now"])
        if refusal is None:
            _settle(case, drift.CORRECT, "", who["now"])
    return refusal


def _kept(case: Case, what: str, place: drift.Place, shown: str, today: date) -> dict[str, str]:
    """Return an answer as it is kept, by subject, with what is answered with it."""
    reverse, kept = what == reversals.REVERSE, f"{today}:{case.facts.get('is_day', '')}"
    subject = reversing.subject_of(*place) if reverse else drift.subject_of(*place)
    answers = {subject: f"{what}:{kept if reverse else shown}"}
    if what in CHANGING or what == drift.ACCEPT:  # what is of its case is answered with it
        for named in case.facts.get("following", "").split():
            where, _, print_ = named.partition("=")
            way = drift.ACCEPT if what == drift.ACCEPT else drift.RESTORE
            answers[drift.subject_of(*where.split(":", 1))] = f"{way}:{print_}"
    return answers


def _keep(case: Case, answers: Mapping[str, str], by: User, now: datetime) -> None:
    choices = [
        BookChoice(firm_id=case.firm_id, books=case.books, subject=subject, answer=answer, by=by, at=now)
        for subject, answer in answers.items()
    ]
    BookChoice.objects.bulk_create(
        choices,
        update_conflicts=True,
        unique_fields=["firm", "books", "subject"],
        update_fields=["answer", "by", "at"],
    )


def _record(case: Case, what: str, reason: str, by: User | str, now: datetime) -> None:
    audit.record(
        firm_id=case.firm_id,
        actor=by,
        verb=VERBS[what],
        kind="case",
        id=case.pk,
        text=case.title[:300],
        before={"lines": case.facts.get("was", "")},
        after={"place": case.facts["place"], "lines": case.facts.get("is", ""), "reason": reason},
        now=now,
    )


def _settle(case: Case, what: str, reason: str, now: datetime) -> None:
    """End the alarms of what is accepted; plan anew the records of what is to be posted."""
    holds = Hold.objects.filter(firm_id=case.firm_id, case=case, closed_at__isnull=True)
    if what == drift.ACCEPT:
        holds.update(closed_at=now, closed_words=f"accepted: {reason}"[:200])
        causes.close_done(firm_id=case.firm_id, now=now)
        return
    ids = list(holds.values_list("document_id", flat=True))
    if what == drift.CORRECT:
        holds.update(closed_at=now, closed_words=CORRECTED)
        causes.close_done(firm_id=case.firm_id, now=now)
    anew.plan(Document.objects.filter(firm_id=case.firm_id, pk__in=ids))
