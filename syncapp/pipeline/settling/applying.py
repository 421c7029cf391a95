"""What applies credits of closed books, and of what corrects them: payments of nothing, in the open period.

What a hand put on a credit memo beyond what Clio credits pays the invoice that corrects it, so that neither
stays open; what the memo applies no more is applied beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

from syncapp.core.ledger import Application, CreditMemoDraft, InvoiceDraft, ObjectKind, PaymentDraft
from syncapp.core.planning import corrections as core
from syncapp.core.planning.wanted import Wanted
from syncapp.pipeline.context import Context
from syncapp.pipeline.settling import amended


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """An invoice or credit as it stands, with what applies it by Clio, and what applies it once more."""

    subject: str
    standing: core.Sale
    asked: PaymentDraft | None = None
    again: PaymentDraft | None = None


def applied(
    context: Context, base: Base, corrections: Mapping[str, tuple[core.Correction, date]]
) -> Iterator[Wanted]:
    """Apply the credit of corrections, each with its day, and what of the corrected credit lies free."""
    target = _target(context, base)
    invoice = context.content(target) if target else None
    if not isinstance(invoice, InvoiceDraft):
        return
    room, lacks = invoice.total - immovable(context, target), _lacks(context, base, target)
    free = _free(context, base)
    bill, mine = (target, ObjectKind.INVOICE), (base.subject, ObjectKind.CREDIT_MEMO)
    for subject, (draft, day) in corrections.items():
        customer = getattr(draft, "customer", invoice.customer)
        given = max(min(-core.owed(draft), room), 0) if customer == invoice.customer else 0
        owes = isinstance(draft, InvoiceDraft) and customer == base.standing.customer
        paid = max(min(core.owed(draft), free), 0) if owes else 0
        rest = max(min(free - paid, lacks - given, room - given), 0)
        by, to = moved(bill, (subject, draft.kind), given), moved((subject, draft.kind), mine, paid)
        if parts := [*by, *to, *moved(bill, mine, rest)]:
            yield wanted(subject, draft.memo, invoice, parts, day=day)
        room, lacks, free = room - given - rest, lacks - given - rest, free - paid - rest


def rest(
    context: Context, base: Base, earlier: Mapping[str, core.Correction], *, subject: str, day: date
) -> Iterator[Wanted]:
    """Apply once more what a hand took off: what lies free of a credit memo, or of correcting credits."""
    target = _target(context, base)
    invoice = context.content(target) if target else None
    if not isinstance(invoice, InvoiceDraft):
        return
    free = {(s, one.kind): -core.owed(one) - _used(context, s) for s, one in earlier.items()}
    free[base.subject, ObjectKind.CREDIT_MEMO] = _free(context, base)
    sold = isinstance(base.standing, CreditMemoDraft)
    lacks = _lacks(context, base, target) if sold else sum(max(one, 0) for one in free.values())
    bills = {s: one for s, one in earlier.items() if isinstance(one, InvoiceDraft) and sold}
    owed = {(s, one.kind): one.total - _used(context, s) for s, one in bills.items()}
    owed[target, ObjectKind.INVOICE] = min(lacks, invoice.total - immovable(context, target))
    parts: list[Application] = []
    for to, by in product(list(owed), list(free)):
        amount = max(min(owed[to], free[by]), 0)
        parts += moved(to, by, amount)
        owed[to], free[by] = owed[to] - amount, free[by] - amount
    if parts:
        yield wanted(subject, base.standing.memo, invoice, parts, day=day)


def wanted(subject: str, memo: str, of: core.Sale, parts: list[Application], *, day: date) -> Wanted:
    """Want what applies a correction, or is applied to it: a zero payment of its customer."""
    payment = PaymentDraft(
        customer=of.customer, day=day, amount=0, account="", receivable=of.receivable,
        currency=of.currency, applications=_added_up(parts), memo=f"{memo}, applied",
    )  # fmt: skip
    return Wanted(subject=subject + amended.APPLY, draft=payment)


def moved(to: tuple[str, ObjectKind], credit: tuple[str, ObjectKind], amount: int) -> list[Application]:
    """Return what puts a credit on an invoice; nothing of no amount."""
    return [Application(subject=s, kind=kind, amount=amount) for s, kind in (to, credit) if amount > 0]


def _added_up(parts: list[Application]) -> tuple[Application, ...]:
    """Name each invoice and each credit once."""
    sums: dict[tuple[str, ObjectKind], int] = {}
    for part in parts:
        sums[part.subject, part.kind] = sums.get((part.subject, part.kind), 0) + part.amount
    return tuple(Application(subject=s, kind=kind, amount=amount) for (s, kind), amount in sums.items())


def _target(context: Context, base: Base) -> str:
    """Return the invoice that an entry is, or credits, as it stands or by Clio."""
    asked = base.asked.applications if base.asked is not None else ()
    by_clio = next((part.subject for part in asked if part.kind is ObjectKind.INVOICE), "")
    return amended.invoice_of(context, base.subject) or by_clio


def _free(context: Context, base: Base) -> int:
    """Return what of a credit memo nothing applies, in minor units."""
    if not isinstance(base.standing, CreditMemoDraft):
        return 0
    return base.standing.total - _used(context, base.subject) - _once_more(context, base, base.subject)


def _used(context: Context, subject: str) -> int:
    """Return what payments apply of a credit, or pay of an invoice, in minor units."""
    return sum(amount for _, _, amount in amended.payers(context, subject))


def _lacks(context: Context, base: Base, target: str) -> int:
    """Return what a credit memo and its corrections apply too little of what Clio credits, in minor units."""
    if not isinstance(base.standing, CreditMemoDraft) or base.asked is None:
        return 0
    asked = sum(part.amount for part in base.asked.applications if part.subject == target)
    has = sum(a for by, _, a in amended.payers(context, target) if amended.belongs(by, base.subject))
    return asked - has - _once_more(context, base, target)


def _once_more(context: Context, base: Base, subject: str) -> int:
    """Return what is applied once more in this very wish."""
    if base.again is None or context.stands(base.subject + amended.APPLY):
        return 0
    return sum(part.amount for part in base.again.applications if part.subject == subject)


def immovable(context: Context, invoice: str) -> int:
    """Return what of an invoice is paid by entries that stay as they are, in minor units.

    Those lie in the closed books or in a deposit that QuickBooks does not let go, or are corrections
    themselves; all others make room.
    """
    through, fast = context.book.company.closed_through, not context.book.relinks_deposited
    paid = 0
    for subject, payment, amount in amended.payers(context, invoice):
        link = context.links.get(subject)
        deposited = fast and link is not None and link.remote_id in context.deposited
        closed = through is not None and payment.day <= through
        if closed or deposited or core.is_correction(subject):
            paid += amount
    return paid
