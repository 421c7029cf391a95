"""How a bill stands in the books, and what room its invoices leave for one more payment."""

from __future__ import annotations

from collections import Counter

from syncapp.core.cashbasis import COSTS, FEES
from syncapp.core.documents import Allocation, BillState, Credit, Payment
from syncapp.core.ledger import InvoiceDraft
from syncapp.core.planning import costs
from syncapp.core.planning.deposits import trust_not_set_up
from syncapp.core.planning.standing import Invoice, Standing, less, shares
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.context import Context
from syncapp.pipeline.settling import amended


def stands(context: Context, bill_id: int, payer: Payment | Credit) -> Standing | Problem:
    """Return the invoices of a bill with the room that payments and credits before `payer` leave."""
    bill = context.bills.get(bill_id)
    if bill is None:
        return _not_read(context, bill_id)
    if bill.trust_request:
        return trust_not_set_up("A payment of a trust request")
    if bill_id in context.held:
        return context.held[bill_id]
    if bill.state is not BillState.ISSUED:
        return Standing(absent=bill.state.value)
    before = bill.issued is not None and bill.issued < context.book.options.start_bills
    invoices = _invoices(context, _subjects(context, bill_id))
    charges = [f"interest_charges/{charge.id}" for charge in context.interest.get(bill_id, [])]
    interest = _invoices(context, charges)
    extra, before_it = amended.on_bill(context, bill_id, [row.subject for row in (*invoices, *interest)])
    taken = Counter(before_it)
    invoices = (*invoices, *extra)
    if not invoices and not interest:
        return Standing(
            absent="settled before the start date" if before else "not in the books", before_start=before
        )
    standing = Standing(
        invoices=invoices,
        interest=interest,
        before_start=before,
        paid_first=posted(context, bill_id).paid_first,
    )
    for earlier in _in_order(context, bill_id, payer):
        for part in _parts(context, earlier, bill_id):
            for invoice, amount in shares(part, less(standing, taken), evenly=isinstance(earlier, Credit)):
                taken[invoice.subject] += amount
    return less(standing, taken)


def _not_read(context: Context, bill_id: int) -> Problem:
    """Say why a bill that is named is not known: it cannot be read, or Clio does not show it."""
    row = context.documents.get(("bill", bill_id))
    if row is not None and row.problem:
        return Problem(
            code=row.problem["code"],
            fix=Fix(row.problem["fix"]),
            words=row.problem["words"],
            cause=row.problem.get("cause", ""),
        )
    return Problem(
        code="bill_not_read",
        fix=Fix.CLIO,
        cause=f"bills/{bill_id}",
        words="The bill that this belongs to is not among the bills that Clio shows us.",
    )


def open_at_start(context: Context, bill_id: int) -> int:
    """Return what was open on the start date of a bill issued before it, in minor units."""
    options = context.book.options
    bill = context.bills[bill_id]
    charged = sum(c.amount for c in context.interest.get(bill_id, []) if c.day < options.start_bills)
    settled = 0
    for paid in context.paying.get(bill_id, []):
        start = options.start_payments if isinstance(paid, Payment) else options.start_credits
        if paid.day < start:
            settled += sum(part.amount for part in paid.allocations if part.bill_id == bill_id)
    return bill.amount + charged - settled


def _subjects(context: Context, bill_id: int) -> list[str]:
    base = f"bills/{bill_id}"
    known = {base, *(f"{base}/m{m}" for m in context.bills[bill_id].matter_ids)}
    known |= {f"{base}/m{line.matter_id}" for line in context.bills[bill_id].lines if line.matter_id}
    known |= {subject + costs.MARK for subject in known}
    return sorted(known, key=lambda s: (len(s), s))


def _invoices(context: Context, subjects: list[str]) -> tuple[Invoice, ...]:
    found = []
    for subject in subjects:
        if not context.stands(subject):
            continue
        draft = context.content(subject)
        if isinstance(draft, InvoiceDraft):
            matter = int(subject.removesuffix(costs.MARK).rpartition("/m")[2]) if "/m" in subject else None
            found.append(
                Invoice(
                    subject=subject,
                    customer=draft.customer,
                    total=draft.total,
                    room=draft.total,
                    matter_id=matter,
                    part=_part(context, subject),
                )
            )
    return tuple(found)


def _part(context: Context, subject: str) -> str:
    """Return whether an invoice bears its bill's fees or its costs; empty where it bears both."""
    if costs.is_apart(subject):
        return COSTS
    return FEES if context.stands(subject + costs.MARK) else ""


def posted(context: Context, bill_id: int) -> costs.Posted:
    """Return how the costs of a bill stand in the books already, and under which order they were posted."""
    whole = False
    for subject in _subjects(context, bill_id):
        draft = context.content(subject)
        if not isinstance(draft, InvoiceDraft):
            continue
        if costs.is_apart(subject):
            return costs.Posted(apart=True, paid_first=draft.paid_first)
        whole = whole or any(line.role == COSTS for line in draft.lines)
    return costs.Posted(apart=False) if whole else costs.NOT_POSTED


def _in_order(context: Context, bill_id: int, payer: Payment | Credit) -> list[Payment | Credit]:
    """Return what was paid or credited on a bill before `payer`: by day, on one day payments first."""
    me = (payer.day, isinstance(payer, Credit), payer.id)
    return [p for p in context.paying.get(bill_id, []) if (p.day, isinstance(p, Credit), p.id) < me]


def _parts(context: Context, paid: Payment | Credit, bill_id: int) -> list[Allocation]:
    options = context.book.options
    start = options.start_payments if isinstance(paid, Payment) else options.start_credits
    if paid.day < start:
        return []
    return [part for part in paid.allocations if part.bill_id == bill_id]
