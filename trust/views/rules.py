"""Rules of jurisdictions with their sources, and what the firm sets or approves itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from trust import jurisdictions
from trust.actions import naming
from trust.queries import pairs as pairs_query
from trust.queries import rules as query
from trust.signing_forms import RuleForm

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from trust.jurisdictions import Jurisdiction, Rule

STRICT = "strict"  # in addresses, where the empty code cannot stand


def _place(code: str) -> Jurisdiction:
    """Return a place by its code in an address. Raises Http404 for one that does not exist."""
    found = jurisdictions.of(code)
    if not found.code and code != STRICT:
        raise Http404
    return found


@require_safe
@firm_view(Permission.SEE)
def rules(request: FirmRequest) -> HttpResponse:
    """Show the rules of a place: of the first trust account, unless the address names another."""
    first = pairs_query.pairs(request.firm.pk).select_related("firm").first()
    chosen = request.GET.get("place") or ((query.code_of(first) if first else "") or STRICT)
    place = query.rules_in(request.firm, _place(chosen).code)
    context = {
        "section": "trust",
        "place": place,
        "code": place.code or STRICT,
        "places": [jurisdictions.STRICT, *jurisdictions.ALL],
        "may_set": Permission.SIGN in request.can,
    }
    return render(request, "trust/rules.html", context)


@require_safe
@firm_view(Permission.SEE)
def rule(request: FirmRequest, code: str, key: str) -> HttpResponse:
    """Show one rule, where it comes from, and what the firm ever set."""
    return _page(request, *_rule(request, code, key))


def _rule(request: FirmRequest, code: str, key: str) -> tuple[Jurisdiction, Rule]:
    place = query.rules_in(request.firm, _place(code).code)
    if key not in jurisdictions.LABELS:
        raise Http404
    return place, place.rule(key)


def _page(
    request: FirmRequest, place: Jurisdiction, found: Rule, form: RuleForm | None = None, *, status: int = 200
) -> HttpResponse:
    start = {"words": found.words, "value": found.value}
    may_set = Permission.SIGN in request.can
    context = {
        "section": "trust",
        "place": place,
        "code": place.code or STRICT,
        "rule": found,
        "form": (form or RuleForm(rule=found, initial=start)) if may_set else None,
        "rows": query.history(request.firm, place.code, found.key),
    }
    return render(request, "trust/rule.html", context, status=status)


@require_POST
@firm_view(Permission.SIGN, scope="none")
def set_rule(request: FirmRequest, code: str, key: str) -> HttpResponse:
    """Set or approve one rule for the firm, with the source and date it rests on."""
    with firm_scope(write=request.firm.pk):
        place, found = _rule(request, code, key)
        form = RuleForm(request.POST, rule=found)
        if not form.is_valid():
            return _page(request, place, found, form, status=422)
        given = form.cleaned_data
        naming.set_rule(
            firm_id=request.firm.pk,
            code=place.code,
            key=key,
            words=given["words"],
            value=given.get("value", ""),
            source=given["source"],
            dated=given["dated"],
            actor=request.user,
            now=timezone.now(),
        )
    messages.info(request, f"Set for {request.firm}: {found.label}, {place.name}.")
    return redirect(f"{reverse('trust:rules')}?place={place.code or STRICT}")
