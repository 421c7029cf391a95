"""A record woken while its operation is on its way is settled anew: the arrival is no end of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.pipeline import record
from syncapp.pipeline.clock import pausing
from syncapp.records import anew
from syncapp.records.models import Document
from tests.delivery.scene import Scene, scene

pytestmark = pytest.mark.django_db


def _paused_under_way(at: Scene, monkeypatch: pytest.MonkeyPatch, what: str, kind: str) -> None:
    """Sync; somebody pauses something after operations of a kind were sent and before they are recorded."""
    recorded = record.run
    done: list[bool] = []

    def run(*, sent: list[record.Sent], **more: Any) -> None:
        if not done and any(one.posting.object_kind == kind for one in sent):
            done.append(True)
            refusal = pausing.pause(
                firm_id=at.on.firm.pk,
                what=what,
                client_id=None,
                reason="Year end",
                by=at.on.person,
                now=timezone.now(),
            )
            assert refusal is None
        recorded(sent=sent, **more)

    with monkeypatch.context() as patched:
        patched.setattr(record, "run", run)
        at.on.sync(whole=False)
    assert done


def test_a_payment_paused_between_its_parts_and_its_deposit_is_deposited_when_it_goes_on(monkeypatch) -> None:
    with scene(payment_across_subcustomers="refuse") as at:
        client = at.client()
        bills = [at.bill(at.matter(client.id).id) for _ in range(3)]
        at.pay(*[bill.id for bill in bills], amount="2500")
        at.sync()  # from here on it is known that QuickBooks takes such a payment in parts only
        at.pay(*[bill.id for bill in bills], amount="2500")
        _paused_under_way(at, monkeypatch, "payments", "payment")
        at.on.sync(whole=False)
        assert len(at.store("Payment")) == 4
        assert len(at.store("Deposit")) == 1

        with firm_scope(write=None, reads=[at.on.firm.pk]):
            (pause,) = pausing.active(at.on.firm.pk)
        assert not pausing.resume(
            firm_id=at.on.firm.pk, pause_id=pause.pk, by=at.on.person, now=timezone.now()
        )
        at.sync()

        assert len(at.store("Deposit")) == 2
        at.assert_once()
        assert at.on.verify()["ok"]


def test_what_waits_for_its_operation_waits_no_more_once_it_is_planned_anew() -> None:
    with scene() as at:
        at.bills(2)
        at.sync()
        mine = Document.objects.filter(firm_id=at.on.firm.pk, kind="bill")
        with firm_scope(write=at.on.firm.pk):
            first, second = mine.order_by("source_id")
            mine.filter(pk=first.pk).update(settled=False, outcome="waiting")

            anew.plan(mine)

            assert set(mine.values_list("pk", "settled", "outcome")) == {
                (first.pk, False, ""),
                (second.pk, False, "posted"),
            }
