"""Finding a record by number, name or amount, and from an object of the books back to Clio."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.db.models import Q, QuerySet

from syncapp.core import money
from syncapp.core.money import NotMoneyError
from syncapp.pipeline.drifting.book_documents import BOOK_ROW
from syncapp.records.models import BookRow, Document, Link

MOST = 25
MOST_NAMED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found on both sides."""

    documents: list[Document] = field(default_factory=list)
    rows: list[tuple[BookRow, int | None]] = field(default_factory=list)
    typed: dict[int, int] = field(default_factory=dict)  # a row that did not come from Clio: its own record
    names: dict[int, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """Return how many there are."""
        return len(self.documents) + len(self.rows)


def amount_in(text: str, currency: str) -> int | None:
    """Read what was typed as an amount in minor units: `1,900`, `$1,900.00`, `(12.50)`."""
    plain = re.sub(r"[\s,$€£]|^[A-Z]{3}", "", text.strip())
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    try:
        return money.minor(Decimal(plain.replace("\N{MINUS SIGN}", "-")), currency)
    except (InvalidOperation, NotMoneyError, ValueError):
        return None


def search(*, firm_id: int, text: str, currency: str) -> Found:
    """Find documents and objects of the books by number, name or amount, in a fixed number of queries."""
    text = text.replace("\x00", "").strip()[:120]
    if not text:
        return Found()
    clients = Document.objects.filter(firm_id=firm_id, kind="client", data__name__icontains=text)
    named = list(clients.values_list("source_id", flat=True)[:MOST_NAMED])
    minor = amount_in(text, currency)
    plain = text.upper() == text.lower()  # folding case costs five times as much
    within = "contains" if plain else "icontains"
    wanted = Q((f"number__{within}", text))
    if named:
        wanted |= Q(client_id__in=named) | Q(kind="client", source_id__in=named)
    in_books = Q((f"number__{within}", text)) | Q((f"name__{within}", text))
    if minor is not None and abs(minor) < 2**62:
        wanted |= Q(amount__in=[minor, -minor])
        in_books |= Q(total__in=[minor, -minor])
    documents = _newest(Document.objects.filter(wanted, firm_id=firm_id))
    documents = [one for one in documents if one.kind != BOOK_ROW]  # found in the books, where they stand
    rows = _newest(BookRow.objects.filter(in_books, firm_id=firm_id, deleted=False))
    return Found(
        documents=documents,
        rows=[(row, at) for row, at in zip(rows, _records(firm_id, rows), strict=True)],
        typed=_typed(firm_id, rows),
        names=client_names(firm_id=firm_id, ids={d.client_id for d in documents if d.client_id}),
    )


def _typed(firm_id: int, rows: list[BookRow]) -> dict[int, int]:
    """Return the records of those rows that somebody was asked about and that did not come from Clio."""
    asked = Document.objects.filter(firm_id=firm_id, kind=BOOK_ROW, source_id__in=[row.pk for row in rows])
    return dict(asked.values_list("source_id", "pk"))


def _newest[Row: (Document, BookRow)](rows: QuerySet[Row]) -> list[Row]:
    """Return the newest rows of a search: an index holds all that it looks at, then these alone are read.

    Behind the wall PostgreSQL uses an index for LIKE only so (accounts/lookups.py), in the order of the page.
    """
    found = list(rows.order_by("-day", "-pk").values_list("pk", flat=True)[:MOST])
    return list(rows.model.objects.filter(pk__in=found).order_by("-day", "-pk"))


def _records(firm_id: int, rows: list[BookRow]) -> list[int | None]:
    ids = [row.remote_id for row in rows]
    links = Link.objects.filter(firm_id=firm_id, remote_id__in=ids, document__isnull=False)
    found = {
        (books, kind, remote): document
        for books, kind, remote, document in links.values_list(
            "books_id", "object_kind", "remote_id", "document_id"
        )
    }
    return [found.get((row.books_id, row.kind, row.remote_id)) for row in rows]


def client_names(*, firm_id: int, ids: set[int]) -> dict[int, str]:
    """Return the names of clients by Clio's id."""
    rows = Document.objects.filter(firm_id=firm_id, kind="client", source_id__in=ids)
    return {
        source_id: str(data.get("name") or "") for source_id, data in rows.values_list("source_id", "data")
    }


def record_behind(*, firm_id: int, books: str) -> int | None:
    """Return the document behind an object of the books, named `invoice:130` or by its number."""
    books = books.replace("\x00", "")
    kind, colon, remote_id = books.partition(":")
    links = Link.objects.filter(firm_id=firm_id, document__isnull=False)
    if colon:
        wanted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower().replace("journal_entry", "journal")
        link = links.filter(object_kind=wanted, remote_id=remote_id).order_by("-live", "-pk").first()
        if link is None:
            rows = BookRow.objects.filter(firm_id=firm_id, kind=wanted, remote_id=remote_id)
            return next(iter(_typed(firm_id, list(rows)).values()), None)
        return link.document_id
    numbered = BookRow.objects.filter(firm_id=firm_id, number=books.strip()).order_by("-day", "-pk")[:10]
    for row in numbered:
        link = links.filter(books_id=row.books_id, object_kind=row.kind, remote_id=row.remote_id).first()
        if link:
            return link.document_id
    return next(iter(_typed(firm_id, list(numbered)).values()), None)
