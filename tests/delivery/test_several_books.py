"""Ids belong to one set of books: what is sent to one never names an object of another."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts import actions
from accounts.tenancy import firm_scope
from syncapp.pipeline import post
from syncapp.records.models import BookRow, Link
from tests.delivery.scene import scene

pytestmark = pytest.mark.django_db


def test_an_operation_is_written_with_ids_and_tokens_of_its_own_books() -> None:
    with scene() as at:
        at.bills(1)
        at.sync()
        firm_id, books_id = at.on.firm.pk, at.on.books.pk
        (made,) = at.postings(object_kind="invoice")
        with firm_scope(write=firm_id):
            second = actions.add_books(
                firm_id=firm_id, name="second", ledger="qbo", by=None, now=timezone.now()
            )
            own = {
                link.subject: link.remote_id
                for link in Link.objects.filter(firm_id=firm_id, books_id=books_id, live=True)
            }
            token = BookRow.objects.get(
                firm_id=firm_id, books_id=books_id, kind="invoice", remote_id=made.remote_id
            ).token
            for link in Link.objects.filter(firm_id=firm_id, books_id=books_id, live=True):
                link.pk, link.books, link.remote_id = None, second, f"9{link.remote_id}"
                link.save(force_insert=True)
            for row in BookRow.objects.filter(firm_id=firm_id, books_id=books_id):
                row.pk, row.books, row.token = None, second, "77"
                row.save(force_insert=True)

        with firm_scope(write=None, reads=[firm_id]):
            ((_, operation),) = post.operations(firm_id, books_id, [made.pk])

        assert operation.token == token
        assert operation.ids
        assert operation.ids == {subject: own[subject] for subject in operation.ids}
