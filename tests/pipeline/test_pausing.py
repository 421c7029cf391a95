"""What a person has paused: nothing of it leaves, what depends on it waits, and it is not stuck."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from syncapp.pipeline import run as road
from syncapp.pipeline.clock import pausing, schedule
from syncapp.pipeline.run import Order
from syncapp.qbo.client import QuickBooks
from syncapp.records.models import Document, TieOut
from tests.delivery.scene import Scene, scene

pytestmark = pytest.mark.django_db


def stop(at: Scene, what: str, *, client: int | None = None, reason: str = "Year-end closing") -> None:
    """Somebody pauses something."""
    refusal = pausing.pause(
        firm_id=at.on.firm.pk, what=what, client_id=client, reason=reason, by=at.on.person, now=timezone.now()
    )
    assert refusal is None, refusal


def go_on(at: Scene) -> None:
    """Somebody resumes whatever is paused."""
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        rows = pausing.active(at.on.firm.pk)
    for row in rows:
        assert not pausing.resume(firm_id=at.on.firm.pk, pause_id=row.pk, by=at.on.person, now=timezone.now())


def outcomes(at: Scene, kind: str) -> list[str]:
    """How the documents of a kind stand."""
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        rows = Document.objects.filter(firm_id=at.on.firm.pk, kind=kind)
        return list(rows.order_by("source_id").values_list("outcome", flat=True))


def name_of_payment(at: Scene, client: int) -> str:
    """The number under which a client's payment waits."""
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        return Document.objects.get(firm_id=at.on.firm.pk, kind="payment", client_id=client).number


def test_paused_bills_wait_with_their_payments_apart_from_what_is_stuck() -> None:
    with scene() as at:
        first = at.bills(1)[0]
        at.sync()
        stop(at, "bills")
        second = at.bills(1)[0]
        at.pay(first.id, amount="10.00")
        at.pay(second.id, amount="20.00")

        counts = at.sync()

        assert len(at.store("Invoice")) == 1
        assert [row["TotalAmt"] for row in at.store("Payment")] == [10]
        assert counts["held"] == counts["paused"] == 2
        assert set(outcomes(at, "bill")) == {"posted", "paused"}
        assert set(outcomes(at, "payment")) == {"posted", "paused"}
        (case,) = at.cases()
        assert (case.severity, case.code) == ("paused", "paused")
        assert "Year-end closing" in case.title
        assert {hold.resource for hold in at.holds()} == {"bills", "allocations"}

        go_on(at)
        at.sync()

        assert not at.holds()
        assert set(outcomes(at, "bill")) == {"posted"}
        at.assert_ties()


def test_what_is_paused_explains_its_part_of_the_difference() -> None:
    with scene() as at:
        at.bills(1)
        at.sync()
        stop(at, "bills")
        at.bills(1)
        at.sync()

        with firm_scope(write=None, reads=[at.on.firm.pk]):
            kinds = TieOut.objects.filter(firm_id=at.on.firm.pk).latest("at").kinds

        invoices = kinds["invoices"]
        assert invoices["difference"] == invoices["queued"] == invoices["paused"] != 0
        assert invoices["unexplained"] == 0


def test_one_client_is_paused_and_the_others_go_on() -> None:
    with scene() as at:
        bills = at.bills(2)
        at.on.sync()
        quiet = at.clients[0]
        stop(at, "client", client=quiet.id)
        for number, bill in enumerate(bills):
            at.pay(bill.id, amount="5.00", reference=f"10{number}")

        at.sync()

        assert len(at.store("Payment")) == 1
        assert [hold.number for hold in at.holds()] == [name_of_payment(at, quiet.id)]
        go_on(at)
        at.sync()
        assert len(at.store("Payment")) == 2
        at.assert_ties()


def test_what_was_ready_when_it_was_paused_does_not_leave() -> None:
    with scene() as at:
        bills = at.bills(2)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("syncapp.pipeline.post.run", lambda **_: 0)
            road.run(firm=at.on.firm, order=Order(trigger="command", whole=True), clock=timezone.now)
        assert {row.state for row in at.postings(object_kind="invoice")} == {"ready"}

        stop(at, "bills")
        assert {row.state for row in at.postings(object_kind="invoice")} == {"superseded"}
        at.sync()
        assert not at.store("Invoice")
        go_on(at)
        at.sync()

        assert len(at.store("Invoice")) == len(bills)
        at.assert_ties()


def test_a_run_that_goes_stops_before_its_next_call_when_everything_is_paused() -> None:
    with scene() as at:
        at.bills(2)
        sending = QuickBooks.send
        sent: list[str] = []

        def pausing_first(self: QuickBooks, operations: list[Any]) -> Any:
            if not sent:
                stop(at, "all", reason="Stop it")
            sent.extend(str(one.kind) for one in operations)
            return sending(self, operations)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(QuickBooks, "send", pausing_first)
            with schedule.leased(firm_id=at.on.firm.pk, now=timezone.now()) as holder:
                order = Order(trigger="schedule", whole=True)
                done = road.run(firm=at.on.firm, order=order, clock=timezone.now, holder=holder)

        assert done.state == "waiting"
        assert "paused" in done.words
        assert not at.store("Customer")
        assert schedule.claim_due(now=timezone.now()) == []
        go_on(at)
        assert [firm_id for firm_id, _ in schedule.claim_due(now=timezone.now())] == [at.on.firm.pk]


def test_a_pause_asks_for_a_reason_and_something_to_pause() -> None:
    with scene() as at:
        given: dict[str, Any] = {"firm_id": at.on.firm.pk, "by": at.on.person, "now": timezone.now()}

        assert "reason" in str(pausing.pause(what="bills", reason=" ", **given))
        assert "Choose" in str(pausing.pause(what="weather", reason="so", **given))
        assert "clients" in str(pausing.pause(what="client", client_id=77, reason="so", **given))
        assert pausing.pause(what="bills", reason="so", **given) is None
        assert "already" in str(pausing.pause(what="bills", reason="again", **given))


def test_pauses_stand_in_the_log_with_who_and_why() -> None:
    with scene() as at:
        stop(at, "payments", reason="Bank change")
        go_on(at)

        with firm_scope(write=None, reads=[at.on.firm.pk]):
            events = AuditEvent.objects.filter(firm_id=at.on.firm.pk, object_kind="pause")
            told = [audit.sentence(event) for event in events.order_by("number")]

        assert told[0].endswith("paused payments: Bank change")
        assert told[1].endswith("let payments go on")
