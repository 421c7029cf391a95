"""What people do with money in Clio's operating account: payments, credits, refunds, client funds."""

from __future__ import annotations

import datetime as dt
from datetime import UTC, datetime, time
from decimal import Decimal

from syncapp.emulators.clio.desk_bank import account, bank_row
from syncapp.emulators.clio.desk_bills import settle
from syncapp.emulators.clio.funds import Allocation, BankTransaction, Payment
from syncapp.emulators.clio.model import ZERO, Refused, World
from syncapp.emulators.clio.nouns import PAYABLE, Bill
from syncapp.emulators.clio.sums import sums

CARDS = ("credit_card", "echeck")


def record_payment(
    world: World,
    *,
    bills: list[int],
    amount: Decimal,
    date: dt.date | None = None,
    reference: str = "",
    method: str = "check",
    contact: int | None = None,
    bank_account: int | None = None,
    amounts: list[Decimal] | None = None,
    description: str = "",
) -> Payment:
    """A payment into an operating account over one or several bills, oldest first or as `amounts` says.

    What is left over stays in the account as the client's funds, without a bill.
    """
    targets = [payable(world, b) for b in bills]
    if amount <= 0 or not targets:
        raise Refused("A payment has an amount and a bill.")
    payer = contact or targets[0].client_id
    bank = bank_account or account(world, "Operating").id
    day = date or world.today()
    payment = world.add(
        Payment(
            contact_id=payer,
            date=day,
            amount=amount,
            reference=reference,
            payment_source_type=method,
            description=description,
            destination_bank_account_id=bank,
            matter_id=targets[0].matter_ids[0],
        )
    )
    applied = allocate(world, payment, targets, amounts)
    _row(world, payment, applied, kind="Payment")
    if amount > applied:
        _row(world, payment, amount - applied, kind="Deposit", linked=False)
    return payment


def allocate(
    world: World, payment: Payment, targets: list[Bill], amounts: list[Decimal] | None = None
) -> Decimal:
    """Spread a payment: on each bill first what it owes without interest, then its interest."""
    left = payment.amount
    for i, bill in enumerate(targets):
        part = min(left if amounts is None else amounts[i], left, max(sums(world, bill).balance, ZERO))
        left -= part
        interest = min(
            part, max(ZERO, part - (sums(world, bill).balance - sums(world, bill).interest_balance))
        )
        for amount, is_interest in ((part - interest, False), (interest, True)):
            if amount > 0:
                apply(world, payment, bill, amount, interest=is_interest)
    return payment.amount - left


def apply(
    world: World, payment: Payment, bill: Bill, amount: Decimal, *, interest: bool = False
) -> Allocation:
    """One allocation of a payment to a bill."""
    found = world.add(
        Allocation(
            amount=amount,
            date=payment.date,
            bill_id=bill.id,
            interest=interest,
            matter_id=bill.matter_ids[0] if len(bill.matter_ids) == 1 else None,
            contact_id=payment.contact_id,
            parent_type="Payment",
            parent_id=payment.id,
            payment_type=payment.payment_source_type if payment.payment_source_type in CARDS else None,
            source_bank_account_id=payment.source_bank_account_id,
            destination_bank_account_id=payment.destination_bank_account_id,
            description=payment.description or None,
        )
    )
    payment.allocation_ids.append(found.id)
    bill.allocation_ids.append(found.id)
    bill.paid_at = datetime.combine(payment.date, time(12), tzinfo=UTC)
    world.cache.clear()
    after(world, bill)
    return found


def edit_payment(
    world: World,
    *,
    payment: int,
    amount: Decimal | None = None,
    date: dt.date | None = None,
    reference: str | None = None,
) -> Payment:
    """Change a payment's amount (of its one bill), date or reference."""
    found = world.get(Payment, payment)
    parts = _valid(world, found)
    if amount is not None:
        if len(parts) != 1 or amount <= 0 or found.amount != parts[0].amount:
            raise Refused("Remove this payment and record it again: it has several parts.")
        bill = world.get(Bill, parts[0].bill_id or 0)
        if amount > parts[0].amount + sums(world, bill).balance:
            raise Refused("The bill owes less than this.")
        for row in _linked_rows(world, found):
            row.amount = amount if row.amount > 0 else -amount
        parts[0].amount = found.amount = amount
    found.date, found.reference = date or found.date, found.reference if reference is None else reference
    for part in parts:
        part.date = found.date
    for row in _rows(world, found):
        row.date, row.confirmation = found.date, found.reference
    world.touch(*parts, *_rows(world, found))
    for bill in _bills(world, parts):
        after(world, bill)
    return found


