"""Workers that die, workers that are stuck, and workers that meet (DESIGN section 7, points 2 to 4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Firm
from accounts.tenancy import firm_scope
from syncapp.pipeline import post, record, refresh, tasks, vendors
from syncapp.pipeline import run as road
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.models import SyncSchedule
from syncapp.pipeline.run import Order
from syncapp.qbo.client import QuickBooks
from syncapp.records.models import PostedEntry, Posting, Run
from tests.delivery.scene import Scene, scene

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)


class Killed(BaseException):
    """The worker's process is gone."""


def dying(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker dies after the invoice was sent and before its answer is written down."""
    whole = record.run

    def gone(**given: Any) -> None:
        if any(one.operation.kind == "invoice" for one in given["sent"]):
            raise Killed
        whole(**given)

    monkeypatch.setattr(record, "run", gone)


@pytest.mark.parametrize("arrived", [True, False])
def test_a_worker_that_dies_after_sending_leaves_nothing_twice(
    monkeypatch: pytest.MonkeyPatch, *, arrived: bool
) -> None:
    with scene(honour_requestid=False) as at:
        at.bills(2)
        if not arrived:
            at.faults.add("batch", 1, "drop_before")
        with monkeypatch.context() as patched:
            dying(patched)
            with pytest.raises(Killed):
                at.on.sync()
        assert {one.state for one in at.postings(object_kind="invoice")} == {"sending"}
        assert len(at.store("Invoice")) == (2 if arrived else 0)

        at.sync()

        assert len(at.store("Invoice")) == 2
        calls = at.faults.calls["create invoice"]
        assert calls == 2, "looked for, not sent again"
        at.assert_ties()


def test_before_its_lease_is_over_nobody_touches_what_is_being_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with scene() as at:
        at.bills(1)
        with monkeypatch.context() as patched:
            dying(patched)
            with pytest.raises(Killed):
                at.on.sync()
        (job,) = at.postings(object_kind="invoice")
        assert job.lease_until is not None
        assert job.sent_at is not None
        assert (job.lease_until - job.sent_at).total_seconds() * settings.TIME_SCALE > record.VENDOR_TIME_OUT
        client = books_of(at)
        with firm_scope(write=at.on.firm.pk):
            Posting.objects.filter(pk=job.pk).update(lease_until=timezone.now() + timedelta(hours=1))

        post.resolve(firm_id=at.on.firm.pk, books_id=at.on.books.pk, client=client, now=timezone.now())
        assert post._claim(at.on.firm.pk, at.on.books.pk, timezone.now()) == []

        assert at.postings(object_kind="invoice")[0].state == "sending"


def books_of(at: Scene) -> QuickBooks:
    """The ledger as a worker opens it."""
    return vendors.open_books(firm_id=at.on.firm.pk, books_id=at.on.books.pk)


def test_two_workers_never_claim_the_same_operation(monkeypatch: pytest.MonkeyPatch) -> None:
    with scene() as at:
        at.bills(3)
        with monkeypatch.context() as patched:
            patched.setattr(post, "_claim", lambda *_: [])
            road.run(firm=at.on.firm, order=Order(trigger="command", whole=True), clock=timezone.now)
        now = timezone.now()

        one = post._claim(at.on.firm.pk, at.on.books.pk, now)
        other = post._claim(at.on.firm.pk, at.on.books.pk, now)

        first, second = {job.pk for job, _ in one}, {job.pk for job, _ in other}
        assert first
        assert not first & second


def test_an_answer_that_comes_after_the_work_was_taken_over_changes_nothing() -> None:
    with scene(honour_requestid=False) as at:
        at.on.sync()
        at.bills(1)
        late: list[list[record.Sent]] = []
        client = books_of(at)
        sending = QuickBooks.send

        def slow(self: QuickBooks, operations: list[Any]) -> Any:
            answers = sending(self, operations)
            if operations[0].kind == "invoice" and not late:
                jobs = {row.request_id: row for row in at.postings()}
                late.append([record.Sent(jobs[op.request_id], op, out)
                             for op, out in zip(operations, answers, strict=True)])  # fmt: skip
                raise Killed
            return answers

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(QuickBooks, "send", slow)
            with pytest.raises(Killed):
                at.on.sync()
        at.sync()
        before = at.postings()
        now = timezone.now()

        record.run(firm_id=at.on.firm.pk, books_id=at.on.books.pk, sent=late[0], started_at=now, now=now)

        assert [(row.pk, row.state, row.posted_at) for row in at.postings()] == [
            (row.pk, row.state, row.posted_at) for row in before
        ]
        with firm_scope(write=None, reads=[at.on.firm.pk]):
            assert PostedEntry.objects.filter(firm_id=at.on.firm.pk).count() == 1
        refresh.run(firm_id=at.on.firm.pk, books_id=at.on.books.pk, client=client, now=now, fresh=False)
        at.assert_ties()


def test_a_firm_is_had_by_one_worker_at_a_time() -> None:
    firm = Firm.objects.create(slug="one", name="One", currency="USD", time_zone="UTC", created_at=NOON)
    now = NOON
    schedule.enrol(firm_id=firm.pk, now=now)

    ((taken, holder),) = schedule.claim_due(now=now)

    assert taken == firm.pk
    assert schedule.claim_due(now=now) == []
    assert schedule.take(firm_id=firm.pk, now=now) is None
    with pytest.raises(schedule.Busy), schedule.leased(firm_id=firm.pk, now=now):
        pass
    assert schedule.keep(firm_id=firm.pk, holder=holder, now=now)
    schedule.release(firm_id=firm.pk, holder=holder, now=now)
    assert schedule.take(firm_id=firm.pk, now=now) is not None


def test_the_firm_that_waited_longest_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "AT_ONCE", 2)
    firms = [
        Firm.objects.create(slug=f"f{i}", name=f"F{i}", currency="USD", time_zone="UTC", created_at=NOON)
        for i in range(5)
    ]
    for waited, firm in zip([3, 9, 1, 7, 5], firms, strict=True):
        schedule.enrol(firm_id=firm.pk, now=NOON - timedelta(minutes=waited))
    SyncSchedule.objects.filter(firm=firms[3]).update(paused=True)

    turns = [[firm_id for firm_id, _ in schedule.claim_due(now=NOON)] for _ in range(3)]

    assert [set(turn) for turn in turns] == [
        {firms[1].pk, firms[4].pk}, {firms[0].pk, firms[2].pk}, set(),
    ]  # fmt: skip


def test_a_firm_that_is_always_due_does_not_crowd_out_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "AT_ONCE", 1)
    firms = [
        Firm.objects.create(slug=f"f{i}", name=f"F{i}", currency="USD", time_zone="UTC", created_at=NOON)
        for i in range(3)
    ]
    for later, firm in enumerate(firms):
        schedule.enrol(firm_id=firm.pk, now=NOON - timedelta(minutes=later))
    served, now = [], NOON
    for _ in range(9):
        ((firm_id, holder),) = schedule.claim_due(now=now)
        served.append(firm_id)
        now += timedelta(seconds=1)
        schedule.release(firm_id=firm_id, holder=holder, now=now, again_in=0)

    assert {served.count(firm.pk) for firm in firms} == {3}


def test_the_firm_of_a_stuck_worker_is_taken_over_and_the_stuck_one_stops() -> None:
    firm = Firm.objects.create(slug="one", name="One", currency="USD", time_zone="UTC", created_at=NOON)
    schedule.enrol(firm_id=firm.pk, now=NOON)
    ((_, stuck),) = schedule.claim_due(now=NOON)
    later = NOON + schedule.LEASE / settings.TIME_SCALE + timedelta(seconds=1)

    ((taken, fresh),) = schedule.claim_due(now=later)

    assert (taken, fresh != stuck) == (firm.pk, True)
    assert not schedule.keep(firm_id=firm.pk, holder=stuck, now=later)
    schedule.release(firm_id=firm.pk, holder=stuck, now=later)  # comes too late: the lease is another's
    assert schedule.keep(firm_id=firm.pk, holder=fresh, now=later)
    tasks.run_firm(firm_id=firm.pk, holder=stuck)
    with firm_scope(write=None, reads=[firm.pk]):
        assert not Run.objects.filter(firm_id=firm.pk).exists(), "a wake-up under a lost lease does nothing"


def test_a_run_that_loses_its_lease_stops_before_it_goes_on() -> None:
    with scene() as at:
        at.bills(1)
        schedule.ask(firm_id=at.on.firm.pk, now=timezone.now())

        done = road.run(
            firm=at.on.firm,
            order=Order(trigger="schedule"),
            clock=timezone.now,
            holder="somebody else's by now",
        )

        assert done.state == "waiting"
        assert "Another worker" in done.words
        assert not at.store("Invoice")
        at.sync()
        at.assert_ties()


def test_who_asks_while_a_run_is_going_is_served_after_it() -> None:
    firm = Firm.objects.create(slug="one", name="One", currency="USD", time_zone="UTC", created_at=NOON)
    schedule.enrol(firm_id=firm.pk, now=NOON)
    ((_, holder),) = schedule.claim_due(now=NOON)
    schedule.ask(firm_id=firm.pk, now=NOON + timedelta(seconds=1))

    schedule.release(firm_id=firm.pk, holder=holder, now=NOON + timedelta(seconds=2))

    assert [row[0] for row in schedule.claim_due(now=NOON + timedelta(seconds=2))] == [firm.pk]
