"""What the books hold that a held record could be, and how each differs from it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Abs

from syncapp.core.money import NotMoneyError, minor, spoken
from syncapp.pipeline.adoption import linking
from syncapp.records.models import BookRow, Link

if TYPE_CHECKING:
    from syncapp.records.models import Case, Document, Hold

MOST = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One object of the books: what differs from the record, and why it may not be linked."""

    row: BookRow
    customer: str
    differs: tuple[str, ...]
    refused: str


def possible(hold: Hold) -> bool:
    """Tell whether a record that waits can be linked to what a person finds."""
    return not hold.alarm and bool(linking.subject_of(hold.document))


def customers(*, case: Case, text: str) -> list[tuple[BookRow, bool]]:
    """Return customers of the books whose name or e-mail holds a text, and whether each is somebody's."""
    rows = BookRow.objects.filter(
        firm_id=case.firm_id, books=case.books, kind="customer", deleted=False
    ).exclude(data__has_key="parent")
    found = list(
        rows.filter(Q(name__icontains=text) | Q(data__email__icontains=text)).order_by("name")[:MOST]
    )
    links = Link.objects.filter(
        firm_id=case.firm_id, books=case.books, object_kind="customer", live=True,
        remote_id__in=[row.remote_id for row in found],
    )  # fmt: skip
    taken = set(links.values_list("remote_id", flat=True))
    return [(row, row.remote_id in taken) for row in found]


def offers(*, hold: Hold, text: str, partner: bool) -> list[Offer]:
    """Return what fits a search, the nearest in amount first; of the same amount or number without one."""
    document, case = hold.document, hold.case
    rows = BookRow.objects.filter(
        firm_id=hold.firm_id, books=case.books, kind=linking.KINDS.get(document.kind, ""), deleted=False
    )
    names = BookRow.objects.filter(
        firm_id=hold.firm_id, books=case.books, kind="customer", remote_id=OuterRef("customer")
    )
    if text:
        rows = rows.filter(_fits(text) | Exists(names.filter(name__icontains=text)))
    else:
        rows = rows.filter(Q(total=document.amount) | Q(number=document.number or "-"))
    found = list(rows.order_by(Abs(F("total") - document.amount), "-day", "pk")[:MOST])
    called = _names(case, {row.customer for row in found})
    linked = Link.objects.filter(
        firm_id=hold.firm_id,
        books=case.books,
        live=True,
        remote_id__in=[row.remote_id for row in found],
    )
    taken = set(linked.values_list("object_kind", "remote_id"))
    whose = linking.clients_of(
        firm_id=hold.firm_id, books_id=case.books_id or 0, customers={row.customer for row in found}
    )
    return [
        Offer(
            row=row,
            customer=called.get(row.customer, row.customer),
            differs=_differs(document, row),
            refused=linking.refusal(
                document,
                row,
                partner=partner,
                taken=(row.kind, row.remote_id) in taken,
                client=whose.get(row.customer),
            ),
        )
        for row in found
    ]


def _fits(text: str) -> Q:
    fits = Q(number__icontains=text)
    with suppress(NotMoneyError):
        fits |= Q(total=minor(text.replace(",", "").lstrip("$")))
    return fits


def _names(case: Case, ids: set[str]) -> dict[str, str]:
    rows = BookRow.objects.filter(firm_id=case.firm_id, books=case.books, kind="customer")
    return dict(rows.filter(remote_id__in=ids).values_list("remote_id", "name"))


def _differs(document: Document, row: BookRow) -> tuple[str, ...]:
    found = []
    if document.number and row.number and document.number.casefold() != row.number.casefold():
        found.append(f"number {row.number} instead of {document.number}")
    if document.day and row.day and document.day != row.day:
        found.append(f"dated {row.day:%-d %b %Y} instead of {document.day:%-d %b %Y}")
    if row.total != document.amount:
        found.append(f"{spoken(abs(row.total - document.amount))} apart")
    return tuple(found)
