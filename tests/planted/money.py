"""Payments, credits and what has posted and needs a person all the same (DESIGN section 9)."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from syncapp.emulators.qbo import backdoor
from tests.planted.firms import Expected, Firm, Plant, of_bills, of_payment


def retainer(f: Firm) -> Plant:
    """Money into operating without a bill: unearned money may belong in trust."""
    yield
    amount = Decimal(f.chance.randrange(10_000, 90_000)) / 100
    row = f.do("operating_deposit", client=f.client().id, amount=amount, reference="W-9", date=f.day())
    return [
        Expected(plant="unearned in operating", codes=("unearned_in_operating",), alarm=True, amount=amount,
                 records=frozenset({("bank_transactions", str(row.id))}), choice=r"(?i)trust")
    ]  # fmt: skip


def bill_below_payment(f: Firm) -> Plant:
    """A bill is edited below what was paid on it: the rest is unapplied, with a case."""
    bill = f.bill(f.matter())
    payment = f.pay(bill, share="0.8")
    yield
    f.do("edit_line", line=bill.line_ids[0], quantity="0.1")
    return [
        Expected(plant="payment above its bill", codes=("payment_unapplied",), alarm=True,
                 records=of_payment(payment), choice=r"(?i)apply|credit")
    ]  # fmt: skip


def deposited_edited(f: Firm) -> Plant:
    """Bookkeeper 3: a payment that lies in a deposit is changed in Clio. No second payment."""
    payment = yield from _in_deposit(f)
    f.do("edit_payment", payment=payment.id, amount=payment.amount - f.chance.randrange(5, 90))
    return [
        Expected(plant="deposited payment edited", codes=("deposited",), records=of_payment(payment),
                 choice=r"(?i)deposit")
    ]  # fmt: skip


def deposited_removed(f: Firm) -> Plant:
    """A payment that lies in a deposit is removed in Clio: returned by the bank, or a mistake."""
    payment = yield from _in_deposit(f)
    records = of_payment(payment)
    f.do("remove_payment", payment=payment.id)
    return [
        Expected(plant="deposited payment removed", codes=("payment_removed",), records=records,
                 choice=r"(?i)returned")
    ]  # fmt: skip


def _in_deposit(f: Firm) -> Generator[None, None, Any]:
    bill = f.bill(f.matter())
    payment = f.pay(bill, share="0.9")
    yield
    paid = f.payment(bill)
    bank = f.company.account("Operating Bank")
    backdoor.deposit(f.company, [paid["Id"]], account=bank, day=payment.date + timedelta(days=1))
    return payment


def credit_over(f: Firm) -> Plant:
    """A credit on a bill that was made smaller since: applied, the bill would fall below zero."""
    bill = f.bill(f.matter())
    credit = f.do("credit_note", bill=bill.id, amount=(f.owed(bill) / 2).quantize(Decimal("0.01")),
                  date=bill.issued_at)  # fmt: skip
    yield
    f.do("edit_line", line=bill.line_ids[0], quantity="0.1")
    records = frozenset({("credit_memos", str(credit.id))})
    return [
        Expected(plant="credit over the balance", codes=("credit_over_balance",), records=records,
                 choice=r"(?i)correct")
    ]  # fmt: skip


def too_many_lines(f: Firm) -> Plant:
    """More taxable lines than QuickBooks takes (error table and API.md 11: 750)."""
    yield
    matter, day = f.matter(), f.day()
    bill = f.bill(matter, day=day, tax_rate="5")
    for _ in range(750):
        f.do("add_line", bill=bill.id, description="Call", price="10", taxable=True)
    return [
        Expected(plant="too many lines", codes=("too_many_lines",), records=of_bills(bill),
                 choice=r"(?i)summary", amount=f.due(bill))
    ]  # fmt: skip


ALARMS = (retainer, bill_below_payment, deposited_edited, deposited_removed, credit_over)
