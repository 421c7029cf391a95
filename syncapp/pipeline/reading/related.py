"""What is planned anew because something beside it changed: what shares a bill, and client money alike.

What a row of client money is depends on others: two rows are one transfer, and one takes a deposit back
(`trust.rules`). When one of them comes, changes or goes, what it may be told with is looked at again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import Q

from syncapp.core.documents import Kind
from syncapp.records import anew
from syncapp.records.models import Concern, Document
from trust.rules.returns import OLDEST_DAYS

type Moved = tuple[date, int]  # on which day how much, in minor units without sign


def wake(firm_id: int, rows: Iterable[Document]) -> None:
    """Plan anew what shares a bill with something that changed: its room for payments may differ now."""
    kinds = {"bill", "interest", "payment", "credit"}
    changed = [row for row in rows if row.kind in kinds]
    subjects = {f"bills/{row.source_id}" for row in changed if row.kind == Kind.BILL.value}
    mine = Concern.objects.filter(firm_id=firm_id, document__in=[row for row in changed if row.id])
    subjects |= set(mine.filter(subject__startswith="bills/").values_list("subject", flat=True))
    sharing = set(
        Concern.objects.filter(firm_id=firm_id, subject__in=subjects).values_list("document_id", flat=True)
    )
    others = Document.objects.filter(firm_id=firm_id, pk__in=sharing)
    anew.plan(others.filter(kind__in=["payment", "credit", "interest"]))


def moved(firm_id: int, rows: Iterable[Document]) -> set[Moved]:
    """Return which client money some documents move as they are stored. In a scope."""
    ids = [row.pk for row in rows if row.pk]
    stored = Document.objects.filter(_of_trust() | Q(of_trust=True), firm_id=firm_id, pk__in=ids)
    found = stored.values_list("day", "amount") if ids else []
    return {(day, abs(amount)) for day, amount in found if day is not None and amount}


def wake_alike(firm_id: int, changed: Collection[Moved]) -> None:
    """Plan anew the rows of client money of such amounts from such days on, as long as a return may come.

    In a writing scope.
    """
    if not changed:
        return
    days = {day for day, _ in changed}
    alike = Document.objects.filter(
        _of_trust(),
        firm_id=firm_id,
        day__range=(min(days), max(days) + timedelta(days=OLDEST_DAYS)),
        amount__in=[sign * amount for _, amount in changed for sign in (1, -1)],
    )
    anew.plan(alike)


def _of_trust() -> Q:
    """Return the rows of client money, those that are gone too."""
    return Q(kind=Kind.MONEY.value, data__trust=True)