def move_payment(world: World, *, payment: int, bill: int) -> Payment:
    """Take a payment off its bills and apply it to another: old allocations voided, new ones made."""
    found, target = world.get(Payment, payment), payable(world, bill)
    old = _valid(world, found)
    amount = sum((a.amount for a in old), ZERO)
    if not old:
        raise Refused("This payment has been removed.")
    if any(b.bill_kind == "trust_kind" for b in (target, *_bills(world, old))):
        raise Refused("Client money stays on the trust request that it pays; return the funds instead.")
    if found.source_bank_account_id and amount > sums(world, target).balance:
        raise Refused("The other bill owes less than this payment from funds.")
    void_parts(world, old)
    holder = found
    if world.switches.move_makes_new_payment:
        found.voided_at = world.now()
        kept = {
            k: v for k, v in vars(found).items() if k in ("contact_id", "date", "reference", "description")
        }
        holder = world.add(
            Payment(
                **kept,
                amount=found.amount,
                payment_source_type=found.payment_source_type,
                destination_bank_account_id=found.destination_bank_account_id,
                source_bank_account_id=found.source_bank_account_id,
                row_ids=found.row_ids,
            )
        )
    part = min(amount, sums(world, target).balance)
    new = apply(world, holder, target, part)
    for row in _linked_rows(world, found, any_link=True):
        row.amount = part if row.amount > 0 else -part
        row.allocation_id, row.bill_id, row.matter_id = new.id, target.id, new.matter_id
        row.payment_id = holder.id
        world.touch(row)
    if amount > part and holder.destination_bank_account_id:
        _row(world, holder, amount - part, kind="Deposit", linked=False)
    return holder


def remove_payment(world: World, *, payment: int) -> Payment:
    """Remove a payment: allocations voided (or erased, by switch), bank rows gone without a tombstone."""
    found = world.get(Payment, payment)
    if found.voided_at is not None:
        raise Refused("This payment has been removed already.")
    parts = _valid(world, found)
    if any(b.bill_kind == "trust_kind" for b in _bills(world, parts)):
        raise Refused("A paid trust request cannot be unpaid; return the funds instead.")
    found.voided_at = world.now()
    void_parts(world, parts)
    for row in _rows(world, found):
        world.remove(row)
    return found


def _row(world: World, payment: Payment, amount: Decimal, *, kind: str, linked: bool = True) -> None:
    if amount <= 0:
        return
    first = world.some(Allocation, payment.allocation_ids)[:1] if linked else []
    row = bank_row(
        world,
        kind="Operating",
        bank_account=payment.destination_bank_account_id,
        amount=amount,
        date=payment.date,
        client=payment.contact_id,
        reference=payment.reference,
        matter=first[0].matter_id if first else None,
        description=payment.description or ("Payment" if linked else "Overpayment held for client"),
        transaction_type=kind,
        payment_id=payment.id,
        allocation_id=first[0].id if first else None,
        bill_id=first[0].bill_id if first else None,
    )
    payment.row_ids.append(row.id)


def payable(world: World, bill: int) -> Bill:
    found = world.get(Bill, bill)
    if found.state not in PAYABLE or found.bill_kind == "trust_kind":
        raise Refused(f"Bill {found.number} is {found.state}: it takes no payment.")
    return found


def _valid(world: World, payment: Payment) -> list[Allocation]:
    return [a for a in world.some(Allocation, payment.allocation_ids) if a.voided_at is None]


def _rows(world: World, payment: Payment) -> list[BankTransaction]:
    return world.some(BankTransaction, payment.row_ids)


def _linked_rows(world: World, payment: Payment, *, any_link: bool = False) -> list[BankTransaction]:
    known = {*payment.allocation_ids}
    return [r for r in _rows(world, payment) if r.allocation_id in known or (any_link and r.allocation_id)]


def _bills(world: World, parts: list[Allocation]) -> list[Bill]:
    return world.some(Bill, dict.fromkeys(a.bill_id or 0 for a in parts))


def void_parts(world: World, parts: list[Allocation]) -> None:
    for part in parts:
        part.voided_at = world.now()
        world.touch(part)
        if world.switches.removal_erases:
            world.remove(part)
    for bill in _bills(world, parts):
        if world.switches.removal_erases:
            bill.allocation_ids = [i for i in bill.allocation_ids if i not in {p.id for p in parts}]
        world.cache.clear()
        after(world, bill)


def after(world: World, bill: Bill) -> None:
    """State follows the balance; whether the bill itself counts as changed is a switch."""
    before = bill.state
    settle(world, bill)
    if world.switches.payment_touches_bill:
        world.touch(bill)
    if bill.state == "awaiting_payment" and before == "paid" and not sums(world, bill).paid:
        bill.paid_at = None
