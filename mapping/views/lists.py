"""Coverage, and the lists mirrored from the books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import firm_view
from accounts.roles import Permission
from mapping import guards, practice, queries
from mapping import options as choices
from mapping.coverage import coverage as covered
from mapping.coverage import sorts
from mapping.views.frame import chosen_books, page

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from accounts.models import Books
    from syncapp.core.books import Chart, Item

PAGE = 100
LISTS = {
    "accounts": "Accounts",
    "items": "Products and services",
    "classes": "Classes",
    "locations": "Locations",
}


@require_safe
@firm_view(Permission.SEE)
def coverage(request: FirmRequest) -> HttpResponse:
    """Answer what would fall through."""
    books = chosen_books(request)
    version = (queries.draft(books.pk) or queries.published(books.pk)) if books else None
    rows = None
    if version and version.options.get("start"):
        book = queries.book_of(version)
        rows = covered(book.place, book.chart, sorts(practice.practice(request.firm.pk)))
    context = {
        "books": books,
        "version": version,
        "rows": rows,
        "falling": sum(row.problem is not None for row in rows or []),
    }
    return page(request, "coverage", "coverage", context)


@require_safe
@firm_view(Permission.SEE)
def chart(request: FirmRequest) -> HttpResponse:
    """Answer what the books offer."""
    books = chosen_books(request)
    chosen = request.GET.get("list", "accounts")
    chosen = chosen if chosen in LISTS else "accounts"
    state = request.GET.get("state", "")
    search = request.GET.get("q", "").strip()
    rows = _listed(books, chosen) if books else []
    everything = len(rows)
    if search:
        rows = [row for row in rows if search.casefold() in f"{row['name']} {row['type']}".casefold()]
    if state in {"active", "inactive"}:
        rows = [row for row in rows if row["active"] == (state == "active")]
    snapshot = queries.company_state(books.pk) if books else None
    context = {
        "books": books,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "everything": everything,
        "lists": LISTS.items(),
        "chosen": chosen,
        "title_of_list": LISTS[chosen],
        "q": search,
        "state": state,
        "mirrored_at": snapshot.mirrored_at if snapshot else None,
    }
    return page(request, "chart", "chart", context)


def _listed(books: Books, chosen: str) -> list[dict[str, Any]]:
    known = queries.chart(books.pk)
    trusted = _walled(books, known)
    rows: list[dict[str, Any]]
    if chosen == "accounts":
        rows = [
            {
                "name": a.name,
                "type": a.type,
                "detail": a.subtype,
                "active": a.active,
                "trust": guards.is_walled(a, trusted),
            }
            for a in known.accounts.values()
        ]
    elif chosen == "items":
        rows = [
            {
                "name": i.name,
                "type": i.type,
                "detail": _posts_to(i, known),
                "active": i.active,
                "trust": False,
            }
            for i in known.items.values()
        ]
    else:
        tags = known.classes if chosen == "classes" else known.locations
        rows = [
            {"name": t.name, "type": "", "detail": "", "active": t.active, "trust": False}
            for t in tags.values()
        ]
    return sorted(rows, key=lambda row: (row["type"], row["name"].casefold()))


def _posts_to(item: Item, known: Chart) -> str:
    account = known.accounts.get(item.account)
    return account.name if account else ""


def _walled(books: Books, known: Chart) -> frozenset[str]:
    version = queries.published(books.pk)
    if version is None:
        return frozenset()
    pins = choices.living(version.resolved, known)
    return choices.walled(version.options, known, pins)
