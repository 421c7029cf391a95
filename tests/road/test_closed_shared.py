"""A payment of closed books that covers several bills: what charges it again is shared between them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from syncapp.core.planning.returns import RETURNED, Said
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline.cases import choices
from tests.road.acts import TODAY, fresh, owed
from tests.road.closing import case_of, close, on_closing_day, receivable
from tests.road.test_closed_paid import CLOSED, changed
from tests.road.test_closed_payments import corrected
from tests.road.test_hands_closed import assert_stays, invoice_of, payment_of, say
from tests.stage import Stage

LATER = TODAY + timedelta(days=20)


def two_bills(on: Stage, *amounts: str) -> tuple[Bill, Bill]:
    """Two bills of one matter, and one payment of both: of so much of each, or of all that they ask."""
    bills = fresh(on), fresh(on, hours="3.0")
    paid = [Decimal(amount) for amount in amounts] or [owed(on, bill) for bill in bills]
    on.desk(
        "record_payment", bills=[bill.id for bill in bills], amount=str(sum(paid)), date=TODAY, amounts=paid
    )
    on.sync()
    return bills


def pay(on: Stage, bills: tuple[Bill, Bill], *, together: bool) -> None:
    """Pay what two bills ask, by one payment or by one each."""
    asked = [owed(on, bill) for bill in bills]
    if together:
        on.desk("record_payment", bills=[bill.id for bill in bills], amount=str(sum(asked)), date=LATER)
    for bill, amount in () if together else zip(bills, asked, strict=True):
        on.desk("record_payment", bills=[bill.id], amount=str(amount), date=LATER)
        on.sync()
    on.sync()


def waiting(on: Stage) -> list[tuple[int, str]]:
    """What waits for a person."""
    return sorted((one["case"], one["cause"]) for one in on.exceptions())


def returned_of_two(on: Stage) -> tuple[tuple[Bill, Bill], dict[str, Any]]:
    """Two bills whose payment of closed books the bank returned, and the entry that charges it again."""
    bills = two_bills(on)
    close(on)
    [payment] = [one for one in on.world.tables["Payment"].values() if one.date == TODAY]
    on.desk("remove_payment", payment=payment.id)
    on.sync()
    refused = choices.returned(
        firm_id=on.firm.pk, case_id=case_of(on, "payment_removed").pk,
        said=Said(what=RETURNED, day=TODAY + timedelta(days=3)), by=on.person, now=timezone.now(),
    )  # fmt: skip
    assert refused is None
    on.sync()
    return bills, max(on.company.store["JournalEntry"].values(), key=lambda one: int(one["Id"]))


@pytest.mark.parametrize("hand", ["none", "amount"])
@pytest.mark.parametrize("together", [True, False])
def test_a_return_of_two_bills_is_paid_by_each_for_its_share(
    firm: Stage, hand: str, *, together: bool
) -> None:
    begins = waiting(firm)
    bills, made = returned_of_two(firm)
    before, asked = receivable(firm), sum(owed(firm, bill) for bill in bills)
    close(firm, CLOSED)
    if hand != "none":
        changed(firm, made, hand, "")
        firm.sync()
        assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
        firm.sync()
    assert receivable(firm) == before

    pay(firm, bills, together=together)

    assert receivable(firm) == before - asked
    assert waiting(firm) == begins, "every cent of it pays what is owed"
    assert_stays(firm, on_closing_day(firm))


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("together", [True, False])
def test_what_a_hand_put_on_two_bills_one_after_the_other_is_charged_to_each(
    firm: Stage, first: int, *, together: bool
) -> None:
    begins = waiting(firm)
    bills = two_bills(firm, "200", "100")
    made, before = payment_of(firm, bills[0].number), receivable(firm)
    asked = sum(owed(firm, bill) for bill in bills)
    amounts = [Decimal(200), Decimal(100)]
    for position, more in ((first, 10), (1 - first, 20)):
        close(firm, None)
        amounts[position] += more
        lines = [
            {"Amount": str(amount), "LinkedTxn": [
                {"TxnId": invoice_of(firm, bill.number)["Id"], "TxnType": "Invoice"}
            ]}
            for bill, amount in zip(bills, amounts, strict=True)
        ]  # fmt: skip
        backdoor.edit(firm.company, "Payment", made["Id"], {"TotalAmt": str(sum(amounts)), "Line": lines})
        close(firm)
        corrected(firm)
    assert receivable(firm) == before

    pay(firm, bills, together=together)

    assert receivable(firm) == before - asked
    assert waiting(firm) == begins, "every cent of it pays what is owed"
    assert_stays(firm, on_closing_day(firm))
