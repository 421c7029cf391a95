"""Bills from before the start date: the invoice that the books have, or one of what was then open."""

from __future__ import annotations

from dataclasses import replace

from syncapp.core.documents import Bill
from syncapp.core.ledger import InvoiceDraft, ObjectKind
from syncapp.core.money import spoken
from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.context import Context
from syncapp.records.models import BookRow


def adopt_or_post(context: Context, bill: Bill, answer: Answer, at_start: int) -> Answer | Problem:
    """Link the invoice with the bill's number and amount, else post the opening, else say why not."""
    wanted = answer.wanted[0]
    draft = wanted.draft
    if not isinstance(draft, InvoiceDraft):
        return answer
    if context.stands(wanted.subject):
        standing = context.content(wanted.subject)
        return Answer(wanted=(replace(wanted, draft=standing),)) if standing is not None else answer
    candidates = [row for number in {draft.number, bill.number} for row in _unlinked(context, number)]
    fits = [row for row in candidates if row.total == bill.amount or at_start in (row.total, row.balance)]
    if len(fits) == 1:
        customer = context.customer(fits[0].customer)
        # It stands for what was open then, also where it is older and larger than that.
        adopted = replace(draft, customer=customer, number=fits[0].number, day=fits[0].day or draft.day)
        return Answer(wanted=(replace(wanted, draft=adopted, adopt=fits[0].remote_id),))
    if candidates:
        row = candidates[0]
        return Problem(
            code="opening_differs",
            fix=Fix.BOOKS,
            cause=f"bills/{bill.id}",
            words=f"Bill {bill.number} was open at {spoken(at_start, bill.currency)} on the start date; "
            f"invoice {row.number} in QuickBooks shows {spoken(row.total, bill.currency)} with "
            f"{spoken(row.balance, bill.currency)} open. Bring the two in line, then retry.",
            facts={"books_id": row.remote_id},
        )
    if context.book.options.opening_item is None:
        return Problem(
            code="openings_not_set_up",
            fix=Fix.MAP,
            cause="openings",
            words="Bills from before the start date were open, and QuickBooks has no invoice for them. Name "
            "the item for openings in the mapping, or enter the invoices in QuickBooks.",
        )
    return answer


def _unlinked(context: Context, number: str) -> list[BookRow]:
    rows = context.numbers.get(number.casefold(), [])
    invoice = ObjectKind.INVOICE.value
    free = [r for r in rows if r.kind == invoice and not r.voided]
    return [r for r in free if (invoice, r.remote_id) not in context.subject_of]
