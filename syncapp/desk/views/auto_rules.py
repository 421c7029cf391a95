"""What is answered by itself? The firm's rules, what each would answer now, and every use of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.desk.auto_forms import RuleForm
from syncapp.desk.queries import auto_uses
from syncapp.pipeline.autos import keeping
from syncapp.pipeline.clock import schedule

if TYPE_CHECKING:
    from accounts.access import FirmRequest

PAGE = 50


@require_safe
@firm_view(Permission.SEE)
def auto_rules(request: FirmRequest) -> HttpResponse:
    """Show the rules, a form for another, and what they answered."""
    return _page(request, RuleForm())


def _page(request: FirmRequest, form: RuleForm, *, status: int = 200, **more: Any) -> HttpResponse:
    firm_id = request.firm.pk
    page = auto_uses.uses(firm_id=firm_id, per_page=PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "exceptions",
        "rules": auto_uses.standing(firm_id=firm_id, now=timezone.now()),
        "page": page,
        "form": form,
        "may_change": Permission.RETRY in request.can,
        "currency": request.firm.currency,
        **more,
    }
    return render(request, "desk/auto_rules.html", context, status=status)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def add(request: FirmRequest) -> HttpResponse:
    """Look first at what a rule would answer now; then put it in force."""
    form = RuleForm(request.POST)
    if not form.is_valid() or request.POST.get("sure") != "1":
        with firm_scope(write=None, reads=[request.firm.pk]):
            if not form.is_valid():
                return _page(request, form, status=422)
            rule = form.rule(request.user.email)
            look = auto_uses.look(firm_id=request.firm.pk, rule=rule)
            return _page(request, form, rule=rule, look=look)
    rule, now = form.rule(request.user.email.lower()), timezone.now()
    refusal = keeping.add(firm=request.firm, rule=rule, by=request.user, now=now)
    if refusal:
        form.add_error("name", refusal)
        with firm_scope(write=None, reads=[request.firm.pk]):
            return _page(request, form, status=422)
    schedule.ask(firm_id=request.firm.pk, now=now)
    messages.info(request, f"“{rule.name}” is in force. It answers with the run that begins now.")
    return redirect("desk:auto_rules")


@require_POST
@firm_view(Permission.RETRY, scope="none")
def change(request: FirmRequest, what: str) -> HttpResponse:
    """Let a rule rest, work again, or take it away."""
    name, now = request.POST.get("name", ""), timezone.now()
    firm, by = request.firm, request.user
    refusal = (
        keeping.remove(firm=firm, name=name, by=by, now=now)
        if what == "remove"
        else keeping.switch(firm=firm, name=name, on=what == "on", by=by, now=now)
    )
    if refusal:
        messages.warning(request, refusal)
    else:
        done = {"on": "works again", "off": "rests", "remove": "was taken away; what it answered stays"}
        messages.info(request, f"“{name}” {done[what]}.")
        if what == "on":
            schedule.ask(firm_id=request.firm.pk, now=now)
    return redirect("desk:auto_rules")
