"""One set of books as the planner sees it: its rules, its company, and people as the books may know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from syncapp.core import codec
from syncapp.core.documents import Client, Matter
from syncapp.core.planning.confidential import coded
from syncapp.core.planning.facts import Book
from syncapp.core.problems import Fix, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mapping.queries import RuleBook
    from syncapp.core.books import Company
    from syncapp.core.planning.trust.pairs import Pair
    from syncapp.records.models import BookCursor, Document

UNDEPOSITED = ("Other Current Asset", "UndepositedFunds")


def book_of(
    books_id: int,
    rules: RuleBook,
    company: Company,
    cursor: BookCursor | None,
    people: Iterable[Document],
    pairs: dict[str, Pair],
) -> Book | Problem:
    """Return the set of books as the planner sees it."""
    receivable = rules.chart.of_type("Accounts Receivable")
    undeposited = rules.chart.of_type(*UNDEPOSITED)
    if receivable is None:
        words = "The company has no active account of the type Accounts Receivable."
        return Problem(code="no_receivables_account", fix=Fix.BOOKS, cause="chart", words=words)
    clients = {r.source_id: codec.from_json(Client, r.data) for r in people if r.kind == "client"}
    matters = {r.source_id: codec.from_json(Matter, r.data) for r in people if r.kind == "matter"}
    shown = coded(clients, matters, rules.options.confidential)
    return Book(
        name=str(books_id),
        company=company,
        chart=rules.chart,
        options=rules.options,
        place=rules.place,
        version=rules.version,
        receivable=receivable.id,
        undeposited=undeposited.id if undeposited else "",
        across_subcustomers=bool((cursor.facts if cursor else {}).get("across_subcustomers", True)),
        relinks_deposited=bool((cursor.facts if cursor else {}).get("relinks_deposited", True)),
        trace_url=settings.PUBLIC_URL,
        clients=shown.clients,
        matters=shown.matters,
        known_clients=shown.known_clients,
        known_matters=shown.known_matters,
        pairs=pairs,
    )
