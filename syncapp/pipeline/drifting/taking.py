"""An entry of ours that a hand changed, and that stays so: taken as it stands, for a later one to correct.

What was posted and what stands come to what stands in our own book too, so that the two of them with the
correcting entry are what was posted.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from syncapp.core import codec
from syncapp.core.ledger import Draft
from syncapp.core.planning.wanted import Wanted
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import drift
from syncapp.pipeline.settling.barriers import print_of
from syncapp.pipeline.ties import book
from syncapp.records.models import BookChoice, Link

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User

SUBJECT = "correcting/"


def subjects_of(link: Link) -> tuple[str, str]:
    """Return under which subjects the words about a link stand that `take` and `keep_day` write."""
    return drift.subject_of(link.object_kind, link.remote_id), f"{SUBJECT}{link.subject}"


def take(link: Link, stands: Draft | None, *, now: datetime) -> None:
    """Keep what is in the books as what stands for a subject; None when it is gone. In a writing scope."""
    firm, books = link.firm_id, link.books_id
    mine = Link.objects.filter(firm_id=link.firm_id, pk=link.pk)
    said = BookChoice.objects.filter(firm_id=link.firm_id, books_id=link.books_id)
    said.filter(subject=drift.subject_of(link.object_kind, link.remote_id)).update(answer=drift.CORRECT)
    if stands is None:
        book.taken_out(firm_id=firm, books_id=books, ended=[link], now=now)
        mine.update(live=False)
        return
    book.stands_as(firm_id=firm, books_id=books, link=link, stands=stands, now=now)
    mine.update(content=codec.to_json(stands), print=print_of(stands))


def keep_day(
    link: Link, *, was: date, day: date, by: User, now: datetime, corrects: int | None = None
) -> None:
    """Remember the day of the correcting entry as it was shown. In a writing scope.

    `corrects` is which correction of the entry was shown, counted from 1: no later one posts by this word.
    """
    subject = f"{SUBJECT}{link.subject}"
    kept = BookChoice.objects.filter(firm_id=link.firm_id, books_id=link.books_id, subject=subject)
    before = (kept.values_list("answer", flat=True).first() or "").split(":")
    if str(was) in before[1:2]:
        was = date.fromisoformat(before[0])  # it was dated anew already
    last = "" if corrects is None else f":{corrects}"
    BookChoice.objects.update_or_create(
        firm_id=link.firm_id,
        books_id=link.books_id,
        subject=subject,
        defaults={"answer": f"{was}:{day}{last}", "by": by, "at": now},
    )


def days(context: Context, subject: str) -> tuple[date, date] | None:
    """Return the day that an entry had, and the one that its correction was shown with; None for others."""
    was, _, rest = context.choices.get(f"{SUBJECT}{subject}", "").partition(":")
    return (date.fromisoformat(was), date.fromisoformat(rest.partition(":")[0])) if rest else None


def corrects(context: Context, subject: str) -> int:
    """Return the last correction of an entry that a person was shown, counted from 1."""
    kept = context.choices.get(f"{SUBJECT}{subject}", "").split(":")
    return int(kept[2]) if len(kept) > len(("was", "day")) else 1


def dated_anew(context: Context, one: Wanted, again: Callable[[Draft, date], Draft | None]) -> Wanted:
    """Return a wish dated in the open period where what was posted for it is gone from a closed one.

    `again` dates its draft, or says None for what is not ours to date.
    """
    kept, link = days(context, one.subject), context.links.get(one.subject)
    if kept is None or getattr(one.draft, "day", None) != kept[0]:
        return one
    stands = draft_of(link.object_kind, link.content) if link is not None and link.content else None
    if stands is not None and getattr(stands, "day", None) != kept[1]:
        return one  # it stands, and a later entry corrects it
    draft = again(one.draft, kept[1])
    return one if draft is None else replace(one, draft=draft)
