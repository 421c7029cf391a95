"""A deposit that a person took back here and that somebody had deleted in QuickBooks before is no more."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from accounts.tenancy import firm_scope
from syncapp.pipeline.deposits.wish import KIND
from syncapp.pipeline.ties import book
from syncapp.records.models import BankDeposit, BookRow, Link


def run(*, firm_id: int, books_id: int, now: datetime) -> None:
    """End what stands for such deposits by a visible entry: QuickBooks has nothing left to delete."""
    with firm_scope(write=firm_id):
        rows = BankDeposit.objects.filter(firm_id=firm_id, books_id=books_id, ended_at__isnull=False)
        deleted = BookRow.objects.filter(
            firm_id=firm_id,
            books_id=books_id,
            kind=OuterRef("object_kind"),
            remote_id=OuterRef("remote_id"),
            deleted=True,
        )
        links = Link.objects.filter(Exists(deleted), firm_id=firm_id, books_id=books_id, live=True)
        ended = list(links.filter(document__kind=KIND, document__source_id__in=rows.values("pk")))
        if ended:
            book.taken_out(firm_id=firm_id, books_id=books_id, ended=ended, now=now)
            Link.objects.filter(firm_id=firm_id, pk__in=[link.pk for link in ended]).update(live=False)
