"""What the pages of the month end show: the months of each set of books, and one month whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from accounts import queries as accounts
from syncapp.desk.queries import ties
from syncapp.pipeline.months import checklist, figures, queries
from syncapp.pipeline.months.checklist import Asked, How, Point
from syncapp.pipeline.months.figures import MonthFigures
from syncapp.pipeline.months.states import Standing, State

if TYPE_CHECKING:
    from accounts.models import Books, Firm
    from syncapp.pipeline.months.models import MonthEnd, MonthStep
    from syncapp.pipeline.months.queries import Sampled

PILLS = {
    State.OPEN: ("Not submitted", "waiting"),
    State.SUBMITTED: ("Waits for its lock", "waiting"),
    State.LOCKED: ("Locked", "proven"),
    State.CHANGED: ("Changed after its lock", "wrong"),
}
HOWS = {How.DONE: ("Done", "proven"), How.CARRIED: ("Open", "waiting"), How.BLOCKS: ("To do", "wrong")}
STEPS = {
    "submitted": "Submitted",
    "returned": "Sent back",
    "locked": "Locked",
    "moved": "Changed after somebody stood for it",
    "reopened": "Opened again",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One month of one set of books in the list."""

    month: date
    books: Books
    label: str
    tone: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One month whole."""

    books: Books
    asked: Asked
    one: MonthEnd | None
    done: list[MonthStep]
    stands: Standing
    points: list[Point]
    drawn: list[Sampled]

    @property
    def figures(self) -> MonthFigures:
        """Return both sides as they stand now."""
        return self.asked.figures

    @property
    def blocking(self) -> list[str]:
        """Return what keeps the month from being submitted."""
        return checklist.blocking(self.points)

    @property
    def carried(self) -> int:
        """Return how many points are open and need a reason."""
        return checklist.carried(self.points)

    @property
    def sentence(self) -> str:
        """Answer the page's question."""
        month = f"{self.figures.first:%B %Y}"
        left = sum(point.how is How.BLOCKS for point in self.points)
        match self.stands.state:
            case State.LOCKED:
                return f"{month} is locked."
            case State.SUBMITTED:
                return f"{month} waits for its lock."
            case State.CHANGED:
                return f"{month} changed after it was locked."
        if left:
            return f"{left} {'thing is' if left == 1 else 'things are'} left to do for {month}."
        return f"{month} is ready to be submitted."

    @property
    def listed(self) -> list[dict[str, Any]]:
        """Return the checklist as the page shows it, each point with the page where it is put right."""
        return [
            {
                "label": point.label,
                "words": point.words,
                "state": HOWS[point.how][0],
                "tone": HOWS[point.how][1],
                "href": _address(point),
            }
            for point in self.points
        ]

    @property
    def sums(self) -> list[tuple[str, int, int]]:
        """Return name, number of records and total of each side, kind by kind, in minor units."""
        found: dict[str, tuple[int, int]] = {}
        for key, amount in self.figures.clio.items():
            name = CLIO[key.partition("/")[0]]
            count, total = found.get(name, (0, 0))
            found[name] = (count + 1, total + amount)
        listed = [(name, *found[name]) for name in CLIO.values() if name in found]
        books = self.figures.books
        return [*listed, ("Change of receivables in the books", len(books), sum(books.values()))]

    @property
    def history(self) -> list[dict[str, Any]]:
        """Return what was done, the latest first."""
        return [
            {
                "title": STEPS[row.act],
                "who": row.name,
                "at": row.at,
                "text": " ".join(part for part in (row.text, row.separation) if part),
                "tone": "wrong" if row.act == "moved" else "",
            }
            for row in reversed(self.done)
        ]


CLIO = {"bill": "Billed in Clio", "interest": "Interest charged", "payment": "Received", "credit": "Credited"}


def _address(point: Point) -> str:
    if not point.page:
        return ""
    return reverse(point.page, kwargs=point.names) + (f"?{point.query}" if point.query else "")


def rows(firm: Firm, now: datetime) -> list[Row]:
    """List the months that are over, the latest first, each with every set of books."""
    books = accounts.books_of(firm_id=firm.pk)
    today = now.astimezone(ZoneInfo(firm.time_zone)).date()
    known = queries.known(firm_id=firm.pk, books=books)
    found = []
    for month in queries.months(firm_id=firm.pk, today=today):
        for each in books:
            one = known.get((each.pk, month))
            label, tone = PILLS[State(one.state) if one else State.OPEN]
            found.append(
                Row(month=month, books=each, label=label, tone=tone, at=one.changed_at if one else None)
            )
    return found


def asked_of(firm: Firm, books: Books, month: date, now: datetime) -> Asked:
    """Return what the checklist needs to know of a month. In a reading scope."""
    return Asked(
        firm=firm,
        books_id=books.pk,
        figures=figures.of(firm_id=firm.pk, books_id=books.pk, month=month),
        tie=ties.tie_or_none(firm_id=firm.pk, books=books),
        now=now,
    )


def page(firm: Firm, books: Books, month: date, now: datetime) -> Page:
    """Return one month whole. In a reading scope."""
    asked = asked_of(firm, books, month, now)
    one = queries.one_of(firm_id=firm.pk, books_id=books.pk, month=month)
    drawn, done = queries.sampled(one), queries.steps(one)
    return Page(
        books=books,
        asked=asked,
        one=one,
        done=done,
        stands=queries.standing(done),
        points=checklist.points(asked, one, drawn),
        drawn=drawn,
    )
