"""Around the list of exceptions: a person's views of it, and to which firm belongs what is ticked."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from syncapp.desk.queries.wish import fitting
from syncapp.records.models import CaseView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User

MOST = 50  # views of a person


def kept(*, firms: Sequence[int], user: User, everywhere: bool) -> list[CaseView]:
    """List the views that a person keeps, by name."""
    rows = CaseView.objects.filter(firm_id__in=firms, user=user, everywhere=everywhere)
    return list(rows.order_by("name", "pk")[:MOST])


def named(*, firms: Sequence[int], user: User, name: str, everywhere: bool) -> list[CaseView]:
    """Find a person's views of a name."""
    rows = CaseView.objects.filter(firm_id__in=firms, user=user, name=name, everywhere=everywhere)
    return list(rows.order_by("pk"))


def by_firm(*, firms: Sequence[int], case_ids: Sequence[int]) -> dict[int, list[int]]:
    """Sort open cases by their firms; what belongs to no firm of these does not exist."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = fitting(firms=firms).filter(pk__in=case_ids).order_by("firm_id", "pk")
    for firm_id, pk in rows.values_list("firm_id", "pk"):
        found[firm_id].append(pk)
    return dict(found)
