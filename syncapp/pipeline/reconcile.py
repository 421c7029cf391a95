"""Stage 8: compare what the practice system says with what stands in the books, by record and in total.

Nothing is netted: each record that differs is a row with its reason. What waits in the queue is a difference
too, shown apart from what nobody can explain.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q

from accounts.tenancy import firm_scope
from syncapp.core.documents import Bill, BillState, Credit, Interest, Kind, Payment
from syncapp.core.ledger import NAME_LISTS, ObjectKind
from syncapp.core.money import spoken
from syncapp.core.problems import Problem
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.deposits import aged, payouts
from syncapp.pipeline.drifting import differing, hands
from syncapp.pipeline.loading import load
from syncapp.pipeline.settling.standing import open_at_start
from syncapp.pipeline.settling.wishes import reading_of
from syncapp.pipeline.ties import entries, figures
from syncapp.pipeline.ties.compared import Compared, What, what
from syncapp.pipeline.ties.counted import counted
from syncapp.pipeline.ties.receivables import ageing, receivables
from syncapp.pipeline.trust import legs
from syncapp.pipeline.trust import money as trust_money
from syncapp.records.models import BookRow, Difference, Document, Hold, TieOut

ON_ITS_WAY = "It is on its way to the books."
_SAME = ("kind", "what", "resource", "source_id", "books_object", "amount", "queued", "reason")
_KIND_OF = {"bill": "invoices", "interest": "invoices", "payment": "payments"}
KINDS = ("invoices", "payments", "credits", "receivables", "trust", "entries")


class Tied(NamedTuple):
    """A comparison, and what was read for it."""

    tie_out: TieOut
    context: Context


def run(*, firm_id: int, books_id: int, now: datetime, today: date) -> Tied | None:
    """Compare one set of books and keep the result; None while there is nothing to compare with."""
    with firm_scope(write=firm_id):
        context = load(firm_id=firm_id, books_id=books_id)
        if isinstance(context, Problem):
            return None
        compared, rows_of_books = _compare(context)
        differing.run(context, compared, rows_of_books, now=now)
        aged.run(context, now=now, today=today)
        payouts.run(firm_id=firm_id, books_id=books_id, currency=context.book.company.currency, now=now)
        kinds = {name: compared[name].as_json() for name in KINDS}
        kinds["receivables"]["ageing"] = ageing(context, today)
        equal = all(one.clio.total == one.books.total and not one.rows for one in compared.values())
        rows = [row for one in compared.values() for row in one.rows]
        if (same := _as_before(firm_id, books_id, kinds, rows)) is not None:
            same.at = now
            same.save(update_fields=["at"])
            return Tied(same, context)
        tie_out = TieOut.objects.create(
            firm_id=firm_id,
            books_id=books_id,
            at=now,
            equal=equal,
            kinds=kinds,
            records=len(context.documents),
            months=figures.months(context, today),
            time=figures.time_control(firm_id),
        )
        for row in rows:
            row.firm_id, row.tie_out = firm_id, tie_out
        Difference.objects.bulk_create(rows, batch_size=1000)
    return Tied(tie_out, context)


def _as_before(firm_id: int, books_id: int, kinds: dict[str, Any], rows: list[Difference]) -> TieOut | None:
    """Return the last comparison when this one says the same: its time moves on, its rows stay."""
    last = TieOut.objects.filter(firm_id=firm_id, books_id=books_id).order_by("-at").first()
    if last is None or last.kinds != kinds:
        return None
    kept = Difference.objects.filter(firm_id=firm_id, tie_out=last).values_list(*_SAME)
    now = [tuple(getattr(row, name) for name in _SAME) for row in rows]
    return last if sorted(kept) == sorted(now) else None


def _compare(context: Context) -> tuple[dict[str, Compared], dict[tuple[str, str], BookRow]]:
    held = _held(context)
    compared = {name: Compared() for name in KINDS}
    rows = {
        (row.kind, row.remote_id): row
        for row in BookRow.objects.filter(firm_id=context.firm_id, books_id=context.books_id)
        .exclude(kind__in=[ObjectKind.CUSTOMER.value, ObjectKind.VENDOR.value])
        .only(
            "kind",
            "remote_id",
            "total",
            "balance",
            "voided",
            "deleted",
            "number",
            "data",
            "day",
            "customer",
            "changed_at",
            "firm_id",
            "books_id",
        )
    }
    by_document = _links_by_document(context)
    for (kind, _), document in context.documents.items():
        if kind in {"client", "matter"}:
            continue
        _record(context, document, compared, rows, by_document, held)
    trust_money.compare(context, compared["trust"], rows, by_document, held)
    receivables(context, compared["receivables"], rows, held)
    compared["entries"] = _entries(context, rows)
    return compared, rows


def _held(context: Context) -> dict[int, Hold]:
    """Return why documents are not in the books: held, on their way, or settled elsewhere by a person."""
    known = Q(alarm=False) | Q(code__in=hands.KEPT)
    holds = Hold.objects.filter(known, firm_id=context.firm_id, closed_at__isnull=True)
    said = {
        key: Hold(firm_id=context.firm_id, document_id=key, words=row.words)
        for key, row in context.elsewhere.items()
    }
    waits = {
        row.pk: Hold(firm_id=context.firm_id, document_id=row.pk, words=ON_ITS_WAY)
        for row in context.documents.values()
        if not row.settled and row.outcome != "skipped"
    }
    return waits | said | {hold.document_id: hold for hold in holds}


def _links_by_document(context: Context) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for link in context.links.values():
        if link.document_id is not None:
            found[link.document_id].append(link)
    return found


def _wish(context: Context, document: Document) -> tuple[str, int] | None:
    """Return the kind and amount that a document should have in the books, None if it asks for nothing."""
    if not document.data:
        return (_KIND_OF.get(document.kind, "credits"), document.amount) if document.problem else None
    options, reading = context.book.options, reading_of(document)
    if isinstance(reading, Bill):
        if reading.trust_request or reading.state is not BillState.ISSUED:
            return None
        if reading.issued is not None and reading.issued < options.start_bills:
            opening = open_at_start(context, reading.id)
            return ("invoices", opening) if opening > 0 else None
        return "invoices", reading.amount
    if isinstance(reading, Interest):
        bill = context.bills.get(reading.bill_id or 0)
        stands = bill is not None and bill.state is BillState.ISSUED and not reading.gone
        return ("invoices", reading.amount) if stands and reading.day >= options.start_bills else None
    if isinstance(reading, Payment) and legs.is_deposit(context, reading):
        return None
    if isinstance(reading, Payment) and reading.amount:  # of nothing: moved to a bill that was paid already
        return ("payments", reading.amount) if reading.day >= options.start_payments else None
    if isinstance(reading, Credit) and reading.amount:
        return ("credits", reading.amount) if reading.day >= options.start_credits else None
    return None


def _in_books(
    document: Document, links: list[Any], rows: dict[tuple[str, str], BookRow]
) -> tuple[int, list[BookRow]]:
    """Return what stands in the books for a document: invoices, money received or credits, in minor units."""
    total = 0
    found: list[BookRow] = []
    for link in links:
        row = rows.get((link.object_kind, link.remote_id))
        if row is None or row.deleted or row.voided:
            continue
        if (amount := counted(document.kind, link, row, links)) is not None:
            total, found = total + amount, [*found, row]
    return total, found


def _record(
    context: Context,
    document: Document,
    compared: dict[str, Compared],
    rows: dict[tuple[str, str], BookRow],
    by_document: dict[int, list[Any]],
    held: dict[int, Hold],
) -> None:
    wish = _wish(context, document)
    total, found = _in_books(document, by_document.get(document.pk, []), rows)
    if wish is None and not found:
        return
    kind = wish[0] if wish else _KIND_OF.get(document.kind, "credits")
    one, asked = compared[kind], wish[1] if wish else 0
    if wish:
        one.clio.add(asked)
    if found:
        one.books.add(total)
    taken_back = not wish and len(found) > 1  # by an entry of its own: the closed one stays
    if asked == total and (bool(wish) == bool(found) or taken_back):
        return
    one.rows.append(_differs(document, kind, (asked if wish else None, total), found, held.get(document.pk)))


def _differs(
    document: Document, kind: str, sides: tuple[int | None, int], found: list[BookRow], hold: Hold | None
) -> Difference:
    """Return the row of a record that both sides have otherwise; Clio's is None for one that asks nothing."""
    asked, total = sides[0] or 0, sides[1]
    return Difference(
        kind=kind,
        what=what(clio=sides[0] is not None, books=found),
        resource=document.resource,
        source_id=str(trust_money.shown_id(document)),
        number=document.number,
        clio=asked,
        books_object=f"{found[0].kind}:{found[0].remote_id}" if found else "",
        books_minor=total,
        amount=asked - total,
        queued=hold is not None or not document.settled,
        reason=(hold.words if hold else _reason(document, asked, total))[:400],
    )


