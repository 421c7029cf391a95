"""How far a run is: the page is told of how many, where that is known."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from accounts.tenancy import firm_scope
from syncapp.core.books import Operation, Outcome
from syncapp.pipeline.journal import Journal
from syncapp.qbo.client import QuickBooks
from syncapp.records.models import Run
from tests.delivery.scene import scene

pytestmark = pytest.mark.django_db


def test_settling_and_posting_say_how_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, list[tuple[int, int]]] = defaultdict(list)

    def note(_journal: Journal, stage: str, progress: dict[str, Any]) -> None:
        told[stage].append((progress["done"], progress["of"]))

    monkeypatch.setattr(Journal, "tell", note)
    with scene() as at:
        for bill in at.bills(3):
            at.pay(bill.id, amount="10")
        at.on.sync()
        operations = len(at.postings(state="posted"))

    assert told["settle"][0] == (0, 9)  # three bills, their payments, and the bank rows of those
    assert all(done <= of for stage in ("settle", "post") for done, of in told[stage])
    assert told["post"][-1] == (operations, operations)
    assert {of for _, of in told["pull"]} == {0}


def test_what_is_sent_is_told_before_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, Any]] = []
    sending = QuickBooks.send

    with scene() as at:

        def send(self: QuickBooks, operations: list[Operation]) -> list[Outcome]:
            with firm_scope(write=None, reads=[at.on.firm.pk]):
                run = Run.objects.filter(firm=at.on.firm).latest("pk")
            seen.append((run.stage, run.progress["of"]))
            return sending(self, operations)

        monkeypatch.setattr(QuickBooks, "send", send)
        at.bills(1)
        at.on.sync()

    assert seen, "something was sent"
    assert {stage for stage, _ in seen} == {"post"}
    assert all(whole >= 1 for _, whole in seen)
