"""The invoice of a bill, or of one matter of it: its lines must add up to what Clio says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from syncapp.core.documents import Bill
from syncapp.core.ledger import DiscountLine, InvoiceDraft, SaleLine
from syncapp.core.money import spoken
from syncapp.core.planning import confidential
from syncapp.core.planning.facts import Book, Target
from syncapp.core.planning.lines import discount_of, sale_lines, summary
from syncapp.core.planning.rounding import rounding_line
from syncapp.core.planning.wanted import client_subject, matter_subject
from syncapp.core.problems import Fix, Problem

NUMBER_LIMIT = 21  # qbo/API.md section 8.6
LINE_LIMIT = 750  # on taxable transactions; 10,000 otherwise (qbo/API.md section 11, row 9)


def bill_customer(bill: Bill, book: Book) -> str:
    """Return the subject of the customer that a bill is for: its payer, its only matter, else its client."""
    if bill.payer_id is not None and bill.payer_id != _client_of_matter(bill, book):
        return client_subject(bill.payer_id)
    if book.options.matters_as == "sub-customers" and len(bill.matter_ids) == 1:
        return matter_subject(bill.matter_ids[0])
    if bill.client_id is None:
        raise AssertionError(f"bill {bill.id} is planned without a client")
    return client_subject(bill.client_id)


def issued_on(bill: Bill) -> date:
    """Return the issue date of a bill that is known to have one."""
    if bill.issued is None:
        raise AssertionError(f"bill {bill.id} is planned without an issue date")
    return bill.issued


def invoice_of(bill: Bill, book: Book, *, number: str) -> InvoiceDraft | Problem:
    """Draft the invoice of a bill under a number, or say which rule or figure is missing."""
    placed = sale_lines(bill, book)
    if isinstance(placed, Problem):
        return placed
    lines, places = placed
    discount = discount_of(bill, book)
    if isinstance(discount, Problem):
        return discount
    rounding = rounding_line(bill, book)
    if isinstance(rounding, Problem):
        return rounding
    lines += [line for line in (discount, rounding) if isinstance(line, SaleLine)]
    hidden = book.hides(client_id=bill.client_id, matter_ids=bill.matter_ids)
    draft = InvoiceDraft(
        customer=bill_customer(bill, book),
        number=number,
        day=issued_on(bill),
        due=bill.due,
        receivable=book.receivable,
        currency=bill.currency,
        message="" if hidden else confidential.masked(bill.subject)[:1000],
        lines=tuple(lines),
        discount=discount if isinstance(discount, DiscountLine) else None,
        memo=f"Clio bill {bill.number} (id {bill.id})",
    )
    return _finish(draft, bill, book, places)


def with_class(draft: InvoiceDraft, book: Book) -> InvoiceDraft:
    """Put classes where the company keeps them: on lines, on the whole transaction, or nowhere."""
    if book.company.classes_per_line:
        return draft
    classes = {line.class_id for line in draft.lines if line.class_id}
    bare = tuple(replace(line, class_id="") for line in draft.lines)
    whole = next(iter(classes)) if len(classes) == 1 and book.company.classes_per_transaction else ""
    discount = replace(draft.discount, class_id="") if draft.discount else None
    return replace(draft, lines=bare, class_id=whole, discount=discount)


def number_too_long(number: str, bill: Bill) -> Problem:
    """Say that QuickBooks will not take this number."""
    return Problem(
        code="number_too_long",
        fix=Fix.CLIO,
        cause=f"bills/{bill.id}",
        words=f"“{number}” is longer than the {NUMBER_LIMIT} characters that QuickBooks takes. "
        "Shorten the number in Clio or the prefix in the mapping.",
    )


def _finish(draft: InvoiceDraft, bill: Bill, book: Book, places: list[Target]) -> InvoiceDraft | Problem:
    if not draft.lines:
        return Problem(
            code="bill_without_lines",
            fix=Fix.CLIO,
            cause=f"bills/{bill.id}",
            words=f"Bill {bill.number} has no lines. Check it in Clio.",
        )
    if draft.total != bill.amount:
        return Problem(
            code="bill_does_not_add_up",
            fix=Fix.CLIO,
            cause=f"bills/{bill.id}",
            words=f"The lines of bill {bill.number} add up to {spoken(draft.total, bill.currency)}, "
            f"but the bill says {spoken(bill.amount, bill.currency)}.",
        )
    locations = {place.location for place in places if place.location}
    if len(locations) > 1 and book.company.locations:
        return _several(bill, "locations", len(locations))
    classes = {line.class_id for line in draft.lines if line.class_id}
    if len(classes) > 1 and book.company.classes_per_transaction and not book.company.classes_per_line:
        return _several(bill, "classes", len(classes))
    if book.options.lines == "summary":
        draft = replace(draft, lines=summary(draft.lines))
    if len(draft.lines) > LINE_LIMIT:
        return Problem(
            code="too_many_lines",
            fix=Fix.MAP,
            cause=f"bills/{bill.id}",
            words=f"Bill {bill.number} has {len(draft.lines)} lines; QuickBooks takes {LINE_LIMIT}. "
            "Post this set of books in summary, or divide the bill in Clio.",
        )
    draft = replace(draft, location=next(iter(locations), "") if book.company.locations else "")
    return with_class(draft, book)


def _several(bill: Bill, what: str, count: int) -> Problem:
    """Say that an invoice of these books has one class or location, and the rules give it several."""
    return Problem(
        code=f"mixed_{what}",
        fix=Fix.MAP,
        cause=f"bills/{bill.id}",
        words=f"The lines of bill {bill.number} fall under {count} {what}; an invoice of these books has "
        "one. Change the rules, or bill the matters apart.",
    )


def _client_of_matter(bill: Bill, book: Book) -> int | None:
    matter = book.matters.get(bill.matter_ids[0]) if len(bill.matter_ids) == 1 else None
    return matter.client_id if matter else bill.client_id
