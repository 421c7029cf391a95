"""What each field of each kind says: only the fields that are not plainly an attribute of the record."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from syncapp.emulators.clio.desk_money import operating_funds
from syncapp.emulators.clio.desk_trust import trust_balance
from syncapp.emulators.clio.funds import (
    Allocation,
    BankAccount,
    BankTransaction,
    BillingSetting,
    CreditMemo,
    InterestCharge,
    MatterTransfer,
    Payment,
)
from syncapp.emulators.clio.model import ZERO, Record, World, cents
from syncapp.emulators.clio.nouns import LIVE, PAYABLE, Activity, Bill, Contact, Currency, LineItem, Matter
from syncapp.emulators.clio.sums import BillSums, line_sums, line_total, live, members, sums

type Getter = Callable[[World, Any], Any]
NEXT_STATES = {
    "draft": ["awaiting_approval", "awaiting_payment", "deleted"],
    "awaiting_approval": ["awaiting_payment", "deleted"],
    "awaiting_payment": ["paid", "void"],
}


def currency(world: World, _: Record) -> Currency | None:
    """The firm's one currency."""
    return next(iter(world.all(Currency)), None)


def _first(world: World, cls: type[BillingSetting]) -> BillingSetting | None:
    return next(iter(world.all(cls)), None)


def _figure(name: str) -> Getter:
    return lambda world, bill: getattr(sums(world, bill), name)


def _discount(_: World, thing: Any) -> dict[str, Any]:
    return {
        "type": thing.discount_type,
        "rate": thing.discount_rate if thing.discount_type else None,
        "note": getattr(thing, "discount_note", None),
    }


def _interest(world: World, bill: Bill) -> dict[str, Any]:
    figures = sums(world, bill)
    return {
        "type": bill.interest_type, "rate": bill.interest_rate, "period": bill.interest_period,
        "balance": figures.interest_balance, "total": figures.interest,
    }  # fmt: skip


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


def _balances(world: World, bill: Bill) -> list[dict[str, Any]]:
    figures = sums(world, bill)
    principal = figures.balance - (figures.interest_balance if figures.balance else ZERO)
    if len(bill.matter_ids) != 1:
        rows = [(bill.client_id, "Client", principal)]
    else:
        rows = [(bill.matter_ids[0], "Matter", principal)]
    return [
        {"id": i, "type": kind, "amount": amount, "interest_amount": figures.interest_balance,
         "due": amount + figures.interest_balance}
        for i, kind, amount in rows
    ]  # fmt: skip


def _split(_: World, bill: Bill) -> dict[str, Any] | None:
    if bill.split_portion is None:
        return None
    return {
        "id": bill.id, "etag": bill.etag, "bill_id": bill.id, "split_portion": bill.split_portion,
        "linked_invoices_ids": [i for i in bill.split_ids if i != bill.id],
        "split_connection_id": bill.split_connection_id, "created_at": bill.created_at,
        "updated_at": bill.updated_at,
    }  # fmt: skip


def _account_balances(world: World, *, client: int | None = None, matter: int | None = None) -> list[Any]:
    def of(bank: BankAccount) -> Decimal:
        if bank.type == "Trust":
            return trust_balance(world, client=client, matter=matter)
        return operating_funds(world, client) if client is not None else ZERO

    return [
        {"id": bank.id, "balance": of(bank), "type": bank.type, "name": bank.name, "currency_id": _usd(world)}
        for bank in world.all(BankAccount)
    ]


def _usd(world: World) -> int | None:
    found = next(iter(world.all(Currency)), None)
    return found.id if found else None


def _address(contact: Contact) -> dict[str, Any] | None:
    if not contact.street:
        return None
    return {
        "id": contact.id, "etag": contact.etag, "name": "Billing", "street": contact.street,
        "city": contact.city, "province": contact.province, "postal_code": contact.postal_code,
        "country": "United States", "primary": True, "created_at": contact.created_at,
        "updated_at": contact.updated_at,
    }  # fmt: skip


def _reach(contact: Contact, what: str | None, key: str) -> list[dict[str, Any]]:
    return (
        [{"id": contact.id, "etag": contact.etag, "name": "Work", key: what, "primary": True}] if what else []
    )


