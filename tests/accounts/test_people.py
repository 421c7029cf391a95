"""Signing up, inviting, joining, changing roles, leaving."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts import actions, audit, queries
from accounts.models import AuditEvent, Firm, Invitation, Membership, User
from accounts.roles import Role
from accounts.tenancy import firm_scope
from tests import cast

if TYPE_CHECKING:
    from tests.cast import House

pytestmark = pytest.mark.django_db
SIGN_UP = {
    "firm_name": "Ash & Birch LLP",
    "time_zone": "America/Chicago",
    "name": "Ann Ash",
    "email": "Ann@Ash-Birch.test",
    "password1": cast.PASSWORD,
}


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha")


def link_in(text: str) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", text)
    assert found
    return found.group(1)


def said(house: House) -> list[str]:
    with firm_scope(write=None, reads=[house.firm.pk]):
        return [audit.sentence(event) for event in AuditEvent.objects.order_by("-number")]


def test_a_firm_signs_up_confirms_and_is_asked_for_a_second_factor(client: Client) -> None:
    response = client.post("/accounts/signup/", SIGN_UP)

    assert response.status_code == 302
    firm = Firm.objects.get()
    member = Membership.objects.get()
    assert (firm.name, firm.slug, firm.time_zone) == ("Ash & Birch LLP", "ash-birch-llp", "America/Chicago")
    assert (member.user.email, member.user.name, member.role) == (
        "ann@ash-birch.test",
        "Ann Ash",
        "administrator",
    )
    assert client.get(reverse("accounts:people"))["Location"].startswith("/accounts/login/")

    confirm = link_in(str(mail.outbox[0].body))
    assert client.get(confirm).status_code == 200
    assert EmailAddress.objects.get().verified is False
    client.post(confirm)
    assert EmailAddress.objects.get().verified is True

    assert client.get(reverse("accounts:people"))["Location"] == reverse("mfa_index")
    assert "second factor" in client.get(reverse("mfa_index")).text


def test_an_address_that_is_taken_makes_no_second_firm(client: Client, alpha: House) -> None:
    client.post("/accounts/signup/", SIGN_UP | {"email": alpha.partner.email})

    assert Firm.objects.count() == 1
    assert mail.outbox[0].to == [alpha.partner.email]


def test_two_firms_of_one_name_have_two_slugs(alpha: House) -> None:
    other = actions.create_firm(user=None, name="Alpha", time_zone="UTC", now=cast.NOW)

    assert other.slug == "alpha-2"


def test_an_invited_newcomer_chooses_a_password_and_is_in(client: Client, alpha: House) -> None:
    cast.sign_in(client, alpha.administrator)
    body = {"email": "New@Books.test", "role": "auditor", "ends_on": "2099-01-31", "sees": "firm"}
    assert client.post(reverse("accounts:invite"), body).status_code == 302
    link = link_in(str(mail.outbox[0].body))
    client.logout()

    assert "Alpha administrator invites you to Alpha" in client.get(link).text
    weak = client.post(link, {"name": "Nora New", "password": "short"})
    assert "too short" in weak.text
    client.post(link, {"name": "Nora New", "password": cast.PASSWORD})

    nora = Membership.objects.get(user__email="new@books.test")
    assert (nora.role, nora.ends_on) == ("auditor", date(2099, 1, 31))
    assert client.get(reverse("accounts:people")).status_code == 200
    assert client.get(link).status_code == 404
    assert said(alpha)[:2] == ["Nora New opened /settings/people/", "Nora New joined as auditor"]


def test_an_invited_person_of_another_firm_joins_and_switches(client: Client, alpha: House) -> None:
    beta = cast.firm("Beta")
    cast.sign_in(client, alpha.administrator)
    client.post(reverse("accounts:invite"), {"email": beta.partner.email, "role": "partner"})
    link = link_in(str(mail.outbox[0].body))
    client.logout()

    cast.sign_in(client, beta.bookkeeper)
    assert "Sign out" in client.get(link).text
    client.post(link)
    assert Membership.objects.filter(user=beta.bookkeeper).count() == 1
    client.logout()

    cast.sign_in(client, beta.partner)
    client.post(link)
    assert "access to Alpha" in client.get(reverse("accounts:people")).text
    client.post(reverse("accounts:switch"), {"firm": "beta"})
    page = client.get(reverse("accounts:people")).text
    assert "access to Beta" in page
    assert "alpha.test" not in page
    assert client.post(reverse("accounts:switch"), {"firm": "gamma"}).status_code == 404


def test_an_invitation_is_withdrawn_replaced_and_grows_old(client: Client, alpha: House) -> None:
    tokens: list[str] = []

    def invite() -> Invitation:
        made = actions.invite(
            firm=alpha.firm,
            email="x@y.test",
            role=Role.PARTNER,
            ends_on=None,
            by=alpha.administrator,
            now=cast.NOW,
            mail=lambda _invitation, token: tokens.append(token),
        )
        assert isinstance(made, Invitation)
        return made

    invite()
    second = invite()
    assert queries.invitation_for(token=tokens[0], now=cast.NOW) is None
    assert queries.invitation_for(token=tokens[1], now=cast.NOW) == second
    assert queries.invitation_for(token=tokens[1], now=cast.NOW + timedelta(days=8)) is None
    actions.withdraw(invitation=second, by=alpha.administrator, now=cast.NOW)
    assert queries.invitation_for(token=tokens[1], now=cast.NOW) is None
    assert client.get(reverse("accounts:invitation", kwargs={"token": tokens[1]})).status_code == 404


def test_an_invitation_ends_with_the_administrator_who_sent_it(client: Client, alpha: House) -> None:
    tokens: list[str] = []
    actions.change_role(
        member=alpha.member(Role.PARTNER),
        role="administrator",
        ends_on=None,
        by=alpha.administrator,
        now=cast.NOW,
    )
    actions.invite(
        firm=alpha.firm,
        email="own@elsewhere.test",
        role=Role.ADMINISTRATOR,
        ends_on=None,
        by=alpha.partner,
        now=cast.NOW,
        mail=lambda _invitation, token: tokens.append(token),
    )
    assert queries.invitation_for(token=tokens[0], now=cast.NOW) is not None
    actions.remove(member=Membership.objects.get(user=alpha.partner), by=alpha.administrator, now=cast.NOW)

    assert queries.invitation_for(token=tokens[0], now=cast.NOW) is None
    link = reverse("accounts:invitation", kwargs={"token": tokens[0]})
    assert client.get(link).status_code == 404
    cast.sign_in(client, alpha.administrator)
    assert "Ended: Alpha partner invites nobody any more" in client.get(reverse("accounts:people")).text


def test_an_auditor_sees_the_firm_until_the_last_day_in_the_firms_own_time_zone(alpha: House) -> None:
    member = alpha.member(Role.AUDITOR)
    actions.change_role(
        member=member, role="auditor", ends_on=date(2026, 9, 14), by=alpha.administrator, now=cast.NOW
    )
    evening = cast.NOW.replace(hour=23) + timedelta(hours=4)  # 23:00 in New York, the 15th in UTC

    assert queries.membership(user=alpha.auditor, firm_id=alpha.firm.pk, now=evening) is not None
    assert (
        queries.membership(user=alpha.auditor, firm_id=alpha.firm.pk, now=evening + timedelta(hours=1))
        is None
    )


def test_an_auditor_after_the_last_day_is_told_so(client: Client, alpha: House) -> None:
    Membership.objects.filter(user=alpha.auditor).update(ends_on=date(2020, 1, 1))
    cast.sign_in(client, alpha.auditor)

    response = client.get(reverse("accounts:audit"), follow=True)

    assert "Your access has ended" in response.text


def test_an_auditor_without_a_last_day_is_refused_everywhere(client: Client, alpha: House) -> None:
    cast.sign_in(client, alpha.administrator)

    page = client.post(reverse("accounts:invite"), {"email": "a@b.test", "role": "auditor"})

    assert page.status_code == 422
    assert "An auditor needs a last day." in page.text
    assert Invitation.objects.count() == 0


def test_the_last_administrator_stays(client: Client, alpha: House) -> None:
    cast.sign_in(client, alpha.administrator)
    me = alpha.member(Role.ADMINISTRATOR)

    page = client.post(reverse("accounts:person", args=[me.pk]), {"role": "partner"})
    assert "last administrator" in page.text
    page = client.post(reverse("accounts:remove", args=[me.pk]), follow=True)
    assert "last administrator" in page.text

    book = alpha.member(Role.BOOKKEEPER)
    client.post(reverse("accounts:person", args=[book.pk]), {"role": "administrator"})
    assert actions.remove(member=me, by=alpha.bookkeeper, now=cast.NOW) is None
    assert said(alpha)[:2] == [
        "Alpha bookkeeper removed Alpha administrator, who was administrator",
        "Alpha administrator changed Alpha bookkeeper from bookkeeper to administrator",
    ]


def test_a_firm_file_names_people_once(alpha: House) -> None:
    def ensure(role: str) -> str:
        return actions.ensure_member(firm=alpha.firm, email="File@x.test", role=role, now=cast.NOW)

    assert [ensure("partner"), ensure("partner"), ensure("bookkeeper")] == ["created", "unchanged", "changed"]
    assert not User.objects.get(email="file@x.test").has_usable_password()


def test_a_person_changes_their_name(client: Client, alpha: House) -> None:
    cast.sign_in(client, alpha.partner)

    client.post(reverse("accounts:profile"), {"name": "Pat Partner", "time_zone": "America/Denver"})

    alpha.partner.refresh_from_db()
    assert (alpha.partner.name, alpha.partner.time_zone) == ("Pat Partner", "America/Denver")


def test_signing_in_takes_the_second_factor_and_has_a_limit(client: Client, alpha: House) -> None:
    right = {"login": alpha.administrator.email.upper(), "password": cast.PASSWORD}
    assert client.post("/accounts/login/", right)["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get(reverse("accounts:people"))["Location"].startswith("/accounts/login/")

    other = Client()
    for _ in range(6):
        page = other.post("/accounts/login/", {"login": alpha.partner.email, "password": "wrong"})
    assert "Too many attempts" in page.text
    page = other.post("/accounts/login/", {"login": alpha.partner.email, "password": cast.PASSWORD})
    assert page.status_code == 200


def test_the_audit_page_filters_verifies_and_exports(client: Client, alpha: House) -> None:
    cast.sign_in(client, alpha.partner)
    page = reverse("accounts:audit")

    assert "Alpha administrator signed up Alpha" in client.get(page).text
    assert "signed up" not in client.get(page, {"verb": "person"}).text
    assert "Nothing fits" in client.get(page, {"person": str(alpha.auditor.pk), "verb": "firm"}).text
    assert "Nothing fits" in client.get(page, {"until": "2026-09-13"}).text
    assert "signed up" in client.get(page, {"since": "2026-09-14", "until": "2026-09-14"}).text
    assert "The log is whole: 5 events" in client.post(reverse("accounts:audit_verify")).text
    packed = client.post(reverse("accounts:audit_export"))
    assert packed["Content-Disposition"].startswith('attachment; filename="alpha-audit-')
    assert said(alpha)[0] == "Alpha partner exported the audit log"
