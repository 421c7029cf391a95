"""Paid without cash: a credit memo and the zero payment that applies it to an invoice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from syncapp.core.documents import Payment
from syncapp.core.ledger import Application, CreditMemoDraft, ObjectKind, PaymentDraft, SaleLine
from syncapp.core.planning.facts import Book
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.core.problems import Fix, Problem

REFERENCE_LIMIT = 21  # qbo/API.md section 8.7


def from_retainer(
    payment: Payment, parts: Iterable[tuple[str, tuple[Application, ...]]], book: Book
) -> Answer | Problem:
    """Pay invoices with money that the firm already holds: the retainer liability falls, no cash moves.

    `parts` names each customer with what is paid of its invoices.
    """
    item = book.options.retainer_item
    if item is None or book.options.retainer_account is None:
        return Problem(
            code="retainers_not_set_up",
            fix=Fix.SETUP,
            cause="retainers",
            words="This bill was paid from money held in operating. Name the retainer liability and "
            "its item in the mapping.",
        )
    wanted: list[Wanted] = []
    for customer, applications in parts:
        for application in applications:
            subject = f"payments/{payment.id}/{application.subject}"
            line = SaleLine(
                item=item.id,
                account=item.account,
                amount=application.amount,
                role="retainer",
                description="Applied from money held in operating",
            )
            wanted += credit_pair(
                subject=subject,
                number=f"R{payment.id}-{application.subject.rsplit('/', 1)[-1]}"[:REFERENCE_LIMIT],
                customer=customer,
                lines=(line,),
                day=payment.day,
                application=application,
                book=book,
                memo=f"Clio payment {payment.id}",
                currency=payment.currency,
            )
    return Answer(wanted=tuple(wanted))


def credit_pair(
    *,
    subject: str,
    number: str,
    customer: str,
    lines: tuple[SaleLine, ...],
    day: date,
    application: Application,
    book: Book,
    memo: str,
    currency: str,
    location: str = "",
) -> list[Wanted]:
    """Draft a credit memo and the zero payment that applies it to one invoice (qbo/API.md section 8.7)."""
    amount = sum(line.amount for line in lines)
    credit = CreditMemoDraft(
        customer=customer,
        number=number,
        day=day,
        receivable=book.receivable,
        lines=lines,
        memo=memo,
        currency=currency,
        location=location,
    )
    apply = PaymentDraft(
        customer=customer,
        day=day,
        amount=0,
        account="",
        receivable=book.receivable,
        currency=currency,
        applications=(application, Application(subject=subject, kind=ObjectKind.CREDIT_MEMO, amount=amount)),
        memo=f"{memo}, applied",
    )
    return [Wanted(subject=subject, draft=credit), Wanted(subject=f"{subject}/apply", draft=apply)]
