"""Trust entries over the firm's limit: what would post, who approved it, who still may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.desk.queries import cases
from syncapp.desk.queries import trust_awaiting as query
from syncapp.desk.replies import reply
from syncapp.pipeline.trust import approvals as trust_approvals

if TYPE_CHECKING:
    from accounts.access import FirmRequest


@require_safe
@firm_view(Permission.SEE)
def approvals(request: FirmRequest) -> HttpResponse:
    """Answer which trust entries wait for approval."""
    rows = query.awaiting(request.firm, request.user)
    context = {
        "section": "trust",
        "rows": rows,
        "total": sum(row.amount for row in rows),
        "limit": trust_approvals.limit_of(request.firm),
        "currency": request.firm.currency,
        "may_approve": Permission.APPROVE in request.can,
    }
    return render(request, "desk/trust_approvals.html", context)


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def approve(request: FirmRequest, hold_id: int) -> HttpResponse:
    """Approve to post one trust entry as the page showed it."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        if not cases.open_holds(firm_id=request.firm.pk).filter(pk=hold_id).exists():
            raise Http404
    refusal = trust_approvals.approve(
        firm=request.firm,
        hold_id=hold_id,
        print_=request.POST.get("print", ""),
        by=request.user,
        now=timezone.now(),
    )
    reply(request, refusal, "Approved. It posts with the run that begins now, if no one else must approve.")
    return redirect("desk:trust_approvals")
