"""A complete re-read of the books finds what no change capture tells."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import small
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline.ties import reread
from syncapp.records.models import BookCursor, BookRow, Case
from tests.stage import firm_file, stage


def test_what_change_capture_has_lost_is_found_by_the_next_re_read(db: Any) -> None:
    file = firm_file()
    file["schedule"]["reread"] = "weekly"
    with stage(small(7), file=file) as firm:
        firm.sync()
        ids = {"firm_id": firm.firm.pk, "books_id": firm.books.pk}
        assert not reread.due(**ids, now=timezone.now())
        payment = next(row for row in firm.company.store["Payment"].values() if row["TotalAmt"])
        backdoor.delete(firm.company, "Payment", payment["Id"])
        firm.company.tombstones.clear()  # older than change capture looks back
        firm.sync()
        with firm_scope(write=firm.firm.pk):
            row = BookRow.objects.get(firm=firm.firm, kind="payment", remote_id=payment["Id"])
            cursor = BookCursor.objects.get(firm=firm.firm)
            BookCursor.objects.update(full_at=timezone.now() - timedelta(days=8))
        assert not row.deleted
        assert reread.due(**ids, now=timezone.now())
        before = cursor.metered

        firm.sync(whole=False)

        with firm_scope(write=None, reads=[firm.firm.pk]):
            found = BookRow.objects.get(pk=row.pk, firm=firm.firm)
            case = Case.objects.get(firm=firm.firm, code="changed_in_books", closed_at__isnull=True)
            after = BookCursor.objects.get(firm=firm.firm).metered
            told = reread.cost(firm_id=firm.firm.pk)
        assert found.deleted
        assert "deleted in QuickBooks" in case.title
        assert told.reads <= after - before
        assert not reread.due(**ids, now=timezone.now())


def test_after_a_month_of_silence_the_books_are_read_whole_whatever_is_chosen(db: Any) -> None:
    with stage(small(7)) as firm:
        firm.sync()
        ids = {"firm_id": firm.firm.pk, "books_id": firm.books.pk}
        assert not reread.due(**ids, now=timezone.now() + timedelta(days=29))
        assert reread.due(**ids, now=timezone.now() + timedelta(days=30))
