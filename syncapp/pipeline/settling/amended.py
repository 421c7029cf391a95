"""What corrections and returned payments change about a bill: what is owed besides, and what is taken."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import count, takewhile

from syncapp.core.documents import Credit
from syncapp.core.ledger import CreditMemoDraft, InvoiceDraft, JournalDraft, ObjectKind, PaymentDraft
from syncapp.core.planning.corrections import base_of, correction_subject, is_correction, owed
from syncapp.core.planning.returns import WON, is_part, is_return, part_number, part_subject, taken_from
from syncapp.core.planning.standing import Invoice
from syncapp.pipeline.context import Context

APPLY = "/apply"
Taken = dict[str, int]  # minor units, by invoice


def payers(context: Context, invoice: str) -> Iterator[tuple[str, PaymentDraft, int]]:
    """Return each payment that stands, or is on its way, with what of it pays an invoice, in minor units."""
    for subject in [*context.payers.get(invoice, ())]:
        payment = context.content(subject)
        if not isinstance(payment, PaymentDraft):
            continue
        if parts := [part for part in payment.applications if part.subject == invoice]:
            yield subject, payment, sum(part.amount for part in parts)


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
    charged: dict[str, None] = {}
    for subject in sorted(context.amending):
        if subject.endswith(APPLY):
            continue
        if _corrects(subject) and isinstance(context.content(base_of(subject)), PaymentDraft):
            charged[base_of(subject)] = None
        elif _corrects(subject):
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
    for base in charged:
        extra += _charged_again(context, base, bill_id, mine, taken)
    return tuple(extra), dict(taken)


def _corrects(subject: str) -> bool:
    """Tell a correction from the entry that takes one back for the bank."""
    return is_correction(subject) and not is_return(subject)


def bearing_on(context: Context, invoices: set[str]) -> list[str]:
    """Return the corrections and returned payments that change what is owed on some invoices."""
    found = []
    for subject in sorted(context.amending):
        if subject.endswith(APPLY):
            continue
        payment = context.content(taken_from(base_of(subject) if _corrects(subject) else subject))
        parts = payment.applications if isinstance(payment, PaymentDraft) else ()
        bears = any(part.subject in invoices for part in parts)
        if _corrects(subject) and not isinstance(payment, PaymentDraft):
            bears = invoice_of(context, base_of(subject)) in invoices
        if bears:
            found.append(subject)
    return found


def invoice_of(context: Context, subject: str) -> str:
    """Return the invoice that an entry is, or that it credits; empty when it is neither."""
    standing = context.content(subject)
    if isinstance(standing, InvoiceDraft):
        return subject
    applies = (context.content(one + APPLY) for one in (subject, *ever_corrected(context, subject)))
    parts = (part for one in applies if isinstance(one, PaymentDraft) for part in one.applications)
    paid = (part for part in parts if part.kind is not ObjectKind.CREDIT_MEMO)
    return next((part.subject for part in paid if base_of(part.subject) != subject), "")


def _owed(context: Context, subject: str) -> Invoice | None:
    draft = context.content(subject)
    if not isinstance(draft, InvoiceDraft | CreditMemoDraft | JournalDraft) or (amount := owed(draft)) <= 0:
        return None
    customer = draft.lines[0].customer if isinstance(draft, JournalDraft) else draft.customer
    own = sum(paid for by, _, paid in payers(context, subject) if belongs(by, base_of(subject)))
    return Invoice(subject=subject, customer=customer, total=amount, room=amount - own, kind=draft.kind)


def _returned(context: Context, subject: str, mine: set[str], taken: Taken) -> list[Invoice]:
    """Count a returned payment that lies in the closed books and so stays on the invoices it paid."""
    payment, entry = context.content(taken_from(subject)), context.content(subject)
    if not isinstance(payment, PaymentDraft) or not isinstance(entry, JournalDraft):
        return []
    if context.stands(subject + WON):
        return []  # the dispute was won: the payment pays them as before
    # What its entries lack, as long as a hand is not put right, is the return's.
    charges = [*_charges(context, subject, payment.customer), (subject, payment.amount)]
    again, before = Counter[str](), 0
    for part in payment.applications:
        if part.subject in mine:
            taken[part.subject] += part.amount
            for by, amount in _behind(charges, before, part.amount):
                again[by] += amount
        before += part.amount
    return [
        Invoice(subject=by, customer=payment.customer, total=part, room=part, kind=ObjectKind.JOURNAL)
        for by, part in again.items()
    ]


def _charges(context: Context, subject: str, customer: str) -> Iterator[tuple[str, int]]:
    """Give what charges a customer again: a return, and what corrects it where a hand changed it."""
    for name in [subject, *(one for one, _ in corrections_of_money(context, subject))]:
        entry = context.content(name)
        lines = entry.lines if isinstance(entry, JournalDraft) else ()
        on = [line for line in lines if line.account == context.book.receivable and line.amount > 0]
        yield name, sum(line.amount for line in on if line.customer == customer)


def _behind[Name](
    charges: Iterable[tuple[Name, int]], before: int, amount: int
) -> Iterator[tuple[Name, int]]:
    """Give what of some charges, in order, bears an amount behind what came `before` it. Minor units."""
    for name, charged in charges:
        part = min(max(charged - before, 0), amount)
        before, amount = max(before - charged, 0), amount - part
        if part:
            yield name, part


def corrections_of_money(context: Context, base: str) -> Iterator[tuple[str, JournalDraft | PaymentDraft]]:
    """Return the corrections of a payment or of a return that stand, or are on their way, in order."""
    for subject in ever_corrected(context, base):
        draft = context.content(subject)
        if isinstance(draft, JournalDraft | PaymentDraft):
            yield subject, draft


def ever_corrected(context: Context, base: str) -> list[str]:
    """Return the subjects of all corrections that an entry ever had, in order: a hand may have taken some.

    Of one that only applied once more what a hand took off, nothing but that payment was ever posted.
    """
    known = context.generations.keys() | context.waiting.keys()
    subjects = (correction_subject(base, position) for position in count(1))
    return list(takewhile(lambda one: one in known or one + APPLY in known, subjects))


def _charged_again(
    context: Context, base: str, bill_id: int, mine: set[str], taken: Taken
) -> Iterator[Invoice]:
    """Count what a payment pays of a bill beyond what Clio says, and the entry that charges it again."""
    payment = context.content(base)
    if not isinstance(payment, PaymentDraft):
        return
    left = beyond = _beyond(context, base, bill_id, mine)
    lacked = {p.subject for _, one in _applied(context, base) for p in one.applications}
    for part in sorted(payment.applications, key=lambda part: part.subject in lacked):
        if part.subject in mine:
            taken[part.subject] += min(left, part.amount)
            left -= min(left, part.amount)
    others: dict[int, set[str]] = defaultdict(set)
    for part in payment.applications:
        others[_bill_of(context, part.subject)].add(part.subject)
    before = sum(_beyond(context, base, other, paid) for other, paid in others.items() if other < bill_id)
    charges = [
        ((subject, line.customer), line.amount)
        for subject, entry in corrections_of_money(context, base)
        for line in (entry.lines if isinstance(entry, JournalDraft) else ())
        if line.account == context.book.receivable and line.amount > 0
    ]
    for (subject, customer), again in _behind(charges, before, beyond):
        yield Invoice(subject=subject, customer=customer, total=again, room=again, kind=ObjectKind.JOURNAL)


def _beyond(context: Context, base: str, bill_id: int, invoices: Iterable[str]) -> int:
    """Return what a payment, with its corrections, pays of a bill's invoices beyond what Clio says."""
    key = int(base.split("/")[1])
    paid = (payers(context, invoice) for invoice in invoices)
    own = sum(amount for rows in paid for by, _, amount in rows if f"{by}/".startswith(f"payments/{key}/"))
    return max(own - _said(context, bill_id, key, credit=False), 0)


