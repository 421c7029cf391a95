"""What people do with client money between its ledgers and accounts: transfers of both kinds."""

from __future__ import annotations

import datetime as dt
from datetime import UTC, datetime, time
from decimal import Decimal

from syncapp.emulators.clio.desk_bank import bank_row
from syncapp.emulators.clio.desk_trust import trust_account, trust_balance
from syncapp.emulators.clio.funds import BankAccount, BankTransaction, BankTransfer, MatterTransfer
from syncapp.emulators.clio.model import Refused, World
from syncapp.emulators.clio.nouns import Contact, Matter


def matter_transfer(
    world: World,
    *,
    source: int,
    destination: int,
    amount: Decimal,
    date: dt.date | None = None,
    description: str = "Transfer between matters",
    bank_account: int | None = None,
) -> MatterTransfer:
    """Move client money between two matters of one trust account: two rows, opposite amounts."""
    day, bank = date or world.today(), trust_account(world, bank_account)
    if amount > trust_balance(world, matter=source, bank=bank.id):
        raise Refused("The matter has less in trust.")
    giver, taker = world.get(Matter, source), world.get(Matter, destination)
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
    day = date or world.today()
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


def client_transfer(
    world: World,
    *,
    client: int,
    matter: int,
    amount: Decimal,
    date: dt.date | None = None,
    description: str = "Client funds to matter",
    bank_account: int | None = None,
) -> list[BankTransaction]:
    """Move what trust holds for a client without a matter to one of its matters: two rows of one account."""
    day, bank = date or world.today(), trust_account(world, bank_account)
    if world.get(Matter, matter).client_id != client:
        raise Refused("This matter is another client's.")
    if amount > client_level(world, client=client, bank=bank.id):
        raise Refused(f"{world.get(Contact, client).name} has less in trust without a matter.")
    return [
        bank_row(
            world,
            kind="Trust",
            bank_account=bank.id,
            amount=signed,
            date=day,
            client=client,
            matter=owner,
            description=description,
            transaction_type="Trust Transfer",
        )
        for owner, signed in ((None, -amount), (matter, amount))
    ]


def client_level(world: World, *, client: int, bank: int) -> Decimal:
    """What a trust account holds for a client and for none of its matters."""
    rows = (t for t in world.all(BankTransaction) if t.bank_account_id == bank and t.client_id == client)
    return sum((t.amount for t in rows if t.matter_id is None), Decimal("0.00"))
