"""Payments: one for each payment and customer, a line for each invoice it pays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from syncapp.core.documents import Allocation, Funds, Payment
from syncapp.core.ledger import Application, CreditMemoDraft, DepositDraft, ObjectKind, PaymentDraft, SaleLine
from syncapp.core.planning.facts import Book
from syncapp.core.planning.wanted import Answer, Wanted, client_subject, closed
from syncapp.core.problems import Fix, Problem

REFERENCE_LIMIT = 21  # qbo/API.md section 8.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """One invoice that stands, or will stand, for a bill or an interest charge. Minor units."""

    subject: str
    customer: str
    total: int
    room: int  # what other payments and credits leave open
    matter_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a bill stands in the books: its invoices, its interest invoices in order, or why it has none."""

    invoices: tuple[Invoice, ...] = ()
    interest: tuple[Invoice, ...] = ()
    absent: str = ""  # void, deleted or back in draft
    before_start: bool = False


Stands = Callable[[int], Standing | Problem]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    customer: str
    root: str
    amount: int
    applications: tuple[Application, ...]


def plan_payment(payment: Payment, book: Book, stands: Stands) -> Answer | Problem:
    """Decide how a payment stands in the books, or say why it cannot yet."""
    if not payment.allocations:
        return Answer(skipped="the payment was removed")
    if payment.day < book.options.start_payments:
        return Answer(skipped="paid before the start date")
    if payment.funds is Funds.TRUST:
        return trust_not_set_up(f"A payment of a bill from {payment.source_account or 'trust'}")
    if payment.into_trust:
        return trust_not_set_up(f"A payment into {payment.bank_account or 'trust'}")
    if payment.currency != book.company.currency:
        return _currency(payment.currency, book)
    if problem := closed(payment.day, book.company.closed_through, "This payment"):
        return problem
    applied = _apply(payment, book, stands)
    if isinstance(applied, Problem):
        return applied
    parts, alarms = applied
    if payment.funds is Funds.OPERATING:
        return _from_retainer(payment, parts, book)
    account = deposit_account(payment, book)
    if isinstance(account, Problem):
        return account
    return Answer(wanted=_wanted(payment, parts, account, book), alarms=tuple(alarms))


def trust_not_set_up(what: str) -> Problem:
    """Say that client money waits: nothing of it may touch the books before trust is set up."""
    return Problem(
        code="trust_not_set_up",
        title="Client money moved, and trust is not set up. None of it posts until it is.",
        fix=Fix.TRUST,
        cause="",
        words=f"{what} moves client money, and trust is not set up. Nothing of it posts until it is.",
    )


def deposit_account(payment: Payment, book: Book) -> str | Problem:
    """Return the account of the books where a payment lands, by the firm's rules in order."""
    for rule in book.options.deposits:
        account_fits = (
            not rule.bank_account or rule.bank_account.casefold() == payment.bank_account.casefold()
        )
        if account_fits and (not rule.method or rule.method.casefold() == payment.method.casefold()):
            account = book.chart.accounts.get(rule.account)
            if account is not None and account.is_trust:
                return Problem(
                    code="trust_wall",
                    fix=Fix.MAP,
                    cause=f"account {account.id}",
                    words=f"A payment into operating cannot land in “{account.name}”: "
                    "that account holds client money.",
                )
            if account is None or not account.active:
                return Problem(
                    code="inactive_account",
                    fix=Fix.MAP,
                    cause=f"account {rule.account}",
                    words="The deposit account is inactive or missing in QuickBooks. Choose another.",
                )
            return rule.account
    if not book.undeposited:
        return Problem(
            code="unmapped",
            fix=Fix.MAP,
            cause=f"deposit {payment.bank_account}",
            words="Choose the account where payments "
            f"{'into ' + payment.bank_account if payment.bank_account else ''} land.",
        )
    return book.undeposited


def _currency(currency: str, book: Book) -> Problem:
    return Problem(
        code="currency",
        fix=Fix.CLIO,
        cause=currency,
        words=f"This payment is in {currency}; the books are in {book.company.currency}.",
    )


