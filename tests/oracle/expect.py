"""From a Clio world and a firm file: every document the books must hold, and every one that must be held.

What moves within a trust account that is set up is no document here: `tests.road.clientmoney` counts it. Held
of it is only what client money bore and the firm owes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncapp.emulators.clio.funds import Allocation, BankTransaction, CreditMemo, MatterTransfer, Payment
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Bill, Contact
from tests.oracle import bills, moneys
from tests.oracle.firm import Firm
from tests.oracle.model import BooksFacts, Document, Expected, Held, plain

NO_TRUST = "trust is not set up"


def expected(world: World, file: Mapping[str, Any], facts: BooksFacts) -> Expected:
    """Compute the books. `held` names Clio's resources by id (DESIGN section 10, `exceptions`)."""
    firm, found = Firm(file, facts), Expected()
    made = _invoices(world, firm, found)
    ledgers = moneys.Ledgers([one for each in made.values() for one in each])
    for bill_id, each in made.items():
        ledgers.add(bill_id, each)
    holders: list[Payment | CreditMemo] = [*world.all(Payment), *world.all(CreditMemo)]
    for holder in sorted(holders, key=_order):
        parts = moneys.live_parts(world, firm, holder.allocation_ids)
        if parts:
            _settle(world, firm, found, ledgers, holder, parts)
    purse = moneys.Purse(world, found.documents)
    for row in world.all(BankTransaction):
        if row.allocation_id is None:
            _row(world, firm, found, row, purse)
    return found


def _order(holder: Payment | CreditMemo) -> tuple[Any, ...]:
    return (holder.date, isinstance(holder, CreditMemo), holder.created_at, holder.id)


def _invoices(world: World, firm: Firm, found: Expected) -> dict[int, list[Document]]:
    made = {}
    for bill in world.all(Bill):
        if not bills.issued(bill):
            continue
        try:
            if doubtful(world, firm, bill):
                raise Held("two clients have this name")
            made[bill.id] = bills.invoices(world, firm, bill)
        except Held as why:
            _hold_bill(world, firm, found, bill, str(why))
            continue
        found.documents += made[bill.id]
    return made


def _hold_bill(world: World, firm: Firm, found: Expected, bill: Bill, why: str) -> None:
    opening = bills.is_opening(firm, bill)
    if not opening or bills.open_on_start(world, firm, bill) > 0:
        found.held["bills", bill.id] = why
    for charge in bills.later_charges(world, firm, bill):
        found.held["interest_charges", charge.id] = why


def doubtful(world: World, firm: Firm, bill: Bill) -> bool:
    """Whether a person must say who is meant: the books know this name, and two clients of Clio bear it."""
    name = plain(world.get(Contact, bill.client_id).name)
    if name not in {plain(known) for known in firm.facts.customers}:
        return False
    return sum(plain(c.name) == name for c in world.all(Contact)) > 1


def _settle(
    world: World, firm: Firm, found: Expected, ledgers: moneys.Ledgers,
    holder: Payment | CreditMemo, parts: list[Allocation],
) -> None:  # fmt: skip
    known = {part.id: world.some(Bill, [part.bill_id or 0]) for part in parts}
    try:
        if isinstance(holder, Payment):
            if any(b.bill_kind == "trust_kind" for each in known.values() for b in each):
                if firm.pair(world, holder.destination_bank_account_id):
                    return
                raise Held(NO_TRUST)
            source = holder.source_bank_account_id
            if moneys.bank_type(world, source) == "Trust" and not firm.pair(world, source):
                raise Held(NO_TRUST)
        if any(part.bill_id not in ledgers.of_bill for part in parts):
            raise Held("a bill of it is held")
        if isinstance(holder, Payment):
            found.documents.append(moneys.payment(world, firm, ledgers, holder, parts))
        else:
            found.documents += [moneys.credit(world, firm, ledgers, holder, part) for part in parts]
    except Held as why:
        if isinstance(holder, Payment):
            found.held |= {("allocations", part.id): str(why) for part in parts}
        else:
            found.held["credit_memos", holder.id] = str(why)


def _row(world: World, firm: Firm, found: Expected, row: BankTransaction, purse: moneys.Purse) -> None:
    """A movement of a bank account that belongs to no allocation."""
    if moneys.bank_type(world, row.bank_account_id) == "Trust":
        if (pair := firm.pair(world, row.bank_account_id)) is not None:
            if _firm_owes(row, pooled=pair["kind"] == "pooled"):
                found.held["bank_transactions", row.id] = "the firm owes it to trust"
            return
        if row.date >= firm.start("trust") and not _receives(world, row):
            found.held["bank_transactions", row.id] = NO_TRUST
        return
    if row.date < firm.start("payments"):
        return
    try:
        found.documents.append(moneys.funds(world, firm, row, purse))
    except Held as why:
        found.held["bank_transactions", row.id] = str(why)


def _firm_owes(row: BankTransaction, *, pooled: bool) -> bool:
    """Whether the bank took a charge from a client's money, which no pooled account allows."""
    return pooled and row.transaction_type == "bank_charge" and row.amount < 0 and row.client_id is not None


def _receives(world: World, row: BankTransaction) -> bool:
    """Whether this is the receiving row of a transfer, which is told by its paying row."""
    return any(
        move.destination_matter_id == row.matter_id and move.date == row.date and move.amount == row.amount
        for move in world.all(MatterTransfer)
    )
