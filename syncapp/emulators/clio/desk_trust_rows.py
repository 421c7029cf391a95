"""What people do in Clio's trust accounts row by row: interest, charges, refunds, returns, voids, edits.

`transaction_type` is a free string (API.md section 5); the words here are the emulator's, only
`trust_interest` and `bank_charge` are named by Clio's document, for writing.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from syncapp.emulators.clio.desk_bank import bank_row
from syncapp.emulators.clio.desk_trust import trust_account, trust_balance
from syncapp.emulators.clio.funds import BankAccount, BankTransaction
from syncapp.emulators.clio.model import Refused, World
from syncapp.emulators.clio.nouns import Contact, Matter

PAIRED = ("Matter Transfer", "Bank Transfer", "Trust Transfer")


def open_trust_account(
    world: World, *, name: str, account_number: str, institution: str = "First Harbor Bank"
) -> BankAccount:
    """One more trust account of the firm."""
    if any(a.name == name for a in world.all(BankAccount)):
        raise Refused(f"There is an account {name} already.")
    return world.add(
        BankAccount(
            name=name,
            type="Trust",
            institution=institution,
            account_number=account_number,
            holder=f"{world.account_name} Client Trust",
            default_account=False,
            controlled_account=True,
        )
    )


def firm_funds(
    world: World,
    *,
    amount: Decimal,
    date: dt.date | None = None,
    reference: str = "",
    description: str = "Firm funds for bank charges",
    bank_account: int | None = None,
) -> BankTransaction:
    """The firm's own money into trust, to bear the bank's charges: a row of no client."""
    return _nobodys(
        world,
        amount,
        kind="Trust Deposit",
        source=world.account_name,
        date=date,
        reference=reference,
        description=description,
        bank_account=bank_account,
    )


def trust_interest(
    world: World,
    *,
    amount: Decimal,
    date: dt.date | None = None,
    description: str = "Interest",
    bank_account: int | None = None,
) -> BankTransaction:
    """Interest on a pooled account, of no client; below zero, what the programme was paid."""
    return _nobodys(
        world,
        amount,
        kind="trust_interest",
        source=trust_account(world, bank_account).institution,
        date=date,
        description=description,
        bank_account=bank_account,
    )


def bank_charge(
    world: World,
    *,
    amount: Decimal,
    date: dt.date | None = None,
    description: str = "Bank charge",
    bank_account: int | None = None,
) -> BankTransaction:
    """What the bank took for itself, of no client; below zero, what it gave back."""
    return _nobodys(
        world,
        -amount,
        kind="bank_charge",
        source=trust_account(world, bank_account).institution,
        date=date,
        description=description,
        bank_account=bank_account,
    )


def _nobodys(
    world: World,
    amount: Decimal,
    *,
    kind: str,
    source: str,
    date: dt.date | None,
    description: str,
    bank_account: int | None,
    reference: str = "",
) -> BankTransaction:
    return bank_row(
        world,
        kind="Trust",
        bank_account=trust_account(world, bank_account).id,
        amount=amount,
        date=date,
        reference=reference,
        description=description,
        source=source,
        transaction_type=kind,
    )


def trust_refund(
    world: World,
    *,
    matter: int,
    amount: Decimal,
    date: dt.date | None = None,
    reference: str = "",
    description: str = "Refund of unused funds",
    bank_account: int | None = None,
) -> BankTransaction:
    """Give a client its money back. Raises Refused above the matter's balance in the account."""
    bank = trust_account(world, bank_account)
    if amount > trust_balance(world, matter=matter, bank=bank.id):
        raise Refused("The matter has less in trust.")
    client = world.get(Contact, world.get(Matter, matter).client_id)
    return bank_row(
        world,
        kind="Trust",
        bank_account=bank.id,
        amount=-amount,
        date=date,
        client=client.id,
        matter=matter,
        reference=reference,
        description=description,
        source=client.name,
        transaction_type="Trust Refund",
    )


def return_deposit(world: World, *, row: int, date: dt.date | None = None) -> BankTransaction:
    """The bank sent a deposit back: the opposite row, with its reference and nothing else that links them."""
    return _opposite(world, row, kind="Returned Deposit", words="Returned deposit", date=date, into=True)


def void_check(world: World, *, row: int, date: dt.date | None = None) -> BankTransaction:
    """A check that will never be paid: the opposite row under its number gives the money back."""
    return _opposite(world, row, kind="Voided Check", words="Voided check", date=date, into=False)


def _opposite(
    world: World, row: int, *, kind: str, words: str, date: dt.date | None, into: bool
) -> BankTransaction:
    found = _own_row(world, row)
    if (found.amount > 0) is not into or found.client_id is None:
        raise Refused("A deposit of a client can be returned, a check of a client can be voided.")
    return bank_row(
        world,
        kind="Trust",
        bank_account=found.bank_account_id,
        amount=-found.amount,
        date=date,
        client=found.client_id,
        matter=found.matter_id,
        reference=found.confirmation,
        description=f"{words} {found.confirmation}".strip(),
        source=found.source,
        transaction_type=kind,
    )


def edit_trust_row(
    world: World,
    *,
    row: int,
    amount: Decimal | None = None,
    date: dt.date | None = None,
    reference: str | None = None,
    matter: int | None = None,
    source: str | None = None,
) -> BankTransaction:
    """Change a row; `amount` has no sign, the row keeps its own. Nothing says what it was before."""
    found = _own_row(world, row)
    if amount is not None:
        if amount <= 0:
            raise Refused("An amount is above zero.")
        found.amount = amount if found.amount > 0 else -amount
    if matter is not None:
        found.client_id, found.matter_id = world.get(Matter, matter).client_id, matter
    found.date = date or found.date
    found.confirmation = found.confirmation if reference is None else reference
    found.source = found.source if source is None else source
    world.touch(found)
    return found


def remove_trust_row(world: World, *, row: int) -> BankTransaction:
    """Remove a row; it leaves no tombstone (API.md section 6)."""
    found = _own_row(world, row)
    world.remove(found)
    return found


def _own_row(world: World, row: int) -> BankTransaction:
    """A row of trust that stands by itself."""
    found = world.get(BankTransaction, row)
    if world.get(BankAccount, found.bank_account_id).type != "Trust":
        raise Refused("This row is not in trust.")
    if found.payment_id is not None:
        raise Refused("This row belongs to a payment: change the payment.")
    if found.transaction_type in PAIRED:
        raise Refused("This row is one half of a transfer: record one back.")
    return found
