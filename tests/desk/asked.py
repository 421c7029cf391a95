"""Cases that ask a person for more than a choice, and a payment that stands: one maker each."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from accounts.tenancy import firm_scope
from mapping.models import CompanyState, MirrorAccount
from syncapp.core import codec
from syncapp.core.books import Company
from syncapp.core.ledger import PaymentDraft
from syncapp.records.models import Case, Document, Link
from tests.desk.books import NOW, bill, case, document, hold

if TYPE_CHECKING:
    from accounts.models import Books
    from tests.cast import House

PRINT = "0a1b2c3d4e5f60718293a4b5"
MISTAKE = "The payment is taken out of QuickBooks and its invoice is open again, dated 12 Sep 2026."
ENTRY = [
    {"account": "Legal Fees", "memo": "10483-C1", "debit": 30_000, "credit": 0},
    {"account": "Accounts Receivable", "memo": "10483-C1", "debit": 0, "credit": 30_000},
]


def correction(house: House, books: Books, **facts: str) -> Case:
    """Ask for the approval of a credit of 300.00 for a bill in closed August."""
    proposed = {
        "kind": "credit_memo",
        "number": "10483-C1",
        "day": "2026-10-03",
        "total": "30000",
        "currency": "USD",
        "for": "bills/10999/correction/1",
        "print": PRINT,
        "was_day": "2026-08-14",
        "closed_through": "2026-08-31",
        "customer": "Cedar Freight, Inc.",
        "entry": json.dumps(ENTRY),
    }
    with firm_scope(write=house.firm.pk):
        title = "Bill 10999 changed in Clio after its period was closed."
        made = case(
            house, books, "closed_correction:bills/10999", title, fix="approve", facts=proposed | facts
        )
        hold(house, made, bill(house, 10_999, 160_000))
    return made


def removed(house: House, books: Books, **facts: str) -> Case:
    """Ask what happened to a payment of 500.00 of 12 September that Clio no longer has."""
    asked = {
        "for": "payments/78",
        "amount": "50000",
        "currency": "USD",
        "day": "2026-09-12",
        "removed": "yes",
        "bank": "Operating Checking",
        "closed": "no",
        "closed_through": "2026-08-31",
        "deposit": "theirs",
        "mistake": MISTAKE,
    }
    with firm_scope(write=house.firm.pk):
        title = "A payment of $500.00 was removed in Clio and lies in a deposit."
        made = case(house, books, "payment_removed:payments/78", title, fix="choose", facts=asked | facts)
        paid = document(house, 78, kind="payment", day=date(2026, 9, 12), amount=50_000, client_id=1)
        hold(house, made, paid)
    return made


def expenses(house: House, books: Books) -> None:
    """Mirror three expense accounts, one of them inactive, and a bank."""
    with firm_scope(write=house.firm.pk):
        for remote_id, name, kind, active in (
            ("60", "Bank Charges", "Expense", True),
            ("61", "Chargebacks", "Other Expense", True),
            ("62", "Old Charges", "Expense", False),
            ("35", "Operating Checking", "Bank", True),
        ):
            MirrorAccount.objects.create(
                firm=house.firm,
                books=books,
                remote_id=remote_id,
                name=name,
                type=kind,
                active=active,
                seen_at=NOW,
            )


def closed(house: House, books: Books, through: date) -> None:
    """Close the books through a day."""
    with firm_scope(write=house.firm.pk):
        company = Company(id="9130", name="Alpha Books", currency="USD", closed_through=through)
        CompanyState.objects.update_or_create(
            firm=house.firm, books=books, defaults={"company": codec.to_json(company)}
        )


def payment(house: House, books: Books, *, stands: bool = True, **data: Any) -> Document:
    """Make a payment of 500.00 of 12 September, standing in the books as payment 140."""
    with firm_scope(write=house.firm.pk):
        found = document(
            house,
            79,
            kind="payment",
            number="4412",
            day=date(2026, 9, 12),
            amount=50_000,
            client_id=1,
            settled=True,
            outcome="posted",
            data={"id": 79, "funds": "outside", "into_trust": False, "currency": "USD"} | data,
        )
        draft = PaymentDraft(
            customer="contacts/1",
            day=date(2026, 9, 12),
            amount=50_000,
            account="35",
            receivable="84",
            applications=(),
        )
        if stands:
            Link.objects.create(
                firm=house.firm,
                books=books,
                subject="payments/79",
                object_kind="payment",
                remote_id="140",
                content=codec.to_json(draft),
                document=found,
                at=NOW,
            )
    return found
