"""Scopes whose commits are real: they end by the transaction's own end."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from accounts.tenancy import firm_scope
from syncapp.records.models import BookCursor
from tests import cast


def set_now() -> list[str]:
    """Whom the database lets write and read."""
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('tieout.write', true), current_setting('tieout.reads', true)")
        return [part or "" for part in cursor.fetchone()]


def test_a_scope_ends_with_its_commit_which_fires_what_was_deferred(real_db: dict[str, str]) -> None:
    firm = cast.firm("Alpha").firm

    with firm_scope(write=firm.pk):
        assert set_now() == [str(firm.pk)] * 2
    assert set_now() == ["", ""]

    with pytest.raises(IntegrityError), firm_scope(write=firm.pk):
        BookCursor.objects.create(firm_id=firm.pk, books_id=404)  # books that there are none of
    assert set_now() == ["", ""]
