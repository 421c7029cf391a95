"""What a payment pays of a bill whose costs stand apart, and how QuickBooks shows it on a cash basis."""

from __future__ import annotations

import pytest

from syncapp.core import cashbasis
from syncapp.core.cashbasis import COSTS, FEES, TAX, Apart
from syncapp.core.documents import Allocation
from syncapp.core.planning.standing import Invoice, Standing, shares
from tests.core.test_planning_laws import DAY


def invoice(part: str, room: int) -> Invoice:
    return Invoice(subject=part, customer="matters/1", total=room, room=room, part=part)


def paid(order: str, amount: int, *, evenly: bool = False) -> dict[str, int]:
    standing = Standing(invoices=(invoice(FEES, 500_00), invoice(COSTS, 80_01)), paid_first=order)
    part = Allocation(id=1, bill_id=9, amount=amount, day=DAY)
    return {one.subject: taken for one, taken in shares(part, standing, evenly=evenly)}


def test_the_order_says_which_invoice_is_paid_first() -> None:
    assert paid("costs", 100_00) == {COSTS: 80_01, FEES: 19_99}
    assert paid("fees", 100_00) == {FEES: 100_00}
    assert paid("fees", 510_00) == {FEES: 500_00, COSTS: 10_00}
    assert paid("proportional", 100_00) == {FEES: 86_21, COSTS: 13_79}
    assert paid("proportional", 999_00) == {FEES: 500_00, COSTS: 80_01}


def test_a_credit_takes_off_both_whatever_the_order() -> None:
    assert paid("costs", 100_00, evenly=True) == {FEES: 86_21, COSTS: 13_79}


@pytest.mark.parametrize("order", ["costs", "fees"])
@pytest.mark.parametrize("now", [0, 50_00, 80_00, 400_00, 580_00, 600_00])
def test_quickbooks_shows_two_invoices_as_the_firm_does(order: str, now: int) -> None:
    parts = {FEES: 500_00, COSTS: 80_00, TAX: 0}

    one = cashbasis.compared(parts, before=0, during=now, order=order, apart=Apart(order=order))

    assert not any(one.apart.values())
