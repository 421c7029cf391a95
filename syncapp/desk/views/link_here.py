"""A held record is linked to what a person finds in the books, instead of posted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.desk import contact_actions as actions
from syncapp.desk import words
from syncapp.desk.queries import cases, linking
from syncapp.desk.replies import reply
from syncapp.desk.views.exceptions import back_to_case

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from syncapp.records.models import Case, Hold

MOST = 200  # records of a case that are offered


@require_http_methods(["GET", "HEAD", "POST"])
@firm_view(Permission.APPROVE, scope="none")
def link_here(request: FirmRequest, case_id: int) -> HttpResponse:
    """Search what the books hold for one record of a case; posted, link it."""
    firm_id, partner = request.firm.pk, Permission.SIGN in request.can
    given = request.POST if request.method == "POST" else request.GET
    with firm_scope(write=None, reads=[firm_id]):
        case, holds = _case(request, case_id)
        wanted = given.get("hold", "")
        hold = next((one for one in holds if str(one.pk) == wanted), holds[0])
        if request.method != "POST":
            text = given.get("q", "").replace("\x00", "").strip()
            context = {
                "section": "exceptions",
                "case": case,
                "hold": hold,
                "holds": holds,
                "noun": words.RESOURCE.get(hold.resource, hold.resource),
                "text": text,
                "offers": linking.offers(hold=hold, text=text, partner=partner),
                "currency": request.firm.currency,
            }
            return render(request, "desk/link_here.html", context)
    row = request.POST.get("row", "")
    refusal: str | None = "Choose one of the records."
    if row.isdigit():
        refusal = actions.link_here(
            firm_id=firm_id, hold_id=hold.pk, row_id=int(row), partner=partner, by=request.user,
            now=timezone.now(),
        )  # fmt: skip
    reply(request, refusal, "Linked. Nothing posts for it; it can be undone under What stands already.")
    return back_to_case(case_id, refusal)


def _case(request: FirmRequest, case_id: int) -> tuple[Case, list[Hold]]:
    """Return an open case with those of its records that can be linked. Raises Http404."""
    case = cases.case_or_none(firm_id=request.firm.pk, case_id=case_id)
    rows = cases.open_holds(firm_id=request.firm.pk, case_id=case_id).select_related("document", "case")
    holds = [one for one in rows[:MOST] if linking.possible(one)]
    if case is None or not case.books_id or not holds:
        raise Http404
    return case, holds


@require_safe
@firm_view(Permission.RETRY)
def find_customer(request: FirmRequest, case_id: int) -> HttpResponse:
    """Search the customers of the books for a client that waits for one."""
    case = cases.case_or_none(firm_id=request.firm.pk, case_id=case_id)
    if case is None or case.closed_at or case.code != "doubtful_customer":
        raise Http404
    text = request.GET.get("q", "").replace("\x00", "").strip()
    context = {
        "section": "exceptions",
        "case": case,
        "text": text,
        "found": linking.customers(case=case, text=text) if text else [],
        "currency": request.firm.currency,
    }
    return render(request, "desk/find_customer.html", context)
