"""What somebody entered in the books themselves: the entry as it stands there, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.models import Books
from syncapp.core.ledger import EntryLine
from syncapp.desk import sums, words
from syncapp.desk.queries.names import Names
from syncapp.desk.queries.traces import customer_name
from syncapp.pipeline.drifting.book_documents import BOOK_ROW
from syncapp.records.models import BookLine, BookRow, Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """An object of the books that did not come from Clio, as last seen. Amounts in minor units."""

    row: BookRow
    ledger: str
    noun: str
    customer: str
    lines: list[dict[str, Any]]

    @property
    def totals(self) -> dict[str, int]:
        """Return the sums of both sides."""
        return sums.of(self.lines)

    @property
    def caption(self) -> str:
        """Say what the lines are."""
        return f"As it stands in {self.ledger}" + (
            f", dated {self.row.day:%-d %b %Y}" if self.row.day else ""
        )

    @property
    def sentence(self) -> str:
        """Say where it stands, and that it is nobody's bill."""
        what = f"{self.noun.capitalize()} {self.row.number or self.row.remote_id}"
        if self.row.deleted:
            return f"{what} was taken out of {self.ledger}; it did not come from Clio."
        stands = "is void" if self.row.voided else "stands"
        return f"{what} {stands} in {self.ledger} and did not come from Clio."


def of(document: Document) -> Typed | None:
    """Return what a document stands for that did not come from Clio; None for one that did."""
    if document.kind != BOOK_ROW:
        return None
    row = BookRow.objects.filter(firm_id=document.firm_id, pk=document.source_id).first()
    if row is None:
        return None
    books = Books.objects.get(firm_id=row.firm_id, pk=row.books_id)
    return Typed(
        row=row,
        ledger=words.LEDGERS.get(books.ledger, "the books"),
        noun=words.OBJECT.get(row.kind, row.kind.replace("_", " ")),
        customer=customer_name(firm_id=row.firm_id, row=row),
        lines=_lines(row),
    )


def _lines(row: BookRow) -> list[dict[str, Any]]:
    """Return what it does to each account and customer, debits first."""
    kept = BookLine.objects.filter(firm_id=row.firm_id, row=row).exclude(minor=0).order_by("pk")
    entry = [
        EntryLine(
            account=one.account, amount=one.minor, customer=f"id:{one.customer}" if one.customer else ""
        )
        for one in kept
    ]
    names = Names(row.firm_id)
    names.learn(entry, (), {row.books_id})
    entry.sort(key=lambda line: line.amount < 0)
    return [names.line(row.books_id, line.account, line.amount, line.customer, "", "") for line in entry]
