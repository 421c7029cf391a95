"""What waits for nobody here: what people have paused, and vendors in trouble, on the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.http.errors import Refused, Transient
from syncapp.pipeline.clock import pausing, troubles
from syncapp.pipeline.models import Trouble
from syncapp.records.models import Document
from tests import cast

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import Books
    from tests.cast import House

pytestmark = pytest.mark.django_db


def test_the_page_pauses_and_resumes_and_the_overview_says_so(
    client: Client, alpha: House, main: Books
) -> None:
    cast.sign_in(client, alpha.administrator)
    page, overview = reverse("desk:pausing"), reverse("desk:overview")

    client.post(reverse("desk:pause"), {"what": "credits", "words": "Audit week", "next": "pausing"})

    shown = client.get(page).text
    assert "1 thing is paused." in shown
    assert "Audit week" in shown
    assert "Paused: credits and write-offs, 0 records." in client.get(overview).text
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        (row,) = pausing.active(alpha.firm.pk)
    client.post(reverse("desk:resume"), {"pause": str(row.pk)})
    assert "Nothing is paused." in client.get(page).text
    assert "Paused:" not in client.get(overview).text


def test_one_client_is_paused_only_when_it_is_named(client: Client, alpha: House, main: Books) -> None:
    cast.sign_in(client, alpha.administrator)

    client.post(reverse("desk:pause"), {"what": "client", "words": "A dispute", "next": "pausing"})

    assert "Choose the client" in client.get(reverse("desk:pausing")).text
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert not pausing.active(alpha.firm.pk)


def test_a_silent_vendor_is_one_sentence_with_what_waits(client: Client, alpha: House, main: Books) -> None:
    now = timezone.now()
    with firm_scope(write=alpha.firm.pk):
        ids = list(Document.objects.filter(firm=alpha.firm, kind="bill").values_list("pk", flat=True)[:3])
        Document.objects.filter(firm=alpha.firm).update(settled=True)
        Document.objects.filter(pk__in=ids, firm=alpha.firm).update(settled=False, outcome="waiting")
    error = Transient("QuickBooks gave no answer.")
    troubles.note(firm_id=alpha.firm.pk, provider="qbo", books_id=main.pk, error=error, now=now)
    cast.sign_in(client, alpha.administrator)

    shown = client.get(reverse("desk:overview")).text

    assert "QuickBooks is not answering since" in shown
    assert "3 records wait; they go on by themselves." in shown
    troubles.clear(firm_id=alpha.firm.pk, provider="qbo", books_id=main.pk, now=now)
    assert "not answering" not in client.get(reverse("desk:overview")).text


def test_the_trouble_keeps_its_beginning_while_it_is_tried_again(alpha: House, main: Books) -> None:
    now = timezone.now()
    given: dict[str, Any] = {"firm_id": alpha.firm.pk, "provider": "qbo", "books_id": main.pk}
    waits = []
    for tries in range(8):
        at = now + timedelta(minutes=tries)
        troubles.note(**given, error=Refused("QuickBooks says that it ended."), now=at)
        with firm_scope(write=None, reads=[alpha.firm.pk]):
            row = Trouble.objects.get(firm=alpha.firm)
        waits.append(row.next_at - at)

    assert row.since == now
    assert row.tries == 8
    assert waits[1] > waits[0]
    assert max(waits) <= troubles.MOST * 1.1
