"""What people do with client money in Clio: deposits, requests, payments from trust, transfers."""

from __future__ import annotations

import datetime as dt
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from syncapp.emulators.clio.desk_bank import account, bank_row
from syncapp.emulators.clio.desk_bills import next_number
from syncapp.emulators.clio.desk_money import allocate, apply, payable
from syncapp.emulators.clio.funds import BankAccount, BankTransaction, BankTransfer, MatterTransfer, Payment
from syncapp.emulators.clio.model import ZERO, Refused, World
from syncapp.emulators.clio.nouns import Bill, Matter, TrustLineItem
from syncapp.emulators.clio.sums import sums


def trust_balance(world: World, *, client: int | None = None, matter: int | None = None) -> Decimal:
    """What trust holds for a client or a matter: the sum of its signed rows (API.md section 5)."""
    trust = {a.id for a in world.all(BankAccount) if a.type == "Trust"}
    rows = (t for t in world.all(BankTransaction) if t.bank_account_id in trust)
    kept = (t for t in rows if (t.matter_id == matter if matter is not None else t.client_id == client))
    return sum((t.amount for t in kept), ZERO)


def trust_deposit(
    world: World,
    *,
    matter: int,
    amount: Decimal,
    date: dt.date | None = None,
    reference: str = "",
    description: str = "Trust deposit",
    source: str = "",
) -> BankTransaction:
    """Client money into trust for a matter."""
    client = world.get(Matter, matter).client_id
    return bank_row(
        world,
        kind="Trust",
        amount=amount,
        date=date,
        client=client,
        matter=matter,
        reference=reference,
        description=description,
        source=source,
        transaction_type="Trust Deposit",
    )


def trust_disbursement(
    world: World,
    *,
    matter: int,
    amount: Decimal,
    payee: str,
    date: dt.date | None = None,
    reference: str = "",
    description: str = "Trust disbursement",
) -> BankTransaction:
    """Client money out of trust to a payee. Raises Refused above the matter's balance."""
    if amount > trust_balance(world, matter=matter):
        raise Refused("The matter has less in trust.")
    client = world.get(Matter, matter).client_id
    return bank_row(
        world,
        kind="Trust",
        amount=-amount,
        date=date,
        client=client,
        matter=matter,
        reference=reference,
        description=description,
        source=payee,
        transaction_type="Trust Disbursement",
    )


def _payment(world: World, bill: Bill, *, date: dt.date | None, **facts: Any) -> Payment:
    """A payment of a bill's client, of today unless told otherwise."""
    return world.add(Payment(contact_id=bill.client_id, date=date or world.now().date(), **facts))


def _row(world: World, payment: Payment, bill: Bill, bank: BankAccount, **facts: Any) -> None:
    """A row of a payment in a bank account, linked to its allocation."""
    row = bank_row(
        world,
        kind=bank.type,
        bank_account=bank.id,
        date=payment.date,
        client=bill.client_id,
        reference=payment.reference,
        payment_id=payment.id,
        bill_id=bill.id,
        allocation_id=payment.allocation_ids[0],
        **facts,
    )
    payment.row_ids.append(row.id)


def pay_from_trust(
    world: World,
    *,
    bill: int,
    amount: Decimal,
    matter: int | None = None,
    date: dt.date | None = None,
    reference: str = "",
) -> Payment:
    """Pay a bill from trust: source a Trust account, destination operating, a row in each (by switch)."""
    found = payable(world, bill)
    payer = matter or found.matter_ids[0]
    if amount > trust_balance(world, matter=payer) or amount > sums(world, found).balance:
        raise Refused("The matter's trust funds or the bill's balance are less than this.")
    trust, operating = account(world, "Trust"), account(world, "Operating")
    payment = _payment(
        world,
        found,
        amount=amount,
        date=date,
        reference=reference,
        payment_source_type="bank_account",
        source_bank_account_id=trust.id,
        destination_bank_account_id=operating.id,
        matter_id=payer,
    )
    allocate(world, payment, [found])
    sides = [(trust, -amount, "Trust Payment"), (operating, amount, "Payment from Trust")]
    for bank, signed, kind in sides if world.switches.trust_payment_two_rows else sides[:1]:
        words = f"Payment for bill {found.number}"
        _row(
            world, payment, found, bank, amount=signed, matter=payer, transaction_type=kind, description=words
        )
    return payment


