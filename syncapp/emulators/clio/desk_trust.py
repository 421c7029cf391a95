"""What people do with client money in Clio: deposits, requests, payments from trust."""

from __future__ import annotations

import datetime as dt
from datetime import timedelta
from decimal import Decimal
from typing import Any

from syncapp.emulators.clio.desk_bank import account, bank_row
from syncapp.emulators.clio.desk_bills import next_number
from syncapp.emulators.clio.desk_money import allocate, apply, payable
from syncapp.emulators.clio.funds import BankAccount, BankTransaction, Payment
from syncapp.emulators.clio.model import ZERO, Refused, World
from syncapp.emulators.clio.nouns import Bill, Matter, TrustLineItem
from syncapp.emulators.clio.sums import sums


def trust_balance(
    world: World, *, client: int | None = None, matter: int | None = None, bank: int | None = None
) -> Decimal:
    """What trust, or one trust account, holds for a client or a matter: the sum of its signed rows.

    API.md section 5.
    """
    trust = {a.id for a in world.all(BankAccount) if a.type == "Trust" and bank in (None, a.id)}
    rows = (t for t in world.all(BankTransaction) if t.bank_account_id in trust)
    kept = (t for t in rows if (t.matter_id == matter if matter is not None else t.client_id == client))
    return sum((t.amount for t in kept), ZERO)


def trust_account(world: World, bank_account: int | None) -> BankAccount:
    """The trust account that is named, else the firm's first. Raises Refused for an operating account."""
    if bank_account is None:
        return account(world, "Trust")
    found = world.get(BankAccount, bank_account)
    if found.type != "Trust":
        raise Refused(f"{found.name} is no trust account.")
    return found


def trust_deposit(
    world: World,
    *,
    amount: Decimal,
    matter: int | None = None,
    client: int | None = None,
    date: dt.date | None = None,
    reference: str = "",
    description: str = "Trust deposit",
    source: str = "",
    bank_account: int | None = None,
) -> BankTransaction:
    """Client money into trust for a matter, or for a client without one."""
    if matter is not None:
        client = world.get(Matter, matter).client_id
    if client is None:
        raise Refused("Client money is a client's: choose a client or a matter.")
    return bank_row(
        world,
        kind="Trust",
        bank_account=trust_account(world, bank_account).id,
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
    bank_account: int | None = None,
) -> BankTransaction:
    """Client money out of trust to a payee. Raises Refused above the matter's balance in the account."""
    bank = trust_account(world, bank_account)
    if amount > trust_balance(world, matter=matter, bank=bank.id):
        raise Refused("The matter has less in trust.")
    client = world.get(Matter, matter).client_id
    return bank_row(
        world,
        kind="Trust",
        bank_account=bank.id,
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
    return world.add(Payment(contact_id=bill.client_id, date=date or world.today(), **facts))


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
    bank_account: int | None = None,
) -> Payment:
    """Pay a bill from trust: source a Trust account, destination operating, a row in each (by switch)."""
    found = payable(world, bill)
    payer = matter or found.matter_ids[0]
    trust, operating = trust_account(world, bank_account), account(world, "Operating")
    if amount > trust_balance(world, matter=payer, bank=trust.id) or amount > sums(world, found).balance:
        raise Refused("The matter's trust funds or the bill's balance are less than this.")
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
    bank_account: int | None = None,
) -> Bill:
    """Ask a client for a deposit into trust: a bill of `trust_kind`, never revenue."""
    issued = issued_at or world.today()
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
            destination_account_id=trust_account(world, bank_account).id,
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
    paid, trust = min(amount or owed, owed), trust_account(world, found.destination_account_id)
    into = {"payment_source_type": method, "destination_bank_account_id": trust.id}
    payment = _payment(world, found, amount=paid, date=date, reference=reference, **into)
    matter = found.matter_ids[0] if found.matter_ids else None
    apply(world, payment, found, paid)
    kind = "Trust Deposit"
    words = f"Payment for trust request {found.number}"
    _row(world, payment, found, trust, amount=paid, matter=matter, transaction_type=kind, description=words)
    return payment
