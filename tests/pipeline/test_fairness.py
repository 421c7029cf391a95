"""Two workers and many firms: nothing twice, no lease lost, and nobody is served before who waited longer."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from django.test import override_settings
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.clio import shapes
from syncapp.pipeline import run as road
from syncapp.pipeline import tasks
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.journal import GivesWay, Journal, begin
from syncapp.pipeline.models import SyncSchedule
from syncapp.pipeline.run import Order
from syncapp.records.models import Cursor, Run, SourceHead
from tests.delivery.scene import scene
from tests.pipeline.labour import Work, at_once, clock, firms, worker

SCALE = 200  # a turn is 0.45 s, an interval 0.3 s
BIG, SMALL = 60, 6  # batches of a large firm; small firms


@pytest.mark.parametrize("workers", [2, 4])
def test_large_firms_take_turns_with_small_ones(
    real_db: None, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    made = firms(workers + SMALL, timezone.now())
    large, small = made[:workers], made[workers:]
    work = Work({one.pk: BIG for one in large} | dict.fromkeys((one.pk for one in small), 0), batch=0.02)
    monkeypatch.setattr(tasks, "run", work.run)
    end = time.monotonic() + 60

    def over() -> bool:
        finished = {one.firm_id for one in work.done if one.state == "done"}
        return time.monotonic() > end or finished >= {one.pk for one in made}

    with override_settings(TIME_SCALE=SCALE):
        at_once(*[lambda: worker(over)] * workers, lambda: clock(over, 5 / SCALE))

    assert not work.lost
    for one in large:
        mine = sorted((s for s in work.done if s.firm_id == one.pk), key=lambda s: s.began)
        assert [number for s in mine for number in s.batches] == list(range(BIG)), "each once, and in order"
        assert "going" in {s.state for s in mine}, "it gave way"
        with firm_scope(write=None, reads=[one.pk]):
            first = Run.objects.filter(firm_id=one.pk).order_by("pk").first()
        assert first is not None
        assert first.state == "done", "one run over all its turns"
    for firm in made:
        mine = sorted((s for s in work.done if s.firm_id == firm.pk), key=lambda s: s.began)
        assert all(a.ended <= b.began for a, b in pairwise(mine)), "never had by two"
    for service in (s for s in work.done if s.firm_id in {f.pk for f in small}):
        meanwhile = Counter(s.firm_id for s in work.done if service.due < s.began < service.began)
        assert all(times <= 2 for times in meanwhile.values()), "who waited longest comes first"


@pytest.mark.django_db
def test_a_wake_up_that_was_lost_is_sent_again_and_serves_whoever_waited_longest() -> None:
    now = timezone.now()
    one, other = firms(2, now - timedelta(minutes=1))
    SyncSchedule.objects.filter(firm=other).update(due_at=now - timedelta(minutes=5))

    assert set(schedule.hand_out(now=now)) == {one.pk, other.pk}
    assert schedule.hand_out(now=now) == [], "each once"
    later = now + schedule.HANDED * 1.01
    assert set(schedule.hand_out(now=later)) == {one.pk, other.pk}, "the broker was emptied"

    ((first, holder),) = schedule.claim_due(now=later, limit=1)
    assert first == other.pk, "a worker takes a firm that was handed out, and the longest first"
    assert schedule.keep(firm_id=first, holder=holder, now=later)
    assert [firm for firm, _ in schedule.claim_due(now=later)] == [one.pk]


@pytest.mark.django_db
def test_a_run_gives_way_between_pages_and_goes_on_at_the_page() -> None:
    with scene() as at:
        at.bills(3)
        asked: list[str] = []
        with pytest.MonkeyPatch.context() as patched:
            patched.setitem(shapes.BY_RESOURCE, "bills", replace(shapes.BILLS, limit=1))
            telling = Journal.tell

            def tell(self: Journal, stage: str, progress: dict[str, str | int]) -> None:
                telling(self, stage, progress)
                if stage == "pull" and progress["what"] == "bills" and self.may_wait:
                    with firm_scope(write=None, reads=[at.on.firm.pk]):
                        if SourceHead.objects.filter(firm=at.on.firm, resource="bills").exists():
                            asked.append(str(progress["done"]))
                            raise GivesWay

            patched.setattr(Journal, "tell", tell)
            with schedule.leased(firm_id=at.on.firm.pk, now=timezone.now()) as holder:
                order = Order(trigger="schedule", whole=True)
                first = road.run(firm=at.on.firm, order=order, clock=timezone.now, holder=holder)
        assert first.state == "going"
        assert asked
        with firm_scope(write=None, reads=[at.on.firm.pk]):
            kept = Cursor.objects.get(firm=at.on.firm, name="bills").state["reading"]
        assert kept["next"] or kept["query"]

        with schedule.leased(firm_id=at.on.firm.pk, now=timezone.now()) as holder:
            order = Order(trigger="schedule", whole=True)
            second = road.run(firm=at.on.firm, order=order, clock=timezone.now, holder=holder)

        assert (second.pk, second.state) == (first.pk, "done"), second.words
        assert len(at.store("Invoice")) == 3
        at.sync()
        at.assert_ties()


@pytest.mark.django_db
@pytest.mark.parametrize("stage", ["pull", "post"])
def test_a_run_that_gives_way_has_moved_first(stage: str) -> None:
    now = timezone.now()
    mine, _other = firms(2, now - timedelta(minutes=1))
    ((firm_id, holder),) = schedule.claim_due(now=now, limit=1)
    assert firm_id == mine.pk
    journal = begin(
        firm=mine, trigger="schedule", by=None, shadow=False, may_wait=True, clock=lambda: now, holder=holder
    )
    journal.since = now - 2 * schedule.TURN

    journal.tell(stage, {"what": stage, "done": 0, "of": 5})  # else its turn would bring it no further
    with pytest.raises(GivesWay):  # also where all of a batch was refused
        journal.tell(stage, {"what": stage, "done": 0, "of": 5})


@pytest.mark.django_db
def test_a_tick_wakes_a_worker_for_each_firm_that_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    made = firms(3, timezone.now() - timedelta(minutes=1))
    work = Work(dict.fromkeys((one.pk for one in made), 0), batch=0)
    monkeypatch.setattr(tasks, "run", work.run)

    tasks.tick()
    tasks.tick()

    assert Counter(one.firm_id for one in work.done) == dict.fromkeys((one.pk for one in made), 1)
    assert {schedule.status(one.pk).lease_holder for one in made} == {""}  # type: ignore[union-attr]
