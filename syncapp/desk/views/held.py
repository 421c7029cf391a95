"""What the firm holds for clients in operating, and what QuickBooks shows otherwise on a cash basis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import queries as firms
from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.core import money
from syncapp.core.cashbasis import COSTS, FEES, PARTS, TAX
from syncapp.desk import actions
from syncapp.desk.export import table
from syncapp.desk.queries import cash, held
from syncapp.desk.views.deposits import chosen_books, frame

if TYPE_CHECKING:
    from accounts.access import FirmRequest

PAGE = 50
HELD = ["Client", "Since", "Days", "Held in the books", "Posted by Tieout", "Entered otherwise", "Next step"]
CASH = ["Invoice", "Client", "Received", "Fees", "Costs", "Tax", "Fees in QuickBooks", "Costs in QuickBooks",
        "Tax in QuickBooks", "Fees too high in QuickBooks"]  # fmt: skip
ORDER = {
    "costs": "costs first, then tax, then fees",
    "fees": "fees first, then tax, then costs",
    "proportional": "each part in proportion",
}


@require_safe
@firm_view(Permission.SEE)
def retainers(request: FirmRequest) -> HttpResponse:
    """Answer: for whom does the firm hold money in operating, since when, and what is next."""
    context = frame(request, "retainers")
    found = held.read(books=context["books"], today=firms.today_of(request.firm, timezone.now()))
    page = Paginator(found.retainers, PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/retainers.html", context | {"held": found, "page": page})


@require_safe
@firm_view(Permission.EXPORT, scope="none")
def retainers_file(request: FirmRequest) -> HttpResponse:
    """Hand out the balances by client, with the total of the liability."""
    firm, now = request.firm, timezone.now()
    today = firms.today_of(firm, now)
    with firm_scope(write=firm.pk):
        found = held.read(books=chosen_books(request)[1], today=today)
        what = f"retainers in operating, {len(found.retainers)} rows"
        actions.exported(firm_id=firm.pk, what=what, by=request.user, now=now)

    def cash_of(minor: int) -> Any:
        return money.decimal(minor, firm.currency)

    return table(
        name=f"{firm.slug}-retainers-{today:%Y-%m-%d}",
        heads=HELD,
        rows=[
            [one.client, one.since, one.age, *map(cash_of, (one.held, one.posted, one.typed)), one.step]
            for one in found.retainers
        ],
        form=request.GET.get("format", ""),
        totals=[
            "Total",
            None,
            None,
            *map(cash_of, (found.balance, found.posted, found.typed)),
        ],
    )


@require_safe
@firm_view(Permission.SEE)
def cash_basis(request: FirmRequest) -> HttpResponse:
    """Answer: what does QuickBooks show otherwise on a cash basis, because it shares part payments out."""
    context = frame(request, "cash")
    today = firms.today_of(request.firm, timezone.now())
    first, last = cash.month_of(request.GET.get("month", ""), today)
    found = cash.report(firm_id=request.firm.pk, books=context["books"], first=first, last=last)
    page = Paginator(found.rows, PAGE).get_page(request.GET.get("page"))
    context |= {
        "report": found,
        "page": page,
        "month": f"{first:%Y-%m}",
        "first": first,
        "order": ORDER[found.order],
        "too_high": found.apart[FEES] > 0,
        "off": abs(found.apart[FEES]),
        "parts": [(part, found.firm[part], found.books[part], found.apart[part]) for part in PARTS],
    }
    return render(request, "desk/cash_basis.html", context)


@require_safe
@firm_view(Permission.EXPORT, scope="none")
def cash_basis_file(request: FirmRequest) -> HttpResponse:
    """Hand out the same, bill by bill."""
    firm, now = request.firm, timezone.now()
    first, last = cash.month_of(request.GET.get("month", ""), firms.today_of(firm, now))
    with firm_scope(write=firm.pk):
        found = cash.report(firm_id=firm.pk, books=chosen_books(request)[1], first=first, last=last)
        what = f"cash-basis differences of {first:%Y-%m}, {len(found.rows)} rows"
        actions.exported(firm_id=firm.pk, what=what, by=request.user, now=now)

    def figures(*minor: int) -> list[Any]:
        return [money.decimal(one, firm.currency) for one in minor]

    order = (FEES, COSTS, TAX)
    rows = [
        [row.number, row.client, *figures(one.received, *(one.firm[part] for part in order)),
         *figures(*(one.books[part] for part in order), one.apart[FEES])]
        for row in found.rows
        for one in (row.compared,)
    ]  # fmt: skip
    sums = [sum(row[column] for row in rows) for column in range(2, len(CASH))] if rows else []
    return table(
        name=f"{firm.slug}-cash-basis-{first:%Y-%m}",
        heads=CASH,
        rows=rows,
        form=request.GET.get("format", ""),
        totals=["Total", None, *sums] if rows else (),
    )
