"""What went back to clients out of unapplied payments: an entry on receivables beside the payment.

In the practice system it is a movement of its own, while the bill still shows the overpayment; in the books
the payment still shows its rest. Both sides therefore count it, until somebody applies one to the other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from syncapp.core.ledger import PaymentDraft
from syncapp.core.money import spoken
from syncapp.core.planning.payments import root_of
from syncapp.core.planning.reversing import subject_of
from syncapp.pipeline.context import Context
from syncapp.pipeline.settling.refunds import linked
from syncapp.pipeline.ties import by_party
from syncapp.pipeline.ties.compared import Compared, what
from syncapp.records.models import BookRow, Difference, Document, Hold, Link

type Place = tuple[str, str]


@dataclass(slots=True, kw_only=True)
class Refund:
    """One refund on both sides, in minor units; `paid` is what payments of the books pay of it.

    `set_off` is what of it gives back money that the practice system never had: nothing on either side.
    """

    place: Place
    document: Document | None
    customer: str
    clio: int
    books: int
    paid: int = 0
    set_off: int = 0


@dataclass(slots=True)
class Refunded:
    """All refunds of payments. What a payment of the books pays of them is `taken` below zero: its rest."""

    refunds: list[Refund]
    taken: Counter[Place] = field(default_factory=Counter)


def standing(context: Context, rows: dict[Place, BookRow]) -> Refunded:
    """Return the refunds of payments that were posted, as both sides say them. In a scope."""
    links = (context.links.get(subject) for subject in sorted(context.movements))
    posted = [link for link in links if link is not None and _line(context, link)]
    if not posted:
        return Refunded([])
    keys = [link.document_id or 0 for link in posted]
    documents = {row.pk: row for row in Document.objects.filter(firm_id=context.firm_id, pk__in=keys)}
    found = Refunded([])
    for link in posted:
        place, document = (link.object_kind, link.remote_id), documents.get(link.document_id or 0)
        if subject_of(*place) in context.links:
            continue  # it was taken back by an entry of its own
        asked = -document.amount if document is not None and not document.data.get("gone") else 0
        customer = str(_line(context, link).get("customer") or "")
        charged = _charged(context, rows.get(place))
        one = Refund(place=place, document=document, customer=customer, clio=asked, books=charged)
        found.refunds.append(one)
    ids = {one.place[1]: one for one in found.refunds}
    for key, row in rows.items():
        if key[0] != "payment" or row.deleted or row.voided:
            continue
        for refund, amount in linked(row, ids):
            found.taken[key] -= amount
            ids[refund].paid += amount
    return found


def _line(context: Context, link: Link) -> dict[str, Any]:
    """Return the line on receivables of what was posted for a movement of money; empty where it has none."""
    lines = (link.content or {}).get("lines") or []
    return next((line for line in lines if line.get("account") == context.book.receivable), {})


def _charged(context: Context, row: BookRow | None) -> int:
    """Return what an entry of the books charges on receivables."""
    if row is None or row.deleted or row.voided:
        return 0
    lines = row.data.get("lines") or []
    return sum(line["amount"] for line in lines if line["account"] == context.book.receivable)


def compare(
    context: Context,
    one: Compared,
    refunded: Refunded,
    held: dict[int, Hold],
    rows: dict[Place, BookRow],
    spare: Counter[Place],
) -> None:
    """Add each refund to both sides, to its client and matter, with the rows that differ.

    `spare` is what of each payment is accounted for; it grows by what is set off.
    """
    if refunded.refunds:
        _set_off(context, refunded, rows, spare)
    for refund in refunded.refunds:
        clio, books = refund.clio - refund.set_off, refund.books - refund.set_off
        by_party.add(context, one, refund.customer, clio=clio, books=refund.books - refund.paid)
        if clio:
            one.clio.add(clio)
        if books:
            one.books.add(books)
        if clio != books and refund.document is not None:
            hold = held.get(refund.document.pk)
            one.rows.append(_differs(refund, refund.document, hold))


def _set_off(context: Context, refunded: Refunded, rows: dict[Place, BookRow], spare: Counter[Place]) -> None:
    """Set refunds off against what the bank received beyond what the practice system says of a payment.

    Such a rest was posted as one, and no bill shows it as overpaid.
    """
    for place, row in rows.items():
        draft = context.content(context.subject_of.get(place, "")) if place[0] == "payment" else None
        if not isinstance(draft, PaymentDraft) or row.deleted or row.voided:
            continue
        rest = min(row.balance - spare[place], draft.amount - sum(one.amount for one in draft.applications))
        for refund in refunded.refunds if rest > 0 else ():
            part = min(rest, min(refund.clio, refund.books) - refund.set_off)
            if part > 0 and _client(context, draft.customer) == _client(context, refund.customer):
                rest, spare[place] = rest - part, spare[place] + part
                refund.set_off += part


def _client(context: Context, customer: str) -> str:
    return root_of(customer, context.book)


def _differs(refund: Refund, row: Document, hold: Hold | None) -> Difference:
    words = f"Clio has a refund of {spoken(refund.clio)}, the books have {spoken(refund.books)}."
    return Difference(
        kind="receivables",
        what=what(clio=refund.clio, books=refund.books),
        resource="bank_transactions",
        source_id=str(row.source_id),
        number=row.number,
        clio=refund.clio,
        books_object=":".join(refund.place),
        books_minor=refund.books,
        amount=refund.clio - refund.books,
        queued=hold is not None,
        reason=(hold.words if hold else words)[:400],
    )
