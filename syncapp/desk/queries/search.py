"""Finding a record by number, name or amount, and from an object of the books back to Clio."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.db.models import Q

from syncapp.core import money
from syncapp.core.money import NotMoneyError
from syncapp.records.models import BookRow, Document, Link

MOST = 25
MOST_NAMED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found on both sides."""

    documents: list[Document] = field(default_factory=list)
    rows: list[tuple[BookRow, int | None]] = field(default_factory=list)
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
    wanted = Q(number__iexact=text) | Q(number__icontains=text) | Q(client_id__in=named)
    wanted |= Q(kind="client", source_id__in=named)
    in_books = Q(number__icontains=text) | Q(name__icontains=text)
    if minor is not None:
        in_range = abs(minor) < 2**62
        wanted |= Q(amount__in=[minor, -minor]) if in_range else Q()
        in_books |= Q(total__in=[minor, -minor]) if in_range else Q()
    documents = list(Document.objects.filter(wanted, firm_id=firm_id).order_by("-day", "-pk")[:MOST])
    rows = list(
        BookRow.objects.filter(in_books, firm_id=firm_id, deleted=False).order_by("-day", "-pk")[:MOST]
    )
    return Found(
        documents=documents,
        rows=[(row, at) for row, at in zip(rows, _records(firm_id, rows), strict=True)],
        names=client_names(firm_id=firm_id, ids={d.client_id for d in documents if d.client_id}),
    )


def _records(firm_id: int, rows: list[BookRow]) -> list[int | None]:
    links = Link.objects.filter(
        firm_id=firm_id, remote_id__in={row.remote_id for row in rows}, document__isnull=False
    )
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
        return link.document_id if link else None
    for row in BookRow.objects.filter(firm_id=firm_id, number=books.strip()).order_by("-day", "-pk")[:10]:
        link = links.filter(books_id=row.books_id, object_kind=row.kind, remote_id=row.remote_id).first()
        if link:
            return link.document_id
    return None
