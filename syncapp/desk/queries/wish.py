"""What the address of the exceptions asks to see, and the open cases that fit it. Inside a scope."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from syncapp.pipeline.cases import standing
from syncapp.records.models import Case, Document, Hold

if TYPE_CHECKING:
    from collections.abc import Sequence

AGES = {"today": ("Today", 0, 1), "week": ("1 to 7 days", 1, 8), "month": ("8 to 30 days", 8, 31),
        "older": ("Older", 31, 100_000)}  # fmt: skip
MONEY = {
    "small": ("Under 100", 0, 100_00),
    "some": ("100 to 1,000", 100_00, 1_000_00),
    "much": ("1,000 to 10,000", 1_000_00, 10_000_00),
    "most": ("10,000 and more", 10_000_00, None),
}
DUE = {
    "late": "Late",
    "week": "Due within 7 days",
    "told": "Told to the partner",
    "rests": "Waits until a day",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the address asks to see; empty asks for all. `now` and `today` are only what it counts from."""

    now: datetime
    today: date
    code: str = ""
    severity: str = ""
    resource: str = ""
    books: int | None = None
    text: str = ""
    client: str = ""
    owner: int | None = None
    age: str = ""
    money: str = ""
    due: str = ""

    @property
    def narrows(self) -> bool:
        """Tell whether anything is left out."""
        return any(getattr(self, field.name) for field in fields(self) if field.name not in {"now", "today"})


def fitting(*, firms: Sequence[int], wish: Wish | None = None) -> QuerySet[Case]:
    """Return the open cases of firms that fit a wish, in no order."""
    rows = Case.objects.filter(firm_id__in=firms, closed_at__isnull=True)
    if wish is None:
        return rows
    within = Hold.objects.filter(firm_id=OuterRef("firm_id"), case=OuterRef("pk"), closed_at__isnull=True)
    plain = {"code": wish.code, "severity": wish.severity, "owner_id": wish.owner}
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if wish.books:  # Clio's connection is that of each set
        rows = rows.filter(Q(books_id=wish.books) | Q(books=None, code=standing.CLIO))
    if wish.resource:
        rows = rows.filter(Exists(within.filter(resource=wish.resource)))
    if wish.text:
        spoken = Q(number__icontains=wish.text) | Q(words__icontains=wish.text)
        rows = rows.filter(Q(title__icontains=wish.text) | Exists(within.filter(spoken)))
    if wish.client:
        named = Document.objects.filter(
            firm_id=OuterRef("firm_id"), kind="client", source_id=OuterRef("document__client_id")
        )
        rows = rows.filter(Exists(within.filter(Exists(named.filter(number__icontains=wish.client)))))
    rows = _by_due(rows, wish)
    rows = _by_age(rows, within, wish)
    return _by_money(rows, firms, wish)


def _by_due(rows: QuerySet[Case], wish: Wish) -> QuerySet[Case]:
    asked = {
        "late": Q(due_on__lt=wish.today, rested_until__isnull=True),
        "week": Q(due_on__range=(wish.today, wish.today + timedelta(days=7)), rested_until__isnull=True),
        "told": Q(escalated_at__isnull=False),
        "rests": Q(rested_until__isnull=False),
    }
    return rows.filter(asked[wish.due]) if wish.due in asked else rows


def _by_age(rows: QuerySet[Case], within: QuerySet[Hold], wish: Wish) -> QuerySet[Case]:
    """Keep the cases of an age, counted from the oldest record that they hold."""
    if wish.age not in AGES:
        return rows
    _, first, end = AGES[wish.age]
    if first:
        rows = rows.filter(_older(within, wish.now - timedelta(days=first)))
    return rows.filter(~_older(within, wish.now - timedelta(days=end)))


def _older(within: QuerySet[Hold], day: datetime) -> Q:
    """Ask for what waits since before a day; a lost connection is as old as itself."""
    return Q(Exists(within.filter(opened_at__lte=day))) | Q(code__in=standing.CODES, opened_at__lte=day)


def _by_money(rows: QuerySet[Case], firms: Sequence[int], wish: Wish) -> QuerySet[Case]:
    """Keep the cases that hold so much money; one that only has alarms holds none."""
    if wish.money not in MONEY:
        return rows
    _, least, end = MONEY[wish.money]
    held = Hold.objects.filter(firm_id__in=firms, closed_at__isnull=True).order_by().values("case_id")
    sums = held.annotate(minor=Coalesce(Sum("amount", filter=Q(alarm=False)), 0))
    sums = sums.filter(minor__gte=least) if least else sums
    sums = sums.filter(minor__lt=end) if end is not None else sums
    return rows.filter(pk__in=sums.values("case_id"))
