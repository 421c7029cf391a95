"""No page of ours leads nowhere: an expired session, an old page, the address of a form."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.cast import House

pytestmark = pytest.mark.django_db
HTML = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha")


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/settings/people/?page=2", "/settings/people/?page=2"),
        ("https://elsewhere.test/settings/people/", "/"),
        ("http://testserver//elsewhere.test/", "/"),
        ("", "/"),
    ],
)
def test_who_signs_in_again_comes_back_to_the_page_that_had_the_form(client: Client, referer, back) -> None:
    answer = client.post(reverse("accounts:invite"), headers={"Referer": referer} if referer else {})

    assert answer.status_code == 302
    asked = parse_qs(urlsplit(answer["Location"]).query)["next"][0]
    assert asked == back
    of_a_swap = client.get(reverse("trust:awaiting"), headers={"HX-Request": "true", "Referer": referer})
    assert "trust" not in of_a_swap["HX-Redirect"].partition("next=")[2]


def test_an_old_page_says_what_to_do(alpha: House) -> None:
    browser = cast.sign_in(Client(enforce_csrf_checks=True), alpha.administrator)

    answer = browser.post(reverse("accounts:invite"), {"email": "x@y.test"})

    assert answer.status_code == 403
    assert "This page has grown old, so nothing was saved." in answer.text
    assert "CSRF" not in answer.text


def test_the_address_of_a_form_is_answered_with_a_page(client: Client, alpha: House) -> None:
    cast.sign_in(client, alpha.administrator)

    page = client.get(reverse("accounts:invite"), headers=HTML)

    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "This address takes a form" in page.text
    assert client.get(reverse("accounts:invite")).content == b"", "a program is told by the status"
