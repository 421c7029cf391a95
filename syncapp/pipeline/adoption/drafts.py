"""The link of an adopted object, with what stands there as its content."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from syncapp.core import codec
from syncapp.core.documents import Bill
from syncapp.core.ledger import (
    Application,
    CreditMemoDraft,
    CustomerDraft,
    Draft,
    InvoiceDraft,
    ObjectKind,
    PaymentDraft,
    SaleLine,
)
from syncapp.core.planning.bills import plan_bill
from syncapp.core.planning.wanted import Answer
from syncapp.pipeline.context import Context
from syncapp.pipeline.settling.barriers import print_of
from syncapp.pipeline.settling.standing import open_at_start
from syncapp.pipeline.settling.wishes import reading_of
from syncapp.records.models import BookRow, Link, Proposal

WORDS = {
    "customer": "customer",
    "invoice": "invoice",
    "payment": "payment",
    "credit_memo": "credit memo",
    "journal": "journal entry",
    "check": "check",
    "expense": "expense",
    "deposit": "deposit",
}


def link(context: Context, row: Proposal, stands: BookRow, now: datetime) -> Link | None:
    """Return the link of a proposal; None for what has no form of ours."""
    draft = _draft(context, row, stands)
    if draft is None:
        return None
    return Link(
        firm_id=context.firm_id,
        books_id=context.books_id,
        subject=row.subject,
        generation=context.generations.get(row.subject, 0) + 1,
        object_kind=row.object_kind,
        remote_id=row.remote_id,
        adopted=True,
        content=codec.to_json(draft),
        print=print_of(draft),
        document=row.document,
        at=now,
    )


def _draft(context: Context, row: Proposal, stands: BookRow) -> Draft | None:
    if row.object_kind == ObjectKind.CUSTOMER.value:
        return CustomerDraft(name=stands.name)
    day = stands.day
    if day is None:
        return None
    if row.object_kind == ObjectKind.INVOICE.value:
        return _invoice(context, row, stands, day)
    if row.object_kind == ObjectKind.CREDIT_MEMO.value:
        return CreditMemoDraft(
            customer=context.customer(stands.customer),
            number=stands.number,
            day=day,
            receivable=context.book.receivable,
            lines=(_line(stands.total),),
            currency=context.book.company.currency,
        )
    if row.object_kind != ObjectKind.PAYMENT.value:
        return None
    return PaymentDraft(
        customer=context.customer(stands.customer),
        day=day,
        amount=stands.total,
        account=str(stands.data.get("account") or context.book.undeposited),
        receivable=context.book.receivable,
        applications=tuple(_applied(context, stands)),
        reference=str(stands.data.get("reference") or ""),
        currency=context.book.company.currency,
    )


def _line(amount: int, role: str = "adopted") -> SaleLine:
    """Return the one line that stands for an object whose lines are not ours."""
    return SaleLine(item="", account="", amount=amount, role=role)


def _invoice(context: Context, row: Proposal, stands: BookRow, day: date) -> InvoiceDraft:
    """Return an invoice as it stands; one from before the start date is for what was open then."""
    reading = reading_of(row.document)
    opening = _opening(context, reading) if isinstance(reading, Bill) else None
    if opening is not None:
        return replace(opening, customer=context.customer(stands.customer), number=stands.number, day=day)
    return InvoiceDraft(
        customer=context.customer(stands.customer),
        number=stands.number,
        day=day,
        due=reading.due if isinstance(reading, Bill) else None,
        receivable=context.book.receivable,
        lines=(_line(stands.total),),
        currency=context.book.company.currency,
    )


def _opening(context: Context, bill: Bill) -> InvoiceDraft | None:
    if bill.issued is None or bill.issued >= context.book.options.start_bills:
        return None
    answer = plan_bill(bill, context.book, open_at_start=open_at_start(context, bill.id))
    draft = answer.wanted[0].draft if isinstance(answer, Answer) and answer.wanted else None
    return draft if isinstance(draft, InvoiceDraft) else None


def _applied(context: Context, stands: BookRow) -> list[Application]:
    """Return what a payment pays of what is linked."""
    found = []
    for target, amount in stands.data.get("links") or []:
        what, _, key = str(target).partition(":")
        subject = context.subject_of.get((ObjectKind.INVOICE.value, key)) if what == "Invoice" else None
        if subject is not None and amount:
            found.append(Application(subject=subject, kind=ObjectKind.INVOICE, amount=amount))
    return found
