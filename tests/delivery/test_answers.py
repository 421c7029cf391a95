"""What is not a clear answer, and what is a yes that differs (DESIGN section 7, points 4 to 6)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.tenancy import firm_scope
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline import queue
from syncapp.records.models import Hold, PostedEntry, Posting
from tests.delivery.scene import Scene, scene

pytestmark = pytest.mark.django_db

UNCLEAR = [
    pytest.param("fault_200", {"commit": True}, id="200 with a fault, written"),
    pytest.param("fault_200", {}, id="200 with a fault, not written"),
    pytest.param("malformed", {"commit": True}, id="unreadable, written"),
    pytest.param("malformed", {"commit": False}, id="unreadable, not written"),
    pytest.param("server_error", {"commit": True}, id="500, written"),
    pytest.param("server_error", {}, id="500, not written"),
    pytest.param("slow", {"seconds": 1_200, "where": "after"}, id="time-out"),
]


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize(("kind", "args"), UNCLEAR)
def test_what_is_no_clear_answer_is_looked_for_before_it_is_sent_again(
    kind: str, args: dict[str, Any], count: int
) -> None:
    with scene(honour_requestid=False) as at:
        made = at.bills(count)
        at.faults.add("create invoice" if count == 1 else "batch", 1, kind, **args)

        at.sync()

        assert len(at.store("Invoice")) == len(made)
        assert {one.outcome for one in at.attempts(posting__object_kind="invoice")} >= {"uncertain", "posted"}
        at.assert_ties()


def test_what_has_no_answer_keeps_its_request_id_when_it_is_sent_again() -> None:
    with scene() as at:
        at.bills(1)
        at.faults.add("create invoice", 1, "drop_before")

        at.sync()

        sent = at.attempts(posting__object_kind="invoice")
        assert [one.outcome for one in sent] == ["uncertain", "posted"]
        assert len({one.request_id for one in sent}) == 1


def test_a_vendor_that_asks_to_wait_is_waited_for() -> None:
    with scene() as at:
        at.bills(2)
        at.faults.add("create customer", 1, "throttle", retry_after=2)
        at.faults.add("batch", 1, "throttle", retry_after=2)

        at.sync()

        assert "not_sent" in {one.outcome for one in at.attempts()}
        assert "uncertain" not in {one.outcome for one in at.attempts()}
        at.assert_ties()


@pytest.mark.parametrize(
    "operation", ["create customer", "create invoice", "query", "cdc", "GET companyinfo"]
)
def test_an_access_token_that_ends_in_the_middle_is_renewed(operation: str) -> None:
    with scene() as at:
        at.on.sync()
        at.bills(1)
        at.faults.add(operation, 1, "expired_token")

        at.sync()

        at.assert_ties()


def test_what_somebody_edited_in_the_meantime_is_read_again_before_it_is_changed() -> None:
    with scene() as at:
        made = at.bill(at.fresh_matter())
        at.sync()
        at.on.desk("edit_line", line=made.line_ids[0], quantity="9")
        at.faults.add("update invoice", 1, "refuse", status=400, body={"Fault": {
            "type": "ValidationFault", "Error": [{"Message": "Stale", "code": "5010", "Detail": "Stale"}]
        }})  # fmt: skip

        at.sync()

        assert not at.holds()
        at.assert_ties()


def test_a_name_that_a_vendor_bears_gets_a_mark() -> None:
    with scene() as at:
        at.on.sync()
        backdoor.add(at.on.company, "Vendor", {"DisplayName": "Harbor Mills Inc."})
        client = at.client("Harbor Mills Inc.")
        at.bill(at.matter(client.id).id)

        at.sync()

        assert f"Harbor Mills Inc. ({client.id})" in {row["DisplayName"] for row in at.store("Customer")}
        assert not at.holds()
        at.assert_once()


def test_what_quickbooks_returns_otherwise_is_an_alarm() -> None:
    with scene() as at:
        at.on.sync()
        made = at.bill(at.fresh_matter())
        at.faults.add("create invoice", 1, "drop_after")
        _tamper(at)

        at.sync()

        (alarm,) = at.holds(alarm=True)
        assert alarm.code == "posted_differs"
        assert "total" in alarm.words
        assert alarm.source_id == made.id
        assert at.postings(object_kind="invoice", state="posted")[0].differences


def _tamper(at: Scene) -> None:
    """A person changes the invoice that our lost answer left, before we look for it."""
    store, plan = at.on.company.store["Invoice"], at.faults
    hit = plan.hit

    def edit_first(*operations: str) -> Any:
        if store and "cdc" in operations:
            identity = next(iter(store))
            line = {**store[identity]["Line"][0], "Amount": Decimal("7.00")}
            line["SalesItemLineDetail"] = {"ItemRef": line["SalesItemLineDetail"]["ItemRef"]}
            backdoor.edit(at.on.company, "Invoice", identity, {"Line": [line]})
            plan.hit = hit  # type: ignore[method-assign]
        return hit(*operations)

    plan.hit = edit_first  # type: ignore[method-assign]


def test_a_tax_engine_that_changes_the_total_raises_an_alarm() -> None:
    with scene(tax_engine="on", tax_engine_changes_total=True) as at:
        at.bill(at.fresh_matter())

        at.sync()

        shown = at.store("Invoice")[0]["TotalAmt"]
        planned = at.postings(object_kind="invoice")[0]
        assert bool(planned.differences) == (round(shown * 100) != planned.amount)
        assert [one.code for one in at.holds(alarm=True)] == (
            ["posted_differs"] if planned.differences else []
        )


def test_an_update_that_meets_a_change_of_somebody_else_waits_for_a_person() -> None:
    """Found and different: not ours, not as it was. Nothing is overwritten unseen (DESIGN section 7, 5)."""
    with scene() as at:
        made = at.bill(at.fresh_matter())
        at.sync()
        at.on.desk("edit_line", line=made.line_ids[0], quantity="9")
        at.faults.add("update invoice", 1, "drop_before")
        _meanwhile(at)

        at.on.sync()

        assert [hold.code for hold in at.holds()] == ["changed_in_books"]
        assert at.store("Invoice")[0]["TotalAmt"] == Decimal("7.00")
        queue.retry(firm_id=at.on.firm.pk, everything=True, by=at.on.person, now=at.on.world.now())
        at.sync()
        assert not at.holds()
        at.assert_ties()


def _meanwhile(at: Scene) -> None:
    store, plan = at.on.company.store["Invoice"], at.faults
    hit = plan.hit

    def edit_after_the_loss(*operations: str) -> Any:
        if "GET invoice" in operations:
            identity = next(iter(store))
            line = {**store[identity]["Line"][0], "Amount": Decimal("7.00")}
            line["SalesItemLineDetail"] = {"ItemRef": line["SalesItemLineDetail"]["ItemRef"]}
            backdoor.edit(at.on.company, "Invoice", identity, {"Line": [line]})
            plan.hit = hit  # type: ignore[method-assign]
        return hit(*operations)

    plan.hit = edit_after_the_loss  # type: ignore[method-assign]


def test_each_posting_writes_its_entry_once() -> None:
    with scene(honour_requestid=False) as at:
        one = at.bill(at.fresh_matter())
        at.pay(one.id, amount="50")
        at.faults.add("create invoice", 1, "drop_after")
        at.faults.add("create payment", 1, "drop_after")

        at.sync()

        with firm_scope(write=None, reads=[at.on.firm.pk]):
            entries = PostedEntry.objects.filter(firm_id=at.on.firm.pk).values_list("posting_id", flat=True)
            money = Posting.objects.filter(firm_id=at.on.firm.pk, state="posted", amount__gt=0)
            assert sorted(entries) == sorted(
                money.exclude(object_kind="customer").values_list("pk", flat=True)
            )
            assert not Hold.objects.filter(
                firm_id=at.on.firm.pk, opened_at__gt=at.on.world.now() + timedelta(1)
            )
