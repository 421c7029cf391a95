"""Grants: connected once, refreshed by one worker at a time, kept through every reconnect."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.db import connection

from accounts import audit, grants
from accounts.grants import Held, Refresher
from accounts.models import AuditEvent, Grant
from accounts.tenancy import firm_scope
from accounts.tokens import GrantBusy, GrantUnusable, Tokens
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


def ask(grant: Grant, refresh: Refresher, *, now: datetime = cast.NOW, refused: str | None = None) -> str:
    return grants.access_token(
        grant.pk,
        firm_id=grant.firm_id,
        now=now,
        refresh=refresh,
        refused=refused,
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
        assert all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
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
        with pytest.raises(
            GrantUnusable, match=r"Clio no longer accepts this connection\. Connect it again\."
        ):
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
        grants.access_token(grant.pk, firm_id=grant.firm_id, now=cast.NOW, refresh=never, sleep=waits.append)
