"""Inviting an auditor: which accounts, which days, until when; nothing is left open by forgetting it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import actions, letters
from accounts.models import AuditEvent, Membership
from accounts.roles import Role
from accounts.tenancy import firm_scope
from accounts.windows import BACKWARDS, NO_ACCOUNT, NO_DAYS, Seen
from tests import cast
from tests.accounts.holding import SEEN, held
from tests.trust import world

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import House

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"accounts": []}, NO_ACCOUNT),
        ({"sees_from": ""}, NO_DAYS),
        ({"sees_to": "2026-08-01"}, BACKWARDS),
        ({"sees": ""}, "Choose what the auditor sees."),
        ({"ends_on": ""}, "An auditor needs a last day."),
        ({"accounts": ["Nobody's"]}, "Select a valid choice"),
    ],
)
def test_an_invitation_says_what_is_missing(
    client: Client, alpha: House, change: dict[str, Any], words: str
) -> None:
    world.pair(alpha)
    cast.sign_in(client, alpha.administrator)

    response = client.post(reverse("accounts:invite"), INVITED | change)

    assert response.status_code == 422
    assert words in response.text.replace("&#x27;", "'")


INVITED: dict[str, Any] = {
    "email": "bar@state.test",
    "role": "auditor",
    "ends_on": "2099-12-31",
    "sees": "accounts",
    "accounts": ["IOLTA"],
    "sees_from": "2026-09-01",
    "sees_to": "2026-10-31",
}


def test_an_invited_auditor_is_held_from_the_first_page(client: Client, alpha: House) -> None:
    world.pair(alpha)
    cast.sign_in(client, alpha.administrator)
    assert client.post(reverse("accounts:invite"), INVITED).status_code == 302
    letter = str(mail.outbox[0].body)
    assert "You see IOLTA, 1 Sep 2026 to 31 Oct 2026." in letter
    link = re.search(r"https?://[^/\s]+(/\S+)", letter)
    assert link
    client.logout()

    client.post(link[1], {"name": "Ada Bar", "password": cast.PASSWORD})

    assert "You may look at 1 trust account" in client.get("/", follow=True).text
    member = Membership.objects.get(user__email="bar@state.test")
    assert member.sees == SEEN
    refused = actions.change_role(
        member=member, role=Role.PARTNER, ends_on=None, sees=SEEN, by=alpha.administrator, now=cast.NOW
    )
    assert refused == "Only an auditor is held to trust accounts and days."
    wider = Seen(accounts=("IOLTA",), first=date(2026, 1, 1), last=date(2026, 10, 31))
    actions.change_role(
        member=member, role=Role.AUDITOR, ends_on=cast.FAR, sees=wider, by=alpha.administrator, now=cast.NOW
    )
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        told = AuditEvent.objects.filter(verb="person.window_changed").get()
        assert (told.after or {})["sees"] == "IOLTA, 1 Jan 2026 to 31 Oct 2026"


def test_the_database_refuses_half_a_window(alpha: House) -> None:
    for column in ("accounts", "sees_from", "sees_to"):
        whole = {"accounts": ["IOLTA"], "sees_from": date(2026, 1, 1), "sees_to": date(2026, 2, 1)}
        whole[column] = [] if column == "accounts" else None
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.filter(user=alpha.auditor).update(**whole)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(user=alpha.partner).update(
            accounts=["IOLTA"], sees_from=date(2026, 1, 1), sees_to=date(2026, 2, 1)
        )


@pytest.mark.parametrize("wanted", [letters.Letters.AT_ONCE, letters.Letters.DAILY])
def test_who_is_held_gets_no_letter_that_names_what_waits(alpha: House, wanted: letters.Letters) -> None:
    """A choice from before stands, and is not followed while the person is held."""
    letters.choose(member=alpha.member(Role.AUDITOR), letters=wanted, now=cast.NOW)
    later = cast.NOW + timedelta(days=2)

    def written_to() -> set[int]:
        with firm_scope(write=None, reads=[alpha.firm.pk]):
            due = {row.user_id for row in letters.readers_due(firm=alpha.firm, now=later)}
            return due | {user.pk for user in letters.readers_at_once(firm=alpha.firm, now=later)}

    assert alpha.auditor.pk in written_to()
    held(alpha)
    assert alpha.auditor.pk not in written_to()
