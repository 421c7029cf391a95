"""What Clio users do, and the arithmetic that must hold after any of it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncapp.emulators.clio.billvalues import matter_shares
from syncapp.emulators.clio.desk import do
from syncapp.emulators.clio.desk_trust import trust_balance
from syncapp.emulators.clio.funds import Allocation, BankTransaction, CreditMemo, InterestCharge, Payment
from syncapp.emulators.clio.model import NoSuchRecord, Refused, World
from syncapp.emulators.clio.nouns import Activity, Bill, Contact, Matter
from syncapp.emulators.clio.sums import sums
from syncapp.emulators.clio.world import empty, small, year
from tests.emulators.clio.conftest import NOW, Clio

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


def agree(world: World) -> None:
    """The identities of Clio's figures, for every bill."""
    for bill in world.all(Bill):
        s = sums(world, bill)
        gone = bill.state in ("void", "deleted")
        assert s.total == s.sub_total + s.tax + s.secondary_tax + s.interest
        assert s.due == s.total - s.discount
        assert s.balance == (0 if gone else s.due - s.paid - s.credits_issued)
        if bill.bill_kind != "trust_kind" and bill.matter_ids:
            assert sum(amount for _, amount in matter_shares(world, bill)) == s.due - s.interest
        if bill.state == "paid":
            assert s.balance <= 0
        if bill.state == "awaiting_payment":
            assert s.balance > 0
        if bill.state in ("void", "draft", "deleted", "awaiting_approval"):
            assert s.paid == s.credits_issued == 0
    rows = Counter[int]()
    for row in world.all(BankTransaction):
        rows[row.payment_id or 0] += int(row.amount * 100)
    for payment in world.all(Payment):
        if payment.voided_at is None and payment.source_bank_account_id is None:
            assert rows[payment.id] == payment.amount * 100


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
        (900, parts[0].id, "1001"), (50, None, "1001")
    ]  # fmt: skip
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


@pytest.mark.parametrize("seed", [7, 8])
def test_the_year_is_the_firm_that_was_asked_for(seed: int) -> None:
    world = year(seed)
    revenue = [b for b in world.all(Bill) if b.bill_kind != "trust_kind"]

    agree(world)
    assert 350 <= len(revenue) <= 450
    assert len(world.all(Activity)) <= 4000
    assert len([u for u in world.tables["User"].values() if u.enabled]) == 12
    assert any(b.issued_at and b.issued_at < date(2025, 11, 1) for b in revenue)
    assert max(len(b.line_ids) for b in revenue) == 700
    names = Counter(c.name for c in world.all(Contact))
    assert [n for n, count in names.items() if count > 1] == ["John Carter"]
    assert len({b.number for b in world.all(Bill)}) == len(world.all(Bill))
    assert min(trust_balance(world, matter=m.id) for m in world.all(Matter)) >= 0


def test_every_planted_thing_is_there_and_is_what_it_says() -> None:
    world = year()
    kinds = {
        "bills": "Bill",
        "allocations": "Allocation",
        "credit_memos": "CreditMemo",
        "contacts": "Contact",
        "interest_charges": "InterestCharge",
        "bank_transactions": "BankTransaction",
        "matter_transfers": "MatterTransfer",
        "activities": "Activity",
    }
    states = {
        "void": "void",
        "deleted": "deleted",
        "draft": "draft",
        "back_to_draft": "draft",
        "zero": "paid",
        "awaiting_approval": "awaiting_approval",
        "bounced_bill": "paid",
    }
    for thing in world.planted:
        record = world.tables[kinds[thing.resource]][thing.id]
        if thing.kind in states:
            assert record.state == states[thing.kind], thing
        if thing.kind in ("bounced_check", "reapplied", "credit_removed"):
            assert record.voided_at is not None, thing
    wanted = {
        "opening_open",
        "opening_part_paid",
        "opening_credit",
        "paid_together",
        "payment_moved_to",
        "overpayment",
        "operating_retainer",
        "operating_use",
        "bounced_check",
        "refund",
        "write_off",
        "credit_note",
        "split_bill",
        "back_to_draft_and_approved",
        "void",
        "edited_line",
        "several_matters",
        "same_name",
        "client_with_colon",
        "client_with_accents",
        "long_bill",
        "zero",
        "trust_request",
        "trust_deposit",
        "trust_payment",
        "draft",
        "trust_request_payment",
        "awaiting_approval",
        "unbilled",
        "interest",
        "trust_transfer",
    }
    assert wanted <= {p.kind for p in world.planted}


def test_one_seed_is_one_world() -> None:
    def face(world: World) -> list[Any]:
        return [(b.number, b.state, sums(world, b).due, b.etag, b.updated_at) for b in world.all(Bill)]

    assert face(year(3)) == face(year(3))
    assert face(year(3)) != face(year(4))
    assert face(small(3)) != face(small(4))


def test_people_act_on_the_pages(clio: Clio) -> None:
    bill = next(b for b in clio.world.all(Bill) if b.state == "awaiting_payment" and not b.charge_ids)
    back = f"/firms/1/bills/{bill.id}"

    for path in ("/firms/1/bills?state=paid", "/firms/1/clients", "/firms/1/trust", back):
        shown = clio.http.get(path)
        assert shown.status_code == 200
        assert "for demonstration" in shown.text
    owed = sums(clio.world, bill).balance
    answer = clio.http.post(
        "/firms/1/do",
        data={
            "do": "record_payment",
            "bills": str(bill.id),
            "amount": str(owed),
            "date": "2026-11-01",
            "reference": "5",
            "back": back,
        },
    )
    assert answer.headers["Location"].startswith(back)
    assert bill.state == "paid"
    no = clio.http.post("/firms/1/do", data={"do": "void_bill", "bill": str(bill.id), "back": back})
    assert "Clio%20refuses" in no.headers["Location"]
    assert clio.http.get("/firms/1/bills/5").status_code == 404


def test_the_back_door_does_the_same(clio: Clio) -> None:
    draft = next(b for b in clio.world.all(Bill) if b.state == "draft")

    made = clio.http.post("/_backdoor/do", json={"do": "approve_bill", "bill": draft.id}).get_json()["data"]
    wrong = clio.http.post("/_backdoor/do", json={"do": "approve_bill", "bill": draft.id})
    switched = clio.http.post("/_backdoor/switches", json={"total_net": True}).get_json()

    assert (made["kind"], made["state"]) == ("revenue_kind", "awaiting_payment")
    assert wrong.status_code == 400
    assert switched["total_net"] is True
    assert clio.http.post("/_backdoor/switches", json={"total_gross": True}).status_code == 400
    assert clio.http.get("/_backdoor/planted").get_json()[0]["resource"] == "bills"
