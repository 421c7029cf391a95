"""What Clio users do with client money: two accounts, and every row a bookkeeper records."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncapp.emulators.clio.desk import do
from syncapp.emulators.clio.desk_bank import account
from syncapp.emulators.clio.desk_trust import trust_balance
from syncapp.emulators.clio.funds import BankAccount, BankTransaction
from syncapp.emulators.clio.model import NoSuchRecord, Refused, World
from syncapp.emulators.clio.nouns import Bill, Matter
from syncapp.emulators.clio.world import empty
from tests.emulators.clio.conftest import NOW, Clio, open_clio

CENTS = st.decimals("0.01", "900", places=2)
ROW_ACTIONS = st.sampled_from(
    ("trust_deposit", "trust_disbursement", "trust_refund", "return_deposit", "void_check", "edit_trust_row",
     "remove_trust_row", "matter_transfer", "account_transfer", "trust_interest", "bank_charge", "firm_funds")
)  # fmt: skip


def two_accounts() -> tuple[World, Matter, BankAccount, BankAccount]:
    world = empty()
    world.at = NOW
    client = do(world, "create_client", name="Granite Works LLC")
    matter = do(world, "create_matter", client=client.id, description="Dispute")
    second = do(world, "open_trust_account", name="IOLTA Seattle", account_number="****8836")
    return world, matter, account(world, "Trust"), second


def rows(world: World, bank: BankAccount) -> list[Decimal]:
    return [t.amount for t in world.all(BankTransaction) if t.bank_account_id == bank.id]


def test_each_trust_account_holds_its_own_money() -> None:
    world, matter, first, second = two_accounts()
    do(world, "trust_deposit", matter=matter.id, amount="500.00")
    do(world, "trust_deposit", matter=matter.id, amount="200.00", bank_account=second.id)

    with pytest.raises(Refused):
        do(world, "trust_disbursement", matter=matter.id, amount="250", payee="X", bank_account=second.id)
    do(world, "trust_disbursement", matter=matter.id, amount="150", payee="X", bank_account=second.id)

    assert trust_balance(world, matter=matter.id) == Decimal("550.00")
    assert trust_balance(world, matter=matter.id, bank=first.id) == Decimal("500.00")
    assert rows(world, second) == [Decimal("200.00"), Decimal(-150)]


def test_clio_shows_a_clients_balance_of_each_account() -> None:
    world, matter, first, second = two_accounts()
    do(world, "trust_deposit", matter=matter.id, amount="500.00")
    do(world, "trust_deposit", matter=matter.id, amount="200.00", bank_account=second.id)

    clio = open_clio(world)
    shown = clio.data(f"matters/{matter.id}.json?fields=id,account_balances{{id,balance,type}}")

    found = {b["id"]: b["balance"] for b in shown["account_balances"] if b["type"] == "Trust"}
    assert found == {first.id: Decimal("500.00"), second.id: Decimal("200.00")}


def test_a_request_is_paid_into_the_account_that_it_names() -> None:
    world, matter, first, second = two_accounts()
    asked: Bill = do(
        world,
        "trust_request",
        client=matter.client_id,
        matter=matter.id,
        amount="900",
        bank_account=second.id,
    )

    do(world, "pay_trust_request", bill=asked.id)

    assert rows(world, second) == [Decimal(900)]
    assert rows(world, first) == []


def test_interest_charges_and_the_firms_own_money_are_of_no_client() -> None:
    world, _, first, _ = two_accounts()

    made = [
        do(world, "firm_funds", amount="100.00"),
        do(world, "trust_interest", amount="3.17"),
        do(world, "trust_interest", amount="-3.17"),
        do(world, "bank_charge", amount="25.00"),
    ]

    assert rows(world, first) == [Decimal(x) for x in ("100.00", "3.17", "-3.17", "-25.00")]
    assert all(row.client_id is None and row.matter_id is None for row in made)


def test_a_returned_deposit_leaves_the_ledger_short_until_the_firm_restores_it() -> None:
    world, matter, _, _ = two_accounts()
    put = do(world, "trust_deposit", matter=matter.id, amount="3000.00", reference="118")
    do(world, "trust_disbursement", matter=matter.id, amount="1200.00", payee="Clerk", reference="1042")

    back = do(world, "return_deposit", row=put.id)

    assert (back.amount, back.confirmation, back.matter_id) == (Decimal("-3000.00"), "118", matter.id)
    assert trust_balance(world, matter=matter.id) == Decimal("-1200.00")
    do(world, "trust_deposit", matter=matter.id, amount="1200.00", source=world.account_name)
    assert trust_balance(world, matter=matter.id) == 0


def test_a_voided_check_keeps_its_number_and_gives_the_money_back() -> None:
    world, matter, _, _ = two_accounts()
    put = do(world, "trust_deposit", matter=matter.id, amount="400.00")
    check = do(world, "trust_disbursement", matter=matter.id, amount="75.00", payee="Clerk", reference="1043")

    gone = do(world, "void_check", row=check.id)

    assert gone.confirmation == "1043"
    assert trust_balance(world, matter=matter.id) == Decimal("400.00")
    with pytest.raises(Refused):
        do(world, "void_check", row=put.id)
    with pytest.raises(Refused):
        do(world, "return_deposit", row=check.id)


def test_money_of_a_client_without_a_matter_moves_to_one_of_its_matters() -> None:
    world, matter, first, _ = two_accounts()
    do(world, "trust_deposit", client=matter.client_id, amount="800.00")

    with pytest.raises(Refused):
        do(world, "client_transfer", client=matter.client_id, matter=matter.id, amount="800.01")
    do(world, "client_transfer", client=matter.client_id, matter=matter.id, amount="300.00")

    assert trust_balance(world, matter=matter.id) == Decimal("300.00")
    assert trust_balance(world, client=matter.client_id) == Decimal("800.00")
    assert sum(rows(world, first)) == Decimal("800.00")


def test_a_row_of_a_payment_or_of_a_transfer_is_not_changed_by_itself() -> None:
    world, matter, _, second = two_accounts()
    asked = do(world, "trust_request", client=matter.client_id, matter=matter.id, amount="900")
    paid = do(world, "pay_trust_request", bill=asked.id)
    do(world, "account_transfer", source=account(world, "Trust").id, destination=second.id, amount="10",
       matter=matter.id)  # fmt: skip
    half = world.all(BankTransaction)[-1]

    for row in (paid.row_ids[0], half.id):
        for action in ("edit_trust_row", "remove_trust_row"):
            with pytest.raises(Refused):
                do(world, action, row=row)


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(st.tuples(ROW_ACTIONS, st.integers(0, 9), CENTS), max_size=25))
def test_ledgers_and_accounts_agree_whatever_people_do(steps: list[tuple[str, int, Decimal]]) -> None:
    world, matter, first, second = two_accounts()
    other = do(world, "create_matter", client=matter.client_id, description="Appeal")
    do(world, "trust_deposit", matter=matter.id, amount="700")

    for name, turn, amount in steps:
        known = world.all(BankTransaction)
        bank, back = (first, second) if turn % 2 else (second, first)
        given_: dict[str, Any] = {"amount": amount, "bank_account": bank.id}
        if name in ("trust_deposit", "trust_refund", "trust_disbursement"):
            given_ |= {"matter": (matter, other)[turn % 2].id}
        if name == "trust_disbursement":
            given_ |= {"payee": "Clerk"}
        if name == "matter_transfer":
            given_ |= {"source": matter.id, "destination": other.id}
        if name == "account_transfer":
            given_ = {"amount": amount, "source": bank.id, "destination": back.id, "matter": matter.id}
        if name in ("return_deposit", "void_check", "remove_trust_row"):
            given_ = {"row": known[turn % len(known)].id if known else 0}
        if name == "edit_trust_row":
            given_ = {"row": known[turn % len(known)].id if known else 0, "amount": amount}
        try:
            do(world, name, **given_)
        except (Refused, NoSuchRecord):
            continue

    for bank in (first, second):
        mine = [t for t in world.all(BankTransaction) if t.bank_account_id == bank.id]
        nobodys = sum((t.amount for t in mine if t.client_id is None), Decimal(0))
        held = sum((trust_balance(world, matter=m.id, bank=bank.id) for m in (matter, other)), Decimal(0))
        assert held + nobodys == sum((t.amount for t in mine), Decimal(0))


def test_people_record_client_money_on_the_trust_page(clio: Clio) -> None:
    matter = clio.world.all(Matter)[0]
    before = trust_balance(clio.world, matter=matter.id)
    back = "/firms/1/trust"

    for form in (
        {"do": "trust_deposit", "matter": matter.display_number, "amount": "120.00", "reference": "9"},
        {"do": "trust_disbursement", "matter": str(matter.id), "amount": "20.00", "payee": "Clerk"},
        {"do": "bank_charge", "amount": "5.00", "date": "2026-11-01"},
    ):
        answer = clio.http.post("/firms/1/do", data={**form, "back": back})
        assert "refuses" not in answer.headers["Location"], form
    row = clio.world.all(BankTransaction)[-3]
    changed = clio.http.post(
        "/firms/1/do", data={"do": "edit_trust_row", "row": str(row.id), "amount": "210.00", "back": back}
    )

    assert "refuses" not in changed.headers["Location"]
    assert trust_balance(clio.world, matter=matter.id) == before + Decimal("190.00")
    page = clio.http.get(back).text
    assert "Record client money" in page
    assert "IOLTA" in page
