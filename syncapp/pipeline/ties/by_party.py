"""Receivables by client and by matter: what Clio has open against what the books' own ledger says.

Of a client it is the balance of the receivables account, whatever made it: an invoice, a payment, a journal
entry that somebody typed. Of a matter it is what its documents leave open: a payment of the client may pay an
invoice of the matter, and the ledger shows it under the client. Minor units.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db.models import Sum

from syncapp.core.documents import Bill
from syncapp.core.ledger import InvoiceDraft, JournalDraft
from syncapp.core.planning.wanted import client_subject, matter_subject
from syncapp.pipeline.context import Context
from syncapp.pipeline.ties.compared import Compared
from syncapp.records.models import BookLine, BookRow

SUB = "sub-customers"
_SIGN = {"invoice": 1, "payment": -1, "credit_memo": -1}

type Rows = dict[tuple[str, str], BookRow]


def compare(
    context: Context,
    one: Compared,
    opened: dict[int, dict[str, int]],
    rows: Rows,
    charged: dict[str, int],
) -> None:
    """Add both sides of each client and matter. In a scope.

    `opened` is what Clio has open, by bill and customer; under an empty one it is the bill's own customer.
    `charged` is what our journal entries leave open, by id of the books.
    """
    for bill_id, shares in opened.items():
        for customer, amount in shares.items():
            for key in _keys(context, customer or _payer(context, context.bills[bill_id])) if amount else ():
                one.parties[key].clio += amount
    for subject, amount in _in_books(context).items():
        if amount:
            one.parties[_keys(context, subject)[-1]].books += amount
    for (kind, _), row in rows.items():
        if kind in _SIGN and row.balance and not row.deleted:
            subject = context.customer(row.customer)
            if subject.startswith("matters/"):
                one.parties[subject].books += _SIGN[kind] * row.balance
    for subject, amount in _on_matters(context, charged):
        one.parties[subject].books += amount


def add(context: Context, one: Compared, customer: str, *, clio: int, books: int) -> None:
    """Add what an entry leaves open: of its matter on both sides, of its client the ledger says it."""
    for key in _keys(context, customer) if clio else ():
        one.parties[key].clio += clio
    if customer.startswith("matters/"):
        one.parties[customer].books += books


def _on_matters(context: Context, charged: dict[str, int]) -> Iterator[tuple[str, int]]:
    """Give what our journal entries leave open of matters."""
    for key, amount in charged.items():
        entry = context.content(context.subject_of.get(("journal", key), ""))
        lines = entry.lines if isinstance(entry, JournalDraft) else ()
        on = [line for line in lines if line.account == context.book.receivable]
        whose = next((line.customer for line in on if line.amount * amount > 0), "")
        if whose.startswith("matters/"):
            yield whose, amount


def _payer(context: Context, bill: Bill) -> str:
    """Return the subject of the customer that owes a bill: as it was posted, else as it would be."""
    draft = context.content(f"bills/{bill.id}")
    if isinstance(draft, InvoiceDraft):
        return draft.customer
    if len(bill.matter_ids) == 1 and context.book.options.matters_as == SUB:
        return matter_subject(bill.matter_ids[0])
    return client_subject(bill.client_id or 0)


def _in_books(context: Context) -> Counter[str]:
    lines = BookLine.objects.filter(
        firm_id=context.firm_id, books_id=context.books_id, account=context.book.receivable
    )
    sums = lines.filter(row__deleted=False).values_list("customer").annotate(total=Sum("minor")).order_by()
    found: Counter[str] = Counter()
    for remote_id, total in sums:
        found[context.customer(remote_id)] += total
    return found


def _keys(context: Context, subject: str) -> tuple[str, ...]:
    """Return a matter with its client, else the customer alone."""
    kind, _, key = subject.partition("/")
    matter = context.book.matters.get(int(key)) if kind == "matters" and key.isdigit() else None
    named = (subject, client_subject(matter.client_id)) if matter is not None else (subject,)
    return tuple(_counted_as(context, one) for one in named)


def _counted_as(context: Context, subject: str) -> str:
    """Return whose a customer counts as, where two of ours were merged there."""
    link = context.links.get(subject)
    shared = link is not None and (link.shared or link.subject in context.merged.asked)
    return context.customer(link.remote_id) if link is not None and shared else subject
