"""Invoices drawn at random for a month end, read from both sides and compared line by line."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from accounts import audit
from accounts.models import User
from accounts.tenancy import firm_scope
from accounts.tokens import GrantUnusable
from mapping import queries as mapping_queries
from syncapp.core import codec, linewise
from syncapp.core.documents import Bill
from syncapp.core.ledger import ObjectKind
from syncapp.core.linewise import Compared, Side, Sold
from syncapp.core.planning.wanted import matter_subject
from syncapp.http.errors import VendorError
from syncapp.pipeline import vendors
from syncapp.pipeline.months.figures import MonthFigures
from syncapp.pipeline.months.models import MonthEnd, SampledInvoice, SampleNote, SampleReading
from syncapp.pipeline.refresh import count
from syncapp.records.models import Document, Link
from trust.signing.draw import draw

USUAL = 5  # invoices, unless the firm file says another number
type Clock = Callable[[], datetime]


def number_of(firm_id: int) -> int:
    """Return how many invoices the firm draws for each month end. In a reading scope."""
    said: dict[str, Any] = mapping_queries.firm_settings(firm_id).get("month_end") or {}
    return int(said.get("invoices", USUAL))


def begin(*, one: MonthEnd, figures: MonthFigures, by: User, now: datetime) -> str | None:
    """Draw the invoices of a month by a new seed that is kept; a sentence when there are none to draw.

    In a scope that writes. A month is drawn once: what was drawn cannot be drawn away.
    """
    one = MonthEnd.objects.select_for_update().get(pk=one.pk, firm_id=one.firm_id)
    if one.seed:
        return "The invoices of this month are drawn already; the same seed draws the same ones."
    drawn = _drawn(one, secrets.token_hex(16), figures)
    if not drawn:
        return "No invoice of this month stands in the books, so there is nothing to draw."
    SampledInvoice.objects.bulk_create(
        SampledInvoice(firm_id=one.firm_id, month_end=one, document_id=pk, place=place)
        for place, pk in enumerate(drawn, start=1)
    )
    audit.record(
        firm_id=one.firm_id,
        actor=by,
        verb="month.drawn",
        obj=one,
        after={"seed": one.seed, "invoices": len(drawn)},
        now=now,
    )
    return None


def _drawn(one: MonthEnd, seed: str, figures: MonthFigures) -> list[int]:
    standing = Link.objects.filter(
        firm_id=one.firm_id,
        books_id=one.books_id,
        document_id=OuterRef("pk"),
        object_kind=ObjectKind.INVOICE.value,
        live=True,
    )
    bills = Document.objects.filter(
        Exists(standing), firm_id=one.firm_id, kind="bill", day__range=(figures.first, figures.last)
    )
    known = dict(bills.values_list("source_id", "pk"))
    keys = draw(seed, [str(key) for key in known], number=number_of(one.firm_id))
    if keys:
        one.seed = seed
        one.save(update_fields=["seed"])
    return [known[int(key)] for key in keys]


def read(*, firm_id: int, month_end_id: int, by: User, clock: Clock) -> str | None:
    """Read the drawn invoices from QuickBooks as they stand now and compare each; a sentence when it cannot.

    One metered read for thirty invoices. Clio's side is what its newest reading says. Opens its own scopes.
    """
    with firm_scope(write=None, reads=[firm_id]):
        one = MonthEnd.objects.select_related("firm").get(pk=month_end_id, firm_id=firm_id)
        drawn = list(SampledInvoice.objects.filter(firm_id=firm_id, month_end=one).select_related("document"))
        links = _invoices(one, drawn)
    try:
        client = vendors.open_books(firm_id=firm_id, books_id=one.books_id, clock=clock)
        shown = client.sold(remote for rows in links.values() for remote in rows)
        count(firm_id=firm_id, books_id=one.books_id, client=client)
    except (vendors.NotConnected, GrantUnusable) as error:
        return error.words
    except VendorError as error:
        return f"QuickBooks could not be read. Nothing was compared. ({error})"
    now = clock()
    with firm_scope(write=firm_id):
        matters = _matters(one, shown.values())
        for row in drawn:
            sold = [
                replace(shown[remote], matter_id=matters.get(shown[remote].customer))
                for remote in links[row.document_id]
                if remote in shown
            ]
            _keep(row, linewise.compare(codec.from_json(Bill, row.document.data), sold), by, now)
    return None


def _invoices(one: MonthEnd, drawn: Iterable[SampledInvoice]) -> dict[int, list[str]]:
    """Return the invoices of the books that stand for each drawn bill."""
    rows = Link.objects.filter(
        firm_id=one.firm_id,
        books_id=one.books_id,
        document_id__in=[row.document_id for row in drawn],
        object_kind=ObjectKind.INVOICE.value,
        live=True,
    )
    found: dict[int, list[str]] = defaultdict(list)
    for document_id, remote_id in rows.values_list("document_id", "remote_id"):
        if document_id is not None:
            found[document_id].append(remote_id)
    return found


def _matters(one: MonthEnd, shown: Iterable[Sold]) -> dict[str, int]:
    """Return the matter that each customer of some invoices stands for, by its id in the books."""
    prefix = matter_subject(0).removesuffix("0")
    rows = Link.objects.filter(
        firm_id=one.firm_id,
        books_id=one.books_id,
        object_kind=ObjectKind.CUSTOMER.value,
        remote_id__in={sold.customer for sold in shown},
        subject__startswith=prefix,
        live=True,
    )
    return {
        remote: int(subject.removeprefix(prefix))
        for remote, subject in rows.values_list("remote_id", "subject")
    }


def _keep(row: SampledInvoice, compared: Compared, by: User, now: datetime) -> None:
    SampleReading.objects.create(
        firm_id=row.firm_id,
        sampled=row,
        equal=not compared.differences,
        differences=compared.differences,
        rows=[
            {
                "clio": [_said(side) for side in pair.clio],
                "books": [_said(side) for side in pair.books],
                "words": pair.words,
            }
            for pair in compared.pairs
        ],
        by=by,
        at=now,
    )


def _said(side: Side) -> dict[str, Any]:
    return {
        "text": side.text[:200],
        "amount": side.amount,
        "quantity": "" if side.quantity is None else f"{side.quantity.normalize():f}",
        "rate": "" if side.rate is None else f"{side.rate.normalize():f}",
        "matter": side.matter_id,
    }


def note(*, reading: SampleReading, words: str, by: User, now: datetime) -> str | None:
    """Sign one comparison off; where it differs, words say why it may stand. In a scope that writes."""
    if SampleNote.objects.filter(firm_id=reading.firm_id, reading=reading).exists():
        return "This invoice is signed off already."
    if not reading.equal and not words.strip():
        return "The two sides differ. Say why they may, or correct it and compare again."
    SampleNote.objects.create(
        firm_id=reading.firm_id, reading=reading, words=words.strip()[:1000], by=by, at=now
    )
    audit.record(
        firm_id=reading.firm_id,
        actor=by,
        verb="month.looked_at",
        obj=reading.sampled.month_end,
        after={"invoice": reading.sampled.document.number, "words": words.strip()[:1000]},
        now=now,
    )
    return None
