"""Connecting: what goes wrong is a sentence, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from accounts.models import Books, Grant
from accounts.tenancy import firm_scope
from syncapp.records.models import BookCursor
from tests import cast
from tests.desk.year import year

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def alpha(client: Client) -> House:
    house = cast.firm("Alpha")
    cast.sign_in(client, house.administrator)
    return house


def begun(client: Client) -> str:
    """Set out to connect Clio and return the state that was sent along."""
    answer = client.post(reverse("desk:connect", args=["clio"]), {"region": "ca"})
    return parse_qs(urlsplit(answer["Location"]).query)["state"][0]


def back(client: Client, **query: str) -> str:
    """Come back from Clio and read the page."""
    return client.get(reverse("desk:callback", args=["clio"]), query, follow=True).text


def test_an_answer_that_nobody_asked_for_is_refused(client: Client, alpha: House) -> None:
    assert "does not belong to a connection you started here" in back(client, state="made-up", code="c")


def test_a_state_works_once(client: Client, alpha: House) -> None:
    state = begun(client)
    back(client, state=state, error="access_denied")

    assert "does not belong to a connection you started here" in back(client, state=state, code="c")


def test_a_denied_consent_changes_nothing(client: Client, alpha: House) -> None:
    assert "it was not allowed there" in back(client, state=begun(client), error="access_denied")
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert not Grant.objects.filter(firm=alpha.firm).exists()


def test_an_answer_without_a_code_is_a_sentence(client: Client, alpha: House) -> None:
    assert "sent you back without an answer" in back(client, state=begun(client))


def test_another_person_cannot_finish_a_connection(client: Client, alpha: House) -> None:
    state = begun(client)
    cast.sign_in(client, cast.firm("Beta").administrator)

    assert "does not belong to a connection you started here" in back(client, state=state, code="c")


def test_a_set_of_books_is_added_before_it_is_connected(client: Client, alpha: House) -> None:
    page = client.post(reverse("desk:add_books"), {"name": "Main"}, follow=True).text

    assert "Connect its QuickBooks company next." in page
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert Books.objects.get(firm=alpha.firm).name == "Main"


def test_posting_begins_only_with_the_right_name(client: Client, alpha: House) -> None:
    books = year(alpha)
    with firm_scope(write=alpha.firm.pk):
        BookCursor.objects.filter(firm=alpha.firm).update(facts={})

    wrong = client.post(
        reverse("desk:start", args=[books.pk]), {"typed_name": "Beta Books"}, follow=True
    ).text
    assert "Alpha Books" in wrong
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert not BookCursor.objects.get(firm=alpha.firm).facts.get("started")

    client.post(reverse("desk:start", args=[books.pk]), {"typed_name": "alpha books "})
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert BookCursor.objects.get(firm=alpha.firm).facts.get("started")


def test_findings_name_their_effect_and_the_place_to_mend_them(client: Client, alpha: House) -> None:
    year(alpha)

    page = client.get(reverse("desk:connections")).text

    for part in (
        "Custom transaction numbers are off",
        "Nothing posts until it is on.",
        "Account and settings → Sales",
    ):
        assert part in page
