"""A run that finds nothing new asks nothing of QuickBooks and settles nothing again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.core.ledger import Verb
from syncapp.emulators.clio.world import small
from syncapp.pipeline.run import Order, run
from syncapp.pipeline.sending import order
from syncapp.records.models import BookCursor, Posting
from tests.stage import Stage, stage


@pytest.fixture
def firm(db: Any) -> Iterator[Stage]:
    with stage(small(7)) as set_:
        yield set_


def _tick(firm: Stage) -> dict[str, int]:
    done = run(firm=firm.firm, order=Order(trigger="schedule"), clock=timezone.now)
    assert done.state == "done", done.words
    return dict(done.counts)


def _metered(firm: Stage) -> int:
    with firm_scope(write=None, reads=[firm.firm.pk]):
        return BookCursor.objects.get(firm=firm.firm).metered


def test_nothing_new_costs_no_metered_read(firm: Stage, settings: Any) -> None:
    firm.sync()
    settings.TIME_SCALE = 1  # so that the five minutes between two questions are minutes
    before = _metered(firm)

    counts = _tick(firm)

    assert counts["posted"] == 0
    assert counts["unchanged"] + counts["held"] == counts["seen"]
    assert _metered(firm) == before


def test_a_plan_without_its_order_gets_it_before_anything_is_sent(
    firm: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The process was killed between planning and ordering."""

    def killed(_: Any) -> int:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(order, "write", killed)
        with pytest.raises(Killed):
            firm.sync()
    with firm_scope(write=None, reads=[firm.firm.pk]):
        ready = Posting.objects.filter(firm=firm.firm, state="ready")
        assert ready.exists()
        assert not ready.exclude(after=[]).exists()

    firm.sync()

    assert not [case for case in firm.exceptions() if case["severity"] != "trust" and case["holds"]]
    with firm_scope(write=None, reads=[firm.firm.pk]):
        paid = Posting.objects.filter(firm=firm.firm, object_kind="payment", verb=Verb.CREATE.value)
        assert paid.exclude(after=[]).exists()
    assert firm.tieout()["kinds"]["receivables"]["unexplained"] == "0.00"
