"""Every address, as everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse

from accounts.roles import Role, allows
from tests import cast
from tests.matrix import MATRIX, Row, Who

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from tests.cast import House

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
FIRM_ROWS = sorted(name for name, row in MATRIX.items() if row.who is Who.FIRM)
OTHER_ROWS = sorted(name for name, row in MATRIX.items() if row.who is not Who.FIRM)


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha")


def ask(client: Client, name: str, row: Row, house: House) -> Any:
    address = reverse(name, kwargs=row.address(house))
    return client.get(address) if row.method == "get" else client.post(address, row.body)


def sent_to_login(response: HttpResponse) -> bool:
    return response.status_code == 302 and response["Location"].startswith(LOGIN)


@pytest.mark.parametrize("name", OTHER_ROWS)
def test_an_address_outside_the_firms(client: Client, alpha: House, name: str) -> None:
    row = MATRIX[name]

    anonymous = ask(client, name, row, alpha)
    if row.who is Who.SIGNED_IN:
        assert sent_to_login(anonymous)
    elif row.who is Who.VENDOR:
        assert anonymous.status_code == 401
    else:
        assert anonymous.status_code in {200, 302, 404, 405, 503}

    for user in alpha.by_role().values():
        cast.sign_in(client, user)
        response = ask(client, name, row, alpha)
        unsigned = {401} if row.who is Who.VENDOR else {200, 302, 404, 405, 503}
        assert response.status_code in unsigned
        client.logout()


@pytest.mark.parametrize("name", FIRM_ROWS)
def test_nobody_enters_a_firm_unknown(client: Client, alpha: House, name: str) -> None:
    assert sent_to_login(ask(client, name, MATRIX[name], alpha))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", FIRM_ROWS)
def test_a_role_opens_what_it_is_for_and_nothing_else(
    client: Client, alpha: House, name: str, role: Role
) -> None:
    row = MATRIX[name]
    assert row.permission is not None
    cast.sign_in(client, alpha.by_role()[role])

    response = ask(client, name, row, alpha)

    if allows(role, row.permission):
        assert response.status_code in {200, 302, 303, 409, 422}
        assert not sent_to_login(response)
    else:
        assert response.status_code == 403
        assert "Your role does not allow this" in response.text


@pytest.mark.parametrize("name", FIRM_ROWS)
def test_what_belongs_to_another_firm_does_not_exist(client: Client, alpha: House, name: str) -> None:
    row = MATRIX[name]
    assert row.permission is not None
    people = cast.firm("Beta").by_role()
    cast.sign_in(client, next(user for role, user in people.items() if allows(role, row.permission)))

    response = ask(client, name, row, alpha)

    if row.args:
        assert response.status_code == 404
    else:
        assert response.status_code in {200, 302, 303, 409, 422}
    if not response.has_header("Content-Disposition"):
        assert "Alpha" not in response.text


@pytest.mark.parametrize("name", FIRM_ROWS)
def test_an_administrator_sets_up_a_second_factor_first(client: Client, alpha: House, name: str) -> None:
    Authenticator.objects.filter(user=alpha.administrator).delete()
    cast.sign_in(client, alpha.administrator)

    response = ask(client, name, MATRIX[name], alpha)

    assert (response.status_code, response["Location"]) == (302, reverse("mfa_index"))
