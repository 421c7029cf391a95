"""A month end of the crowd: the last month that is over, with its invoices drawn and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.tenancy import firm_scope
from syncapp.pipeline.months.actions import begun
from syncapp.pipeline.months.models import SampledInvoice, SampleReading
from syncapp.pipeline.months.sample import USUAL
from syncapp.records.models import Document

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import Books, User

LINES = 40  # of each drawn invoice
SIDE = {
    "text": "Drafting", "amount": 140_000, "quantity": "4", "rate": "350", "matter": 11,
}  # fmt: skip


def begin(*, books: Books, month: date, by: User, now: datetime) -> None:
    """Begin the month end of a set of books, draw as many invoices as is usual, compare each."""
    firm_id = books.firm_id
    with firm_scope(write=firm_id):
        one = begun(firm_id=firm_id, books_id=books.pk, month=month, now=now)
        one.seed = "0" * 32
        one.save(update_fields=["seed"])
        bills = Document.objects.filter(firm_id=firm_id, kind="bill", outcome="posted").order_by("-source_id")
        drawn = SampledInvoice.objects.bulk_create(
            SampledInvoice(firm_id=firm_id, month_end=one, document=bill, place=place)
            for place, bill in enumerate(bills[:USUAL], start=1)
        )
        SampleReading.objects.bulk_create(
            SampleReading(
                firm_id=firm_id, sampled=row, equal=True, by=by, at=now,
                rows=[{"clio": [SIDE], "books": [SIDE], "words": ""}] * LINES,
            )
            for row in drawn
        )  # fmt: skip
