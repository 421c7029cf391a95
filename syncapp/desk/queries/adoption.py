"""Questions about what stands in the books already: how much, how sure, and what another connector makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from syncapp.desk import words
from syncapp.desk.queries.waits import Banner
from syncapp.pipeline.adoption import native
from syncapp.records.models import BookCursor, Document, Proposal

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import Books
    from syncapp.pipeline.adoption.native import Seen

_DECIDED = ("refused", "undone")
_FITS = {
    "certain": Q(state="open", confidence="certain"),
    "doubtful": Q(state="open", conflict=False) & ~Q(confidence="certain"),
    "conflict": Q(state="open", conflict=True),
    "adopted": Q(state="adopted"),
    "refused": Q(state__in=_DECIDED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many proposals there are of each sort."""

    certain: int
    doubtful: int
    conflict: int
    adopted: int
    refused: int

    @property
    def open(self) -> int:
        """Return how many wait."""
        return self.certain + self.doubtful + self.conflict


def counts(*, books: Books) -> Counts:
    """Count the proposals of one set of books by sort."""
    rows = Proposal.objects.filter(firm_id=books.firm_id, books=books)
    return Counts(**rows.aggregate(**{name: Count("pk", filter=fits) for name, fits in _FITS.items()}))


def proposals(*, books: Books, sort: str = "", kind: str = "", text: str = "") -> QuerySet[Proposal]:
    """Return the proposals that fit a filter: those that wait first by how hard they are."""
    rows = Proposal.objects.filter(firm_id=books.firm_id, books=books)
    rows = rows.filter(_FITS[sort]) if sort in _FITS else rows.filter(state="open")
    if kind:
        rows = rows.filter(object_kind=kind)
    if text:
        rows = rows.filter(Q(number__icontains=text) | Q(name__icontains=text))
    return rows.select_related("by").order_by("-conflict", "-confidence", "object_kind", "day", "pk")


def records_of(rows: list[Proposal]) -> set[int]:
    """Return which documents of some proposals have a page of their own."""
    found = Document.objects.filter(pk__in=[row.document_id for row in rows]).exclude(
        kind__in=["client", "matter"]
    )
    return set(found.values_list("pk", flat=True))


def native_of(*, books: Books) -> Seen | None:
    """Return what the practice system's own connector made since we post, while nobody has answered it."""
    return native.seen(BookCursor.objects.filter(firm_id=books.firm_id, books=books).first())


def banners(*, firm_id: int) -> list[Banner]:
    """Say in which books another connector posts too."""
    found = []
    for cursor in BookCursor.objects.filter(firm_id=firm_id, facts__native__rows__isnull=False):
        seen = native.seen(cursor)
        if seen is not None:
            made = words.counted(len(seen.rows), "record")
            found.append(
                Banner(
                    title=f"Posting has stopped: Clio’s own connection made {made}.",
                    text="It posts the same as Tieout. Turn it off in Clio, then adopt what it made.",
                )
            )
    return found
