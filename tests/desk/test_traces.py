"""Traces, search, tie-out and runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from syncapp.records.models import Case, Document, Run
from tests import cast
from tests.desk.books import MOST_QUERIES, one, plan

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import Books
    from tests.cast import House

pytestmark = pytest.mark.django_db


def test_a_record_shows_its_whole_way(
    client: Client, alpha: House, main: Books, django_assert_max_num_queries: Any
) -> None:
    cast.sign_in(client, alpha.partner)
    paid = one(alpha, Document, source_id=10_483)

    with django_assert_max_num_queries(MOST_QUERIES):
        page = client.get(reverse("desk:record", args=[paid.pk])).text

    assert "Bill 10483 is QuickBooks invoice 10483." in page
    for part in ("Legal services → Legal Fees", "Rule 1. When line is time", "version 7", "1-5f-tid"):
        assert part in page
    for part in ("1,650.00", "Payment 4411", "00311 Lease dispute", "Cedar Freight, Inc."):
        assert part in page


@pytest.mark.parametrize("asked", ["invoice:130", "Invoice:130", "10483"])
def test_an_object_of_the_books_leads_back_to_clio(
    client: Client, alpha: House, main: Books, asked: str
) -> None:
    cast.sign_in(client, alpha.auditor)
    paid = one(alpha, Document, source_id=10_483)

    answer = client.get(reverse("desk:trace"), {"books": asked})

    assert answer["Location"] == reverse("desk:record", args=[paid.pk])


@pytest.mark.parametrize("text", ["10483", "cedar", "1,900.00", "$1900"])
def test_a_search_finds_by_number_name_and_amount(
    client: Client, alpha: House, main: Books, text: str
) -> None:
    cast.sign_in(client, alpha.partner)

    assert "Bill 10483" in client.get(reverse("desk:search"), {"q": text}).text


@pytest.mark.parametrize("text", ["nobody", "9" * 40, "\x00", "%", "(1.005)"])
def test_a_search_for_anything_answers(client: Client, alpha: House, main: Books, text: str) -> None:
    cast.sign_in(client, alpha.partner)

    assert client.get(reverse("desk:search"), {"q": text}).status_code == 200


def test_differences_can_be_narrowed_to_the_unexplained(client: Client, alpha: House, main: Books) -> None:
    cast.sign_in(client, alpha.partner)

    page = client.get(reverse("desk:tieout"), {"queued": "no"})

    assert "The invoice was changed in QuickBooks." in page.text
    assert "Item “Filing fees” is inactive" not in page.text
    assert page.context["sums"]["difference"] == 160_000


def test_a_run_shows_control_totals(client: Client, alpha: House, main: Books) -> None:
    cast.sign_in(client, alpha.partner)

    page = client.get(reverse("desk:run", args=[one(alpha, Run).pk]))

    assert page.context["row"].ties
    assert "2,426 records seen, 12 posted, 10 held." in page.text


def test_syncing_is_paused_with_a_reason_and_resumed(client: Client, alpha: House, main: Books) -> None:
    cast.sign_in(client, alpha.bookkeeper)

    client.post(reverse("desk:pause"), {"words": ""})
    assert not plan(alpha).paused

    client.post(reverse("desk:pause"), {"words": "Year-end closing"})
    assert "Year-end closing" in client.get(reverse("desk:runs")).text

    client.post(reverse("desk:resume"))
    assert not plan(alpha).paused


STRANGE = [("case", "case_id", Case), ("record", "document_id", Document), ("run", "run_id", Run)]


@pytest.mark.parametrize(("name", "key", "model"), STRANGE)
def test_what_belongs_to_another_firm_is_not_there(
    client: Client, alpha: House, main: Books, name: str, key: str, model: Any
) -> None:
    stranger = cast.firm("Beta").bookkeeper
    cast.sign_in(client, stranger)

    answer = client.get(reverse(f"desk:{name}", kwargs={key: one(alpha, model).pk}))

    assert answer.status_code == 404
