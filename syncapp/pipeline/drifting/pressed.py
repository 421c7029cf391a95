"""A person has a hand in the closed books corrected: taken as it stands, for the next run to correct."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from syncapp.core.ledger import CreditMemoDraft, JournalDraft, PaymentDraft
from syncapp.core.planning.corrections import is_correction
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import as_it_stands, correcting, gone, taking
from syncapp.pipeline.drifting.as_it_stands import BEYOND
from syncapp.pipeline.drifting.correcting import Offer
from syncapp.pipeline.drifting.drift import Place
from syncapp.pipeline.settling import amended, moved
from syncapp.records.models import Link

if TYPE_CHECKING:
    from accounts.models import User


def about(context: Context, place: Place) -> list[Link]:
    """Return an entry with what paid or applied it: all that `take` may change."""
    link = correcting.link_at(context, place)
    if link is None:
        return []
    base = correcting.base_link(context, link)
    return [link, *([base] if base is not None else []), *gone.resting(context, link.subject)]


def take(context: Context, places: Iterable[Place], *, by: User, now: datetime) -> str | None:
    """Take entries as they stand, for their corrections to be proposed; a sentence when one has none.

    In a writing scope.
    """
    links = [correcting.link_at(context, place) for place in places]
    taken: list[tuple[Link, gone.Rows, Offer]] = []
    for link in links:
        rows = gone.around(context, link) if link is not None else {}
        found = correcting.offer(context, link, rows, now=now) if link is not None else BEYOND
        if link is None or isinstance(found, str):
            return str(found)
        taken.append((link, rows, found))
    for one in taken:
        _take(context, *one, by=by, now=now)
    return None


def _take(context: Context, link: Link, rows: gone.Rows, found: Offer, *, by: User, now: datetime) -> None:
    posted = draft_of(link.object_kind, link.content or {})
    was = getattr(posted, "day", found.day)
    if found.stands is None:
        gone.put_back(context, link, rows, day=found.day, by=by, now=now)
    base = _of_money(context, link, found)
    taking.take(link, found.stands, now=now)
    sold = isinstance(found.stands, CreditMemoDraft) or correcting.corrects_sale(context, link)
    if found.stands is not None and sold:
        _follows(context, link, rows, now=now)
    if base is not None:  # the next correction of what it corrects
        was, next_ = (
            (taking.days(context, base.subject) or (was, was))[0],
            moved.position(context, base.subject),
        )
        taking.keep_day(base, was=was, day=found.day, by=by, now=now, corrects=next_)
        return
    moves = isinstance(found.stands, PaymentDraft | JournalDraft)
    shown = moved.position(context, link.subject) if moves else None
    taking.keep_day(link, was=was, day=found.day, by=by, now=now, corrects=shown)


def _of_money(context: Context, link: Link, found: Offer) -> Link | None:
    """Return the payment or journal entry whose next correction says it; None where it is said by itself.

    A zero payment that is gone is made once more itself.
    """
    if not is_correction(link.subject) or correcting.corrects_sale(context, link):
        return None
    applied = found.stands is None and link.subject.endswith(amended.APPLY)
    return None if applied else correcting.base_link(context, link)


def _follows(context: Context, link: Link, rows: gone.Rows, *, now: datetime) -> None:
    """Take what applied a changed credit as it stands too: what applies its correction applies the rest."""
    apply = context.links.get(link.subject + amended.APPLY)
    row = rows.get((apply.object_kind, apply.remote_id)) if apply is not None else None
    if apply is None:
        return
    posted = draft_of(apply.object_kind, apply.content or {})
    if gone.is_gone(posted, row):
        taking.take(apply, None, now=now)
        return
    stands = as_it_stands.read(context, posted, row) if row is not None else BEYOND
    if isinstance(stands, PaymentDraft) and not stands.amount and stands != posted:
        taking.take(apply, stands, now=now)
