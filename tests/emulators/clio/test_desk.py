"""What Clio users do, and the arithmetic that must hold after any of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncapp.emulators.clio.desk import do
from syncapp.emulators.clio.desk_trust import trust_balance
from syncapp.emulators.clio.funds import Allocation, BankTransaction, CreditMemo, InterestCharge, Payment
from syncapp.emulators.clio.model import NoSuchRecord, Refused, World
from syncapp.emulators.clio.nouns import Activity, Bill, Matter
from syncapp.emulators.clio.sums import sums
from syncapp.emulators.clio.world import empty
from tests.emulators.clio.conftest import NOW
from tests.emulators.clio.figures import agree

MONEY = st.decimals("0.01", "900", places=2)
ACTIONS = st.sampled_from(
    (
        "approve_bill",
        "submit_bill",
        "back_to_draft",
        "void_bill",
        "delete_bill",
        "record_payment",
        "write_off",
        "credit_note",
        "add_interest",
        "edit_line",
        "edit_bill",
        "remove_payment",
        "remove_credit",
        "remove_interest",
        "pay_from_operating",
        "pay_from_trust",
        "move_payment",
        "edit_payment",
        "remove_line",
        "add_line",
    )
)


def fresh() -> tuple[World, Matter]:
    world = empty()
    world.at = NOW
    client = do(world, "create_client", name="Granite Works LLC")
    return world, do(world, "create_matter", client=client.id, description="Dispute")


def bill_of(world: World, matter: Matter, *hours: str, approve: bool = True, **how: Any) -> Bill:
    user = next(iter(world.tables["User"]))
    work = [
        do(world, "create_time", matter=matter.id, user=user, date="2026-10-20", hours=h, rate="300").id
        for h in hours
    ]
    bill: Bill = do(world, "draft_bill", activities=work, **how)
    return do(world, "approve_bill", bill=bill.id) if approve else bill


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(st.tuples(ACTIONS, st.integers(0, 7), MONEY), max_size=25), erase=st.booleans())
def test_the_figures_agree_whatever_people_do(steps: list[tuple[str, int, Decimal]], erase: bool) -> None:
    world, matter = fresh()
    world.switches.removal_erases = erase
    do(world, "operating_deposit", client=matter.client_id, amount="400")
    do(world, "trust_deposit", matter=matter.id, amount="700")
    bill_of(world, matter, "1.5", "0.7", tax_rate="8.875", tax_services=True)
    bill_of(world, matter, "2.2", approve=False)
    bill_of(world, matter, "0.3", "3.1")

    for name, turn, amount in steps:
        try:
            do(world, name, **arguments(world, name, turn, amount))
        except (Refused, NoSuchRecord, IndexError):
            continue
        finally:
            agree(world)


def arguments(world: World, name: str, turn: int, amount: Decimal) -> dict[str, Any]:
    """Values for a step: some record of the right kind, some amount."""

    def some(kind: type[Any]) -> int:
        records = world.all(kind)
        return int(records[turn % len(records)].id) if records else 0

    bill, money = {"bill": some(Bill)}, {"amount": amount}
    lines = world.get(Bill, bill["bill"]).line_ids
    return {
        "record_payment": {"bills": [some(Bill), world.all(Bill)[0].id][: 1 + turn % 2], **money},
        "write_off": {**bill, **money},
        "credit_note": {**bill, **money},
        "pay_from_operating": {**bill, **money},
        "pay_from_trust": {**bill, **money},
        "add_interest": {**bill, "total": amount},
        "edit_line": {"line": lines[turn % len(lines)] if lines else 0, "price": amount},
        "remove_line": {"line": lines[-1] if lines else 0},
        "add_line": {**bill, "description": "Fee", "price": amount, "taxable": turn % 2 == 0},
        "edit_bill": {
            **bill,
            "discount_type": ("percentage", "money")[turn % 2],
            "discount_rate": amount % 60,
            "discount_services_only": turn % 3 == 0,
        },
        "remove_payment": {"payment": some(Payment)},
        "remove_credit": {"credit": some(CreditMemo)},
        "remove_interest": {"charge": some(InterestCharge)},
        "move_payment": {"payment": some(Payment), **bill},
        "edit_payment": {"payment": some(Payment), **money},
    }.get(name, bill)  # type: ignore[return-value]


def test_a_payment_over_two_bills_and_more_than_they_owe() -> None:
    world, matter = fresh()
    first, second = bill_of(world, matter, "1"), bill_of(world, matter, "2")

    paid = do(world, "record_payment", bills=[first.id, second.id], amount="950", reference="1001")

    parts = world.some(Allocation, paid.allocation_ids)
    assert [(a.bill_id, int(a.amount)) for a in parts] == [(first.id, 300), (second.id, 600)]
    rows = world.some(BankTransaction, paid.row_ids)
    assert [(int(r.amount), r.allocation_id, r.confirmation) for r in rows] == [
        (900, parts[0].id, "1001"),
        (50, None, "1001"),
    ]
    assert {first.state, second.state} == {"paid"}


def test_a_removed_payment_leaves_a_voided_allocation_and_no_bank_row() -> None:
    world, matter = fresh()
    bill = bill_of(world, matter, "1")
    paid = do(world, "record_payment", bills=[bill.id], amount="300")
    stamp = bill.revision

    do(world, "remove_payment", payment=paid.id)

    assert world.all(Allocation)[0].voided_at == NOW
    assert not world.all(BankTransaction)
    assert bill.state == "awaiting_payment"
    assert bill.revision == stamp


def test_the_switch_that_lets_a_payment_touch_its_bill() -> None:
    world, matter = fresh()
    world.switches.payment_touches_bill = True
    bill = bill_of(world, matter, "1")
    stamp = bill.revision

    do(world, "record_payment", bills=[bill.id], amount="300")

    assert bill.revision > stamp


def test_a_moved_payment_keeps_its_parent_and_its_bank_row() -> None:
    world, matter = fresh()
    wrong, right = bill_of(world, matter, "1"), bill_of(world, matter, "1")
    paid = do(world, "record_payment", bills=[wrong.id], amount="200", reference="88")

    do(world, "move_payment", payment=paid.id, bill=right.id)

    old, new = world.all(Allocation)
    assert old.voided_at is not None
    assert new.voided_at is None
    assert (old.parent_id, new.parent_id, new.bill_id) == (paid.id, paid.id, right.id)
    assert [r.allocation_id for r in world.all(BankTransaction)] == [new.id]


def test_a_payment_from_trust_has_a_trust_source_and_two_rows() -> None:
    world, matter = fresh()
    do(world, "trust_deposit", matter=matter.id, amount="500")
    bill = bill_of(world, matter, "1")

    paid = do(world, "pay_from_trust", bill=bill.id, amount="300")

    part = world.get(Allocation, paid.allocation_ids[0])
    assert part.source_bank_account_id != part.destination_bank_account_id
    assert sorted(r.amount for r in world.some(BankTransaction, paid.row_ids)) == [-300, 300]
    assert trust_balance(world, matter=matter.id) == 200
    with pytest.raises(Refused):
        do(world, "trust_disbursement", matter=matter.id, amount="200.01", payee="Clerk")


def test_a_payment_from_operating_funds_moves_no_cash() -> None:
    world, matter = fresh()
    do(world, "operating_deposit", client=matter.client_id, amount="500")
    bill = bill_of(world, matter, "1")

    paid = do(world, "pay_from_operating", bill=bill.id, amount="300")

    part = world.get(Allocation, paid.allocation_ids[0])
    assert part.source_bank_account_id
    assert part.destination_bank_account_id is None
    assert len(world.all(BankTransaction)) == 1
    with pytest.raises(Refused):
        do(world, "refund_operating", client=matter.client_id, amount="200.01")


def test_interest_is_paid_last_and_marked() -> None:
    world, matter = fresh()
    bill = bill_of(world, matter, "1")
    do(world, "add_interest", bill=bill.id, total="12.50")

    paid = do(world, "record_payment", bills=[bill.id], amount="305")

    parts = world.some(Allocation, paid.allocation_ids)
    assert [(int(a.amount), a.interest) for a in parts] == [(300, False), (5, True)]
    assert sums(world, bill).interest_balance == Decimal("7.50")


def test_void_frees_the_work_and_keeps_the_number() -> None:
    world, matter = fresh()
    bill = bill_of(world, matter, "1", number="900")

    do(world, "void_bill", bill=bill.id)

    assert (bill.state, bill.number) == ("void", "900")
    assert world.all(Activity)[0].bill_id is None
    assert do(world, "draft_bill", activities=[world.all(Activity)[0].id]).number != "900"


def test_clio_refuses_what_it_refuses() -> None:
    world, matter = fresh()
    bill = bill_of(world, matter, "1")
    do(world, "record_payment", bills=[bill.id], amount="300")

    for name, values in (
        ("void_bill", {"bill": bill.id}),
        ("back_to_draft", {"bill": bill.id}),
        ("delete_bill", {"bill": bill.id}),
        ("record_payment", {"bills": [bill.id]}),
        ("fly", {}),
        ("write_off", {"bill": bill.id}),
        ("record_payment", {"bills": [bill.id], "amount": "ten"}),
        ("void_bill", {"bill": bill.id, "colour": 1}),
    ):
        with pytest.raises(Refused):
            do(world, name, **values)


def test_a_zero_bill_is_paid_at_once() -> None:
    world, matter = fresh()
    user = next(iter(world.tables["User"]))
    free = do(world, "create_time", matter=matter.id, user=user, date="2026-10-20", hours="1", no_charge=True)
    bill = do(world, "draft_bill", activities=[free.id])

    do(world, "approve_bill", bill=bill.id)

    assert bill.state == "paid"
    assert sums(world, bill).due == 0
