"""The tie-out: where do Clio and the books differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import queries as firms
from accounts.access import firm_view
from accounts.paging import Counted
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.core import money
from syncapp.desk import actions, words
from syncapp.desk.export import table
from syncapp.desk.forms import DifferenceFilter
from syncapp.desk.queries import explained, looked_at, ties, waits

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from accounts.models import Books
    from syncapp.records.models import Difference

PAGE = 50
MOST_EXPORTED = 100_000
HEADS = [
    "Kind",
    "How",
    "Number",
    "Clio id",
    "In the books",
    "Clio",
    "Books",
    "Difference",
    "Explained",
    "Reason",
]


def _chosen(request: FirmRequest) -> tuple[list[Books], Books | None]:
    """Return the sets of books, and the one that the address names, else the first."""
    listed = firms.books_of(firm_id=request.firm.pk)
    wanted = request.GET.get("books", "")
    if wanted:
        found = next((books for books in listed if str(books.pk) == wanted), None)
        if found is None:
            raise Http404
        return listed, found
    return listed, listed[0] if listed else None


def _filter(request: FirmRequest) -> dict[str, str]:
    form = DifferenceFilter(request.GET)
    form.is_valid()
    chosen = form.cleaned_data
    return {
        "kind": chosen.get("kind") or "",
        "what": chosen.get("what") or "",
        "queued": chosen.get("queued") or "",
        "text": chosen.get("q") or "",
    }


def _shown(row: Difference, records: dict[tuple[str, str], int]) -> tuple[Difference, str, int | None, str]:
    """Return a difference with its kind, the record behind it, and how it differs."""
    record = records.get((row.resource, row.source_id))
    return row, words.TIED.get(row.kind, row.kind), record, words.DIFFERS.get(row.what, "")


@require_safe
@firm_view(Permission.SEE)
def tieout(request: FirmRequest) -> HttpResponse:
    """Compare by kind, then show each record that differs."""
    listed, books = _chosen(request)
    firm_id, currency = request.firm.pk, request.firm.currency
    tie = ties.tie_or_none(firm_id=firm_id, books=books) if books else None
    context: dict[str, Any] = {
        "section": "tieout",
        "now": timezone.now(),
        "books_list": listed,
        "books": books,
        "may_sync": Permission.RETRY in request.can,
        "may_export": Permission.EXPORT in request.can,
        "currency": currency,
        "unread": waits.unread(firm=request.firm, now=timezone.now()),
        "form": DifferenceFilter(request.GET),
    }
    if books and tie:
        chosen = _filter(request)
        rows = ties.differences(firm_id=firm_id, tie=tie, **chosen)
        sums = ties.sums(rows)
        page = Counted(rows, PAGE, count=sums["n"]).get_page(request.GET.get("page"))
        records = ties.records_of(firm_id=firm_id, rows=page)
        looked = looked_at.cases_of(firm_id=firm_id, books_id=books.pk, rows=list(page), records=records)
        context |= {
            "standing": ties.standing(books, tie, currency=currency),
            "page": page,
            "filtered": any(chosen.values()),
            "rows": [(*_shown(row, records), looked.get(row.pk, [])) for row in page],
            "sums": sums,
            "explained": explained.gaps(firm_id=firm_id, tie=tie),
            "parties": explained.parties(firm_id=firm_id, tie=tie),
            "history": ties.history(firm_id=firm_id, books=books),
        }
        context["stand"] = context.pop("standing")  # the frame has a `standing` of its own
    return render(request, "desk/tieout.html", context)


def _exported(row: Difference, currency: str) -> list[Any]:
    return [
        words.TIED.get(row.kind, row.kind),
        words.DIFFERS.get(row.what, ""),
        row.number,
        row.source_id,
        row.books_object,
        *(money.decimal(part, currency) for part in (row.clio, row.books_minor, row.amount)),
        "In the exception queue" if row.queued else "Unexplained",
        row.reason,
    ]


@require_safe
@firm_view(Permission.EXPORT, scope="none")
def export(request: FirmRequest) -> HttpResponse:
    """Hand out the differences that fit the filter, with their totals."""
    now, firm = timezone.now(), request.firm
    with firm_scope(write=firm.pk):
        _, books = _chosen(request)
        tie = ties.tie_or_none(firm_id=firm.pk, books=books) if books else None
        found = ties.differences(firm_id=firm.pk, tie=tie, **_filter(request))[:MOST_EXPORTED] if tie else []
        rows = list(found)
        actions.exported(firm_id=firm.pk, what=f"differences, {len(rows)} records", by=request.user, now=now)
    return table(
        name=f"{firm.slug}-differences-{firms.today_of(firm, now).isoformat()}",
        heads=HEADS,
        rows=[_exported(row, firm.currency) for row in rows],
        form=request.GET.get("format", ""),
        totals=[
            "Total",
            None,
            None,
            None,
            None,
            *(
                money.decimal(sum(part), firm.currency)
                for part in (
                    [row.clio for row in rows],
                    [row.books_minor for row in rows],
                    [row.amount for row in rows],
                )
            ),
            None,
            None,
        ],
    )
