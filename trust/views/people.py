"""Who signs for an account, who signs its checks, and who signs for whom when a lawyer is away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import firm_view
from accounts.queries import members_today, today_of
from accounts.roles import Permission, allows
from accounts.tenancy import firm_scope
from trust.actions import naming
from trust.models import Deputy, Duty
from trust.queries import pairs as pairs_query
from trust.queries import signing as query
from trust.signing_forms import DeputyForm, DutyForm

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from accounts.models import User


@require_safe
@firm_view(Permission.SEE)
def people(request: FirmRequest) -> HttpResponse:
    """Show who is named for what."""
    return _page(request)


def _people(request: FirmRequest) -> list[User]:
    return [one.user for one in members_today(firm_id=request.firm.pk, now=timezone.now())]


def _lawyers(request: FirmRequest) -> list[User]:
    members = members_today(firm_id=request.firm.pk, now=timezone.now())
    return [one.user for one in members if allows(one.role, Permission.SIGN)]


def _duty_form(request: FirmRequest, given: Any = None) -> DutyForm:
    return DutyForm(given, pairs=pairs_query.pairs(request.firm.pk), people=_people(request))


def _page(
    request: FirmRequest,
    *,
    duty_form: DutyForm | None = None,
    deputy_form: DeputyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    may_name = Permission.SIGN in request.can
    rows = Duty.objects.filter(firm=request.firm).select_related("pair", "user")
    context: dict[str, Any] = {
        "section": "trust",
        "today": today_of(request.firm, timezone.now()),
        "duties": rows.order_by("pair__position", "duty", "user__name"),
        "deputies": query.deputies(request.firm.pk),
        "may_name": may_name,
    }
    if may_name:
        context["duty_form"] = duty_form or _duty_form(request)
        context["deputy_form"] = deputy_form or DeputyForm(lawyers=_lawyers(request))
    return render(request, "trust/people.html", context, status=status)


@require_POST
@firm_view(Permission.SIGN, scope="none")
def name(request: FirmRequest) -> HttpResponse:
    """Name a person for a duty of an account."""
    with firm_scope(write=request.firm.pk):
        form = _duty_form(request, request.POST)
        if not form.is_valid():
            return _page(request, duty_form=form, status=422)
        given = form.cleaned_data
        pair = pairs_query.pairs(request.firm.pk).get(pk=int(given["pair"]))
        person = next(one for one in _people(request) if str(one.pk) == given["person"])
        if given["duty"] == "signs" and person not in _lawyers(request):
            form.add_error("person", "Only a partner signs reconciliations.")
            return _page(request, duty_form=form, status=422)
        naming.name(pair=pair, person=person, duty=given["duty"], actor=request.user, now=timezone.now())
    messages.info(request, f"{person} {naming.DUTY_WORDS[given['duty']]} of {pair}.")
    return redirect("trust:people")


@require_POST
@firm_view(Permission.SIGN, scope="none")
def take_back(request: FirmRequest, duty_id: int) -> HttpResponse:
    """Take a duty back."""
    with firm_scope(write=request.firm.pk):
        row = Duty.objects.filter(firm=request.firm, pk=duty_id).select_related("pair", "user").first()
        if row is None:
            raise Http404
        naming.take_back(row=row, actor=request.user, now=timezone.now())
    messages.info(request, f"{row.user} is no longer named for {row.pair}.")
    return redirect("trust:people")


@require_POST
@firm_view(Permission.SIGN, scope="none")
def deputy(request: FirmRequest) -> HttpResponse:
    """Name who signs for a lawyer, from one day to another."""
    lawyers = _lawyers(request)
    with firm_scope(write=request.firm.pk):
        form = DeputyForm(request.POST, lawyers=lawyers)
        if not form.is_valid():
            return _page(request, deputy_form=form, status=422)
        given = form.cleaned_data
        chosen = {str(one.pk): one for one in lawyers}
        outcome = naming.name_deputy(
            firm_id=request.firm.pk,
            absent=chosen[given["absent"]],
            deputy=chosen[given["deputy"]],
            first=given["first_day"],
            last=given["last_day"],
            actor=request.user,
            now=timezone.now(),
        )
        if isinstance(outcome, str):
            form.add_error(None, outcome)
            return _page(request, deputy_form=form, status=422)
    messages.info(request, f"{outcome.deputy} signs for {outcome.absent} on these days.")
    return redirect("trust:people")


@require_POST
@firm_view(Permission.SIGN, scope="none")
def end_deputy(request: FirmRequest, deputy_id: int) -> HttpResponse:
    """End a deputy's time early."""
    with firm_scope(write=request.firm.pk):
        row = (
            Deputy.objects.filter(firm=request.firm, pk=deputy_id).select_related("absent", "deputy").first()
        )
        if row is None:
            raise Http404
        if row.ended_at is None:
            naming.end_deputy(row=row, actor=request.user, now=timezone.now())
    messages.info(request, f"{row.deputy} no longer signs for {row.absent}.")
    return redirect("trust:people")
