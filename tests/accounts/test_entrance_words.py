"""The pages of signing in speak as the rest of the product does: no words of the library under them."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from tests import cast

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User
    from tests.cast import House

pytestmark = pytest.mark.django_db
FOREIGN = re.compile(
    r"\b[Ee]mail\b|[Pp]asswordless|[Ss]uccessfully|Two-Factor|Bad Token|Sign In|Sign Out|Remember Me"
    r"|Password Reset|New Password|Current Password|\(again\)|Alternative options|verif|Security Key"
)
OUTSIDE = [
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
    "account_inactive",
]
INSIDE = [
    "account_email",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_index",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "usersessions_list",
]


@pytest.fixture
def alpha() -> House:
    cache.clear()
    return cast.firm("Alpha")


def words(page: str) -> str:
    """What a person reads of a page: its text and what its fields say of themselves."""
    said = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    inside = re.findall(r'\b(?:placeholder|aria-label|title)="([^"]*)"', said)
    return unescape(" ".join([re.sub(r"<[^>]+>", " ", said), *inside]))


def ours(client: Client, name: str, **where: object) -> str:
    answer = client.get(reverse(name, kwargs=where), follow=True)
    assert answer.status_code == 200
    said = words(answer.text)
    assert FOREIGN.findall(said) == []
    return said


def confirmed(client: Client, user: User) -> Client:
    """Signed in, and asked for the password again."""
    cast.sign_in(client, user)
    client.post(reverse("account_reauthenticate"), {"password": cast.PASSWORD})
    return client


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_page_before_signing_in(client: Client, name: str) -> None:
    cache.clear()
    ours(client, name)


@pytest.mark.parametrize("name", INSIDE)
def test_a_page_of_ones_own_settings(client: Client, alpha: House, name: str) -> None:
    RecoveryCodes.activate(alpha.administrator)
    ours(confirmed(client, alpha.administrator), name)


def test_setting_up_the_app_and_the_first_password(client: Client, alpha: House) -> None:
    ours(confirmed(client, alpha.partner), "mfa_activate_totp")
    alpha.bookkeeper.set_unusable_password()
    alpha.bookkeeper.save()
    cast.sign_in(client, alpha.bookkeeper)
    assert "Choose a password" in ours(client, "account_set_password")


def test_a_passkey_is_explained_in_our_words(client: Client, alpha: House) -> None:
    said = ours(confirmed(client, alpha.partner), "mfa_add_webauthn")

    assert "Sign in with it alone, no password" in said
    assert "Name of the key" in said


def test_a_key_is_removed_by_its_name(client: Client, alpha: House) -> None:
    key = Authenticator.objects.create(
        user=alpha.partner, type=Authenticator.Type.WEBAUTHN, data={"name": "Blue key"}
    )
    client = confirmed(client, alpha.partner)

    assert "Remove “Blue key”?" in ours(client, "mfa_remove_webauthn", pk=key.pk)
    assert "Give the key another name" in ours(client, "mfa_edit_webauthn", pk=key.pk)


def test_the_second_factor_is_asked_for_in_our_words(client: Client, alpha: House) -> None:
    page = client.post(
        reverse("account_login"),
        {"login": alpha.administrator.email, "password": cast.PASSWORD},
        follow=True,
    ).text

    assert FOREIGN.findall(words(page)) == []
    assert "Now your second factor" in page
    assert 'name="credential"' in page


def test_a_forgotten_password_is_chosen_anew(client: Client, alpha: House) -> None:
    client.post(reverse("account_reset_password"), {"email": alpha.partner.email})
    letter = mail.outbox[-1]
    assert FOREIGN.findall(f"{letter.subject} {letter.body}") == []
    found = re.search(r"https?://[^/\s]+(/\S+)", str(letter.body))
    assert found

    said = words(client.get(found.group(1), follow=True).text)

    assert FOREIGN.findall(said) == []
    assert "New password, again" in said


def test_a_letter_to_nobody_and_to_somebody_already_here(client: Client, alpha: House) -> None:
    client.post(reverse("account_reset_password"), {"email": "nobody@elsewhere.test"})
    firm = {"firm_name": "Ash", "time_zone": "America/Chicago", "name": "Ann"}
    client.post(reverse("account_signup"), firm | {"email": alpha.partner.email, "password1": cast.PASSWORD})

    letters = [f"{letter.subject} {letter.body}" for letter in mail.outbox]

    assert [FOREIGN.findall(letter) for letter in letters] == [[], []]
    assert "Nobody signs in with it." in letters[0]
    assert "It signs in already." in letters[1]


def test_a_link_that_was_used_says_so(client: Client, alpha: House) -> None:
    uid, key = user_pk_to_url_str(alpha.partner), default_token_generator.make_token(alpha.partner)
    assert "Choose a new password" in ours(client, "account_reset_password_from_key", uidb36=uid, key=key)
    assert "no longer works" in ours(client, "account_reset_password_from_key", uidb36=uid, key="unknown")


def test_signing_in_and_out_is_said_in_our_words(client: Client, alpha: House) -> None:
    signed = {"login": alpha.partner.email, "password": cast.PASSWORD}
    assert "You are signed in as Alpha partner." in words(
        client.post(reverse("account_login"), signed, follow=True).text
    )
    assert "You are signed out." in words(client.post(reverse("account_logout"), follow=True).text)
