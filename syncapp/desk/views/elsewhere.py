"""Settled elsewhere: with the reason and the evidence, and taken back again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import firm_view
from accounts.downloads import download
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.desk import actions, words
from syncapp.desk.forms import ElsewhereForm
from syncapp.desk.queries import card, cases
from syncapp.pipeline.cases import elsewhere as kept
from syncapp.records.models import Case, Elsewhere

if TYPE_CHECKING:
    from accounts.access import FirmRequest


@require_http_methods(["GET", "HEAD", "POST"])
@firm_view(Permission.APPROVE, scope="none")
def elsewhere(request: FirmRequest, case_id: int) -> HttpResponse:
    """Ask why and where all that a case holds was settled, and keep it."""
    form = ElsewhereForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        found = actions.settle_elsewhere(
            firm_id=request.firm.pk,
            case_id=case_id,
            reason=form.cleaned_data["reason"],
            proof=form.proof(),
            partner=Permission.SIGN in request.can,
            by=request.user,
            now=timezone.now(),
        )
        if isinstance(found, int):
            told = words.counted(found, "record")
            messages.info(request, f"Kept: {told} settled elsewhere. The tie-out names it with your reason.")
            return redirect("desk:case", case_id=case_id)
        form.add_error(None, found)
    with firm_scope(write=None, reads=[request.firm.pk]):
        context = _context(request, case_id) | {"form": form}
        return render(request, "desk/elsewhere.html", context, status=422 if form.errors else 200)


def _context(request: FirmRequest, case_id: int) -> dict[str, Any]:
    case = cases.case_or_none(firm_id=request.firm.pk, case_id=case_id)
    if case is None or case.closed_at:
        raise Http404
    holds = list(cases.open_holds(firm_id=request.firm.pk, case_id=case_id).select_related("document")[:200])
    would = card.would_post(firm_id=request.firm.pk, case=case)
    return {
        "section": "exceptions",
        "case": case,
        "would": would,
        "totals": cases.case_totals(firm_id=request.firm.pk, case_id=case_id),
        "currency": request.firm.currency,
        "trust": kept.of_trust(case, holds),
        "signs": Permission.SIGN in request.can,
    }


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def take_back(request: FirmRequest, case_id: int) -> HttpResponse:
    """Plan again what was said to be settled elsewhere."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        if not Case.objects.filter(firm=request.firm, pk=case_id).exists():
            raise Http404
    found = actions.take_back(firm_id=request.firm.pk, case_id=case_id, by=request.user, now=timezone.now())
    if found:
        messages.info(request, f"{words.counted(found, 'record')} planned again by the run that begins now.")
    else:
        messages.warning(request, "Nothing of it is settled elsewhere any more.")
    return redirect("desk:case", case_id=case_id)


@require_safe
@firm_view(Permission.SEE)
def evidence(request: FirmRequest, row_id: int) -> HttpResponse:
    """Hand out the evidence as it came."""
    row = Elsewhere.objects.filter(firm=request.firm, pk=row_id, digest__gt="").defer("evidence").first()
    kept = card.evidence(row) if row else None
    if row is None or kept is None:
        raise Http404
    name, headers = row.name or "evidence", {"X-Content-SHA256": row.digest}
    return download(kept, name=name, kind="application/octet-stream", headers=headers)
