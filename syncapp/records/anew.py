"""Records are planned anew: what was decided of them before something changed is no end of them."""

from __future__ import annotations

from django.db.models import Case, F, Q, QuerySet, Value, When

from syncapp.records.models import Document

WAITING = "waiting"  # the outcome of a document that is done as soon as what is on its way has arrived


def plan(rows: QuerySet[Document]) -> None:
    """Have some documents settled again by the next run. In a writing scope.

    One that waited for its operation no longer does: the operation was planned before, so that its arrival
    must not settle the document (`record` settles what still waits).
    """
    kept = Case(When(outcome=WAITING, then=Value("")), default=F("outcome"))
    rows.filter(Q(settled=True) | Q(outcome=WAITING)).update(settled=False, outcome=kept)
