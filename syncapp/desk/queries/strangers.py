"""Questions about customers born in the books: who they are, and which client each may be."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from syncapp.core import codec
from syncapp.core.adoption.nouns import Party, Sight
from syncapp.core.adoption.parties import whose
from syncapp.core.documents import Client
from syncapp.pipeline.contacts.strangers import NONE
from syncapp.records.models import BookChoice, BookRow, Document, Link, Proposal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from accounts.models import Books

MOST = 3  # clients that a row proposes
FOUND = 20  # clients that a search shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Likely:
    """A client that a customer may be, and why."""

    id: int
    name: str
    sure: str
    reasons: tuple[str, ...]


def customers(*, books: Books, text: str = "", nobody: bool = False) -> QuerySet[BookRow]:
    """Return the active customers that are no client's and undecided, or those that are nobody's.

    Whom a record that waits asks about is asked with that record, and not here a second time.
    """
    mine = {"firm_id": OuterRef("firm_id"), "books_id": OuterRef("books_id")}
    links = Link.objects.filter(**mine, object_kind="customer", remote_id=OuterRef("remote_id"), live=True)
    said = BookChoice.objects.filter(**mine)
    of_client = said.filter(subject__startswith="contacts/", answer=OuterRef("remote_id"))
    rows = BookRow.objects.filter(firm_id=books.firm_id, books=books, kind="customer", deleted=False)
    rows = rows.filter(active=True).exclude(data__has_key="parent").filter(~Exists(links), ~Exists(of_client))
    none = BookChoice.objects.filter(firm_id=books.firm_id, books=books, answer=NONE)
    kept = [one.removeprefix("born/") for one in none.values_list("subject", flat=True)]
    asked = Proposal.objects.filter(**mine, object_kind="customer", state="open")
    rows = rows.filter(remote_id__in=kept) if nobody else rows.exclude(remote_id__in=kept)
    rows = rows if nobody else rows.filter(~Exists(asked.filter(remote_id=OuterRef("remote_id"))))
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(data__email__icontains=text))
    return rows.order_by("name", "pk")


def likely(*, books: Books, rows: Sequence[BookRow]) -> dict[str, list[Likely]]:
    """Return which clients without a customer some customers may be, the surest first, by id."""
    clients = _free_clients(books)
    parties = [_of_client(one) for one in clients.values()]
    sight = Sight(clients=parties, customers=[_of_row(row) for row in rows], records=[], standing=[])
    found: dict[str, list[Likely]] = {}
    for one in whose(sight, Counter()):
        client = clients[one.subject]
        shown = Likely(id=client.id, name=client.name, sure=one.sure.value, reasons=one.reasons)
        found.setdefault(one.books_id, []).append(shown)
    order = {"certain": 0, "likely": 1, "doubtful": 2}
    return {key: sorted(some, key=lambda each: order[each.sure])[:MOST] for key, some in found.items()}


def clients_named(*, books: Books, text: str) -> list[Client]:
    """Return clients without a customer whose name or e-mail holds a text."""
    wanted = text.casefold().strip()
    fits: Iterable[Client] = (
        one for one in _free_clients(books).values() if wanted in one.name.casefold() or wanted in one.email
    )
    return sorted(fits, key=lambda one: one.name.casefold())[:FOUND] if wanted else []


def _free_clients(books: Books) -> dict[str, Client]:
    links = Link.objects.filter(firm_id=books.firm_id, books=books, object_kind="customer", live=True)
    taken = set(links.values_list("subject", flat=True))
    said = BookChoice.objects.filter(firm_id=books.firm_id, books=books, subject__startswith="contacts/")
    taken |= set(said.exclude(answer="new").values_list("subject", flat=True))
    rows = Document.objects.filter(firm_id=books.firm_id, kind="client").exclude(data={})
    found = (codec.from_json(Client, data) for data in rows.values_list("data", flat=True))
    return {f"contacts/{one.id}": one for one in found if not one.gone and f"contacts/{one.id}" not in taken}


def _of_client(one: Client) -> Party:
    return Party(
        id=f"contacts/{one.id}", name=one.name, email=one.email, phone=one.phone, address=one.address
    )


def _of_row(row: BookRow) -> Party:
    data = row.data
    return Party(
        id=row.remote_id,
        name=row.name,
        other_names=tuple(data.get("other_names", ())),
        email=data.get("email", ""),
        phone=data.get("phone", ""),
        address=tuple(data.get("address", ())),
    )
