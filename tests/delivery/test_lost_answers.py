"""An answer is lost, before or after QuickBooks wrote the entry: there is exactly one of it all the same.

DESIGN section 7, points 2 to 5: the life of every kind of posting, alone and in a batch. Each step under each
fault, `requestid` honoured and not, is a cell of `tests/table`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from syncapp.emulators.clio.funds import BankTransaction
from tests.delivery.scene import Scene, scene

pytestmark = pytest.mark.django_db


@dataclass(slots=True)
class Story:
    """The life of some bills. The answer to each kind of operation is lost twice: before and after."""

    at: Scene
    count: int

    def losing(self, operation: str, act: Callable[[], Any]) -> Any:
        """Act in Clio, sync while answers are lost; nothing is lost and nothing is twice."""
        found = act()
        plan = self.at.faults
        plan.clear()
        plan.fired.clear()
        if self.count == 1:  # the same operation: it does not arrive, and when sent again its answer is lost
            plan.add(operation, 1, "drop_before")
            plan.add(operation, 2, "drop_after")
        elif operation.startswith(("void ", "create customer")):  # goes alone, one after the other
            plan.add(operation, 1, "drop_before")
            plan.add(operation, 3, "drop_after")
        else:  # the batch does not arrive; sent again, its answer is lost with two of three written
            plan.add("batch", 1, "drop_before")
            plan.add(operation, 2, "drop_after")
        self.at.sync()
        assert sorted(kind for _, kind in plan.fired) == ["drop_after", "drop_before"], operation
        self.at.assert_once()
        return found

    def each(self, act: Callable[[Any], Any], rows: list[Any]) -> list[Any]:
        return [act(row) for row in rows]


def bills(story: Story) -> list[Any]:
    """Customers, sub-customers, invoices: made and changed."""
    at, desk = story.at, story.at.on.desk
    story.losing("create customer", lambda: at.bills(story.count))
    matters = [at.matter(client.id).id for client in at.clients]
    story.losing("create customer", lambda: story.each(at.bill, matters))
    made = story.losing("create invoice", lambda: story.each(at.bill, matters))
    story.losing("update invoice", lambda: story.each(
        lambda bill: desk("edit_line", line=bill.line_ids[0], quantity="5.5"), made))  # fmt: skip
    return list(made)


def payments(story: Story, made: list[Any]) -> None:
    at, desk = story.at, story.at.on.desk
    paid = story.losing(
        "create payment", lambda: story.each(lambda bill: at.pay(bill.id, amount="100.10"), made)
    )
    story.losing("update payment", lambda: story.each(
        lambda one: desk("edit_payment", payment=one, amount="110.25"), paid))  # fmt: skip
    story.losing("void payment", lambda: story.each(lambda one: desk("remove_payment", payment=one), paid))


def credits_(story: Story, made: list[Any]) -> None:
    desk = story.at.on.desk

    def credit(amount: str) -> list[Any]:
        return story.each(lambda bill: desk("credit_note", bill=bill.id, amount=amount).id, made)

    first = story.losing("create creditmemo", lambda: credit("30.01"))
    second = story.losing("create payment", lambda: credit("20.02"))  # the payment of nothing that applies it
    story.losing("void payment", lambda: story.each(lambda one: desk("remove_credit", credit=one), first))
    story.losing(
        "update creditmemo", lambda: story.each(lambda one: desk("remove_credit", credit=one), second)
    )


def money(story: Story) -> None:
    """A journal entry and a check, made and taken back."""
    at, desk = story.at, story.at.on.desk
    clients = [client.id for client in at.clients]
    came = story.losing("create journalentry", lambda: story.each(
        lambda one: desk("operating_deposit", client=one, amount="500"), clients))  # fmt: skip
    went = story.losing("create purchase", lambda: story.each(
        lambda one: desk("refund_operating", client=one, amount="75", reference=f"C{one}"),
        clients))  # fmt: skip
    story.losing("delete purchase", lambda: _erase(at, went))
    story.losing("delete journalentry", lambda: _erase(at, came))


def _erase(at: Scene, rows: list[BankTransaction]) -> None:
    for row in rows:
        at.on.world.remove(row)


@pytest.mark.parametrize(
    ("count", "honoured"),
    [(1, False), (3, True)],
    ids=["alone, requestid ignored", "in a batch, requestid honoured"],
)
def test_each_kind_stands_once_whatever_is_lost(count: int, *, honoured: bool) -> None:
    with scene(honour_requestid=honoured) as at:
        story = Story(at, count)

        made = bills(story)
        payments(story, made)
        credits_(story, made)
        money(story)
        story.losing(
            "void invoice", lambda: story.each(lambda bill: at.on.desk("void_bill", bill=bill.id), made)
        )

        at.assert_ties()
        assert not at.holds()


@pytest.mark.parametrize(
    ("count", "honoured"),
    [(1, False), (3, True)],
    ids=["alone, requestid ignored", "in a batch, requestid honoured"],
)
def test_a_deposit_of_parted_payments_stands_once(count: int, *, honoured: bool) -> None:
    with scene(honour_requestid=honoured, payment_across_subcustomers="refuse") as at:
        story = Story(at, 1)  # deposits come after their payments, so the batch is theirs alone
        bills = [[at.bill(at.matter(at.client().id).id)] for _ in range(count)]
        for several in bills:
            several.append(at.bill(at.matter(several[0].client_id).id))
        at.sync()

        story.losing(
            "create deposit",
            lambda: [at.pay(one.id, other.id, amount="2500") for one, other in bills],
        )

        assert len(at.store("Deposit")) == count
        assert len(at.store("Payment")) == 2 * count
        assert not at.holds()