def _bill_of(context: Context, subject: str) -> int:
    """Return the bill of an invoice; 0 for what is of none."""
    kind, _, rest = subject.partition("/")
    key = int(rest.partition("/")[0])
    if kind == "interest_charges":
        return next((bill for bill, rows in context.interest.items() if key in {c.id for c in rows}), 0)
    return key if kind == "bills" else 0


def _applied(context: Context, base: str) -> Iterator[tuple[str, PaymentDraft]]:
    """Return what applied the corrections of a payment."""
    for subject, _ in corrections_of_money(context, base):
        draft = context.content(subject + APPLY)
        if isinstance(draft, PaymentDraft):
            yield subject + APPLY, draft


def _part_back(context: Context, subject: str, bill_id: int, mine: set[str], taken: Taken) -> list[Invoice]:
    """Count a part taken back of a payment that stays, in its deposit, on the invoices it paid.

    Of several parts each takes what those before it left of what the payment pays beyond Clio.
    """
    base = taken_from(subject)
    payment = context.content(base)
    if not isinstance(payment, PaymentDraft) or not (amount := _open_part(context, payment, subject)):
        return []
    said = _said(context, bill_id, int(subject.split("/")[1]), credit=False)
    parts = [part for part in payment.applications if part.subject in mine]
    beyond = max(sum(part.amount for part in parts) - said, 0)
    before = (part_subject(base, number) for number in range(part_number(subject)))
    passed = min(sum(_open_part(context, payment, one) for one in before), beyond)
    left = share = min(amount, beyond - passed)
    for part in parts:
        skipped = min(passed, part.amount)
        takes = min(left, part.amount - skipped)
        passed, left = passed - skipped, left - takes
        taken[part.subject] += takes
    row = Invoice(
        subject=subject, customer=payment.customer, total=share, room=share, kind=ObjectKind.JOURNAL
    )
    return [row] if share else []


def _open_part(context: Context, payment: PaymentDraft, subject: str) -> int:
    """Return what an entry takes back of a payment that does not pay the entry itself, in minor units."""
    entry = context.content(subject)
    if not isinstance(entry, JournalDraft) or context.stands(subject + WON):
        return 0
    if any(part.subject == subject for part in payment.applications):
        return 0
    return sum(line.amount for line in entry.lines if line.amount > 0)


def _said(context: Context, bill_id: int, key: int, *, credit: bool) -> int:
    """Return what Clio says that a payment or a credit pays of a bill, in minor units."""
    paying = [p for p in context.paying.get(bill_id, []) if p.id == key and isinstance(p, Credit) == credit]
    return sum(part.amount for paid in paying for part in paid.allocations if part.bill_id == bill_id)


def _credited(context: Context, base: str, bill_id: int, mine: set[str], taken: Taken) -> None:
    """Count what a corrected credit, or the credits that correct an invoice, take beyond what Clio says."""
    target = invoice_of(context, base)
    if target not in mine:
        return
    takes = sum(amount for by, _, amount in payers(context, target) if belongs(by, base))
    said = 0
    if target != base:
        kind, _, rest = base.partition("/")
        said = _said(context, bill_id, int(rest.partition("/")[0]), credit=kind == "credit_memos")
    taken[target] += max(takes - said, 0)


def belongs(payer: str, base: str) -> bool:
    """Tell whether a payment applies an entry, or a correction of it."""
    return payer == base + APPLY or (is_correction(payer) and base_of(payer) == base)
