"""From Clio to the bank and back: a posted month is matched, traced, and what is matched is never changed."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from accounts.tenancy import firm_scope
from syncapp.records.models import PostedEntry
from tests import cast
from tests.trust import october
from trust.queries import matches as queries

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_line_of_the_bank_leads_to_clio_and_its_entry_is_never_changed(client: Client) -> None:
    """Scenario auditor 3, and DESIGN section 9, rule e."""
    with october.october() as told:
        with firm_scope(write=None, reads=[told.stage.firm.pk]):
            assert len(queries.groups(told.pair)) == 3
            deposits, checks = queries.outstanding(told.pair, october.LAST)
        assert [(one.payee, one.amount) for one in deposits] == [("Bo Payer", 700_00)]
        assert [(one.payee, one.check) for one in checks] == [("Clerk of Court", "1043")]

        bookkeeper = cast.sign_in(client, told.bookkeeper)
        html = bookkeeper.get(reverse("trust:matching", kwargs={"pair_id": told.pair.pk})).text
        found = re.search(r'href="(/records/\d+/)"[^>]*>Harbor Title', html)
        assert found
        assert "Check number" in html
        assert "1,500.00" in bookkeeper.get(found[1]).text

        with firm_scope(write=None, reads=[told.stage.firm.pk]):
            (matched,) = [one.subject for one in queries.entries(told.pair) if one.payee == "Harbor Title"]
            assert queries.is_matched(firm_id=told.stage.firm.pk, subjects=[matched]) == {matched}
        row = int(matched.partition("/")[2])
        told.stage.desk("edit_trust_row", row=row, amount=Decimal("1600.00"))
        told.stage.sync()

        with firm_scope(write=None, reads=[told.stage.firm.pk]):
            posted = PostedEntry.objects.filter(subject__startswith=matched).order_by("pk")
            assert [one.subject == matched for one in posted] == [True, False]
            _deposits, later = queries.outstanding(told.pair, date(2099, 1, 1))
        assert -100_00 in [one.amount for one in later]
