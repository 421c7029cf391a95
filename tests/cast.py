"""The people of the tests: firm Alpha and firm Beta, with one person of each role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from allauth.mfa.totp.internal.auth import TOTP

from accounts import actions
from accounts.models import Books, Firm, Grant, Membership, User
from accounts.roles import Role
from accounts.tenancy import firm_scope
from accounts.tokens import Tokens
from tests import factories

if TYPE_CHECKING:
    from django.test import Client

NOW = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)
FAR = date(2099, 12, 31)
PASSWORD = factories.PASSWORD
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass(frozen=True)
class House:
    """A firm and its people."""

    firm: Firm
    administrator: User
    bookkeeper: User
    partner: User
    auditor: User

    def by_role(self) -> dict[Role, User]:
        """Return the people by role."""
        return {
            Role.ADMINISTRATOR: self.administrator,
            Role.BOOKKEEPER: self.bookkeeper,
            Role.PARTNER: self.partner,
            Role.AUDITOR: self.auditor,
        }

    def member(self, role: Role) -> Membership:
        """Return the membership of the person with a role."""
        return Membership.objects.get(firm=self.firm, user=self.by_role()[role])


def person(email: str, name: str) -> User:
    """Make a person with a proved address."""
    return factories.Person.create(email=email, name=name)


def second_factor(user: User) -> None:
    """Give a person an authenticator app."""
    TOTP.activate(user, TOTP_SECRET)


def firm(name: str = "Alpha", *, now: datetime = NOW) -> House:
    """Make a firm whose four people are named after it; the administrator has a second factor."""
    slug = name.lower()
    people = {role: person(f"{role.value}@{slug}.test", f"{name} {role.value}") for role in Role}
    made = actions.create_firm(
        user=people[Role.ADMINISTRATOR], name=name, time_zone="America/New_York", slug=slug, now=now
    )
    second_factor(people[Role.ADMINISTRATOR])
    for role in (Role.BOOKKEEPER, Role.PARTNER, Role.AUDITOR):
        ends_on = FAR if role == Role.AUDITOR else None
        answer = actions.ensure_member(
            firm=made, email=people[role].email, role=role, ends_on=ends_on, now=now
        )
        assert answer == "created", answer
    return House(firm=made, **{role.value: user for role, user in people.items()})


def books(house: House, name: str = "main", *, now: datetime = NOW) -> Books:
    """Add a set of books."""
    with firm_scope(write=house.firm.pk):
        return actions.add_books(firm_id=house.firm.pk, name=name, ledger="qbo", by=None, now=now)


def tokens(access: str = "access-1", refresh: str = "refresh-1", *, ends: datetime) -> Tokens:
    """Return what a vendor would hand out."""
    return Tokens(access=access, refresh=refresh, expires_at=ends)


def grant(house: House, *, ends: datetime, external_id: str = "1234", now: datetime = NOW) -> Grant:
    """Connect the firm's Clio account."""
    from accounts.connecting import finish_connect

    made = finish_connect(
        firm_id=house.firm.pk,
        provider="clio",
        region="us",
        external_id=external_id,
        external_name=f"{house.firm.name} LLP",
        tokens=tokens(ends=ends),
        by=house.administrator,
        now=now,
    )
    assert isinstance(made, Grant), made
    return made


def sign_in(client: Client, user: User) -> Client:
    """Sign a person in without the forms."""
    client.force_login(user)
    return client
