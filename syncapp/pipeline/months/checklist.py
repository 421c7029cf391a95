"""What must be true before a month is submitted: read, queue, tie-out, drift, client money, the sample.

Each point says how it stands in a sentence. What blocks keeps the month from being submitted; what is carried
needs a reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum

from accounts.models import Firm
from syncapp.core.money import spoken
from syncapp.pipeline.models import Trouble
from syncapp.pipeline.months.figures import MonthFigures
from syncapp.pipeline.months.models import MonthEnd
from syncapp.pipeline.months.queries import Sampled
from syncapp.records.models import Hold, TieOut
from syncapp.records.models.queue import QUIET
from trust.queries import pairs as trust_pairs
from trust.queries import signing as trust_signing
from trust.signing.states import State as TrustState

FRESH = timedelta(days=1)  # a comparison older than this proves nothing of today
TIED = {
    "invoices": "Invoices",
    "payments": "Payments",
    "credits": "Credits",
    "receivables": "Receivables",
    "trust": "Client money",
}


class How(StrEnum):
    """How a point stands."""

    DONE = "done"
    CARRIED = "carried"  # open, and a reason lets it pass
    BLOCKS = "blocks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of the list; `page` with `names` and `query` is where it is put right."""

    label: str
    how: How
    words: str
    page: str = ""
    names: dict[str, Any] = field(default_factory=dict)
    query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Of which month, of which books, and by when."""

    firm: Firm
    books_id: int
    figures: MonthFigures
    tie: TieOut | None
    now: datetime

    @property
    def today(self) -> date:
        """Return the firm's own day."""
        return self.now.astimezone(ZoneInfo(self.firm.time_zone)).date()


def points(asked: Asked, one: MonthEnd | None, drawn: list[Sampled]) -> list[Point]:
    """Return the whole list. In a reading scope."""
    found = [_read(asked), *_queue(asked), *_tied(asked), _drift(asked), *_trust(asked)]
    return [*found, _sample(one, drawn)]


def blocking(found: list[Point]) -> list[str]:
    """Return the sentences of what keeps a month from being submitted."""
    return [point.words for point in found if point.how is How.BLOCKS]


def carried(found: list[Point]) -> int:
    """Return how many points are open and may pass with a reason."""
    return sum(point.how is How.CARRIED for point in found)


def _read(asked: Asked) -> Point:
    """Both sides were read after the month was over."""
    label, page = "Both sides are read", "desk:tieout"
    if asked.today <= asked.figures.last:
        return Point(label=label, how=How.BLOCKS, words="The month is not over yet.")
    if (trouble := _unread(asked)) is not None:
        since = trouble.since.astimezone(ZoneInfo(asked.firm.time_zone))
        words = f"{trouble.words.rstrip('.')}. That side was not read since {since:%-d %b %Y}."
        return Point(label=label, how=How.BLOCKS, words=words, page="desk:connections")
    if asked.tie is None or asked.now - asked.tie.at > FRESH:
        words = "The two sides were not compared within a day. Compare them now."
        return Point(label=label, how=How.BLOCKS, words=words, page=page)
    words = f"Clio has {len(asked.figures.clio):,} records of this month, all of them compared."
    return Point(label=label, how=How.DONE, words=words, page=page)


def _unread(asked: Asked) -> Trouble | None:
    """Return the trouble of the side that was read the longest ago, when that is too long."""
    mine = Q(books_id=asked.books_id) | Q(books__isnull=True)
    rows = Trouble.objects.filter(mine, firm_id=asked.firm.pk, since__lt=asked.now - FRESH)
    return rows.order_by("since").first()


