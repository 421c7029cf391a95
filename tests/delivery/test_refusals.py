"""A clear no holds the document and what follows it, until the cause is mended (DESIGN section 7, 4)."""

from __future__ import annotations

from typing import Any

import pytest

from syncapp.emulators.qbo import backdoor, seed
from syncapp.pipeline import queue
from tests.delivery.scene import TODAY, Scene, scene

pytestmark = pytest.mark.django_db


def refuse(at: Scene) -> tuple[Any, Any]:
    """Two bills, one paid and one credited, on a product that went inactive after the mapping was read."""
    one, other = at.bills(2)
    at.pay(one.id, amount="50")
    at.on.desk("credit_note", bill=other.id, amount="10")
    at.on.company.switches.inactive_code = "2500"
    backdoor.set_active(at.on.company, "Item", seed.item(at.on.company, "Legal Fees"), active=False)
    return one, other


def test_a_cause_mended_in_the_books_frees_everything_that_it_held() -> None:
    with scene() as at:
        refuse(at)
        at.sync()
        assert len(at.holds()) == 4
        assert len(at.cases()) == 1, [case.cause for case in at.cases()]
        assert not at.store("Invoice")
        assert not at.store("Payment")

        backdoor.set_active(at.on.company, "Item", seed.item(at.on.company, "Legal Fees"), active=True)
        at.sync()

        assert not at.holds()
        assert not at.cases()
        at.assert_ties()


def test_what_quickbooks_refuses_is_held_with_what_follows_it_under_one_cause() -> None:
    """The company refuses what its lists did not tell: found at sending, not at planning."""
    body = {"Fault": {"type": "ValidationFault", "Error": [
        {"Message": "Invalid account type", "code": "6430", "Detail": "A different type of account"}
    ]}}  # fmt: skip
    with scene() as at:
        one = at.bill(at.fresh_matter())
        at.pay(one.id, amount="50")
        at.faults.add("create invoice", 1, "refuse", status=400, body=body)

        at.sync()

        held = at.holds()
        assert {hold.resource for hold in held} == {"bills", "allocations"}
        assert len({hold.case_id for hold in held}) == 1
        assert not at.store("Invoice")
        assert not at.store("Payment")
        at.sync()
        assert not at.holds()
        assert not at.cases()
        at.assert_ties()


def test_a_closed_period_holds_until_the_books_are_opened() -> None:
    with scene() as at:
        made = at.bill(at.fresh_matter())
        at.sync()
        at.on.desk("edit_line", line=made.line_ids[0], quantity="9")
        backdoor.close_books(at.on.company, TODAY)
        at.sync()
        assert [hold.code for hold in at.holds()] == ["closed_correction"]

        backdoor.close_books(at.on.company, None)
        at.sync()

        assert not at.holds()
        assert not at.cases()
        at.assert_ties()


@pytest.mark.parametrize("asked", ["one", "case", "everything"])
def test_a_person_asks_to_try_again(asked: str) -> None:
    body = {
        "Fault": {"type": "ValidationFault", "Error": [{"Message": "No", "code": "6430", "Detail": "No"}]}
    }
    with scene() as at:
        at.bills(2)
        at.faults.add("create invoice", 1, "refuse", times=2, status=400, body=body)
        at.on.sync()
        held = at.holds()
        assert len(held) == 2
        choices: dict[str, dict[str, Any]] = {
            "one": {"hold_ids": [held[0].pk]},
            "case": {"case_ids": [held[0].case_id]},
            "everything": {"everything": True},
        }

        count = queue.retry(firm_id=at.on.firm.pk, by=at.on.person, now=at.on.world.now(), **choices[asked])

        assert count == (1 if asked == "one" else 2)
        at.sync()
        assert not at.holds()
        at.assert_ties()
