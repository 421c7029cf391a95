"""Who is in QuickBooks and no client of Clio? Each is somebody's, or nobody's; none is made in Clio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import queries as firms
from accounts.access import firm_view
from accounts.paging import capped
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.core import money
from syncapp.desk import actions, contact_actions
from syncapp.desk.export import table
from syncapp.desk.queries import strangers as queries
from syncapp.desk.replies import reply
from syncapp.records.models import BookRow

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from accounts.models import Books

PAGE = 50
HEADS = ["Customer", "E-mail", "Phone", "Balance", "May be client", "Why"]


def _books(request: FirmRequest) -> tuple[list[Books], Books | None]:
    listed = list(firms.books_of(firm_id=request.firm.pk))
    wanted = request.GET.get("books", "")
    found = [one for one in listed if str(one.pk) == wanted] if wanted else listed
    if wanted and not found:
        raise Http404
    return listed, found[0] if found else None


@require_safe
@firm_view(Permission.SEE)
def customers(request: FirmRequest) -> HttpResponse:
    """List who was born in the books, with the client that each may be."""
    listed, books = _books(request)
    text, nobody = request.GET.get("q", "").replace("\x00", "").strip(), request.GET.get("show") == "nobody"
    context: dict[str, Any] = {
        "section": "connections",
        "books_list": listed,
        "books": books,
        "text": text,
        "nobody": nobody,
        "currency": request.firm.currency,
        "may_decide": Permission.RETRY in request.can,
        "may_export": Permission.EXPORT in request.can,
    }
    if books is not None:
        rows = queries.customers(books=books, text=text, nobody=nobody)
        page = capped(rows, PAGE).get_page(request.GET.get("page"))
        shown = list(page)
        likely = {} if nobody else queries.likely(books=books, rows=shown)
        context |= {"page": page, "rows": [(row, likely.get(row.remote_id, [])) for row in shown]}
    return render(request, "desk/strangers.html", context)


@require_safe
@firm_view(Permission.EXPORT, scope="none")
def export(request: FirmRequest) -> HttpResponse:
    """Hand out the list as it is filtered, with the total of what is open."""
    firm, now = request.firm, timezone.now()
    with firm_scope(write=firm.pk):
        _, books = _books(request)
        nobody = request.GET.get("show") == "nobody"
        found = (
            queries.customers(books=books, text=request.GET.get("q", "").strip(), nobody=nobody)
            if books
            else []
        )
        rows = list(found)
        likely = queries.likely(books=books, rows=rows) if books else {}
        actions.exported(
            firm_id=firm.pk, what=f"customers of the books, {len(rows)} rows", by=request.user, now=now
        )
    owed = sum(row.balance for row in rows)
    named = [(row, likely.get(row.remote_id, [])) for row in rows]
    return table(
        name=f"{firm.slug}-customers",
        heads=HEADS,
        rows=[
            [
                row.name, row.data.get("email", ""), row.data.get("phone", ""),
                money.decimal(row.balance, firm.currency), some[0].name if some else "",
                "; ".join(some[0].reasons) if some else "",
            ]
            for row, some in named
        ],
        form=request.GET.get("format", ""),
        totals=["Total", None, None, money.decimal(owed, firm.currency), None, None],
    )  # fmt: skip


def _row(request: FirmRequest, row_id: int) -> BookRow:
    row = BookRow.objects.filter(firm_id=request.firm.pk, pk=row_id, kind="customer", deleted=False)
    found = row.select_related("books").first()
    if found is None:
        raise Http404
    return found


@require_safe
@firm_view(Permission.SEE)
def customer(request: FirmRequest, row_id: int) -> HttpResponse:
    """Ask which client a customer is: proposed with reasons, or found by name."""
    row = _row(request, row_id)
    text = request.GET.get("q", "").replace("\x00", "").strip()
    context = {
        "section": "connections",
        "row": row,
        "text": text,
        "likely": queries.likely(books=row.books, rows=[row]).get(row.remote_id, []),
        "found": queries.clients_named(books=row.books, text=text),
        "may_decide": Permission.RETRY in request.can,
        "currency": request.firm.currency,
    }
    return render(request, "desk/stranger.html", context)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def decide(request: FirmRequest, row_id: int) -> HttpResponse:
    """Take a person's word: it is a client, it is nobody, or ask again."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        row = _row(request, row_id)
    refusal = contact_actions.whose(
        row=row, answer=request.POST.get("answer", ""), by=request.user, now=timezone.now()
    )
    reply(request, refusal, f"Kept of {row.name}. Nothing was made in Clio.")
    return redirect(f"{reverse('desk:strangers')}?books={row.books_id}")
