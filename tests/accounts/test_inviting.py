"""Letters that invite: one that cannot be sent invites nobody, and no firm writes to strangers all day."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import actions, queries
from accounts.models import Invitation
from tests import cast
from tests.cast import House

pytestmark = pytest.mark.django_db
FORM = {"email": "new@elsewhere.test", "role": "bookkeeper"}


@pytest.fixture
def alpha(client: Client) -> House:
    house = cast.firm("Alpha")
    cast.sign_in(client, house.administrator)
    return house


def test_a_letter_that_cannot_be_sent_invites_nobody(
    client: Client, alpha: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> int:
        raise OSError("no mail server")

    monkeypatch.setattr("accounts.notify.send", refuse)
    page = client.post(reverse("accounts:invite"), FORM)

    assert page.status_code == 422
    assert "could not be sent, so nobody is invited. Try again." in page.text
    assert queries.open_invitations(firm_id=alpha.firm.pk, now=cast.NOW) == []
    monkeypatch.undo()
    assert "is on its way" in client.post(reverse("accounts:invite"), FORM, follow=True).text


def test_a_firm_sends_so_many_invitations_an_hour(
    client: Client, alpha: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "INVITATIONS_AN_HOUR", 1)
    client.post(reverse("accounts:invite"), FORM)

    page = client.post(reverse("accounts:invite"), FORM | {"email": "second@elsewhere.test"})

    assert page.status_code == 422
    assert "at most 1 invitations an hour" in page.text
    assert Invitation.objects.count() == len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("accounts:audit", {"until": "9999-12-31"}),
        ("accounts:audit", {"since": "0001-01-01", "person": "²"}),
        ("desk:yearly", {"year": "²"}),
        ("desk:exceptions", {"books": "²"}),
        ("desk:trust_account_add", {"books": "²"}),
    ],
)
def test_an_address_that_nobody_was_given_is_answered(client: Client, alpha: House, page, asked) -> None:
    assert client.get(reverse(page), asked).status_code < 500
