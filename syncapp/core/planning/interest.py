"""Interest on a bill: an invoice of its own, dated and due its day."""

from __future__ import annotations

from syncapp.core.documents import Bill, BillState, Interest, LineKind
from syncapp.core.ledger import InvoiceDraft, SaleLine
from syncapp.core.planning.facts import Book
from syncapp.core.planning.invoices import NUMBER_LIMIT, bill_customer, number_too_long, with_class
from syncapp.core.planning.lines import facts_of
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.core.problems import Fix, Problem


def plan_interest(charge: Interest, bill: Bill | None, book: Book) -> Answer | Problem:
    """Decide how an interest charge stands in the books: an invoice of its own, dated and due its day."""
    if charge.gone:
        return Answer(skipped="the interest charge was deleted")
    if bill is None or bill.client_id is None:
        return Problem(
            code="interest_without_bill",
            fix=Fix.CLIO,
            cause=f"interest_charges/{charge.id}",
            words="This interest charge names no bill. Check it in Clio.",
        )
    if bill.state is not BillState.ISSUED:
        return Answer(skipped=f"its bill is {bill.state.value}")
    if charge.day < book.options.start_bills:
        return Answer(skipped="charged before the start date")
    number = f"{book.options.number_prefix}{bill.number}-I{charge.order}"
    if len(number) > NUMBER_LIMIT:
        return number_too_long(number, bill)
    draft = _invoice(charge, bill, book, number=number)
    if isinstance(draft, Problem):
        return draft
    return Answer(wanted=(Wanted(subject=f"interest_charges/{charge.id}", draft=draft),))


def _invoice(charge: Interest, bill: Bill, book: Book, *, number: str) -> InvoiceDraft | Problem:
    matter = book.matters.get(bill.matter_ids[0]) if len(bill.matter_ids) == 1 else None
    target = book.place(facts_of(bill, book, LineKind.INTEREST, matter.id if matter else None))
    if isinstance(target, Problem):
        return target
    line = SaleLine(
        item=target.item,
        account=target.account,
        amount=charge.amount,
        class_id=target.class_id,
        rule=target.rule,
        description=f"Interest on bill {bill.number}",
        day=charge.day,
        role="interest",
    )
    draft = InvoiceDraft(
        customer=bill_customer(bill, book),
        number=number,
        day=charge.day,
        due=charge.day,
        lines=(line,),
        receivable=book.receivable,
        location=target.location,
        currency=charge.currency,
        memo=f"Clio interest charge {charge.id} on bill {bill.number}",
    )
    return with_class(draft, book)