def _apply(payment: Payment, book: Book, stands: Stands) -> tuple[list[_Part], list[Problem]] | Problem:
    """Tell which invoices a payment pays, grouped by client; what fits none stays as the client's credit."""
    groups: dict[str, list[tuple[str, int, Application | None]]] = {}
    alarms: list[Problem] = []
    for allocation in payment.allocations:
        standing = stands(allocation.bill_id) if allocation.bill_id is not None else Standing(absent="gone")
        if isinstance(standing, Problem):
            return replace(standing, words=f"Waits for its bill. {standing.words}")
        left = allocation.amount
        for invoice, amount in shares(allocation, standing):
            part = Application(subject=invoice.subject, kind=ObjectKind.INVOICE, amount=amount)
            groups.setdefault(root_of(invoice.customer, book), []).append((invoice.customer, amount, part))
            left -= amount
        if left:
            client = allocation.client_id or payment.client_id
            if client is None:
                return Problem(
                    code="payment_without_client",
                    fix=Fix.CLIO,
                    cause=f"payments/{payment.id}",
                    words="This payment names neither a client nor a bill that stands.",
                )
            groups.setdefault(client_subject(client), []).append((client_subject(client), left, None))
            alarms.append(_unapplied(payment, allocation, standing))
    parts = []
    for root, rows in groups.items():
        customers = list(dict.fromkeys(customer for customer, _, _ in rows))
        applications = _merged([part for _, _, part in rows if part])
        if len(customers) == 1 or book.across_subcustomers:
            parts.append(
                _Part(
                    customer=customers[0] if len(customers) == 1 else root,
                    root=root,
                    amount=sum(amount for _, amount, _ in rows),
                    applications=applications,
                )
            )
            continue
        for customer in customers:
            mine = [row for row in rows if row[0] == customer]
            parts.append(
                _Part(
                    customer=customer,
                    root=root,
                    amount=sum(amount for _, amount, _ in mine),
                    applications=_merged([part for _, _, part in mine if part]),
                )
            )
    return parts, alarms


def _merged(parts: list[Application]) -> tuple[Application, ...]:
    sums: dict[str, int] = {}
    for part in parts:
        sums[part.subject] = sums.get(part.subject, 0) + part.amount
    return tuple(Application(subject=s, kind=ObjectKind.INVOICE, amount=a) for s, a in sums.items() if a)


def shares(allocation: Allocation, standing: Standing) -> list[tuple[Invoice, int]]:
    """Share an allocation over the invoices that stand for its bill.

    What Clio marks as interest pays the interest invoices first, all else the bill's; its own matter first,
    then in order. What is left goes to the other kind rather than nowhere.
    """
    first, then = standing.invoices, standing.interest
    if allocation.interest:
        first, then = then, first
    rows = [*sorted(first, key=lambda row: row.matter_id != allocation.matter_id), *then]
    left, found = allocation.amount, []
    for row in rows:
        amount = min(left, max(row.room, 0))
        if amount:
            found.append((row, amount))
            left -= amount
    return found


def _unapplied(payment: Payment, allocation: Allocation, standing: Standing) -> Problem:
    why = f"its bill is {standing.absent}" if standing.absent else "it is more than the invoice asks"
    return Problem(
        code="payment_unapplied",
        fix=Fix.CLIO,
        cause=f"payments/{payment.id}",
        words=f"A part of this payment pays no invoice, because {why}. It stands as the client's credit.",
        facts={"bill": str(allocation.bill_id or "")},
    )


def root_of(customer: str, book: Book) -> str:
    """Return the client's customer above a matter's sub-customer."""
    kind, _, key = customer.partition("/")
    matter = book.matters.get(int(key)) if kind == "matters" else None
    return client_subject(matter.client_id) if matter else customer


def _wanted(payment: Payment, parts: list[_Part], account: str, book: Book) -> tuple[Wanted, ...]:
    wanted = []
    by_root: dict[str, list[Wanted]] = {}
    for position, part in enumerate(parts):
        split_root = sum(1 for other in parts if other.root == part.root) > 1
        subject = f"payments/{payment.id}" if position == 0 else f"payments/{payment.id}/{part.customer}"
        draft = PaymentDraft(
            customer=part.customer,
            day=payment.day,
            amount=part.amount,
            receivable=book.receivable,
            account=book.undeposited if split_root else account,
            applications=part.applications,
            reference=payment.reference[:REFERENCE_LIMIT],
            method=payment.method,
            currency=payment.currency,
            memo=f"Clio payment {payment.id}",
        )
        wanted.append(Wanted(subject=subject, draft=draft))
        if split_root:
            by_root.setdefault(part.root, []).append(wanted[-1])
    if account != book.undeposited:
        for root, rows in by_root.items():
            wanted.append(
                Wanted(
                    subject=f"payments/{payment.id}/deposit/{root}",
                    draft=DepositDraft(
                        day=payment.day,
                        bank=account,
                        undeposited=book.undeposited,
                        payments=tuple(row.subject for row in rows),
                        currency=payment.currency,
                        amounts=tuple(row.draft.entry()[0].amount for row in rows),
                        memo=f"Clio payment {payment.id}",
                    ),
                )
            )
    return tuple(wanted)


def _from_retainer(payment: Payment, parts: list[_Part], book: Book) -> Answer | Problem:
    """The firm already holds the money: the retainer liability falls and the invoice is paid, without cash."""
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
    for part in parts:
        for application in part.applications:
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
                customer=part.customer,
                lines=(line,),
                day=payment.day,
                application=application,
                book=book,
                memo=f"Clio payment {payment.id}",
                currency=payment.currency,
            )
    return Answer(wanted=tuple(wanted))


def credit_pair(  # noqa: PLR0913 - the two drafts share all of it
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
