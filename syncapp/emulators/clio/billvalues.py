"""What the fields of a bill say."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from syncapp.emulators.clio.funds import BillingSetting
from syncapp.emulators.clio.model import ZERO, World, cents
from syncapp.emulators.clio.nouns import LIVE, Bill, Contact, LineItem
from syncapp.emulators.clio.sums import BillSums, line_sums, live, sums

type Getter = Callable[[World, Any], Any]
NEXT_STATES = {
    "draft": ["awaiting_approval", "awaiting_payment", "deleted"],
    "awaiting_approval": ["awaiting_payment", "deleted"],
    "awaiting_payment": ["paid", "void"],
}


def _first(world: World, cls: type[BillingSetting]) -> BillingSetting | None:
    return next(iter(world.all(cls)), None)


def _figure(name: str) -> Getter:
    return lambda world, bill: getattr(sums(world, bill), name)


def discount(_: World, thing: Any) -> dict[str, Any]:
    return {
        "type": thing.discount_type,
        "rate": thing.discount_rate if thing.discount_type else None,
        "note": getattr(thing, "discount_note", None),
    }


def _interest(world: World, bill: Bill) -> dict[str, Any]:
    figures = sums(world, bill)
    return {
        "type": bill.interest_type,
        "rate": bill.interest_rate,
        "period": bill.interest_period,
        "balance": figures.interest_balance,
        "total": figures.interest,
    }


def matter_shares(world: World, bill: Bill) -> list[tuple[int, Decimal]]:
    """How much of a bill without interest each matter carries; the last takes the odd cents."""
    figures, shares = sums(world, bill), dict.fromkeys(bill.matter_ids, ZERO)
    for line in world.some(LineItem, bill.line_ids):
        if line.display and line.matter_id in shares:
            money = line_sums(world, line)
            shares[line.matter_id] += money.net + money.tax + money.secondary_tax
    parts = [(matter, cents(amount)) for matter, amount in shares.items()]
    if parts:
        last, rest = parts[-1][0], sum((a for _, a in parts[:-1]), ZERO)
        parts[-1] = (last, figures.due - figures.interest - rest)
    return parts


def _matter_totals(world: World, bill: Bill) -> list[dict[str, Any]]:
    return [{"id": matter, "amount": amount} for matter, amount in matter_shares(world, bill)]


def balances(world: World, bill: Bill) -> list[dict[str, Any]]:
    figures = sums(world, bill)
    principal = figures.balance - (figures.interest_balance if figures.balance else ZERO)
    if len(bill.matter_ids) != 1:
        rows = [(bill.client_id, "Client", principal)]
    else:
        rows = [(bill.matter_ids[0], "Matter", principal)]
    return [
        {
            "id": i,
            "type": kind,
            "amount": amount,
            "interest_amount": figures.interest_balance,
            "due": amount + figures.interest_balance,
        }
        for i, kind, amount in rows
    ]


def _split(_: World, bill: Bill) -> dict[str, Any] | None:
    if bill.split_portion is None:
        return None
    return {
        "id": bill.id,
        "etag": bill.etag,
        "bill_id": bill.id,
        "split_portion": bill.split_portion,
        "linked_invoices_ids": [i for i in bill.split_ids if i != bill.id],
        "split_connection_id": bill.split_connection_id,
        "created_at": bill.created_at,
        "updated_at": bill.updated_at,
    }


def address(contact: Contact) -> dict[str, Any] | None:
    if not contact.street:
        return None
    return {
        "id": contact.id,
        "etag": contact.etag,
        "name": "Billing",
        "street": contact.street,
        "city": contact.city,
        "province": contact.province,
        "postal_code": contact.postal_code,
        "country": "United States",
        "primary": True,
        "created_at": contact.created_at,
        "updated_at": contact.updated_at,
    }


def bill_getters() -> dict[str, Getter]:
    same = {n: _figure(n) for n in BillSums.__dataclass_fields__ if n not in ("discount", "interest")}
    renamed = {
        "taxable_sub_total": "taxable",
        "tax_sum": "tax",
        "services_taxable_sub_total": "services_taxable",
        "secondary_taxable_sub_total": "secondary_taxable",
        "secondary_tax_sum": "secondary_tax",
        "services_secondary_taxable_sub_total": "services_secondary_taxable",
    }
    return (
        same
        | {api: _figure(ours) for api, ours in renamed.items()}
        | {
            "kind": lambda _, b: b.bill_kind,
            "total_tax": lambda w, b: sums(w, b).tax + sums(w, b).secondary_tax,
            "pending": lambda _, b: ZERO,
            "can_update": lambda w, b: b.state in LIVE and not live(w, b),
            "shared": lambda _, b: b.last_sent_at is not None,
            "available_state_transitions": lambda _, b: NEXT_STATES.get(b.state, []),
            "discount": discount,
            "interest": _interest,
            "balances": balances,
            "matter_totals": _matter_totals,
            "split_invoice": _split,
            "client_addresses": lambda w, b: addresses(w, b.client_id),
            "billing_setting": lambda w, _: _first(w, BillingSetting),
        }
    )


def addresses(world: World, contact: int) -> list[Any]:
    found = [address(c) for c in world.some(Contact, [contact])]
    return [a for a in found if a]