def bill_of(world: World, activity: Activity) -> Bill | None:
    """The live bill that an activity is on."""
    return next((b for b in world.some(Bill, [activity.bill_id or 0]) if b.state in LIVE), None)


def activity_status(world: World, activity: Activity) -> str:
    """`non_billable`, `unbilled`, `draft` or `billed`, as the status filter says."""
    bill = bill_of(world, activity)
    if bill is not None:
        return "billed" if bill.state in PAYABLE else "draft"
    if activity.written_off:
        return "written_off"
    return "non_billable" if activity.non_billable else "unbilled"


def _parent(world: World, part: Allocation) -> dict[str, Any]:
    label = ""
    for payment in world.some(Payment, [part.parent_id] if part.parent_type == "Payment" else []):
        label = payment.reference
    for memo in world.some(CreditMemo, [part.parent_id] if part.parent_type == "CreditMemo" else []):
        label = memo.description
    return {"id": part.parent_id, "type": part.parent_type, "identifier": label}


def _seconds(_: World, activity: Activity) -> Decimal:
    return activity.hours * 3600 if activity.type == "TimeEntry" else activity.hours


def _hours(_: World, activity: Activity) -> Decimal | None:
    return activity.hours if activity.type == "TimeEntry" else None


def _running(world: World, row: BankTransaction) -> Decimal:
    rows = [t for t in world.all(BankTransaction) if t.bank_account_id == row.bank_account_id]
    return sum((t.amount for t in rows if (t.date, t.id) <= (row.date, row.id)), ZERO)


def _bank_balance(world: World, bank: BankAccount) -> Decimal:
    return sum((t.amount for t in world.all(BankTransaction) if t.bank_account_id == bank.id), ZERO)


def _linked(name: str, cls: type[Record]) -> Getter:
    def get(world: World, row: BankTransaction) -> Any:
        wanted = getattr(row, name) if world.switches.bank_rows_linked else None
        return next(iter(world.some(cls, [wanted or 0])), None)

    return get


def _bill_getters() -> dict[str, Getter]:
    same = {n: _figure(n) for n in BillSums.__dataclass_fields__ if n not in ("discount", "interest")}
    renamed = {
        "taxable_sub_total": "taxable", "tax_sum": "tax", "services_taxable_sub_total": "services_taxable",
        "secondary_taxable_sub_total": "secondary_taxable", "secondary_tax_sum": "secondary_tax",
        "services_secondary_taxable_sub_total": "services_secondary_taxable",
    }  # fmt: skip
    return same | {api: _figure(ours) for api, ours in renamed.items()} | {
        "kind": lambda _, b: b.bill_kind,
        "total_tax": lambda w, b: sums(w, b).tax + sums(w, b).secondary_tax,
        "pending": lambda _, b: ZERO,
        "can_update": lambda w, b: b.state in LIVE and not live(w, b),
        "shared": lambda _, b: b.last_sent_at is not None,
        "available_state_transitions": lambda _, b: NEXT_STATES.get(b.state, []),
        "discount": _discount, "interest": _interest, "balances": _balances,
        "matter_totals": _matter_totals, "split_invoice": _split,
        "client_addresses": lambda w, b: _addresses(w, b.client_id),
        "billing_setting": lambda w, _: _first(w, BillingSetting),
    }  # fmt: skip


def _addresses(world: World, contact: int) -> list[Any]:
    found = [_address(c) for c in world.some(Contact, [contact])]
    return [a for a in found if a]


