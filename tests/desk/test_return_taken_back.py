"""That the bank returned a payment, said on its record, is taken back before a run has begun with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from syncapp.records.models import BookChoice, Document
from tests import cast
from tests.desk import asked
from tests.desk.books import NOW
from tests.desk.test_returned import BACK, nothing_kept, only

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import Books
    from tests.cast import House

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def test_what_is_said_is_taken_back_until_a_run_has_begun_with_it(
    client: Client, alpha: House, main: Books
) -> None:
    asked.expenses(alpha, main)
    paid = asked.payment(alpha, main)
    address, record = reverse("desk:returned", args=[paid.pk]), reverse("desk:record", args=[paid.pk])
    cast.sign_in(client, alpha.bookkeeper)
    client.post(address, BACK)

    assert "Take it back" in client.get(record).text
    assert "Nothing of it posts" in client.post(address, {"back": "1"}, follow=True).text

    assert nothing_kept(alpha)
    said = audit.sentence(only(AuditEvent, alpha, verb="case.answer_taken_back"))
    assert "took back the answer of" in said
    assert "the bank took it back" in said

    client.post(address, BACK)
    with firm_scope(write=alpha.firm.pk):
        Document.objects.filter(pk=paid.pk).update(settled=True)  # a run had its turn
    assert "Take it back" not in client.get(record).text
    refused = client.post(address, {"back": "1"}, follow=True).text
    assert "The run has begun to carry it out" in refused
    assert only(BookChoice, alpha).answer == "returned:2026-09-20:1200:60"
