"""One lease, one budget: what several processes share, and what a process that dies leaves behind."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Grant
from accounts.tenancy import firm_scope
from syncapp.http import oauth
from syncapp.http.errors import Transient
from syncapp.http.pace import Budget, Pace
from syncapp.pipeline import connect, journal, post, vendors
from syncapp.pipeline import run as road
from syncapp.pipeline.clock import gate, holders, schedule
from syncapp.pipeline.clock.gate import Gate
from syncapp.pipeline.models import CallWindow, SyncSchedule
from syncapp.pipeline.run import Order
from syncapp.qbo.client import QuickBooks
from syncapp.records.models import Posting, Run
from tests.delivery.scene import Scene, scene
from tests.pipeline.labour import at_once, firms

MINUTE = (Budget(50, 60),)
NAMING = (
    "import sys; from syncapp.pipeline.clock import holders; "
    "print(holders.new(), flush=True); sys.stdin.read()"
)


def gated(grant: int, *, firm: int = 0, holder: str = "") -> Gate:
    """The gate of a grant, as one more process opens it."""
    return Gate(grant_id=grant, firm_id=firm, holder=holder, clock=timezone.now)


@pytest.mark.django_db
def test_a_budget_survives_the_hand_over_from_process_to_process() -> None:
    first = gated(7)
    assert [first.take(MINUTE, "") for _ in range(50)] == [0.0] * 50

    wait = gated(7).take(MINUTE, "")

    assert 0 < wait <= 60
    assert gated(8).take(MINUTE, "") == 0.0, "another grant has its own"


@pytest.mark.django_db
def test_every_budget_of_a_grant_counts_what_it_is_for() -> None:
    budgets = (Budget(500, 60), Budget(10, 1), Budget(3, 60, "batch"))
    one = gated(7)
    for _ in range(3):
        assert one.take(budgets, "batch") == 0.0

    assert gated(7).take(budgets, "batch") > 1
    assert gated(7).take(budgets[:2], "") == 0.0
    assert len(CallWindow.objects.get(pk=7).calls) == 4
    assert len(CallWindow.objects.get(pk=7).marked) == 3


@pytest.mark.django_db
def test_a_vendor_that_asks_to_wait_is_heard_by_all() -> None:
    pace = Pace(50, 60, shared=gated(7))
    pace.rest(30)

    assert 25 < gated(7).take(MINUTE, "") <= 30


def test_four_processes_share_one_window(real_db: None) -> None:
    window, calls = Budget(10, 0.4), []
    began = time.monotonic()

    def work() -> None:
        mine = Pace(window.limit, window.per_seconds, shared=gated(9), sleep=time.sleep)
        for _ in range(10):
            mine.take()
            calls.append(time.monotonic())

    gated(9).take((window,), "")
    at_once(work, work, work, work)

    took = time.monotonic() - began
    assert len(calls) == 40
    assert len(calls) + 1 <= window.limit * (took / window.per_seconds + 1)


@pytest.mark.django_db
def test_the_firm_of_a_process_that_died_is_taken_over_at_once() -> None:
    (firm,) = firms(1, timezone.now())
    child = subprocess.Popen(
        [sys.executable, "-c", NAMING], cwd=Path(settings.BASE_DIR), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    name = child.stdout.readline().strip()
    now = timezone.now()
    SyncSchedule.objects.filter(firm=firm).update(lease_holder=name, lease_until=now + timedelta(minutes=4))

    assert not holders.is_dead(name)
    assert schedule.claim_due(now=now) == []
    child.kill()
    child.communicate()

    assert holders.is_dead(name)
    assert [firm_id for firm_id, _ in schedule.claim_due(now=now)] == [firm.pk]


def test_only_a_process_that_can_be_seen_is_called_dead() -> None:
    mine = holders.new()
    place, pid, born, rest = mine.split(":")

    assert not holders.is_dead(mine)
    assert not holders.is_dead(f"elsewhere:{pid}:{born}:{rest}"), "another machine, or another container"
    assert holders.is_dead(f"{place}:{pid}:{int(born) + 1}:{rest}"), "its number was given out anew"
    assert not holders.is_dead(schedule.OFFERED)
    assert not holders.is_dead("")
    assert len(mine) <= 64


def serve(at: Scene) -> Run:
    """One run on schedule, under a lease."""
    with schedule.leased(firm_id=at.on.firm.pk, now=timezone.now()) as holder:
        order = Order(trigger="schedule", whole=True)
        return road.run(firm=at.on.firm, order=order, clock=timezone.now, holder=holder)


@pytest.mark.django_db
def test_a_lost_lease_is_found_out_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with scene() as at:
        at.bills(2)
        sending = QuickBooks.send

        def taken_over(self: QuickBooks, operations: list[Any]) -> Any:
            SyncSchedule.objects.filter(firm=at.on.firm).update(lease_holder="somebody else's")
            return sending(self, operations)

        with monkeypatch.context() as patched:
            patched.setattr(QuickBooks, "send", taken_over)
            done = serve(at)

        assert done.state == "waiting"
        assert "Another worker" in done.words
        assert not at.store("Customer")
        assert {row.state for row in at.postings()} == {"ready"}
        SyncSchedule.objects.filter(firm=at.on.firm).update(lease_holder="", lease_until=None)
        at.sync()
        at.assert_ties()


@pytest.mark.django_db
def test_a_disconnect_is_found_out_before_anything_more_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with scene() as at:
        at.bills(2)
        sending = QuickBooks.send
        with firm_scope(write=None, reads=[at.on.firm.pk]):
            grant = Grant.objects.get(firm=at.on.firm, provider="qbo")

        def no_answer(*_: object, **__: object) -> None:
            raise Transient("QuickBooks gave no answer.")

        def disconnected(self: QuickBooks, operations: list[Any]) -> Any:
            connect.disconnect(firm_id=at.on.firm.pk, grant_id=grant.pk, by=at.on.person, now=timezone.now())
            return sending(self, operations)

        with monkeypatch.context() as patched:
            patched.setattr(vendors, "TOKEN_KEPT", 1e9)  # the run goes on with the token it has
            patched.setattr(oauth, "revoke", no_answer)  # which stays good at QuickBooks
            patched.setattr(QuickBooks, "send", disconnected)
            done = serve(at)

        assert done.state == "waiting"
        assert "not connected" in done.words
        assert not at.store("Customer")
        assert {row.state for row in at.postings()} == {"ready"}


@pytest.mark.django_db
def test_each_call_prolongs_the_lease_and_what_is_being_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with scene() as at:
        at.bills(1)
        with monkeypatch.context() as patched:
            patched.setattr(post, "run", lambda **_: 0)
            road.run(firm=at.on.firm, order=Order(trigger="command", whole=True), clock=timezone.now)
        firm = at.on.firm.pk
        holder = schedule.take(firm_id=firm, now=timezone.now())
        assert holder
        soon = timezone.now() + timedelta(milliseconds=1) + gate.SENDING_LEASE / settings.TIME_SCALE / 2
        door = gated(7, firm=firm, holder=holder)
        with firm_scope(write=firm):
            mine = {"state": "sending", "lease_until": soon, "sent_at": timezone.now()}
            Posting.objects.filter(firm_id=firm).update(**mine)
        SyncSchedule.objects.filter(firm_id=firm).update(lease_until=soon)

        door.take(MINUTE, "")

        row = schedule.status(firm)
        assert row is not None
        assert row.lease_until is not None
        assert row.lease_until > soon
        assert all(one.lease_until > soon for one in at.postings(state="sending") if one.lease_until)


@pytest.mark.django_db
def test_the_run_of_a_worker_that_died_is_closed_by_the_next() -> None:
    with scene() as at:
        with firm_scope(write=at.on.firm.pk):
            left = Run.objects.create(
                firm=at.on.firm, trigger="schedule", started_at=timezone.now(), beat_at=timezone.now()
            )

        serve(at)

        with firm_scope(write=None, reads=[at.on.firm.pk]):
            left.refresh_from_db()
        assert (left.state, left.words) == ("waiting", journal.LEFT)


def test_the_lease_is_longer_than_any_wait_between_two_calls() -> None:
    one_call, between_two_tries = 130, 120  # seconds: qbo.client, http.session
    assert schedule.LEASE.total_seconds() > one_call + between_two_tries
    assert gate.SENDING_LEASE.total_seconds() - gate.SENDING_KEPT > 120
