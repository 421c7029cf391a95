"""Which open case looks at a difference that nothing in the queue explains. Asked for one page at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from syncapp.pipeline.deposits.aged import AGED
from syncapp.pipeline.drifting import hands, typed
from syncapp.pipeline.drifting.book_documents import BOOK_ROW
from syncapp.records.models import BookRow, Hold, Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from syncapp.records.models import Case, Difference

SHOWN = 3  # cases of one difference
TAKEN = "duplicate_number"  # it asks whether what stands in the books is the bill
MOST = 2000  # open hands that are looked through for a page
BY_HAND = frozenset(hands.ENDS) | hands.STRAYS | hands.KEPT | {TAKEN}


def cases_of(
    *, firm_id: int, books_id: int, rows: Sequence[Difference], records: Mapping[tuple[str, str], int]
) -> dict[int, list[Case]]:
    """Return the cases of each unexplained difference by its key: of its record, its entry, what pays it."""
    loose = [row for row in rows if not row.queued]
    if not loose:
        return {}
    mine = {row.pk: records.get((row.resource, row.source_id)) for row in loose}
    holds = _holds(firm_id, books_id, {document for document in mine.values() if document})
    links = Link.objects.filter(firm_id=firm_id, books_id=books_id, live=True).filter(
        document__in={*(hold.document_id for hold in holds), *filter(None, mine.values())}
    )
    places: dict[int, set[str]] = {}
    for document, kind, remote_id in links.values_list("document_id", "object_kind", "remote_id"):
        places.setdefault(document or 0, set()).add(f"{kind}:{remote_id}")
    typed_in = _typed(firm_id, books_id, holds)
    index: dict[str, dict[int, Case]] = {}
    for hold in holds:
        for key in (*_named(hold, typed_in), *places.get(hold.document_id, ())):
            index.setdefault(key, {})[hold.case_id] = hold.case
    found: dict[int, list[Case]] = {}
    for row in loose:
        cases: dict[int, Case] = {}
        for key in _keys(row, mine[row.pk] or 0, places):
            cases |= index.get(key, {})
        found[row.pk] = list(cases.values())[:SHOWN]
    return found


def _keys(row: Difference, document: int, places: Mapping[int, set[str]]) -> Iterator[str]:
    """Give what a difference is about; what is open on a bill differs by all that pays it, too."""
    mine = {row.books_object, *places.get(document, ())}
    yield from (f"#{document}", *sorted(mine))
    if row.kind == "receivables":
        yield f"{row.resource}/{row.source_id}"
        yield from (f"on {place}" for place in sorted(mine))


def _holds(firm_id: int, books_id: int, documents: Iterable[int]) -> list[Hold]:
    """Return what is open about hands in these books, and about the records that differ; hands first."""
    open_ = Hold.objects.filter(firm_id=firm_id, closed_at__isnull=True).exclude(code=AGED)
    about = open_.filter(Q(code__in=BY_HAND, case__books_id=books_id) | Q(document__in=list(documents)))
    rows = about.select_related("case", "document").order_by("pk")[:MOST]
    return sorted(rows, key=lambda hold: hold.code not in BY_HAND)


def _named(hold: Hold, typed_in: Mapping[int, set[str]]) -> Iterator[str]:
    """Give what a hold is about: its record, its entry, the bills it pays, the invoices it is typed to."""
    yield f"#{hold.document_id}"
    if hold.facts.get("place"):
        yield str(hold.facts["place"])
    if hold.code == TAKEN and hold.facts.get("books_id"):
        yield from (f"{kind}:{hold.facts['books_id']}" for kind in ("invoice", "credit_memo"))
    if hold.document.kind == BOOK_ROW:
        yield from typed_in.get(hold.document.source_id, ())
        return
    said = hold.document.data or {}
    for part in (said, *(said.get("allocations") or [])):
        if part.get("bill_id"):
            yield f"bills/{part['bill_id']}"


def _typed(firm_id: int, books_id: int, holds: Iterable[Hold]) -> dict[int, set[str]]:
    """Return where each entry that hands typed stands, and the invoices that it, or what applies it, pays."""
    ids = [hold.document.source_id for hold in holds if hold.document.kind == BOOK_ROW]
    if not ids:
        return {}
    mine = BookRow.objects.filter(firm_id=firm_id, books_id=books_id)
    rows = list(mine.filter(pk__in=ids))
    memos = {f"CreditMemo:{row.remote_id}": row for row in rows if row.kind == "credit_memo"}
    found = {row.pk: {f"{row.kind}:{row.remote_id}", *_pays(row)} for row in rows}
    customers = {row.customer for row in memos.values()}
    empty = mine.filter(kind="payment", total=0, deleted=False, customer__in=customers)
    for payment in empty[:MOST] if memos else ():
        for target, _ in payment.data.get("links") or []:
            if str(target) in memos:
                found[memos[str(target)].pk] |= _pays(payment)
    return found


def _pays(row: BookRow) -> set[str]:
    if row.kind != "payment":
        return set()
    return {f"on invoice:{key}" for key in typed.invoices_of(row)}
