"""Paid without cash: a credit memo and the zero payment that applies it to an invoice."""

from __future__ import annotations

import string
from collections.abc import Iterable
from datetime import date

from syncapp.core.documents import Payment
from syncapp.core.keys import fingerprint
from syncapp.core.ledger import Application, CreditMemoDraft, ObjectKind, PaymentDraft, SaleLine
from syncapp.core.planning.facts import Book
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.core.problems import Fix, Problem

REFERENCE_LIMIT = 21  # qbo/API.md section 8.7
PLAIN = REFERENCE_LIMIT - 4  # what corrects it ends in -K and a number
_DIGITS = string.digits + string.ascii_uppercase
NOT_SET_UP = Problem(
    code="retainers_not_set_up",
    fix=Fix.SETUP,
    cause="retainers",
    words="This bill was paid from money held in operating. Name the retainer liability and its item in the "
    "mapping.",
)


def numbered(payment: int, target: str) -> str:
    """Return the number of what a payment pays of one target (`bills/7/m5`), unlike those of all others.

    Two ids of ten digits do not fit into the 21 characters (qbo/API.md section 8.6), and what corrects
    it needs four more: then the payment is told in base 36 and the target by its fingerprint.
    """
    plain = f"R{payment}-{target.partition('/')[2].replace('/', '-')}"
    short = f"R{_short(payment)}-{fingerprint(target)}"
    return (plain if len(plain) <= PLAIN else short)[:PLAIN]


def _short(number: int) -> str:
    """Return a number of at least 1 in base 36."""
    found = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        found = _DIGITS[digit] + found
    return found


def from_retainer(
    payment: Payment,
    parts: Iterable[tuple[str, int, tuple[Application, ...]]],
    book: Book,
    *,
    alarms: tuple[Problem, ...] = (),
) -> Answer | Problem:
    """Pay invoices with money that the firm already holds: the retainer liability falls, no cash moves.

    `parts` names each customer with the whole amount and what of it pays invoices; the rest stays open as the
    customer's credit, and `alarms` say so.
    """
    item = book.options.retainer_item
    if item is None or book.options.retainer_account is None:
        return NOT_SET_UP
    wanted: list[Wanted] = []
    for customer, amount, applications in parts:
        unapplied = amount - sum(application.amount for application in applications)
        for application in applications or (None,):
            target = application.subject if application else customer
            line = SaleLine(
                item=item.id,
                account=item.account,
                amount=unapplied + (application.amount if application else 0),
                role="retainer",
                description="Applied from money held in operating",
            )
            unapplied = 0  # what pays no invoice stands on the first credit
            wanted += credit_pair(
                subject=f"payments/{payment.id}/{target}",
                number=numbered(payment.id, target),
                customer=customer,
                lines=(line,),
                day=payment.day,
                application=application,
                book=book,
                memo=f"Clio payment {payment.id}",
                currency=payment.currency,
            )
    return Answer(wanted=tuple(wanted), alarms=alarms)


def credit_pair(
    *,
    subject: str,
    number: str,
    customer: str,
    lines: tuple[SaleLine, ...],
    day: date,
    application: Application | None,
    book: Book,
    memo: str,
    currency: str,
    location: str = "",
) -> list[Wanted]:
    """Draft a credit memo and the zero payment that applies it to one invoice (qbo/API.md section 8.7).

    Without an application the credit stands open.
    """
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
    stands = Wanted(subject=subject, draft=credit)
    return [stands] if application is None else [stands, _applied(stands, credit, application)]


def _applied(stands: Wanted, credit: CreditMemoDraft, application: Application) -> Wanted:
    """Draft the zero payment that takes one credit to one invoice."""
    used = Application(subject=stands.subject, kind=ObjectKind.CREDIT_MEMO, amount=application.amount)
    draft = PaymentDraft(
        customer=credit.customer,
        day=credit.day,
        amount=0,
        account="",
        receivable=credit.receivable,
        currency=credit.currency,
        applications=(application, used),
        memo=f"{credit.memo}, applied",
    )
    return Wanted(subject=f"{stands.subject}/apply", draft=draft)
