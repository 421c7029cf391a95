"""A vendor that is down, shut or signed out: all waits, one sentence says so, and it goes on by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Grant
from accounts.tenancy import firm_scope
from syncapp.http import session
from syncapp.pipeline import run as road
from syncapp.pipeline.clock import schedule, troubles
from syncapp.pipeline.models import Trouble
from syncapp.pipeline.run import Order
from syncapp.records.models import Document, Run
from tests.delivery.scene import Scene, scene
from tests.stage import connect_both

pytestmark = pytest.mark.django_db


def fault(code: str, words: str = "") -> dict[str, Any]:
    """What QuickBooks answers when it refuses."""
    return {
        "Fault": {"Error": [{"code": code, "Message": words, "Detail": words}], "type": "ValidationFault"}
    }


GONE = fault("3100", "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403")
ENDED = fault("6190", "Subscription period has ended or canceled or there was a billing problem")


@dataclass(slots=True)
class Outage:
    """Stands before a vendor: calls whose path holds `part` are answered with `status` and `body`."""

    app: Callable[..., Iterable[bytes]]
    status: int
    body: object
    part: str = ""
    calls: list[str] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
        if self.part not in path or "tokens" in path or "oauth" in path:
            return self.app(environ, start_response)
        self.calls.append(path)
        start_response(f"{self.status} Shut", [("Content-Type", "application/json")])
        return [json.dumps(self.body).encode()]


@contextmanager
def shut(
    at: Scene, provider: str, *, status: int = 503, body: object = None, part: str = ""
) -> Iterator[Outage]:
    """Let a vendor be shut for the length of a block."""
    app = at.on.clio if provider == "clio" else at.on.qbo
    base = settings.CLIO_BASE_URL if provider == "clio" else settings.QBO_API_BASE_URL
    outage = Outage(app, status, body or {}, part)
    session.mount_wsgi(base, outage)
    try:
        yield outage
    finally:
        session.mount_wsgi(base, app)


def serve(at: Scene, *, whole: bool = False) -> Run:
    """One run on schedule, as a worker does it."""
    with schedule.leased(firm_id=at.on.firm.pk, now=timezone.now()) as holder:
        order = Order(trigger="schedule", whole=whole, daily=whole)
        return road.run(firm=at.on.firm, order=order, clock=timezone.now, holder=holder)


def rows(at: Scene) -> list[Trouble]:
    """The vendors in trouble."""
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        return troubles.of(at.on.firm.pk)


def let_time_pass(at: Scene, *, hours: int = 1) -> None:
    """The next try is due; or, with a negative figure, is not for so long."""
    with firm_scope(write=at.on.firm.pk):
        Trouble.objects.filter(firm=at.on.firm).update(next_at=timezone.now() - timedelta(hours=hours))


def waiting(at: Scene) -> set[str]:
    """How the bills stand that are not settled."""
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        found = Document.objects.filter(firm=at.on.firm, kind="bill", settled=False)
        return set(found.values_list("outcome", flat=True))


PARTS = ["/cdc", "POST"]


@pytest.mark.parametrize("part", PARTS)
def test_books_that_are_down_hold_nothing_and_go_on_by_themselves(part: str) -> None:
    with scene() as at:
        at.on.sync()
        at.bills(3)
        with shut(at, "qbo", part=part) as outage:
            first = serve(at, whole=True)
            assert outage.calls
            assert first.state == "waiting", first.words
            (row,) = rows(at)
            assert (row.provider, row.silent, row.fix) == ("qbo", True, "wait")
            since, calls = row.since, len(outage.calls)
            let_time_pass(at, hours=-1)

            serve(at)
            assert len(outage.calls) == calls, "not before the next try is due"

            let_time_pass(at)
            serve(at)
            assert rows(at)[0].since == since
            assert not at.holds()
            assert waiting(at) <= {"", "waiting"}

        let_time_pass(at)
        serve(at, whole=True)
        at.sync()

        assert not rows(at)
        assert len(at.store("Invoice")) == 3
        at.assert_ties()


def test_one_call_asks_whether_books_that_were_down_are_back() -> None:
    with scene() as at:
        at.on.sync()
        at.bills(3)
        with shut(at, "qbo") as outage:
            serve(at, whole=True)
            for _ in range(3):
                let_time_pass(at)
                before = len(outage.calls)
                serve(at)
                assert len(outage.calls) == before + 1


def test_a_subscription_that_ended_is_tried_with_one_entry_while_reading_goes_well() -> None:
    with scene() as at:
        at.on.sync()
        at.bills(8)
        with shut(at, "qbo", status=400, body=ENDED, part="POST") as outage:
            serve(at, whole=True)
            (row,) = rows(at)
            assert "subscription has ended" in row.words
            assert {hold.code for hold in at.holds()} == {"subscription_ended"}  # until somebody pays
            let_time_pass(at)
            before = len(outage.calls)
            serve(at)
            assert len(outage.calls) - before == 1
            assert {hold.code for hold in at.holds()} == {"subscription_ended"}

        let_time_pass(at)
        serve(at)
        at.sync()

        assert not rows(at)
        at.assert_ties()


@pytest.mark.parametrize("part", ["", "/allocations"])
def test_a_clio_that_is_down_changes_nothing_but_the_delay(part: str) -> None:
    with scene() as at:
        at.bills(1)
        at.on.sync()
        bills = at.bills(2)
        at.pay(bills[0].id, amount="7.00")
        with shut(at, "clio", part=part):
            done = serve(at)
            assert done.state == "waiting"
            assert [row.provider for row in rows(at)] == ["clio"]
            assert not at.holds(), "what was read in part is not read out"

        let_time_pass(at)
        serve(at)
        at.sync()

        assert not rows(at)
        assert len(at.store("Invoice")) == 3
        at.assert_ties()


def test_while_clio_is_down_the_books_go_on() -> None:
    with scene() as at:
        at.bills(2)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("syncapp.pipeline.post.run", lambda **_: 0)
            road.run(firm=at.on.firm, order=Order(trigger="command", whole=True), clock=timezone.now)
        assert not at.store("Invoice")

        with shut(at, "clio"):
            serve(at)

        assert len(at.store("Invoice")) == 2


def test_an_authorisation_that_ended_waits_for_a_person_and_then_goes_on() -> None:
    with scene() as at:
        at.on.sync()
        at.bills(2)
        with shut(at, "qbo", status=403, body=GONE):
            done = serve(at, whole=True)
            assert done.state == "waiting"
        (row,) = rows(at)
        assert row.fix == "connect"
        assert {hold.code for hold in at.holds()} == {"access_lost"}
        with firm_scope(write=None, reads=[at.on.firm.pk]):
            assert Grant.objects.get(firm=at.on.firm, provider="qbo").state == "revoked"

        connect_both(at.on)
        at.sync()

        assert not rows(at)
        at.assert_ties()


def test_a_person_who_asks_is_not_kept_waiting_by_the_interval() -> None:
    with scene() as at:
        at.on.sync()
        at.bills(1)
        with shut(at, "qbo"):
            serve(at, whole=True)
        let_time_pass(at, hours=-1)

        assert at.on.sync().state == "done"

        assert not rows(at)
        assert len(at.store("Invoice")) == 1


def test_a_database_that_goes_away_leaves_a_sentence_and_nothing_half_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from django.db import OperationalError

    with scene() as at:
        at.bills(1)
        with monkeypatch.context() as patched:

            def away(**_: Any) -> int:
                raise OperationalError("the connection is closed")

            patched.setattr("syncapp.pipeline.settle.run", away)
            done = serve(at, whole=True)

        assert done.state == "waiting"
        assert "database was away" in done.words
        at.sync()
        at.assert_ties()
