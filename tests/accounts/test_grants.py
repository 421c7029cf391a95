"""Grants: connected once, refreshed by one worker at a time, kept through every reconnect."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.db import connection

from accounts import actions, audit, connecting, grants, oauth_state
from accounts.grants import Held
from accounts.models import AuditEvent, Grant
from accounts.roles import Role
from accounts.tenancy import firm_scope
from accounts.tokens import GrantBusy, GrantUnusable, Tokens, stamped
from syncapp.http import oauth
from syncapp.http.errors import Revoked, Transient
from tests import cast

if TYPE_CHECKING:
    from datetime import datetime

    from tests.cast import House

SOON = cast.NOW + timedelta(minutes=3)
LATER = cast.NOW + timedelta(hours=1)


def new_tokens(held: Held) -> Tokens:
    return Tokens(access=f"after {held.access}", refresh=f"after {held.refresh}", expires_at=LATER)


def never(_held: Held) -> Tokens:
    raise AssertionError("nobody should have asked the vendor")


def ask(grant: Grant, refresh: object, *, now: datetime = cast.NOW, refused: str | None = None) -> str:
    return grants.access_token(
        grant.pk, firm_id=grant.firm_id, now=now, refresh=refresh, refused=refused  # type: ignore[arg-type]
    )


def again(grant: Grant) -> Grant:
    with firm_scope(write=None, reads=[grant.firm_id]):
        return Grant.objects.get(pk=grant.pk)


def last_words(house: House) -> str:
    with firm_scope(write=None, reads=[house.firm.pk]):
        event = AuditEvent.objects.order_by("-number").first()
    assert event is not None
    return audit.sentence(event)


@pytest.fixture
def alpha(db: None) -> House:
    return cast.firm("Alpha")


def test_a_token_that_is_good_for_more_than_five_minutes_is_used_as_it_is(alpha: House) -> None:
    grant = cast.grant(alpha, ends=cast.NOW + timedelta(minutes=6))

    assert ask(grant, never) == "access-1"


def test_a_token_that_ends_soon_is_renewed_and_the_newest_refresh_token_kept(alpha: House) -> None:
    grant = cast.grant(alpha, ends=SOON)

    assert ask(grant, new_tokens) == "after access-1"
    assert ask(grant, never) == "after access-1"
    with firm_scope(write=None, reads=[grant.firm_id]):
        held = grants.read(grant.pk, firm_id=grant.firm_id, now=cast.NOW)
    assert held.refresh == "after refresh-1"
    assert again(grant).lease_holder == ""
    assert "refresh-1" not in repr(held)
    assert "access-1" not in repr(held)


def test_a_refresher_runs_outside_any_transaction_and_may_answer_in_seconds(alpha: House) -> None:
    grant = cast.grant(alpha, ends=SOON)

    def refresh(_held: Held) -> oauth.Tokens:
        assert all(block._from_testcase for block in connection.atomic_blocks)
        return oauth.Tokens(access="fresh", refresh="", expires_in=3600, hard_expires_in=86_400)

    assert ask(grant, refresh) == "fresh"
    assert again(grant).expires_at == LATER
    assert again(grant).hard_expires_at == cast.NOW + timedelta(days=1)


def test_a_token_that_the_vendor_refused_is_renewed_once(alpha: House) -> None:
    grant = cast.grant(alpha, ends=LATER)

    assert ask(grant, new_tokens, refused="access-1") == "after access-1"
    assert ask(grant, never, refused="access-1") == "after access-1"


def test_a_network_failure_gives_the_lease_back(alpha: House) -> None:
    grant = cast.grant(alpha, ends=SOON)

    def fails(_held: Held) -> Tokens:
        raise Transient("The vendor is not answering.")

    assert ask(grant, fails) == "access-1"
    with pytest.raises(Transient):
        ask(grant, fails, now=SOON + timedelta(seconds=1))
    assert again(grant).lease_until is None
    assert ask(grant, new_tokens) == "after access-1"


def test_a_revoked_grant_says_so_everywhere_once(alpha: House) -> None:
    grant = cast.grant(alpha, ends=SOON)

    def refused(_held: Held) -> Tokens:
        raise Revoked("invalid_grant")

    for refresh in (refused, never):
        with pytest.raises(GrantUnusable, match="Clio no longer accepts this connection. Connect it again."):
            ask(grant, refresh)
    assert again(grant).state == "revoked"
    assert last_words(alpha).startswith("Clio Alpha LLP no longer accepts us")
    assert [message.to for message in mail.outbox] == [[alpha.administrator.email]]


def test_a_grant_past_its_hard_end_is_expired(alpha: House) -> None:
    grant = cast.grant(alpha, ends=LATER)
    with firm_scope(write=grant.firm_id):
        Grant.objects.update(hard_expires_at=cast.NOW)

    for _ in range(2):
        with pytest.raises(GrantUnusable, match="ran out"):
            ask(grant, never)
    assert again(grant).state == "expired"
    assert len(mail.outbox) == 1


def test_two_workers_make_one_refresh(real_db: None) -> None:
    house = cast.firm("Alpha")
    grant = cast.grant(house, ends=SOON)
    calls: list[str] = []
    answers: list[str] = []

    def slow(held: Held) -> Tokens:
        calls.append(held.access)
        time.sleep(0.3)
        return new_tokens(held)

    def work() -> None:
        try:
            answers.append(ask(grant, slow))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert calls == ["access-1"]
    assert answers == ["after access-1"] * 4


def test_a_lease_of_a_worker_that_died_runs_out(alpha: House) -> None:
    grant = cast.grant(alpha, ends=SOON)
    waits: list[float] = []
    with firm_scope(write=grant.firm_id):
        Grant.objects.update(lease_holder="dead", lease_until=cast.NOW + timedelta(seconds=60))

    token = grants.access_token(
        grant.pk, firm_id=grant.firm_id, now=cast.NOW, refresh=new_tokens, sleep=waits.append
    )
    assert token == "after access-1"
    assert 60 <= sum(waits) <= 70

    with firm_scope(write=grant.firm_id):
        Grant.objects.update(expires_at=SOON, lease_holder="stuck", lease_until=LATER)
    with pytest.raises(GrantBusy):
        grants.access_token(
            grant.pk, firm_id=grant.firm_id, now=cast.NOW, refresh=never, sleep=waits.append
        )


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
    grants.mark(grant.pk, firm_id=grant.firm_id, state=grants.GrantState.REVOKED, reason="gone", now=cast.NOW)

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
    assert (same.pk, again(same).state, again(same).authorised_by_id) == (grant.pk, "connected", alpha.partner.pk)
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
