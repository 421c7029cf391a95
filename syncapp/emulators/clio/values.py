"""What each field of each kind says: only the fields that are not plainly an attribute of the record."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from syncapp.emulators.clio.billvalues import Getter, address, balances, bill_getters, discount
from syncapp.emulators.clio.desk_bank import operating_funds
from syncapp.emulators.clio.desk_trust import trust_balance
from syncapp.emulators.clio.funds import (
    Allocation,
    BankAccount,
    BankTransaction,
    CreditMemo,
    Payment,
)
from syncapp.emulators.clio.model import ZERO, Record, World
from syncapp.emulators.clio.nouns import LIVE, PAYABLE, Activity, Bill, Contact, Currency, Matter
from syncapp.emulators.clio.sums import line_sums, line_total, members


def currency(world: World, _: Record) -> Currency | None:
    """The firm's one currency."""
    return next(iter(world.all(Currency)), None)


def _account_balances(world: World, *, client: int | None = None, matter: int | None = None) -> list[Any]:
    def of(bank: BankAccount) -> Decimal:
        if bank.type == "Trust":
            return trust_balance(world, client=client, matter=matter, bank=bank.id)
        return operating_funds(world, client) if client is not None else ZERO

    return [
        {"id": bank.id, "balance": of(bank), "type": bank.type, "name": bank.name, "currency_id": _usd(world)}
        for bank in world.all(BankAccount)
    ]


def _usd(world: World) -> int | None:
    found = next(iter(world.all(Currency)), None)
    return found.id if found else None


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


def bank_type(world: World, row: BankTransaction) -> str:
    """`asset` for operating, `liability` for trust, as the `type` filter says."""
    return "liability" if world.get(BankAccount, row.bank_account_id).type == "Trust" else "asset"


def _bank_balance(world: World, bank: BankAccount) -> Decimal:
    return sum((t.amount for t in world.all(BankTransaction) if t.bank_account_id == bank.id), ZERO)


def _linked(name: str, cls: type[Record]) -> Getter:
    def get(world: World, row: BankTransaction) -> Any:
        wanted = getattr(row, name) if world.switches.bank_rows_linked else None
        return next(iter(world.some(cls, [wanted or 0])), None)

    return get


GETTERS: dict[str, dict[str, Getter]] = {
    "Bill": bill_getters(),
    "LineItem": {
        "kind": lambda _, x: x.kind_of,
        "total": line_total,
        "sub_total": lambda w, x: line_total(w, x) if x.type == "SummaryLineItem" else x.sub_total,
        "tax": lambda w, x: line_sums(w, x).tax,
        "secondary_tax": lambda w, x: line_sums(w, x).secondary_tax,
        "discount": discount,
        "included_line_item_totals": lambda w, x: (
            {
                "price": sum((m.price for m in members(w, x)), ZERO),
                "quantity": sum((m.quantity for m in members(w, x)), ZERO),
                "sub_total": sum((m.sub_total for m in members(w, x)), ZERO),
                "total": sum((m.total for m in members(w, x)), ZERO),
                "discount_percent": ZERO,
            }
            if x.type == "SummaryLineItem"
            else None
        ),
    },
    "Activity": {
        "quantity": _seconds,
        "rounded_quantity": _seconds,
        "quantity_in_hours": _hours,
        "rounded_quantity_in_hours": _hours,
        "quantity_redacted": lambda _, a: False,
        "total": lambda _, a: ZERO if a.non_billable else a.amount,
        "non_billable_total": lambda _, a: a.amount if a.non_billable else ZERO,
        "bill": bill_of,
        "on_bill": lambda w, a: bill_of(w, a) is not None,
        "billed": lambda w, a: activity_status(w, a) == "billed",
    },
    "Contact": {
        "account_balances": lambda w, c: _account_balances(w, client=c.id),
        "addresses": lambda _, c: [a for a in [address(c)] if a],
        "primary_address": lambda _, c: address(c),
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
    "Allocation": {
        "parent": _parent,
        "destroyable": lambda _, a: a.voided_at is None,
        "has_online_payment": lambda _, a: a.payment_type is not None,
    },
    "BankAccount": {
        "balance": _bank_balance,
        "bank_transactions_count": lambda w, b: sum(
            t.bank_account_id == b.id for t in w.all(BankTransaction)
        ),
        "currency": lambda _, b: "USD",
        "currency_symbol": lambda _, b: "$",
        "currency_id": lambda w, _: _usd(w),
        "clio_payments_enabled": lambda _, b: False,
        "compliance_region": lambda _, b: "no_region",
    },
    "BankTransaction": {
        "funds_in": lambda _, t: max(t.amount, ZERO),
        "funds_out": lambda _, t: max(-t.amount, ZERO),
        "currency": lambda _, t: "USD",
        "currency_id": lambda w, _: _usd(w),
        "payer_payee": lambda _, t: t.source,
        "clio_payments_transaction": lambda _, t: False,
        "read_only_confirmation": lambda _, t: False,
        "exchange_rate": lambda _, t: Decimal(1),
        "current_account_balance": _running,
        "type": bank_type,
        "allocation": _linked("allocation_id", Allocation),
        "bill": _linked("bill_id", Bill),
    },
    "InterestCharge": {
        "matters": lambda w, c: w.some(Matter, w.get(Bill, c.bill_id).matter_ids),
        "balances": lambda w, c: balances(w, w.get(Bill, c.bill_id)),
    },
    "MatterTransfer": {"type": lambda _, t: "MatterTransfer"},
    "TaxRateConfiguration": {
        "rate_as_percentage": lambda _, t: t.rate * 100,
        "formatted_rate_as_percentage": lambda _, t: f"{(t.rate * 100).normalize():f}%",
    },
    "BillingSetting": {
        "apply_secondary_tax_by_default": lambda _, b: False,
        "rounding": lambda _, b: 6,
        "use_decimal_rounding": lambda _, b: True,
        "use_utbms_codes": lambda _, b: False,
    },
}
