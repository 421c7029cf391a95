"""What a person answered to a case and no run has carried out yet, with what stood before: to be taken back.

An answer is a word kept for the next run. Until that run has planned something by it, nothing of it has left
this house, and whoever may answer may take it back (`taking_back`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from syncapp.records.models import BookChoice, BookCursor, Case, ContactWrite, Document, Hold, Link, Posting
from syncapp.records.models.postings import OPEN_STATES, PostingState

if TYPE_CHECKING:
    from accounts.models import User

MARK = "answer_taken_back"  # in the facts of the books: when an answer was last taken back

type Said = dict[str, list[Any]]  # by subject: the answer, whose it is, and when it was given


@contextmanager
def press(
    case: Case,
    *,
    says: str,
    by: User,
    now: datetime,
    subjects: Iterable[str] = (),
    links: Iterable[Link] = (),
    through: str = "",
) -> Iterator[None]:
    """Keep on a case what the answer written inside changes. In a writing scope.

    `says` completes "The next run will …", `subjects` and `links` are all that may change by it, `through`
    names the person's rule that gives it.
    """
    keys, ids = list(dict.fromkeys(subjects)), [link.pk for link in links]
    said, stood, open_ = _said(case, keys), _stood(case.firm_id, ids), _open(case)
    yield
    after, stands = _said(case, keys), _stood(case.firm_id, ids)
    made: dict[str, Any] = {
        "at": now.isoformat(),
        "by": by.pk,
        "who": through or str(by),
        "says": [says],
        "choices": {
            key: {"is": one, "was": said.get(key)} for key, one in after.items() if said.get(key) != one
        },
        "links": {str(key): was for key, was in stood.items() if was != stands[key]},
        **_left(case.firm_id, open_),
    }
    if not (made["choices"] or made["links"] or made["holds"]):
        return  # it was refused
    if waits(case):
        made = _both(case.given, made)
    case.given = made
    Case.objects.filter(firm_id=case.firm_id, pk=case.pk).update(given=made)


def _open(case: Case) -> dict[int, int]:
    """Return the records of a case by its open holds."""
    rows = Hold.objects.filter(firm_id=case.firm_id, case=case, closed_at__isnull=True)
    return dict(rows.values_list("pk", "document_id"))


def _left(firm_id: int, open_: dict[int, int]) -> dict[str, list[int]]:
    """Return which holds an answer closed, and which of their records wait for the next run."""
    held = Hold.objects.filter(firm_id=firm_id, pk__in=open_, closed_at__isnull=False)
    waiting = Document.objects.filter(firm_id=firm_id, pk__in=open_.values(), settled=False)
    return {
        "holds": sorted(held.values_list("pk", flat=True)),
        "documents": sorted(waiting.values_list("pk", flat=True)),
        "records": sorted(set(open_.values())),
    }


def _said(case: Case, subjects: Iterable[str]) -> Said:
    rows = BookChoice.objects.filter(firm_id=case.firm_id, books=case.books, subject__in=list(subjects))
    return {row.subject: [row.answer, row.by_id, row.at.isoformat()] for row in rows}


def _stood(firm_id: int, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = Link.objects.filter(firm_id=firm_id, pk__in=list(ids))
    return {row.pk: {"content": row.content, "print": row.print, "live": row.live} for row in rows}


def _both(before: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Put a second answer to the same case beside the first: what stood before both is kept."""
    choices = dict(before["choices"])
    for key, one in made["choices"].items():
        choices[key] = {"is": one["is"], "was": choices[key]["was"] if key in choices else one["was"]}
    return made | {
        "says": list(dict.fromkeys([*before["says"], *made["says"]])),
        "choices": choices,
        "links": made["links"] | before["links"],
        **{key: sorted({*before[key], *made[key]}) for key in ("holds", "documents", "records")},
    }


def waits(case: Case) -> bool:
    """Tell whether a case has an answer that no run has begun to carry out. In a scope."""
    return bool(case.given) and not begun(case)


def begun(case: Case) -> bool:
    """Tell whether a run has begun to carry out the answer of a case, or has done with it. In a scope.

    What was planned and refused by QuickBooks, or stopped before it left, has changed nothing there.
    """
    given, firm_id = case.given, case.firm_id
    at, keys = datetime.fromisoformat(given["at"]), [*given["choices"]]
    mine = Q(document__in=given["records"]) | Q(subject__in=keys)
    done = Q(state__in=OPEN_STATES) | Q(state=PostingState.POSTED.value, posted_at__gte=at)
    postings = Posting.objects.filter(mine, firm_id=firm_id, books=case.books)
    linked = Link.objects.filter(mine, firm_id=firm_id, books=case.books, at__gte=at)
    settled = Document.objects.filter(firm_id=firm_id, pk__in=given["documents"], settled=True)
    told = ContactWrite.objects.filter(firm_id=firm_id, document__in=given["records"], asked_at__gte=at)
    if postings.filter(done).exists() or linked.exists() or settled.exists() or told.exists():
        return True
    now = _said(case, keys)
    return not any(now.get(key) == one["is"] for key, one in given["choices"].items())


def mark(*, firm_id: int, books_id: int) -> str:
    """Return when an answer about a set of books was last taken back. In a scope."""
    return _mark(BookCursor.objects.filter(firm_id=firm_id, books_id=books_id).first())


def overtaken(*, firm_id: int, books_id: int, seen: str) -> bool:
    """Tell whether an answer was taken back since `seen`; none is until this transaction ends.

    In a writing scope.
    """
    rows = BookCursor.objects.select_for_update().filter(firm_id=firm_id, books_id=books_id)
    return _mark(rows.first()) != seen


def stop(*, firm_id: int, books_id: int, now: datetime) -> None:
    """Let no run plan by the answers that it has read before now. In a writing scope."""
    cursor = BookCursor.objects.select_for_update().filter(firm_id=firm_id, books_id=books_id).first()
    if cursor is not None:
        cursor.facts = cursor.facts | {MARK: now.isoformat()}
        cursor.save(update_fields=["facts"])


def _mark(cursor: BookCursor | None) -> str:
    return str(cursor.facts.get(MARK, "")) if cursor is not None else ""
