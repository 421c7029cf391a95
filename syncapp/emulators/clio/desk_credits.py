"""What people do without a payment in Clio: credits, write-offs, the client's operating funds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from syncapp.emulators.clio.desk_bank import account, bank_row, operating_funds
from syncapp.emulators.clio.desk_money import after, allocate, payable, void_parts
from syncapp.emulators.clio.funds import Allocation, BankAccount, BankTransaction, CreditMemo, Payment
from syncapp.emulators.clio.model import Refused, World
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.clio.sums import sums


def credit_note(
    world: World,
    *,
    bill: int,
    amount: Decimal,
    date: dt.date | None = None,
    description: str = "",
    user: int | None = None,
    kind: str = "credit_note",
) -> CreditMemo:
    """Give a credit on a bill, at most what it owes."""
    found = payable(world, bill)
    if amount <= 0 or amount > sums(world, found).balance:
        raise Refused("The bill owes less than this.")
    day = date or world.today()
    memo = world.add(
        CreditMemo(
            contact_id=found.client_id,
            date=day,
            amount=amount,
            credit_kind=kind,
            description=description,
            discount=kind == "write_off",
            user_id=user,
        )
    )
    part = _part(world, found, memo)
    memo.allocation_ids.append(part.id)
    found.allocation_ids.append(part.id)
    world.cache.clear()
    after(world, found)
    return memo


def _part(world: World, bill: Bill, memo: CreditMemo) -> Allocation:
    return world.add(
        Allocation(
            amount=memo.amount,
            date=memo.date,
            bill_id=bill.id,
            contact_id=bill.client_id,
            credit_kind=memo.credit_kind,
            matter_id=bill.matter_ids[0] if len(bill.matter_ids) == 1 else None,
            parent_type="CreditMemo",
            parent_id=memo.id,
            description=memo.description or None,
        )
    )


def write_off(
    world: World,
    *,
    bill: int,
    amount: Decimal | None = None,
    date: dt.date | None = None,
    description: str = "Write-off",
    user: int | None = None,
) -> CreditMemo:
    """Write off what a bill owes, or part of it."""
    owed = sums(world, world.get(Bill, bill)).balance
    return credit_note(
        world,
        bill=bill,
        amount=owed if amount is None else amount,
        date=date,
        description=description,
        user=user,
        kind="write_off",
    )


def remove_credit(world: World, *, credit: int) -> CreditMemo:
    """Remove a credit note or write-off."""
    found = world.get(CreditMemo, credit)
    if found.voided_at is not None:
        raise Refused("This credit has been removed already.")
    found.voided_at = world.now()
    void_parts(world, [a for a in world.some(Allocation, found.allocation_ids) if a.voided_at is None])
    world.touch(found)
    return found


def operating_deposit(
    world: World,
    *,
    client: int,
    amount: Decimal,
    date: dt.date | None = None,
    reference: str = "",
    matter: int | None = None,
    description: str = "Retainer",
) -> BankTransaction:
    """Money into operating without a bill: the client's funds."""
    return bank_row(
        world,
        kind="Operating",
        amount=amount,
        date=date,
        client=client,
        matter=matter,
        reference=reference,
        description=description,
        transaction_type="Deposit",
    )


def refund_operating(
    world: World,
    *,
    client: int,
    amount: Decimal,
    date: dt.date | None = None,
    reference: str = "",
    matter: int | None = None,
    description: str = "Refund to client",
) -> BankTransaction:
    """Give the client's operating funds back. Raises Refused above what is there."""
    if amount > operating_funds(world, client):
        raise Refused("The client has less in operating funds.")
    return bank_row(
        world,
        kind="Operating",
        amount=-amount,
        date=date,
        client=client,
        matter=matter,
        reference=reference,
        description=description,
        transaction_type="Disbursement",
    )


def refund_overpayment(
    world: World,
    *,
    client: int,
    amount: Decimal,
    date: dt.date | None = None,
    reference: str = "",
    matter: int | None = None,
) -> BankTransaction:
    """Pay back what was paid above a bill: a row of operating that names the client; Clio checks nothing."""
    return bank_row(
        world,
        kind="Operating",
        amount=-amount,
        date=date,
        client=client,
        matter=matter,
        reference=reference,
        description="Refund of overpayment",
        transaction_type="Disbursement",
    )


def edit_operating_row(
    world: World, *, row: int, amount: Decimal | None = None, date: dt.date | None = None
) -> BankTransaction:
    """Change a row of operating that no payment made; `amount` has no sign, the row keeps its own."""
    found = _own_row(world, row)
    if amount is not None:
        found.amount = amount if found.amount > 0 else -amount
    found.date = date or found.date
    world.touch(found)
    return found


def remove_operating_row(world: World, *, row: int) -> BankTransaction:
    """Remove such a row; it leaves no tombstone (API.md section 6)."""
    found = _own_row(world, row)
    world.remove(found)
    return found


def _own_row(world: World, row: int) -> BankTransaction:
    found = world.get(BankTransaction, row)
    if world.get(BankAccount, found.bank_account_id).type != "Operating":
        raise Refused("This row is not in operating.")
    if found.payment_id is not None:
        raise Refused("This row belongs to a payment: change the payment.")
    return found


def pay_from_operating(world: World, *, bill: int, amount: Decimal, date: dt.date | None = None) -> Payment:
    """Pay a bill from the client's operating funds: a source account, no destination, no bank row."""
    found = payable(world, bill)
    if amount > operating_funds(world, found.client_id) or amount > sums(world, found).balance:
        raise Refused("The client's operating funds or the bill's balance are less than this.")
    payment = world.add(
        Payment(
            contact_id=found.client_id,
            date=date or world.today(),
            amount=amount,
            reference="",
            payment_source_type="bank_account",
            source_bank_account_id=account(world, "Operating").id,
        )
    )
    allocate(world, payment, [found])
    return payment
