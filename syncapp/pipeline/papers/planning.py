"""Which bills are to have their PDF at their invoice, as the firm's setting is and as the bills stand now.

A bill whose reading changed asks for its PDF anew, unless only what it is owed or when it was sent changed: a
payment brings no other paper. The newest go first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db.models import Exists, OuterRef

from mapping import options as choices
from mapping import queries as mapping_queries
from syncapp.core.keys import fingerprint
from syncapp.pipeline.clock import pausing
from syncapp.pipeline.papers.confidential import hidden
from syncapp.records import bulk
from syncapp.records.models import BillPaper, Document, Link

AT_ONCE = 10  # papers of one round: Clio takes 50 calls a minute, and reading it comes first
MOST_TRIES = 5
LATER = timedelta(minutes=5)  # until what is paused, or waits for its bill, is looked at again
HIDDEN = "It is confidential: no PDF of it leaves."
NO_LONGER = "It is not asked for any more."
_PASSING = frozenset({"outstanding", "sent"})  # of a bill's reading: what its own paper is not about
_REUSED = frozenset({"ready", "withheld", "failed"})  # nothing hangs at the invoice by them


@dataclass(frozen=True, slots=True)
class Work:
    """What is due now: papers on their way, older ones to take away, and whether customers get them."""

    papers: list[BillPaper]
    leaving: list[BillPaper]
    hidden: frozenset[int]  # documents of which no paper leaves: one that was sent is looked for only
    send: bool


def plan(*, firm_id: int, books_id: int, now: datetime, again: bool) -> Work | None:
    """Write down what is to be attached, and return what is due; None if nothing ever is. In a writing scope.

    `again`: a person asked for the firm, so that what was given up has one more try.
    """
    version = mapping_queries.published(books_id)
    options: dict[str, Any] = version.options if version is not None else {}
    way = choices.bill_pdf(options)
    rows = BillPaper.objects.filter(firm_id=firm_id, books_id=books_id)
    if way == "none":
        rows.filter(state="ready", sent_at__isnull=True).update(state="dropped", words=NO_LONGER)
        return None
    if again:
        rows.filter(state="failed").update(state="ready", tries=MOST_TRIES - 1, next_at=now)
    _reveal(firm_id, options, list(rows.filter(state="withheld").select_related("document")), now)
    _ask(firm_id, books_id, now)
    open_ = rows.filter(next_at__lte=now).select_related("document").order_by("-pk")
    due = _still(firm_id, list(open_.filter(state="ready")[:AT_ONCE]), now)
    secret = hidden(firm_id=firm_id, options=options, bills=[row.document for row in due])
    for row in due:
        if row.document_id in secret and row.sent_at is None:
            row.state, row.words = "withheld", HIDDEN
    bulk.rewrite([row for row in due if row.state == "withheld"], ["state", "words"])
    return Work(
        [row for row in due if row.state == "ready"],
        list(open_.filter(state="leaving")[:AT_ONCE]),
        frozenset(secret),
        way == "send",
    )


def print_of(bill: Document) -> str:
    """Return the fingerprint of what the paper of a bill shows."""
    return fingerprint({key: value for key, value in bill.data.items() if key not in _PASSING})


def _ask(firm_id: int, books_id: int, now: datetime) -> None:
    """Write down each invoice of ours whose bill has no paper in its version yet."""
    known = BillPaper.objects.filter(
        firm_id=firm_id, document=OuterRef("document"), remote_id=OuterRef("remote_id"),
        version=OuterRef("document__version"),
    ).exclude(state="dropped")  # fmt: skip
    links = Link.objects.filter(
        ~Exists(known), firm_id=firm_id, books_id=books_id, live=True, adopted=False, object_kind="invoice",
        document__kind="bill", document__settled=True, document__data__state="issued",
    ).select_related("document").order_by("-pk")  # fmt: skip
    wanted = list(links[:AT_ONCE])
    last: dict[str, BillPaper] = {}
    rows = BillPaper.objects.filter(firm_id=firm_id, books_id=books_id).exclude(state="dropped")
    for row in rows.filter(remote_id__in=[link.remote_id for link in wanted]).order_by("pk"):
        last[row.remote_id] = row
    fresh = []
    for link in wanted:
        bill, standing = link.document, last.get(link.remote_id)
        if bill is None or (standing is not None and _follows(standing, bill, now)):
            continue
        row = BillPaper(document=bill, remote_id=link.remote_id, version=bill.version, print=print_of(bill))
        row.firm_id, row.books_id, row.key, row.made_at, row.next_at = firm_id, books_id, uuid4(), now, now
        fresh.append(row)
    bulk.rewrite(list(last.values()), ["version", "print", "state", "tries", "next_at", "words"])
    BillPaper.objects.bulk_create(fresh)


def _follows(row: BillPaper, bill: Document, now: datetime) -> bool:
    """Let a paper stand for its bill as it is now; False when that takes another paper.

    What was sent without an answer stays what it was until it is known whether it is there.
    """
    shown = print_of(bill)
    waits, changed = row.state in _REUSED, row.print != shown
    if changed and not waits:
        return False
    unclear = waits and row.sent_at is not None
    if row.state == "failed" and (unclear or changed):
        row.state, row.tries, row.next_at, row.words = "ready", 0, now, ""
    if not unclear:
        row.version, row.print = bill.version, shown
    return True


def _still(firm_id: int, rows: list[BillPaper], now: datetime) -> list[BillPaper]:
    """Leave out what waits for its bill or is paused, and drop what has no invoice of ours any more."""
    if not rows:
        return []
    live = Link.objects.filter(firm_id=firm_id, live=True, object_kind="invoice")
    standing = set(
        live.filter(remote_id__in=[row.remote_id for row in rows]).values_list("document_id", "remote_id")
    )
    paused, due = pausing.load(firm_id), []
    for row in rows:
        bill = row.document
        if row.sent_at is None and (
            (bill.pk, row.remote_id) not in standing or bill.data.get("state") != "issued"
        ):
            row.state, row.words = "dropped", NO_LONGER
        elif row.sent_at or (
            bill.settled and "bills" not in paused.kinds and bill.client_id not in paused.clients
        ):
            due.append(row)
        else:
            row.next_at = now + LATER / settings.TIME_SCALE
    bulk.rewrite(rows, ["state", "words", "next_at"])
    return due


def _reveal(firm_id: int, options: dict[str, Any], rows: list[BillPaper], now: datetime) -> None:
    """Take up again what is confidential no longer."""
    if not rows:
        return
    secret = hidden(firm_id=firm_id, options=options, bills=[row.document for row in rows])
    shown = [row for row in rows if row.document_id not in secret]
    for row in shown:
        row.state, row.words, row.next_at = "ready", "", now
    bulk.rewrite(shown, ["state", "words", "next_at"])
