"""Every address, as everybody."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse

from accounts.roles import Role, allows
from tests import cast
from tests.matrix import MATRIX, Row, Who
from tests.stage import unwritten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse
    from django.test import Client
    from pytest_django import DjangoDbBlocker

    from tests.cast import House

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
FIRM_ROWS = sorted(name for name, row in MATRIX.items() if row.who is Who.FIRM)
OTHER_ROWS = sorted(name for name, row in MATRIX.items() if row.who is not Who.FIRM)


def each(names: list[str]) -> pytest.MarkDecorator:
    """Open these addresses one after the other: what one names is made once, for all who ask for it."""
    return pytest.mark.parametrize("name", names, indirect=True, scope="module")


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture(scope="module")
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of the address."""
    return str(request.param)


@pytest.fixture(scope="module")
def houses(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[House, House]]:
    """Two firms, made once and taken back at the end; each test takes back what it did by itself."""
    with django_db_blocker.unblock(), unwritten():
        yield cast.firm("Alpha"), cast.firm("Beta")


@pytest.fixture(scope="module")
def asked(houses: tuple[House, House], name: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Asked]:
    """An address of firm Alpha with all that it names."""
    with django_db_blocker.unblock(), unwritten():
        cache.clear()
        row = MATRIX[name]
        yield Asked(row=row, address=reverse(name, kwargs=row.address(houses[0])))


@pytest.fixture
def alpha(houses: tuple[House, House]) -> House:
    """Return firm Alpha; its people are one's own, whatever another test did to them."""
    return deepcopy(houses[0])


@pytest.fixture
def beta(houses: tuple[House, House]) -> House:
    """Return firm Beta, as above."""
    return deepcopy(houses[1])


@dataclass(frozen=True)
class Asked:
    """One row of the matrix, with its address."""

    row: Row
    address: str

    def by(self, client: Client) -> Any:
        """Ask for it."""
        return (
            client.get(self.address) if self.row.method == "get" else client.post(self.address, self.row.body)
        )


def sent_to_login(response: HttpResponse) -> bool:
    return response.status_code == 302 and response["Location"].startswith(LOGIN)


@each(OTHER_ROWS)
def test_an_address_outside_the_firms(client: Client, alpha: House, asked: Asked) -> None:
    row = asked.row

    anonymous = asked.by(client)
    if row.who is Who.SIGNED_IN:
        assert sent_to_login(anonymous)
    elif row.who is Who.VENDOR:
        assert anonymous.status_code == 401
    else:
        assert anonymous.status_code in {200, 302, 404, 405, 503}

    for user in alpha.by_role().values():
        cast.sign_in(client, user)
        response = asked.by(client)
        unsigned = {401} if row.who is Who.VENDOR else {200, 302, 404, 405, 503}
        assert response.status_code in unsigned
        client.logout()


@each(FIRM_ROWS)
def test_nobody_enters_a_firm_unknown(client: Client, asked: Asked) -> None:
    assert sent_to_login(asked.by(client))


@pytest.mark.parametrize("role", list(Role))
@each(FIRM_ROWS)
def test_a_role_opens_what_it_is_for_and_nothing_else(
    client: Client, alpha: House, asked: Asked, role: Role
) -> None:
    assert asked.row.permission is not None
    cast.sign_in(client, alpha.by_role()[role])

    response = asked.by(client)

    if allows(role, asked.row.permission):
        assert response.status_code in {200, 302, 303, 409, 422}
        assert not sent_to_login(response)
    else:
        assert response.status_code == 403
        assert "Your role does not allow this" in response.text


@each(FIRM_ROWS)
def test_what_belongs_to_another_firm_does_not_exist(client: Client, beta: House, asked: Asked) -> None:
    permission = asked.row.permission
    assert permission is not None
    people = beta.by_role()
    cast.sign_in(client, next(user for role, user in people.items() if allows(role, permission)))

    response = asked.by(client)

    if asked.row.args:
        assert response.status_code == 404
    else:
        assert response.status_code in {200, 302, 303, 409, 422}
    if not response.has_header("Content-Disposition"):
        assert "Alpha" not in response.text


@each(FIRM_ROWS)
def test_an_administrator_sets_up_a_second_factor_first(client: Client, alpha: House, asked: Asked) -> None:
    Authenticator.objects.filter(user=alpha.administrator).delete()
    cast.sign_in(client, alpha.administrator)

    response = asked.by(client)

    assert (response.status_code, response["Location"]) == (302, reverse("mfa_index"))
