"""What a document asks of the books: its planner is asked with what stands there."""

from __future__ import annotations

from syncapp.core import codec
from syncapp.core.documents import (
    CLASS_OF,
    Bill,
    BillState,
    Credit,
    Interest,
    Kind,
    Money,
    Opening,
    Payment,
)
from syncapp.core.documents import Document as Reading
from syncapp.core.ledger import Draft
from syncapp.core.planning.bills import plan_bill
from syncapp.core.planning.credits import plan_credit
from syncapp.core.planning.interest import plan_interest
from syncapp.core.planning.moneys import plan_money
from syncapp.core.planning.payments import plan_payment
from syncapp.core.planning.refunds import BY_CARD
from syncapp.core.planning.trust.opening import plan_opening
from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.cases import choices
from syncapp.pipeline.context import Context
from syncapp.pipeline.deposits import wish as deposits
from syncapp.pipeline.drifting import reversals
from syncapp.pipeline.drifting.book_documents import BOOK_ROW
from syncapp.pipeline.settling import adopted, openings, refunds
from syncapp.pipeline.settling.standing import open_at_start, posted, stands
from syncapp.records.models import Document, Link


def reading_of(row: Document) -> Reading:
    """Rebuild the typed document of a row."""
    return codec.from_json(CLASS_OF[Kind(row.kind)], row.data)


def asks_nothing(row: Document) -> bool:
    """Tell whether a record asks nothing of the books as Clio has it: a draft, or one that was removed."""
    reading = reading_of(row) if row.data and not row.problem else None
    if isinstance(reading, Bill):
        return reading.trust_request or reading.state is not BillState.ISSUED
    if isinstance(reading, Payment | Credit):
        return not reading.allocations
    return isinstance(reading, Interest | Money) and reading.gone


def _said(context: Context, row: Document) -> Answer | Problem | None:
    """Return what is known of a record without its planner: what did not come from Clio, or was adopted."""
    if row.kind in deposits.KINDS:
        return deposits.answer(context, row)
    return reversals.answer(context, row) if row.kind == BOOK_ROW else adopted.answer(context, row)


def answer_of(context: Context, row: Document) -> Answer | Problem:
    """Ask the planner."""
    if row.problem:
        return Problem(
            code=row.problem["code"],
            fix=Fix(row.problem["fix"]),
            words=row.problem["words"],
            cause=row.problem.get("cause", ""),
        )
    if (told := _said(context, row)) is not None:
        return told
    document = reading_of(row)
    if isinstance(document, Bill):
        return _bill(context, document)
    if isinstance(document, Interest):
        bill = context.bills.get(document.bill_id or 0)
        if document.bill_id in context.held and not document.gone:
            return context.held[document.bill_id]
        return plan_interest(document, bill, context.book)
    if isinstance(document, Payment):
        return plan_payment(document, context.book, lambda bill_id: stands(context, bill_id, document))
    if isinstance(document, Credit):
        return plan_credit(
            document, context.bills, context.book, lambda bill_id: stands(context, bill_id, document)
        )
    if isinstance(document, Money):
        return plan_money(
            document,
            context.book,
            found=refunds.found(context, document),
            paired=document.amount > 0 and document.id in context.transfers.partner,
            by_card=context.choices.get(f"bank_transactions/{document.id}") == BY_CARD,
        )
    if isinstance(document, Opening):
        return plan_opening(document, context.book)
    raise TypeError(f"a {row.kind} is not settled")


def asked_now(context: Context, link: Link) -> Draft | None:
    """Return what its document asks by now of what was posted; None where it asks for it no more."""
    row = Document.objects.filter(firm_id=context.firm_id, pk=link.document_id or 0).first()
    answer = answer_of(context, row) if row is not None else None
    wanted = answer.wanted if isinstance(answer, Answer) else ()
    return next((one.draft for one in wanted if one.subject == link.subject), None)


def _bill(context: Context, bill: Bill) -> Answer | Problem:
    before = bill.issued is not None and bill.issued < context.book.options.start_bills
    at_start = open_at_start(context, bill.id) if before else None
    answer = plan_bill(bill, context.book, open_at_start=at_start, posted=posted(context, bill.id))
    if isinstance(answer, Problem):
        return answer
    if answer.openings:
        return openings.adopt_or_post(context, bill, answer, at_start or 0)
    return choices.apply(context, answer)
