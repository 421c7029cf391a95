"""The trace of a record, and finding one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import firm_view
from accounts.roles import Permission
from syncapp.core.planning.reversing import place_of
from syncapp.desk import words
from syncapp.desk.queries import answers, papers, traces, typed, undone
from syncapp.desk.queries import search as finding
from syncapp.desk.rights import rights_of
from syncapp.desk.sides import sides
from syncapp.pipeline.cases import choices, taking_back
from syncapp.pipeline.undoing.refusals import KINDS
from syncapp.records.exact import ExactEncoder
from trust.queries import returns

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from syncapp.records.models import BookRow, Document, Link, SourceRecord


@require_safe
@firm_view(Permission.SEE)
def record(request: FirmRequest, document_id: int) -> HttpResponse:
    """Answer: how did this number get here."""
    document = traces.document_or_none(firm_id=request.firm.pk, document_id=document_id)
    if document is None:
        raise Http404
    found = traces.trace(firm_id=request.firm.pk, document=document)
    itself = typed.of(document)
    context = {
        "section": "record",
        "now": timezone.now(),
        "trace": found,
        "document": document,
        "noun": words.KIND.get(document.kind, document.kind),
        "sentence": itself.sentence if itself else _sentence(document, found),
        "typed": itself,
        "open_holds": [hold for hold in found.holds if hold.closed_at is None],
        "sources": [
            (source, words.RESOURCE.get(source.resource, source.resource).capitalize(), _text(source))
            for source in found.sources
        ],
        "currency": request.firm.currency,
        "related": [(other, words.KIND.get(other.kind, other.kind).capitalize()) for other in found.related],
        "links": [
            (link, row, words.OBJECT.get(link.object_kind, link.object_kind)) for link, row in found.links
        ],
    }
    context |= _undo(request, document, found) | {"papers": papers.of(document)}
    context |= _return(request, document) if document.kind == "payment" else {}
    if document.kind in {"money", "payment"}:
        context["returns"] = returns.others_of(document)
    context |= {} if context.get("undone_now") else _compared(request, document, found)
    return render(request, "desk/record.html", context)


def _compared(request: FirmRequest, document: Document, found: traces.Trace) -> dict[str, object]:
    """Put what Clio says of a record beside what stands in the books for it."""
    live = _stands(found)
    if live is None or document.kind in {"client", "matter"}:
        return {}
    link, row = live
    shown = sides(
        document,
        row,
        client=found.client,
        customer=traces.customer_name(firm_id=request.firm.pk, row=row),
        ledger=words.LEDGERS.get(link.books.ledger, "The books"),
        currency=request.firm.currency,
    )
    return {"compare": shown}


def _undo(request: FirmRequest, document: Document, found: traces.Trace) -> dict[str, object]:
    """Say how a record was undone, and whether this person may undo it or send it again."""
    stands = any(link.live and not link.adopted and link.content for link, _ in found.links)
    told = undone.of_record(firm_id=request.firm.pk, document=document, found=found)
    trust = bool(told.get("undone_trust"))
    return told | {
        "may_undo": stands and document.kind in KINDS and Permission.APPROVE in request.can,
        "may_send_again": rights_of(request.can).refuses(trust=trust) is None,
    }


def _return(request: FirmRequest, document: Document) -> dict[str, object]:
    """Say what a person said of a payment, or whether this person may say that the bank returned it."""
    stands = not isinstance(choices.standing_payment(firm_id=request.firm.pk, document=document), str)
    said, may = answers.said_before(document), Permission.RETRY in request.can
    return {
        "said": said,
        "may_take_word_back": said is not None and may and taking_back.word_waits(document, said[0]),
        "may_say_returned": stands and may,
    }


def _stands(found: traces.Trace) -> tuple[Link, BookRow] | None:
    """Return what stands in the books for a record, and is no reversal of what stood before."""
    live = ((link, row) for link, row in found.links if link.live and row and not place_of(link.subject))
    return next(live, None)


def _sentence(document: Document, found: traces.Trace) -> str:
    """Say where the record stands, in one sentence."""
    noun = words.KIND.get(document.kind, document.kind).capitalize()
    name = str(document.data.get("name") or "") if document.kind == "client" else document.number
    what = f"{noun} {name or document.source_id}"
    for link, row in found.links:
        if link.live and not place_of(link.subject):
            ledger = words.LEDGERS.get(link.books.ledger, "the books")
            held = words.OBJECT.get(link.object_kind, link.object_kind)
            return f"{what} is {ledger} {held} {(row.number if row else '') or link.remote_id}."
    if any(hold.closed_at is None and not hold.alarm for hold in found.holds):
        return f"{what} waits in the exception queue; it is not in the books."
    if document.outcome == "skipped":
        return f"{what} asks nothing of the books."
    return f"{what} is not in the books yet."


def _text(source: SourceRecord) -> str:
    """Write what Clio said, word for word, laid out for reading."""
    return json.dumps(json.loads(json.dumps(source.payload, cls=ExactEncoder)), indent=2, ensure_ascii=False)


@require_safe
@firm_view(Permission.SEE)
def search(request: FirmRequest) -> HttpResponse:
    """Answer: where is it."""
    text = request.GET.get("q", "")
    found = finding.search(firm_id=request.firm.pk, text=text, currency=request.firm.currency)
    context = {
        "section": "search",
        "text": text,
        "found": found,
        "currency": request.firm.currency,
        "documents": [
            (document, words.KIND.get(document.kind, document.kind).capitalize(), _name(document, found))
            for document in found.documents
        ],
        "rows": [
            (row, words.OBJECT.get(row.kind, row.kind).capitalize(), record_id, found.typed.get(row.pk))
            for row, record_id in found.rows
        ],
    }
    return render(request, "desk/search.html", context)


def _name(document: Document, found: finding.Found) -> str:
    return str(document.data.get("name") or "") or found.names.get(document.client_id or 0, "")


@require_safe
@firm_view(Permission.SEE)
def trace(request: FirmRequest) -> HttpResponse:
    """Go from an object of the books to the record in Clio that made it."""
    books = request.GET.get("books", "").strip()[:80]
    record_id = finding.record_behind(firm_id=request.firm.pk, books=books) if books else None
    if record_id is not None:
        return redirect("desk:record", document_id=record_id)
    context = {"section": "search", "text": books, "found": finding.Found(), "untraced": True}
    return render(request, "desk/search.html", context, status=404 if books else 200)
