"""A whole run, which looks for what was erased without a word, is asked for until one has come to its end."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from syncapp.pipeline import tasks
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.models import SyncSchedule
from syncapp.pipeline.run import Order
from syncapp.records.models import Run
from tests.delivery.scene import scene

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("state", "again"), [("done", False), ("waiting", True), ("failed", True)])
def test_a_whole_run_that_did_not_end_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, state: str, *, again: bool
) -> None:
    with scene() as at:
        firm = at.on.firm
        schedule.ask(firm_id=firm.pk, now=timezone.now())
        ordered: list[Order] = []

        def told(*, order: Order, **_: Any) -> Run:
            ordered.append(order)
            return Run(firm_id=firm.pk, state=state, stage="pull")

        monkeypatch.setattr(tasks, "run", told)
        holder = schedule.take(firm_id=firm.pk, now=timezone.now())
        assert holder is not None
        tasks.run_firm(firm_id=firm.pk, holder=holder)

        assert [order.whole for order in ordered] == [True]
        assert schedule.whole_due(firm_id=firm.pk, now=timezone.now()) is again
        assert (SyncSchedule.objects.get(firm_id=firm.pk).whole_at is None) is again
