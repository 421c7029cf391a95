"""A firm that comes from Clio's own connector: what stands is recognised, adopted, and never posted twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from syncapp.pipeline.adoption import accepting
from syncapp.records.models import Posting, Proposal
from tests.adoption.history import plant
from tests.adoption.measured import Measured, adopted
from tests.stage import unwritten


@pytest.fixture(scope="module")
def come(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Measured]:
    with django_db_blocker.unblock(), unwritten(), adopted(plant(clients=9, months=4, seed_=5)) as found:
        yield found


@pytest.fixture(autouse=True)
def _open(come: Measured, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def _proposals(come: Measured, **fits: Any) -> list[Proposal]:
    with firm_scope(write=None, reads=[come.firm.firm.pk]):
        return list(Proposal.objects.filter(firm=come.firm.firm, **fits).order_by("pk"))


def test_what_is_certain_is_right_and_nothing_plain_needs_a_person(come: Measured) -> None:
    assert not come.wrong()
    assert not come.missed()
    assert not come.unseen()


def test_nothing_is_posted_for_what_was_adopted_and_nothing_stands_twice(come: Measured) -> None:
    assert come.new() == {}
    with firm_scope(write=None, reads=[come.firm.firm.pk]):
        made = Posting.objects.filter(firm=come.firm.firm, verb="create", state="posted")
        assert not made.exclude(object_kind="customer").exists()
    names = [
        one["DisplayName"] for one in come.history.company.store["Customer"].values() if not one.get("Job")
    ]
    assert len(names) == come.before["Customer"]


def test_adopted_records_are_compared_and_what_waits_is_told(come: Measured) -> None:
    told = come.firm.tieout(afresh=False)
    for kind in ("invoices", "payments", "credits", "trust"):
        assert told["kinds"][kind]["unexplained"] == "0.00", told["kinds"][kind]
    assert come.firm.verify()["ok"]


def test_one_press_is_one_entry_in_the_log(come: Measured) -> None:
    with firm_scope(write=None, reads=[come.firm.firm.pk]):
        events = AuditEvent.objects.filter(firm=come.firm.firm, verb="books.adopted")
        counts = [(event.after or {})["count"] for event in events]
    assert [count for count in counts if count > 1] == [come.adopted]  # another test adopts one again


def test_another_run_changes_nothing(come: Measured) -> None:
    before = come.history.company.store["Invoice"].keys(), len(come.links())
    come.firm.sync()
    assert (come.history.company.store["Invoice"].keys(), len(come.links())) == before
    assert come.new() == {}


def test_an_adoption_is_undone_and_asked_again(come: Measured) -> None:
    row = next(one for one in _proposals(come, state="adopted") if one.object_kind == "payment")
    ids = {"firm_id": come.firm.firm.pk, "books_id": come.firm.books.pk}
    assert accepting.undo(**ids, proposal_id=row.pk, by=come.firm.person, now=timezone.now()) is None
    assert row.subject not in come.links()
    come.firm.sync()
    assert come.new() == {}
    assert any("stand in QuickBooks already" in case["cause"] for case in come.firm.exceptions())
    assert accepting.accept(**ids, ids=[row.pk], by=come.firm.person, now=timezone.now()) == 1
    come.firm.sync()
    assert row.subject in come.links()
    assert come.new() == {}


def test_what_is_changed_in_clio_afterwards_changes_what_was_adopted(come: Measured) -> None:
    from syncapp.emulators.clio.nouns import Bill

    paid = {link for link in come.links() if link.startswith("bills/")}
    open_ = [
        b for b in come.history.world.all(Bill) if f"bills/{b.id}" in paid and b.state == "awaiting_payment"
    ]
    bill = open_[0]
    key = come.links()[f"bills/{bill.id}"].partition(":")[2]
    due = bill.due_at.replace(year=2027) if bill.due_at else None
    come.firm.desk("edit_bill", bill=bill.id, due_at=due)
    come.firm.sync()
    assert come.history.company.get("Invoice", key)["DueDate"] == str(due)
    assert come.new() == {}
