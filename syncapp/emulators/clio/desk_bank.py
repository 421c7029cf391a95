"""Clio's bank accounts: the firm's own, their signed rows, and what the firm holds of a client."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from syncapp.emulators.clio.funds import Allocation, BankAccount, BankTransaction
from syncapp.emulators.clio.model import ZERO, Refused, World
from syncapp.emulators.clio.nouns import Contact, Matter


def account(world: World, kind: str) -> BankAccount:
    """The firm's first open account of a kind, `Operating` or `Trust`."""
    for found in world.all(BankAccount):
        if found.type == kind and not found.closed:
            return found
    raise Refused(f"This firm has no {kind} account.")


def operating_funds(world: World, client: int) -> Decimal:
    """What the firm holds of a client in operating, unapplied."""
    operating = {a.id for a in world.all(BankAccount) if a.type == "Operating"}
    held = [
        t.amount
        for t in world.all(BankTransaction)
        if t.client_id == client and t.bank_account_id in operating and t.allocation_id is None
    ]
    used = [
        a.amount
        for a in world.all(Allocation)
        if a.contact_id == client and a.source_bank_account_id in operating and a.voided_at is None
    ]
    return sum(held, ZERO) - sum(used, ZERO)


def bank_row(
    world: World,
    *,
    kind: str,
    amount: Decimal,
    transaction_type: str,
    date: dt.date | None = None,
    client: int | None = None,
    matter: int | None = None,
    reference: str = "",
    description: str = "",
    source: str = "",
    bank_account: int | None = None,
    **links: Any,
) -> BankTransaction:
    """A signed row in a bank account, money."""
    owner = world.get(Contact, client).name if client else ""
    if matter is not None:
        world.get(Matter, matter)
    return world.add(
        BankTransaction(
            bank_account_id=bank_account or account(world, kind).id,
            date=date or world.today(),
            amount=amount,
            description=description,
            source=source or owner,
            confirmation=reference,
            transaction_type=transaction_type,
            client_id=client,
            matter_id=matter,
            **links,
        )
    )
