"""What the frame of every page says of a firm: how much waits, how fresh it is, when it last tied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery

from accounts.models import Firm
from accounts.tenancy import NoScope, current_scope
from syncapp.desk.queries.freshness import POLLED
from syncapp.records.models import Case, Cursor, TieOut
from syncapp.records.models.queue import QUIET

if TYPE_CHECKING:
    from django.http import HttpRequest


def standing(request: HttpRequest) -> dict[str, Any]:
    """Give templates `nav.exceptions` and `standing`, in one query; nothing outside a firm's scope."""
    firm = getattr(request, "firm", None)
    if firm is None:
        return {}
    try:
        scope = current_scope()
    except NoScope:
        return {}
    if firm.pk not in scope.reads:
        return {}
    found = _facts(firm.pk)
    return {
        "nav": {"exceptions": found["cases"]},
        "standing": {"as_of_at": found["read_at"], "last_tied_at": found["tied_at"]},
    }


def _facts(firm_id: int) -> dict[str, Any]:
    lists = Cursor.objects.filter(firm_id=OuterRef("pk"), name__in=POLLED)
    ties = TieOut.objects.filter(firm_id=OuterRef("pk"), equal=True)
    found = (
        Firm.objects.filter(pk=firm_id)
        .annotate(
            read_at=Subquery(lists.order_by("at").values("at")[:1]),
            tied_at=Subquery(ties.order_by("-at").values("at")[:1]),
        )
        .values("read_at", "tied_at")
        .first()
    )
    cases = Case.objects.filter(firm_id=firm_id, closed_at__isnull=True, rested_until__isnull=True)
    number = cases.exclude(severity__in=QUIET).count()
    return {"cases": number, **(found or {"read_at": None, "tied_at": None})}