def _reason(document: Document, asked: int, total: int) -> str:
    if not total and asked:
        return "It is not in the books." if document.settled else ON_ITS_WAY
    if total and not asked:
        return f"It stands in the books with {spoken(total)}, and Clio has it no longer."
    return f"Clio says {spoken(asked)}, the books show {spoken(total)}: it was changed after posting."


def _source(context: Context, subject: str) -> tuple[str, str]:
    """Name the record of Clio that an entry stands for, as Clio shows it: a payment by its allocation."""
    resource, number = subject.split("/")[:2]
    paid = context.documents.get((Kind.PAYMENT.value, int(number))) if resource == "payments" else None
    return (paid.resource, str(trust_money.shown_id(paid))) if paid is not None else (resource, number)


def _entries(context: Context, rows: dict[tuple[str, str], BookRow]) -> Compared:
    """Compare our own entries, line by line, as they stand in the books with what was posted."""
    one = Compared()
    for subject, link in context.links.items():
        if link.object_kind in NAME_LISTS or link.adopted or link.content is None:
            continue
        draft = draft_of(link.object_kind, link.content)
        row = rows.get((link.object_kind, link.remote_id))
        posted = sum(line.amount for line in draft.entry() if line.amount > 0)
        stands = entries.debits(row)
        one.clio.add(posted)
        if row is not None and not row.deleted and not row.voided:
            one.books.add(stands)
        words = entries.difference(draft, row, context)
        if words:
            resource, source_id = _source(context, subject)
            one.rows.append(
                Difference(
                    kind="entries",
                    what=What.CHANGED.value,
                    resource=resource,
                    source_id=source_id,
                    clio=posted,
                    number=getattr(draft, "number", ""),
                    books_object=f"{link.object_kind}:{link.remote_id}",
                    books_minor=stands,
                    amount=posted - stands,
                    queued=False,
                    reason=words[:400],
                )
            )
    return one