GETTERS: dict[str, dict[str, Getter]] = {
    "Bill": _bill_getters(),
    "LineItem": {
        "kind": lambda _, x: x.kind_of,
        "total": line_total,
        "sub_total": lambda w, x: line_total(w, x) if x.type == "SummaryLineItem" else x.sub_total,
        "tax": lambda w, x: line_sums(w, x).tax,
        "secondary_tax": lambda w, x: line_sums(w, x).secondary_tax,
        "discount": _discount,
        "included_line_item_totals": lambda w, x: {
            "price": sum((m.price for m in members(w, x)), ZERO),
            "quantity": sum((m.quantity for m in members(w, x)), ZERO),
            "sub_total": sum((m.sub_total for m in members(w, x)), ZERO),
            "total": sum((m.total for m in members(w, x)), ZERO),
            "discount_percent": ZERO,
        } if x.type == "SummaryLineItem" else None,
    },
    "Activity": {
        "quantity": _seconds, "rounded_quantity": _seconds,
        "quantity_in_hours": _hours, "rounded_quantity_in_hours": _hours,
        "quantity_redacted": lambda _, a: False,
        "total": lambda _, a: ZERO if a.non_billable else a.amount,
        "non_billable_total": lambda _, a: a.amount if a.non_billable else ZERO,
        "bill": bill_of,
        "on_bill": lambda w, a: bill_of(w, a) is not None,
        "billed": lambda w, a: activity_status(w, a) == "billed",
    },
    "Contact": {
        "account_balances": lambda w, c: _account_balances(w, client=c.id),
        "addresses": lambda _, c: [a for a in [_address(c)] if a],
        "primary_address": lambda _, c: _address(c),
        "email_addresses": lambda _, c: _reach(c, c.primary_email_address, "address"),
        "phone_numbers": lambda _, c: _reach(c, c.primary_phone_number, "number"),
        "initials": lambda _, c: "".join(word[:1] for word in c.name.split()[:2]),
        "is_bill_recipient": lambda _, c: c.is_client,
    },
    "Matter": {
        "account_balances": lambda w, m: _account_balances(w, matter=m.id),
        "split_invoice_payers": lambda _, m: [
            {"id": m.id * 10 + i, "contact_id": c, "matter_id": m.id, "split_portion": p}
            for i, (c, p) in enumerate(m.payers)
        ],
        "last_activity_date": lambda w, m: max(
            (a.date for a in w.all(Activity) if a.matter_id == m.id), default=None
        ),
    },
    "Allocation": {"parent": _parent, "destroyable": lambda _, a: a.voided_at is None,
                   "has_online_payment": lambda _, a: a.payment_type is not None},
    "BankAccount": {
        "balance": _bank_balance,
        "bank_transactions_count": lambda w, b: sum(
            t.bank_account_id == b.id for t in w.all(BankTransaction)
        ),
        "currency": lambda _, b: "USD", "currency_symbol": lambda _, b: "$",
        "currency_id": lambda w, _: _usd(w), "clio_payments_enabled": lambda _, b: False,
        "compliance_region": lambda _, b: "no_region",
    },
    "BankTransaction": {
        "funds_in": lambda _, t: max(t.amount, ZERO), "funds_out": lambda _, t: max(-t.amount, ZERO),
        "currency": lambda _, t: "USD", "currency_id": lambda w, _: _usd(w),
        "payer_payee": lambda _, t: t.source, "clio_payments_transaction": lambda _, t: False,
        "read_only_confirmation": lambda _, t: False, "exchange_rate": lambda _, t: Decimal(1),
        "current_account_balance": _running, "type": lambda w, t: bank_type(w, t),
        "allocation": _linked("allocation_id", Allocation), "bill": _linked("bill_id", Bill),
    },
    "InterestCharge": {
        "matters": lambda w, c: w.some(Matter, w.get(Bill, c.bill_id).matter_ids),
        "balances": lambda w, c: _balances(w, w.get(Bill, c.bill_id)),
    },
    "MatterTransfer": {"type": lambda _, t: "MatterTransfer"},
    "TaxRateConfiguration": {
        "rate_as_percentage": lambda _, t: t.rate * 100,
        "formatted_rate_as_percentage": lambda _, t: f"{(t.rate * 100).normalize():f}%",
    },
    "BillingSetting": {
        "apply_secondary_tax_by_default": lambda _, b: False, "rounding": lambda _, b: 6,
        "use_decimal_rounding": lambda _, b: True, "use_utbms_codes": lambda _, b: False,
    },
}  # fmt: skip


def bank_type(world: World, row: BankTransaction) -> str:
    """`asset` for operating, `liability` for trust, as the `type` filter says."""
    return "liability" if world.get(BankAccount, row.bank_account_id).type == "Trust" else "asset"


__all__ = [
    "GETTERS",
    "InterestCharge",
    "MatterTransfer",
    "activity_status",
    "bank_type",
    "bill_of",
    "currency",
]
