"""Payments: one for each payment and customer, a line for each invoice it pays."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from syncapp.core.documents import Allocation, Funds, Payment
from syncapp.core.ledger import Application, DepositDraft, ObjectKind, PaymentDraft
from syncapp.core.planning.deposits import deposit_account, trust_not_set_up
from syncapp.core.planning.facts import Book
from syncapp.core.planning.retainers import REFERENCE_LIMIT, from_retainer
from syncapp.core.planning.standing import Standing, Stands, less, shares
from syncapp.core.planning.trust.pairs import Pair, account_key
from syncapp.core.planning.wanted import Answer, Wanted, client_subject, foreign
from syncapp.core.problems import Fix, Problem

_Row = tuple[str, int, Application | None]  # a customer, minor units, the invoice they pay
_Groups = dict[str, list[_Row]]  # by the client above the customers


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
    if payment.into_trust:
        return _into_trust(payment, book)
    if payment.funds is Funds.TRUST and pair_of(payment, book) is None:
        return trust_not_set_up(f"A payment of a bill from {payment.source_account or 'trust'}")
    if other := foreign("This payment", payment.currency, book.company.currency):
        return other
    applied = _apply(payment, book, stands)
    if isinstance(applied, Problem):
        return applied
    groups, alarms = applied
    parts = _parts(groups, book)
    if payment.funds is Funds.OPERATING:
        shared = [(part.customer, part.amount, part.applications) for part in parts]
        return from_retainer(payment, shared, book, alarms=tuple(alarms))
    if payment.funds is Funds.TRUST:
        account, more = _earned(payment, parts, book)
    else:
        account, more = deposit_account(payment, book), []
    if isinstance(account, Problem):
        return account
    return Answer(wanted=_wanted(payment, parts, account, book), alarms=(*alarms, *more))


def pair_of(payment: Payment, book: Book) -> Pair | None:
    """Return the trust account that a payment takes its money from; None when it is not set up."""
    rows = [row.bank_account for row in payment.trust_rows if row.amount < 0]
    return book.pairs.get(account_key(payment.source_account or next(iter(rows), "")))


def _into_trust(payment: Payment, book: Book) -> Problem:
    """Refuse a payment of a bill that lands with client money: the firm's own money never does."""
    account = payment.bank_account or "trust"
    if account_key(payment.bank_account) not in book.pairs:
        return trust_not_set_up(f"A payment into {account}")
    return Problem(
        code="trust_wall",
        fix=Fix.CLIO,
        cause=f"payments/{payment.id}",
        words=f"A payment of a bill was recorded into {account}, which holds client money. The firm's own "
        "money must not land there: record it in Clio into operating, and move the money at the bank.",
    )


def _earned(payment: Payment, parts: list[_Part], book: Book) -> tuple[str | Problem, list[Problem]]:
    """Return where money earned from trust lands, and ask a partner when another client's money paid."""
    pair = pair_of(payment, book)
    if pair is None or not pair.operating:
        unnamed = Problem(
            code="operating_not_named",
            fix=Fix.TRUST,
            cause=payment.source_account,
            words=f"Name the operating account where money earned from {payment.source_account} lands.",
        )
        return unnamed, []
    billed = {part.root for part in parts}
    paid = {client_subject(client) for client in _payers(payment, book)}
    if not paid or paid <= billed:
        return pair.operating, []
    words = (
        "This bill was paid with another client's money in trust. A partner confirms that the client agreed."
    )
    code, cause = "trust_between_clients", f"payments/{payment.id}"
    return pair.operating, [Problem(code=code, fix=Fix.LOOK, cause=cause, words=words)]


def _payers(payment: Payment, book: Book) -> set[int]:
    """Return the clients whose money in trust paid, as far as the trust account's rows say."""
    found = set()
    for row in payment.trust_rows:
        matter = book.matters.get(row.matter_id or 0)
        client = matter.client_id if matter is not None else row.client_id
        if row.amount < 0 and client is not None:
            found.add(client)
    return found


def _apply(payment: Payment, book: Book, stands: Stands) -> tuple[_Groups, list[Problem]] | Problem:
    """Tell which invoices a payment pays, grouped by client; what fits none stays as the client's credit."""
    groups: _Groups = {}
    alarms: list[Problem] = []
    before: defaultdict[int | None, Counter[str]] = defaultdict(Counter)  # by its own allocations, of a bill
    for allocation in payment.allocations:
        standing = stands(allocation.bill_id) if allocation.bill_id is not None else Standing(absent="gone")
        if isinstance(standing, Problem):
            return standing.behind("Waits for its bill.")
        left, taken = allocation.amount, before[allocation.bill_id]
        for invoice, amount in shares(allocation, less(standing, taken)):
            taken[invoice.subject] += amount
            part = Application(subject=invoice.subject, kind=invoice.kind, amount=amount)
            groups.setdefault(root_of(invoice.customer, book), []).append((invoice.customer, amount, part))
            left -= amount
        if left:
            client = allocation.client_id or payment.client_id
            owner = client_subject(client) if client is not None else ""
            owner = standing.invoices[0].customer if standing.invoices else owner
            if not owner:
                return Problem(
                    code="payment_without_client",
                    fix=Fix.CLIO,
                    cause=f"payments/{payment.id}",
                    words="This payment names neither a client nor a bill that stands.",
                )
            groups.setdefault(root_of(owner, book), []).append((owner, left, None))
            alarms.append(_unapplied(payment, allocation, standing))
    return groups, alarms


def _parts(groups: _Groups, book: Book) -> list[_Part]:
    """Make one part for each client, or one for each customer where the company takes no other way."""
    parts = []
    for root, rows in groups.items():
        customers = list(dict.fromkeys(customer for customer, _, _ in rows))
        if len(customers) == 1:
            parts.append(_part(customers[0], root, rows))
        elif book.across_subcustomers:
            parts.append(_part(root, root, rows))
        else:
            parts += [_part(name, root, [row for row in rows if row[0] == name]) for name in customers]
    return parts


def _part(customer: str, root: str, rows: list[_Row]) -> _Part:
    return _Part(
        customer=customer,
        root=root,
        amount=sum(amount for _, amount, _ in rows),
        applications=_merged([part for _, _, part in rows if part]),
    )


def _merged(parts: list[Application]) -> tuple[Application, ...]:
    sums: dict[tuple[str, ObjectKind], int] = {}
    for part in parts:
        key = part.subject, part.kind
        sums[key] = sums.get(key, 0) + part.amount
    return tuple(Application(subject=s, kind=kind, amount=a) for (s, kind), a in sums.items() if a)


def _unapplied(payment: Payment, allocation: Allocation, standing: Standing) -> Problem:
    why = f"its bill is {standing.absent}" if standing.absent else "it is more than the invoice asks"
    return Problem(
        code="payment_unapplied",
        fix=Fix.LOOK,
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
