"""As what an entry of ours is looked at: what its subjects and lines stand on in the books.

The comparison (`entries`) is one, whether a tie-out looks at all that stands or at what a write came back as.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from syncapp.core.books import Chart, Company
from syncapp.core.ledger import EntryLine

if TYPE_CHECKING:
    from syncapp.core.books import Operation
    from syncapp.pipeline.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """How to look at an entry of ours in one set of books.

    `id_of` says the object that a subject stands on, empty where it stands on none; `place` the account of a
    line; `now_on` where a customer went that was merged; `number_of` the number of ours under an object.
    """

    company: Company
    chart: Chart
    receivable: str
    id_of: Callable[[str], str]
    place: Callable[[EntryLine], str]
    now_on: Callable[[str], str]
    number_of: Callable[[str, str], str]

    @property
    def tags(self) -> tuple[str, ...]:
        """Return by what the books tell lines apart beside their account."""
        company = self.company
        classes = company.classes_per_line or company.classes_per_transaction
        return (*(("class_id",) if classes else ()), *(("location",) if company.locations else ()))


def as_it_stands(context: Context) -> Sight:
    """Look at what stands in the books, as they were read."""

    def id_of(subject: str) -> str:
        link = context.links.get(subject)
        return link.remote_id if link is not None else ""

    def number_of(kind: str, remote_id: str) -> str:
        draft = context.content(context.subject_of.get((kind, remote_id), ""))
        return str(getattr(draft, "number", ""))

    return Sight(
        company=context.book.company,
        chart=context.book.chart,
        receivable=context.book.receivable,
        id_of=id_of,
        place=context.place,
        now_on=context.merged.of,
        number_of=number_of,
    )


def as_sent(operation: Operation, company: Company, chart: Chart) -> Sight:
    """Look at what a write came back as: its subjects stand on what it named them."""
    ids, receivable = operation.ids, chart.of_type("Accounts Receivable")
    return Sight(
        company=company,
        chart=chart,
        receivable=receivable.id if receivable is not None else "",
        id_of=lambda subject: ids.get(subject, ""),
        place=lambda line: ids.get(line.below, line.below) or line.account,
        now_on=lambda customer: customer,
        number_of=lambda kind, remote_id: "",
    )
