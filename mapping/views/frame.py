"""What every mapping screen shows: which books, which tab, whether a draft is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import queries as accounts
from accounts.roles import Permission
from mapping import queries

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from accounts.models import Books

TABS = [
    ("rules", "Rules"),
    ("options", "Options"),
    ("coverage", "Coverage"),
    ("chart", "Accounts and products"),
    ("versions", "Versions"),
]


def chosen_books(request: FirmRequest) -> Books | None:
    """Return the set of books that the address names, else the firm's first; None when it has none.

    Raises Http404 for books that are not this firm's.
    """
    rows = accounts.books_of(firm_id=request.firm.pk)
    wanted = request.POST.get("books") or request.GET.get("books")
    if not wanted:
        return rows[0] if rows else None
    found = next((books for books in rows if str(books.pk) == wanted), None)
    if found is None:
        raise Http404
    return found


def books_or_404(request: FirmRequest) -> Books:
    """Return the set of books to change. Raises Http404 when the firm has none."""
    books = chosen_books(request)
    if books is None:
        raise Http404
    return books


def page(
    request: FirmRequest, template: str, tab: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render one mapping screen inside its frame, in the open scope."""
    books = context["books"]
    draft = queries.draft(books.pk) if books else None
    frame = {
        "section": "mapping",
        "tab": tab,
        "tabs": [(name, label, address(name, books)) for name, label in TABS],
        "all_books": accounts.books_of(firm_id=request.firm.pk),
        "draft": draft,
        "in_force": queries.published(books.pk) if books else None,
        "may_map": Permission.MAP in request.can,
        "ledger": queries.LEDGER_WORDS[books.ledger] if books else "the books",
    }
    return render(request, f"mapping/{template}.html", {**frame, **context}, status=status)


def address(name: str, books: Books | None, **kwargs: int) -> str:
    """Return a mapping address for a set of books."""
    at = reverse(f"mapping:{name}", kwargs=kwargs or None)
    return f"{at}?{urlencode({'books': books.pk})}" if books else at


def back(name: str, books: Books) -> HttpResponse:
    """Go to a mapping screen after a change."""
    return redirect(address(name, books))
