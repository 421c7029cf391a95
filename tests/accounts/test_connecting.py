"""Connecting vendor accounts: each once in the whole installation, and with every link kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from accounts import actions, connecting, grants, oauth_state
from accounts.models import Grant, GrantState
from accounts.roles import Role
from accounts.tenancy import firm_scope
from accounts.tokens import GrantUnusable, Tokens, stamped
from syncapp.http import oauth
from tests import cast
from tests.accounts.test_grants import LATER, again, ask, last_words, never

if TYPE_CHECKING:
    from tests.cast import House


@pytest.fixture
def alpha(db: None) -> House:
    return cast.firm("Alpha")


def connect(house: House, *, books_id: int | None, external_id: str, by: object = None) -> Grant | str:
    return connecting.finish_connect(
        firm_id=house.firm.pk,
        provider="clio" if books_id is None else "qbo",
        external_id=external_id,
        external_name=f"Company {external_id}",
        tokens=cast.tokens("another", ends=LATER),
        by=by or house.administrator,  # type: ignore[arg-type]
        now=cast.NOW,
        books_id=books_id,
    )


def test_a_company_is_connected_once_in_the_whole_installation(alpha: House) -> None:
    beta = cast.firm("Beta")
    main, second = cast.books(alpha, "main"), cast.books(alpha, "second")
    assert isinstance(connect(alpha, books_id=main.pk, external_id="911"), Grant)

    other_firm = connect(beta, books_id=cast.books(beta).pk, external_id="911")
    same_firm = connect(alpha, books_id=second.pk, external_id="911")

    assert other_firm == (
        "This QuickBooks company is connected to another firm in Tieout. Nothing was changed. "
        "Disconnect it there first, or choose another."
    )
    assert same_firm == (
        "This QuickBooks company is connected already, as the set of books main. Nothing was changed."
    )
    with firm_scope(write=None, reads=[alpha.firm.pk, beta.firm.pk]):
        assert Grant.objects.count() == 1


def test_books_stay_with_their_company(alpha: House) -> None:
    main = cast.books(alpha)
    connect(alpha, books_id=main.pk, external_id="911")

    answer = connect(alpha, books_id=main.pk, external_id="912")

    assert isinstance(answer, str)
    assert "You chose Company 912, but this is linked to the QuickBooks company Company 911" in answer


def test_reconnecting_as_another_person_keeps_the_grant(alpha: House) -> None:
    grant = cast.grant(alpha, ends=LATER)
    grants.mark(grant.pk, firm_id=grant.firm_id, state=GrantState.REVOKED, reason="gone", now=cast.NOW)

    same = connecting.finish_connect(
        firm_id=alpha.firm.pk,
        provider="clio",
        region="us",
        external_id="1234",
        external_name="Alpha LLP",
        tokens=cast.tokens("another", ends=LATER),
        by=alpha.partner,
        now=cast.NOW,
    )

    assert isinstance(same, Grant)
    assert (same.pk, again(same).state, again(same).authorised_by_id) == (
        grant.pk,
        "connected",
        alpha.partner.pk,
    )
    assert ask(grant, never) == "another"
    assert last_words(alpha) == "Alpha partner connected Clio Alpha LLP again"


def test_a_disconnected_company_is_free_and_comes_back_with_its_links(alpha: House) -> None:
    beta = cast.firm("Beta")
    main = cast.books(alpha)
    first = connect(alpha, books_id=main.pk, external_id="911")
    assert isinstance(first, Grant)

    connecting.disconnect(grant_id=first.pk, firm_id=alpha.firm.pk, by=alpha.administrator, now=cast.NOW)

    assert bytes(again(first).access_token_sealed) == b""
    with pytest.raises(GrantUnusable, match="Alpha administrator disconnected QuickBooks"):
        ask(first, never)
    back = connect(alpha, books_id=main.pk, external_id="911")
    assert isinstance(back, Grant)
    assert back.pk == first.pk
    assert isinstance(connect(beta, books_id=cast.books(beta).pk, external_id="911"), str)


def test_people_are_warned_before_a_connection_ends_and_when_its_person_leaves(alpha: House) -> None:
    grant = cast.grant(alpha, ends=LATER)

    def codes() -> list[str]:
        with firm_scope(write=None, reads=[alpha.firm.pk]):
            return [warning.code for warning in grants.warnings(alpha.firm.pk, cast.NOW)]

    assert codes() == []
    with firm_scope(write=grant.firm_id):
        Grant.objects.update(hard_expires_at=cast.NOW + timedelta(days=31))
    assert codes() == []
    with firm_scope(write=grant.firm_id):
        Grant.objects.update(hard_expires_at=cast.NOW + timedelta(days=30))
    assert codes() == ["ends_soon"]
    actions.change_role(
        member=alpha.member(Role.BOOKKEEPER), role="administrator", ends_on=None, by=None, now=cast.NOW
    )
    actions.remove(member=alpha.member(Role.ADMINISTRATOR), by=alpha.bookkeeper, now=cast.NOW)
    assert codes() == ["ends_soon", "person_left"]


def test_a_state_belongs_to_its_session_and_works_once_for_ten_minutes() -> None:
    mine: dict[str, object] = {}
    state = oauth_state.new_state(mine, "qbo", 1, 2, now=cast.NOW)
    late = oauth_state.new_state(mine, "qbo", 1, 3, now=cast.NOW)

    assert oauth_state.claim_state({}, state, now=cast.NOW) == oauth_state.STRANGE
    found = oauth_state.claim_state(mine, state, now=cast.NOW + timedelta(minutes=9))
    assert found == oauth_state.Pending(provider="qbo", firm_id=1, books_id=2, region="", user_id=None)
    assert oauth_state.claim_state(mine, state, now=cast.NOW) == oauth_state.STRANGE
    assert oauth_state.claim_state(mine, late, now=cast.NOW + timedelta(minutes=11)) == oauth_state.LATE


def test_lifetimes_become_instants() -> None:
    answer = oauth.Tokens(access="a", refresh="r", expires_in=60, refresh_expires_in=120)

    assert stamped(answer, now=cast.NOW) == Tokens(
        access="a",
        refresh="r",
        expires_at=cast.NOW + timedelta(seconds=60),
        refresh_expires_at=cast.NOW + timedelta(seconds=120),
    )
    assert "access" not in repr(answer)
