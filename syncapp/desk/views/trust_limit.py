"""From which amount does a trust entry wait? The firm's limit, and changes of it that wait for a partner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.desk.limit_forms import LimitForm
from syncapp.desk.replies import reply
from syncapp.pipeline.trust import approval_limit as verbs
from syncapp.pipeline.trust import approvals
from trust.models import LimitChange

if TYPE_CHECKING:
    from accounts.access import FirmRequest

AT_ONCE = "It only tightens the limit, so it is in force."
NOT_YOURS = "Only who asked for the change takes it back; a partner refuses it."
FIRST = "A partner who did not ask for it approves it before it is in force."


@require_safe
@firm_view(Permission.SEE)
def limit(request: FirmRequest) -> HttpResponse:
    """Show the limit, the change that waits, and the form that asks for another."""
    return _page(request)


def _page(request: FirmRequest, form: LimitForm | None = None, status: int = 200) -> HttpResponse:
    firm, currency = request.firm, request.firm.currency
    now_in_force = approvals.limit_of(firm)
    waits = verbs.waiting(firm.pk)
    context: dict[str, Any] = {
        "section": "trust",
        "sentence": verbs.in_words(now_in_force, currency),
        "waits": waits,
        "then": verbs.in_words(verbs.read(waits.terms, currency), currency) if waits else "",
        "may_decide": waits and Permission.SIGN in request.can and waits.proposed_by_id != request.user.pk,
        "mine": waits and waits.proposed_by_id == request.user.pk,
        "held": len(approvals.waiting(firm.pk)),
        "history": [
            (row, verbs.in_words(verbs.read(row.terms, currency), currency)) for row in verbs.decided(firm.pk)
        ],
    }
    if Permission.APPROVE in request.can:
        context["form"] = form or _form(request, now_in_force)
    return render(request, "desk/trust_limit.html", context, status=status)


def _form(request: FirmRequest, now_in_force: approvals.Limit, given: Any = None) -> LimitForm:
    people = verbs.approvers(request.firm, timezone.now())
    return LimitForm(given, limit=now_in_force, people=people, currency=request.firm.currency)


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def ask(request: FirmRequest) -> HttpResponse:
    """Ask for another limit."""
    reads = [request.firm.pk]
    with firm_scope(write=None, reads=reads):
        form = _form(request, approvals.limit_of(request.firm), request.POST)
        valid = form.is_valid()
    if valid:
        made = verbs.ask(
            firm=request.firm,
            limit=form.wanted(),
            by=request.user,
            signs=Permission.SIGN in request.can,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
        if isinstance(made, LimitChange):
            at_once = made.state == "approved"
            messages.info(request, AT_ONCE if at_once else FIRST)
            return redirect("desk:trust_limit")
        for fault in made:
            form.add_error(fault.field or None, fault.words)
    with firm_scope(write=None, reads=reads):
        return _page(request, form, status=422)


@require_POST
@firm_view(Permission.SIGN, scope="none")
def decide(request: FirmRequest, change_id: int) -> HttpResponse:
    """Approve a change of the limit, or refuse it."""
    return _done(request, change_id, approves=request.POST.get("decision") == "approve")


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def take_back(request: FirmRequest, change_id: int) -> HttpResponse:
    """Take back the change of the limit that one asked for oneself."""
    return _done(request, change_id, own=True)


def _done(request: FirmRequest, change_id: int, *, approves: bool = False, own: bool = False) -> HttpResponse:
    with firm_scope(write=None, reads=[request.firm.pk]):
        change = LimitChange.objects.filter(firm_id=request.firm.pk, pk=change_id).first()
    if change is None:
        raise Http404
    if own and change.proposed_by_id != request.user.pk:
        messages.error(request, NOT_YOURS)
        return redirect("desk:trust_limit")
    act = verbs.approve if approves else verbs.refuse
    note = request.POST.get("note", "").strip()
    refusal = act(firm=request.firm, change_id=change.pk, by=request.user, note=note, now=timezone.now())
    reply(request, refusal, "Approved. It is in force." if approves else "The limit stays as it was.")
    return redirect("desk:trust_limit")