def trust_request(
    world: World,
    *,
    client: int,
    amount: Decimal,
    matter: int | None = None,
    issued_at: dt.date | None = None,
    due_at: dt.date | None = None,
    note: str = "Retainer request",
    approved: bool = True,
) -> Bill:
    """Ask a client for a deposit into trust: a bill of `trust_kind`, never revenue."""
    issued = issued_at or world.now().date()
    bill = world.add(
        Bill(
            number=next_number(world),
            client_id=client,
            matter_ids=[matter] if matter else [],
            bill_kind="trust_kind",
            issued_at=issued,
            due_at=due_at or issued + timedelta(days=14),
            state="awaiting_payment" if approved else "draft",
            type="MatterBill" if matter else "ClientBill",
            destination_account_id=account(world, "Trust").id,
            subject=note,
        )
    )
    line = TrustLineItem(
        bill_id=bill.id, client_id=client, matter_id=matter, date=issued, total=amount, note=note
    )
    bill.trust_line_ids.append(world.add(line).id)
    return bill


def pay_trust_request(
    world: World,
    *,
    bill: int,
    amount: Decimal | None = None,
    date: dt.date | None = None,
    reference: str = "",
    method: str = "check",
) -> Payment:
    """The client pays a trust request: an allocation to it and a deposit into trust."""
    found = world.get(Bill, bill)
    if found.bill_kind != "trust_kind" or found.state != "awaiting_payment":
        raise Refused("This is no open trust request.")
    owed = sums(world, found).balance
    paid, trust = min(amount or owed, owed), account(world, "Trust")
    into = {"payment_source_type": method, "destination_bank_account_id": trust.id}
    payment = _payment(world, found, amount=paid, date=date, reference=reference, **into)
    matter = found.matter_ids[0] if found.matter_ids else None
    apply(world, payment, found, paid)
    kind = "Trust Deposit"
    words = f"Payment for trust request {found.number}"
    _row(world, payment, found, trust, amount=paid, matter=matter, transaction_type=kind, description=words)
    return payment


def matter_transfer(
    world: World,
    *,
    source: int,
    destination: int,
    amount: Decimal,
    date: dt.date | None = None,
    description: str = "Transfer between matters",
) -> MatterTransfer:
    """Move client money between two matters of one trust account: two rows, opposite amounts."""
    if amount > trust_balance(world, matter=source):
        raise Refused("The matter has less in trust.")
    giver, taker = world.get(Matter, source), world.get(Matter, destination)
    day, bank = date or world.now().date(), account(world, "Trust")
    made = world.add(
        MatterTransfer(
            amount=amount,
            date=day,
            bank_account_id=bank.id,
            client_id=giver.client_id,
            source_matter_id=source,
            destination_matter_id=destination,
            description=description,
        )
    )
    for matter, signed in ((giver, -amount), (taker, amount)):
        bank_row(
            world,
            kind="Trust",
            bank_account=bank.id,
            amount=signed,
            date=day,
            client=matter.client_id,
            matter=matter.id,
            description=description,
            transaction_type="Matter Transfer",
        )
    return made


def account_transfer(
    world: World,
    *,
    source: int,
    destination: int,
    amount: Decimal,
    matter: int | None = None,
    date: dt.date | None = None,
    description: str = "Transfer between accounts",
) -> BankTransfer:
    """Move money between two bank accounts: two rows, opposite amounts."""
    day = date or world.now().date()
    client = world.get(Matter, matter).client_id if matter else None
    made = world.add(
        BankTransfer(
            amount=amount,
            date=datetime.combine(day, time(12), tzinfo=UTC),
            source_account_id=source,
            destination_account_id=destination,
            client_id=client,
            matter_id=matter,
            description=description,
        )
    )
    for bank, signed in ((source, -amount), (destination, amount)):
        bank_row(
            world,
            kind=world.get(BankAccount, bank).type,
            bank_account=bank,
            amount=signed,
            date=day,
            client=client,
            matter=matter,
            description=description,
            transaction_type="Bank Transfer",
        )
    return made
