"""A bill becomes an invoice, or one for each of its matters: every cent of the bill accounted for."""

from __future__ import annotations

from dataclasses import replace

from syncapp.core.documents import Bill, BillLine, BillState
from syncapp.core.ledger import InvoiceDraft, SaleLine
from syncapp.core.money import spoken
from syncapp.core.planning import costs
from syncapp.core.planning.dividing import divided
from syncapp.core.planning.facts import Book
from syncapp.core.planning.invoices import NUMBER_LIMIT, bill_customer, invoice_of, issued_on, number_too_long
from syncapp.core.planning.wanted import Answer, Wanted, foreign
from syncapp.core.problems import Fix, Problem


def bill_subject(bill: Bill, matter_id: int | None = None) -> str:
    """Return the natural key of a bill's invoice, or of its invoice for one matter."""
    return f"bills/{bill.id}" if matter_id is None else f"bills/{bill.id}/m{matter_id}"


def plan_bill(
    bill: Bill, book: Book, *, open_at_start: int | None = None, posted: costs.Posted = costs.NOT_POSTED
) -> Answer | Problem:
    """Decide how a bill stands in the books, or say why it cannot yet.

    `open_at_start` is what was open on the start date of a bill issued before it, in minor units. `posted` is
    how its costs stand already: they stay so, whatever the firm chose since.
    """
    if bill.trust_request:
        return Answer(skipped="a request for trust money is not an invoice")
    if bill.state is not BillState.ISSUED:
        return Answer(skipped=f"the bill is {bill.state.value}", renumber=bill.state is BillState.NOT_YET)
    if objection := _objection(bill, book):
        return objection
    if issued_on(bill) < book.options.start_bills:
        return _opening(bill, book, open_at_start or 0)
    return _invoices(bill, book, posted)


def _invoices(bill: Bill, book: Book, posted: costs.Posted) -> Answer | Problem:
    parts = _by_matter(bill) if _one_for_each(bill, book) else [(None, bill)]
    wanted, total = [], 0
    for position, (matter_id, part) in enumerate(parts, start=1):
        number = book.options.number_prefix + bill.number + (f"-{position}" if matter_id is not None else "")
        for one in costs.apart(part, book.options, posted):
            if len(number + one.suffix) > NUMBER_LIMIT:
                return number_too_long(number + one.suffix, bill)
            draft = invoice_of(one.bill, book, number=number + one.suffix)
            if isinstance(draft, Problem):
                return draft
            total += draft.total
            subject = bill_subject(bill, matter_id) + one.mark
            wanted.append(Wanted(subject=subject, draft=replace(draft, paid_first=one.paid_first)))
    if total != bill.amount:
        words = (
            f"The lines of bill {bill.number} add up to {spoken(total, bill.currency)}, "
            f"but the bill says {spoken(bill.amount, bill.currency)}."
        )
        return _at_clio(bill, "bill_does_not_add_up", words)
    return Answer(wanted=tuple(wanted))


def _objection(bill: Bill, book: Book) -> Problem | None:
    """Return the first thing about the bill as a whole that keeps it out of the books."""
    number = book.options.number_prefix + bill.number
    if bill.client_id is None:
        return _at_clio(
            bill, "bill_without_client", f"Bill {bill.number} names no client. Give it one in Clio."
        )
    if not bill.number or bill.issued is None:
        missing = "number" if not bill.number else "issue date"
        words = f"Bill {bill.number or bill.id} has no {missing}. Complete it in Clio."
        return _at_clio(bill, "bill_incomplete", words)
    if len(number) > NUMBER_LIMIT:
        return number_too_long(number, bill)
    other = foreign(f"Bill {bill.number}", bill.currency, book.company.currency)
    if other is not None:
        return other
    if bill.amount < 0:
        words = (
            f"Bill {bill.number} has a total of {spoken(bill.amount, bill.currency)}. "
            "QuickBooks takes no invoice below zero: issue a credit note in Clio instead."
        )
        return _at_clio(bill, "negative_total", words)
    return None


def _at_clio(bill: Bill, code: str, words: str) -> Problem:
    return Problem(code=code, fix=Fix.CLIO, cause=f"bills/{bill.id}", words=words)


def _opening(bill: Bill, book: Book, open_at_start: int) -> Answer | Problem:
    """Stand for what was open on the start date: linked where the books have it, else one line of its own."""
    if open_at_start <= 0:
        return Answer(skipped="settled before the start date")
    item = book.options.opening_item
    draft = InvoiceDraft(
        customer=bill_customer(bill, book),
        number=book.options.number_prefix + bill.number,
        day=issued_on(bill),
        due=bill.due,
        receivable=book.receivable,
        currency=bill.currency,
        lines=(
            SaleLine(
                item=item.id if item else "",
                account=item.account if item else "",
                amount=open_at_start,
                description=f"Open on {book.options.start_bills:%d %b %Y} from bill {bill.number}",
                role="opening",
            ),
        ),
        memo=f"Clio bill {bill.number} (id {bill.id}), balance open on the start date",
    )
    subject = bill_subject(bill)
    return Answer(wanted=(Wanted(subject=subject, draft=draft),), openings=frozenset({subject}))


def _one_for_each(bill: Bill, book: Book) -> bool:
    matters = {line.matter_id for line in bill.lines if line.matter_id is not None}
    return book.options.several_matters == "each" and len(matters) > 1


def _by_matter(bill: Bill) -> list[tuple[int | None, Bill]]:
    """Divide a bill of several matters, its discount and its tax, without losing a cent."""
    first = next(line.matter_id for line in bill.lines if line.matter_id is not None)
    groups: dict[int | None, list[BillLine]] = {}
    for line in bill.lines:
        groups.setdefault(line.matter_id if line.matter_id is not None else first, []).append(line)
    parts = divided(bill, list(groups.values()))
    return [
        (matter_id, replace(part, matter_ids=(matter_id,)))
        for matter_id, part in zip(groups, parts, strict=True)
        if matter_id is not None
    ]
