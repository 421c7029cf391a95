"""Each difference that nothing in the queue explains is a case, and closes with it.

One cause is one case: an invoice that somebody changed in the books differs by itself, by its bill and in
what is open, and is one. What a person accepted is explained; it stays a difference. Client money has cases
of its own (`trust.strays`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from syncapp.core.documents import Payment
from syncapp.core.money import spoken
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import queue
from syncapp.pipeline.context import Context
from syncapp.pipeline.drifting import altered, changed, correcting, drift, hands, typed
from syncapp.pipeline.drifting.book_documents import document_of
from syncapp.pipeline.drifting.changed import Found, accept, place_of, queued
from syncapp.pipeline.drifting.drift import Place
from syncapp.pipeline.ties.compared import Compared
from syncapp.pipeline.ties.receivables import links_by_bill
from syncapp.pipeline.trust.alarms import tell_all
from syncapp.pipeline.trust.money import shown_id
from syncapp.records.models import BookRow, Difference, Document, Hold, Proposal
from syncapp.records.models.adoption import ProposalState


def run(
    context: Context, compared: dict[str, Compared], rows: dict[Place, BookRow], *, now: datetime
) -> None:
    """Raise a case for each cause and end those that are gone; mark what was accepted. In a writing scope."""
    loose = [row for kind, one in compared.items() if kind != "trust" for row in one.rows if not row.queued]
    found = Found()
    changed.find(context, [row for row in loose if row.kind == "entries"], rows, found, now)
    found.verdicts = correcting.offered(context, found.verdicts, rows, now)
    if compared["receivables"].rows:
        found.asked = _asked(context)
        found.bills = _bills(context)
        _paid_there(context, compared["receivables"].rows, rows, found, now)
    found.verdicts += [*typed.twice(context, rows, now), *altered.run(context, rows, now)]
    rest = [row for row in loose if row.kind != "entries"]
    _others(context, rest, rows, found, now)
    by_code: dict[str, list[queue.Verdict]] = {}
    for code in hands.ENDS:
        by_code[code] = [one for one in found.verdicts if any(alarm.code == code for alarm in one.alarms)]
        _again(context, code, by_code[code])
    tell_all(firm_id=context.firm_id, books_id=context.books_id, ends=hands.ENDS, verdicts=by_code, now=now)


def _again(context: Context, code: str, verdicts: list[queue.Verdict]) -> None:
    """Open again what a person had answered, and what differs in another way since."""
    ids = [one.document.pk for one in verdicts]
    closed = Hold.objects.filter(firm_id=context.firm_id, document_id__in=ids, alarm=True, code=code)
    closed.filter(closed_at__isnull=False).update(closed_at=None, closed_words="")


def _paid_there(
    context: Context,
    receivables: Iterable[Difference],
    rows: dict[Place, BookRow],
    found: Found,
    now: datetime,
) -> None:
    """Find what somebody typed against invoices of ours: payments, and credits applied by one."""
    short = set().union(*(found.bills.get(one.source_id, set()) for one in receivables))
    for cause, invoices in typed.against(context, rows, short):
        row = rows[cause]
        if cause in found.asked:
            continue
        if drift.answered(context, cause, row) == drift.ACCEPT:
            found.accepted_invoices |= invoices
            continue
        found.invoices |= invoices
        problem = (
            typed.payment(context, row, invoices) if cause[0] == "payment" else typed.entry(context, row)
        )
        document = document_of(row, amount=row.total, now=now)
        found.verdicts.append(queue.Verdict(document=document, alarms=(problem,)))


def _others(
    context: Context,
    differences: list[Difference],
    rows: dict[Place, BookRow],
    found: Found,
    now: datetime,
) -> None:
    """Raise what is left: typed to receivables, or a record of Clio that differs for no reason known."""
    by_source = _by_source(context) if differences else {}
    held = queued(context) if differences else set()
    raised = {one.document.pk for one in found.verdicts}
    for one in differences:
        place = place_of(one)
        if not one.source_id and place not in context.subject_of:
            row = rows[place]
            if place in found.asked:
                continue
            if drift.answered(context, place, row) == drift.ACCEPT:
                accept(one)
                continue
            document = document_of(row, amount=one.books_minor, now=now)
            problem = typed.entry(context, row)
        else:
            known = _document(context, one, by_source)
            open_on = found.bills.get(one.source_id, set()) if one.kind == "receivables" else {place[1]}
            bearing = set(_bearing(context, one, known)) if known is not None else set()
            if known is None or bearing & (found.documents | held) or open_on & found.invoices:
                continue
            if bearing & found.accepted or open_on & found.accepted_invoices:
                accept(one)
                continue
            document, problem = known, _differs(one)
        if document.pk not in raised:
            raised.add(document.pk)
            found.verdicts.append(queue.Verdict(document=document, alarms=(problem,)))


def _asked(context: Context) -> set[Place]:
    """Return what of the books somebody is asked about already, whether it is this record of Clio.

    An invoice that only bears a bill's number, and is certainly another, is a difference of its own; one that
    a proposal takes for the bill's, but for its day, is not. What was posted for that record meanwhile, under
    a number of its own, has answered it.
    """
    mine = {"firm_id": context.firm_id, "books_id": context.books_id}
    open_ = Proposal.objects.filter(**mine, state=ProposalState.OPEN.value)
    posted = {(link.object_kind, link.document_id) for link in context.links.values()}
    proposed = dict[Place, bool]()
    named = open_.values_list("object_kind", "remote_id", "conflict", "document_id")
    for kind, remote_id, conflict, document in named:
        if (kind, document) not in posted:
            proposed[kind, remote_id] = conflict
    found = set(proposed)
    taken = Hold.objects.filter(firm_id=context.firm_id, closed_at__isnull=True, code="duplicate_number")
    for facts in taken.values_list("facts", flat=True):
        places = {(kind, str(facts.get("books_id", ""))) for kind in ("invoice", "credit_memo")}
        certain = facts.get("same") != "yes" and not any(proposed.get(one) is False for one in places)
        found = found - places if certain else found | places
    return found


def _bills(context: Context) -> dict[str, set[str]]:
    """Return the ids of the invoices of each bill, those of its interest among them."""
    return {
        str(bill_id): {link.remote_id for link in links if link.object_kind == "invoice"}
        for bill_id, links in links_by_bill(context).items()
    }


def _by_source(context: Context) -> dict[tuple[str, str], Document]:
    return {(one.resource, str(shown_id(one))): one for one in context.documents.values()}


def _document(
    context: Context, one: Difference, by_source: dict[tuple[str, str], Document]
) -> Document | None:
    if one.source_id:
        return by_source.get((one.resource, one.source_id))
    link = context.links.get(context.subject_of.get(place_of(one), ""))
    return link.document if link is not None else None


def _bearing(context: Context, one: Difference, document: Document) -> Iterator[int]:
    """Give the documents that a difference may come from: of what is open on a bill, all that pays it."""
    yield document.pk
    if one.kind != "receivables" or document.kind != "bill":
        return
    for charge in context.interest.get(document.source_id, []):
        yield context.documents["interest", charge.id].pk
    for paid in context.paying.get(document.source_id, []):
        yield context.documents["payment" if isinstance(paid, Payment) else "credit", paid.id].pk


def _differs(one: Difference) -> Problem:
    noun = {"invoices": "Invoice", "payments": "Payment", "credits": "Credit"}.get(one.kind, "Bill")
    named = f"{noun} {one.number or one.source_id}"
    return Problem(
        code=hands.DIFFERS,
        fix=Fix.LOOK,
        cause=f"{one.resource}/{one.source_id or one.books_object}",
        title=f"{named} differs by {spoken(abs(one.amount))} between Clio and the books.",
        words=one.reason,
        facts={"books_id": one.books_object, "amount": str(one.amount)},
        amount=abs(one.amount),
    )
