"""Setting up and using a second factor through the pages."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.urls import reverse

from tests import cast

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def sign_in(client: Client, email: str) -> str:
    answer = client.post("/accounts/login/", {"login": email, "password": cast.PASSWORD})
    return str(answer["Location"])


def confirm(client: Client) -> None:
    """Type the password again, as allauth asks before the second factor may be changed."""
    client.post(reverse("account_reauthenticate"), {"password": cast.PASSWORD})


def test_an_administrator_sets_up_an_app_right_after_signing_in(client: Client) -> None:
    alpha = cast.firm("Alpha")
    Authenticator.objects.all().delete()
    assert sign_in(client, alpha.administrator.email) == "/"

    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(reverse("account_reauthenticate"))
    confirm(client)
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    secret = re.search(r'id="authenticator_secret"[^>]*value="(\w+)"', page.text)
    assert secret
    client.post(reverse("mfa_activate_totp"), {"code": code(secret[1])})

    assert client.get(reverse("accounts:people")).status_code == 200
    kinds = set(Authenticator.objects.values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}


def test_a_code_or_a_recovery_code_lets_an_administrator_in(client: Client) -> None:
    alpha = cast.firm("Alpha")

    assert sign_in(client, alpha.administrator.email) == reverse("mfa_authenticate")
    assert "Incorrect code" in client.post(reverse("mfa_authenticate"), {"code": "000000"}).text
    client.post(reverse("mfa_authenticate"), {"code": code(cast.TOTP_SECRET)})

    assert client.get(reverse("accounts:people")).status_code == 200


@pytest.mark.parametrize(
    "name", ["mfa_index", "mfa_add_webauthn", "mfa_list_webauthn", "mfa_activate_totp", "usersessions_list"]
)
def test_the_pages_of_the_second_factor_wear_our_frame(client: Client, name: str) -> None:
    alpha = cast.firm("Alpha")
    sign_in(client, alpha.bookkeeper.email)
    confirm(client)

    page = client.get(reverse(name))

    assert page.status_code == 200
    assert 'aria-label="Your own settings"' in page.text
    assert "css/tokens.css" in page.text