def _queue(asked: Asked) -> list[Point]:
    """Nothing of the month waits; client money blocks, the rest may be carried (F89)."""
    last = asked.figures.last
    rows = Hold.objects.filter(
        Q(case__books_id=asked.books_id) | Q(case__books__isnull=True),
        firm_id=asked.firm.pk,
        closed_at__isnull=True,
    ).filter(Q(document__day__lte=last) | Q(document__day__isnull=True))
    sums = rows.aggregate(
        trust=Count("pk", filter=Q(case__severity="trust")),
        other=Count("pk", filter=~Q(case__severity="trust")),
        quiet=Count("pk", filter=Q(case__severity__in=QUIET)),
        money=Sum("amount", filter=~Q(case__severity="trust")),
    )
    found = []
    if sums["trust"]:
        found.append(
            Point(
                label="Client money in the queue",
                how=How.BLOCKS,
                words=f"{_count(sums['trust'], 'exception')} of client money must be cleared first.",
                page="desk:exceptions",
                query="severity=trust",
            )
        )
    if sums["other"]:
        money = spoken(sums["money"] or 0, asked.firm.currency)
        waits = f", {sums['quiet']} of them because somebody wants it so" if sums["quiet"] else ""
        words = f"{_count(sums['other'], 'record')} of {money} stay open over the month's end{waits}."
        found.append(Point(label="Exceptions", how=How.CARRIED, words=words, page="desk:exceptions"))
    return found or [Point(label="Exceptions", how=How.DONE, words="Nothing of this month waits.")]


def _tied(asked: Asked) -> list[Point]:
    """Each kind ties; what waits in the queue is no difference that nobody can explain."""
    kinds = asked.tie.kinds if asked.tie else {}
    found = []
    for kind, label in TIED.items():
        row = kinds.get(kind) or {}
        if not (row.get("clio") or {}).get("count") and not (row.get("books") or {}).get("count"):
            continue
        off = int(row.get("unexplained") or 0)
        words = "Ties to the cent." if not row.get("difference") else "Differs by what waits in the queue."
        if off:
            gap = spoken(abs(off), asked.firm.currency)
            words = f"{label} differ by {gap} beyond what waits in the queue."
        how = How.BLOCKS if off else How.DONE
        found.append(Point(label=label, how=how, words=words, page="desk:tieout", query=f"kind={kind}"))
    return found


def _drift(asked: Asked) -> Point:
    """What was posted stands in the books as it was posted."""
    rows = asked.tie.differences.filter(kind="entries", queued=False).count() if asked.tie else 0
    label, page, query = "Changed in the books", "desk:tieout", "kind=entries"
    if rows:
        words = f"{_count(rows, 'entry', 'entries')} in the books other than posted. Settle each first."
        return Point(label=label, how=How.BLOCKS, words=words, page=page, query=query)
    words = "Every entry stands as it was posted."
    return Point(label=label, how=How.DONE, words=words, page=page, query=query)


def _trust(asked: Asked) -> list[Point]:
    """Every trust account of these books is signed for the month."""
    states = trust_signing.states_of(asked.firm.pk)
    found = []
    for pair in trust_pairs.pairs(asked.firm.pk, books_id=asked.books_id):
        if pair.start > asked.figures.last:
            continue
        signed = states.get((pair.pk, asked.figures.first)) is TrustState.SIGNED
        month = f"{asked.figures.first:%Y-%m}"
        words = "Reconciled three ways and signed." if signed else f"{pair} is not signed for this month."
        how = How.DONE if signed else How.BLOCKS
        names = {"pair_id": pair.pk, "month": month}
        found.append(Point(label=str(pair), how=how, words=words, page="trust:month", names=names))
    return found


def _sample(one: MonthEnd | None, drawn: list[Sampled]) -> Point:
    """The drawn invoices were compared line by line and each was signed off."""
    label = "Invoices line by line"
    if one is None or not one.seed:
        return Point(label=label, how=How.BLOCKS, words="Draw the month's invoices and compare them first.")
    unread = sum(each.reading is None for each in drawn)
    if unread:
        words = f"{_count(unread, 'drawn invoice')} not compared yet."
        return Point(label=label, how=How.BLOCKS, words=words)
    left = sum(not each.looked_at for each in drawn)
    if left:
        words = f"{_count(left, 'drawn invoice')} not signed off yet."
        return Point(label=label, how=How.BLOCKS, words=words)
    differing = sum(each.reading is not None and not each.reading.equal for each in drawn)
    words = f"{_count(len(drawn), 'invoice')} compared line by line and signed off"
    words += f"; {differing} of them with a reason." if differing else "; every line agrees."
    return Point(label=label, how=How.DONE, words=words)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
