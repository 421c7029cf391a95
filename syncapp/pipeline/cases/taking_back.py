"""An answer is taken back before the run that carries it out: all stands as it did before it was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts import audit
from accounts.tenancy import firm_scope
from syncapp.pipeline.cases import causes, choices, given
from syncapp.pipeline.context import draft_of
from syncapp.pipeline.ties import book
from syncapp.records import anew
from syncapp.records.models import BookChoice, Case, Document, Hold, Link, Posting
from syncapp.records.models.postings import OPEN_STATES, PostingState

if TYPE_CHECKING:
    from accounts.models import User

BEGUN = (
    "The run has begun to carry it out, so that it cannot be taken back any more. Once it has posted, its "
    "record offers to take it back by a visible entry."
)
NOTHING = "There is no answer to take back any more."
RETURN = "post that the bank took it back"
AGAIN = "Opened again: the answer was taken back."


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How many answers were taken back, and of how many the run has begun."""

    cases: int
    begun: int = 0


def alike(case: Case) -> int:
    """Return how many cases took the answer of this one with the same press. In a scope."""
    return _press(case).count() if case.given else 0


def _press(case: Case) -> Any:
    rows = Case.objects.filter(firm_id=case.firm_id, books=case.books, code=case.code)
    return rows.filter(given__at=case.given["at"], given__by=case.given["by"])


def take_back(*, firm_id: int, case_id: int, every: bool = False, by: User, now: datetime) -> Taken | str:
    """Take back the answer of a case, or of all that took it with one press; a sentence when none could be.

    Opens its own scope.
    """
    with firm_scope(write=firm_id):
        case = Case.objects.filter(firm_id=firm_id, pk=case_id).first()
        if case is None or not case.given or case.books_id is None:
            return NOTHING
        given.stop(firm_id=firm_id, books_id=case.books_id, now=now)
        cases = list(_press(case).select_for_update().order_by("pk")) if every else [case]
        mine = [one for one in cases if not given.begun(one)]
        if not mine:
            return BEGUN
        for one in mine:
            _undo(one, now)
        audit.append(
            [
                audit.event(
                    firm_id=firm_id, actor=by, verb="case.answer_taken_back", kind="case", id=one.pk,
                    text=one.title[:300], before={"says": one.given["says"], "who": one.given["who"]},
                    now=now,
                )
                for one in mine
            ]
        )  # fmt: skip
        Case.objects.filter(firm_id=firm_id, pk__in=[one.pk for one in mine]).update(given={})
    return Taken(cases=len(mine), begun=len(cases) - len(mine))


def word_waits(document: Document, word: BookChoice) -> bool:
    """Tell whether no run has begun with what was said of a payment on its record. In a scope.

    What was answered to a case is taken back there.
    """
    if document.settled:
        return False
    firm_id, mine = document.firm_id, Q(firm_id=document.firm_id, document=document)
    done = Q(state__in=OPEN_STATES) | Q(state=PostingState.POSTED.value, posted_at__gt=word.at)
    posted = Posting.objects.filter(mine & done).exists()
    begun = posted or Link.objects.filter(mine, at__gt=word.at).exists()
    at_case = Case.objects.filter(firm_id=firm_id, given__choices__has_key=word.subject)
    return not begun and not at_case.exists()


def take_word_back(*, firm_id: int, document_id: int, by: User, now: datetime) -> str | None:
    """Take back what was said of a payment on its record; a sentence when it cannot be.

    Opens its own scope.
    """
    with firm_scope(write=firm_id):
        document = Document.objects.filter(firm_id=firm_id, pk=document_id).first()
        word = choices.said_of(firm_id=firm_id, document=document) if document is not None else None
        if document is None or word is None:
            return NOTHING
        given.stop(firm_id=firm_id, books_id=word.books_id, now=now)
        if not word_waits(document, word):
            return BEGUN
        audit.record(
            firm_id=firm_id, actor=by, verb="case.answer_taken_back", kind="record", id=document.pk,
            text=choices.payment_words(document), before={"says": [RETURN], "who": str(word.by)}, now=now,
        )  # fmt: skip
        word.delete()
        anew.plan(Document.objects.filter(firm_id=firm_id, pk=document.pk))
    return None


def _undo(case: Case, now: datetime) -> None:
    for subject, one in case.given["choices"].items():
        _unsay(case, subject, one["is"], one["was"])
    for key, was in case.given["links"].items():
        _as_before(case.firm_id, int(key), was, now)
    _reopen(case, now)
    anew.plan(Document.objects.filter(firm_id=case.firm_id, pk__in=case.given["documents"]))


def _unsay(case: Case, subject: str, said: list[Any], was: list[Any] | None) -> None:
    """Put a word back as it was; what was said otherwise since stays."""
    rows = BookChoice.objects.filter(firm_id=case.firm_id, books=case.books, subject=subject)
    mine = rows.filter(answer=said[0], at=said[2])
    if was is None:
        mine.delete()
    else:
        mine.update(answer=was[0], by_id=was[1], at=was[2])


def _as_before(firm_id: int, key: int, was: dict[str, Any], now: datetime) -> None:
    """Let an entry that was taken as a hand left it stand in our own book as it was posted."""
    link = Link.objects.get(firm_id=firm_id, pk=key)
    posted = draft_of(link.object_kind, was["content"])
    book.stands_as(
        firm_id=firm_id, books_id=link.books_id, link=link, stands=posted, now=now, gone=not link.live
    )
    Link.objects.filter(firm_id=firm_id, pk=key).update(**was)


def _reopen(case: Case, now: datetime) -> None:
    """Open again what the answer closed, unless it is open already."""
    firm_id = case.firm_id
    closed = Hold.objects.filter(firm_id=firm_id, pk__in=case.given["holds"], closed_at__isnull=False)
    for hold in closed:
        again = Hold.objects.filter(firm_id=firm_id, document_id=hold.document_id, closed_at__isnull=True)
        if not again.filter(alarm=hold.alarm, **({"code": hold.code} if hold.alarm else {})).exists():
            Hold.objects.filter(firm_id=firm_id, pk=hold.pk).update(closed_at=None, closed_words="")
    opened = Case.objects.filter(firm_id=firm_id, pk=case.pk, closed_at__isnull=False)
    if Hold.objects.filter(firm_id=firm_id, case=case, closed_at__isnull=True).exists() and opened.exists():
        opened.update(closed_at=None)
        causes.note([case], "reopened", AGAIN, now=now)
