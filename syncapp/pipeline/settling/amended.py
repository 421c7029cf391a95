"""What corrections and returned payments change about a bill: what is owed besides, and what is taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from syncapp.core.documents import Credit
from syncapp.core.ledger import CreditMemoDraft, InvoiceDraft, JournalDraft, ObjectKind, PaymentDraft
from syncapp.core.planning.corrections import base_of, is_correction, owed
from syncapp.core.planning.returns import is_part, taken_from
from syncapp.core.planning.standing import Invoice
from syncapp.pipeline.context import Context

APPLY = "/apply"
Taken = dict[str, int]  # minor units, by invoice


def payers(context: Context, invoice: str) -> Iterator[tuple[str, PaymentDraft, int]]:
    """Return each payment that stands, or is on its way, with what of it pays an invoice, in minor units."""
    known = {subject: link.content for subject, link in context.links.items()}
    known |= {subject: posting.draft for subject, posting in context.waiting.items()}
    for subject, content in known.items():
        parts = (content or {}).get("applications") or []
        if not any(part["subject"] == invoice for part in parts):
            continue
        payment = context.content(subject)
        if isinstance(payment, PaymentDraft):
            yield subject, payment, sum(p.amount for p in payment.applications if p.subject == invoice)


def on_bill(context: Context, bill_id: int, invoices: Iterable[str]) -> tuple[tuple[Invoice, ...], Taken]:
    """Return what is owed on a bill besides its invoices, and what of those is taken by what Clio ignores.

    A correction adds an invoice, or its credit takes some of the one it corrects. A credit removed after its
    period was closed still takes what it took. A returned payment is owed again: by its entry, while the
    closed payment itself stays on the invoice.
    """
    if not context.amending:
        return (), {}
    mine, extra = set(invoices), []
    taken: Taken = defaultdict(int)
    corrected: dict[str, None] = {}
    for subject in sorted(context.amending):
        if subject.endswith(APPLY):
            continue
        if is_correction(subject):
            corrected[base_of(subject)] = None
            target = invoice_of(context, base_of(subject))
            draft = context.content(subject)
            if target in mine and draft is not None and (row := _owed(context, subject)) is not None:
                extra.append(row)
        elif is_part(subject):
            extra += _part_back(context, subject, bill_id, mine, taken)
        else:
            extra += _returned(context, subject, mine, taken)
    for base in corrected:
        _credited(context, base, bill_id, mine, taken)
    return tuple(extra), dict(taken)


def bearing_on(context: Context, invoices: set[str]) -> list[str]:
    """Return the corrections and returned payments that change what is owed on some invoices."""
    found = []
    for subject in sorted(context.amending):
        if subject.endswith(APPLY):
            continue
        if is_correction(subject):
            bears = invoice_of(context, base_of(subject)) in invoices
        else:
            payment = context.content(taken_from(subject))
            parts = payment.applications if isinstance(payment, PaymentDraft) else ()
            bears = any(part.subject in invoices for part in parts)
        if bears:
            found.append(subject)
    return found


def invoice_of(context: Context, subject: str) -> str:
    """Return the invoice that an entry is, or that it credits; empty when it is neither."""
    standing = context.content(subject)
    if isinstance(standing, InvoiceDraft):
        return subject
    applied = context.content(subject + APPLY)
    parts = applied.applications if isinstance(applied, PaymentDraft) else ()
    return next((part.subject for part in parts if part.kind is not ObjectKind.CREDIT_MEMO), "")


def _owed(context: Context, subject: str) -> Invoice | None:
    draft = context.content(subject)
    if not isinstance(draft, InvoiceDraft | CreditMemoDraft | JournalDraft) or (amount := owed(draft)) <= 0:
        return None
    customer = draft.lines[0].customer if isinstance(draft, JournalDraft) else draft.customer
    return Invoice(subject=subject, customer=customer, total=amount, room=amount, kind=draft.kind)


def _returned(context: Context, subject: str, mine: set[str], taken: Taken) -> list[Invoice]:
    """Count a returned payment that lies in the closed books and so stays on the invoices it paid."""
    payment, entry = context.content(taken_from(subject)), context.content(subject)
    if not isinstance(payment, PaymentDraft) or not isinstance(entry, JournalDraft):
        return []
    parts = [part for part in payment.applications if part.subject in mine]
    for part in parts:
        taken[part.subject] += part.amount
    amount = sum(part.amount for part in parts)
    customer = payment.customer
    row = Invoice(subject=subject, customer=customer, total=amount, room=amount, kind=ObjectKind.JOURNAL)
    return [row] if amount else []


def _part_back(context: Context, subject: str, bill_id: int, mine: set[str], taken: Taken) -> list[Invoice]:
    """Count a part taken back of a payment that stays, in its deposit, on the invoices it paid."""
    payment, entry = context.content(taken_from(subject)), context.content(subject)
    if not isinstance(payment, PaymentDraft) or not isinstance(entry, JournalDraft):
        return []
    if any(part.subject == subject for part in payment.applications):
        return []  # it pays the entry itself
    said = _said(context, bill_id, int(subject.split("/")[1]), credit=False)
    parts = [part for part in payment.applications if part.subject in mine]
    beyond = max(sum(part.amount for part in parts) - said, 0)
    left = beyond
    for part in parts:
        taken[part.subject] += min(left, part.amount)
        left -= min(left, part.amount)
    row = Invoice(
        subject=subject, customer=payment.customer, total=beyond, room=beyond, kind=ObjectKind.JOURNAL
    )
    return [row] if beyond else []


def _said(context: Context, bill_id: int, key: int, *, credit: bool) -> int:
    """Return what Clio says that a payment or a credit pays of a bill, in minor units."""
    paying = [p for p in context.paying.get(bill_id, []) if p.id == key and isinstance(p, Credit) == credit]
    return sum(part.amount for paid in paying for part in paid.allocations if part.bill_id == bill_id)


def _credited(context: Context, base: str, bill_id: int, mine: set[str], taken: Taken) -> None:
    """Count what a corrected credit, or the credits that correct an invoice, take beyond what Clio says."""
    target = invoice_of(context, base)
    if target not in mine:
        return
    takes = sum(amount for by, _, amount in payers(context, target) if _belongs(by, base))
    said = 0
    if target != base:
        kind, _, rest = base.partition("/")
        said = _said(context, bill_id, int(rest.partition("/")[0]), credit=kind == "credit_memos")
    taken[target] += max(takes - said, 0)


def _belongs(payer: str, base: str) -> bool:
    """Tell whether a payment applies an entry, or a correction of it."""
    return payer == base + APPLY or (is_correction(payer) and base_of(payer) == base)
