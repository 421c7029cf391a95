"""The opening of a trust account: does it tie, and what a person gives when Clio does not have it."""

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
from syncapp.core import money
from syncapp.desk.queries import trust as query
from syncapp.desk.trust_forms import OpeningFileForm, StatementForm, written
from syncapp.desk.views.trust_accounts import pair_or_404
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.trust import openings as trust_openings
from trust.actions import openings as actions
from trust.queries import openings, statements

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from trust.models import TrustPair


@require_safe
@firm_view(Permission.SEE)
def opening(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Answer whether the opening ties."""
    return _page(request, pair_or_404(request, pair_id))


def _page(
    request: FirmRequest,
    pair: TrustPair,
    *,
    file_form: OpeningFileForm | None = None,
    statement_form: StatementForm | None = None,
    status: int = 200,
) -> HttpResponse:
    found = openings.opening_of(pair)
    page = query.opening_page(pair, found)
    waits = openings.waits(pair)
    context: dict[str, Any] = {
        "section": "trust",
        "pair": pair,
        "opening": found,
        "page": page,
        "waits": waits,
        "currency": request.firm.currency,
        "may_give": Permission.MAP in request.can and pair.opening != openings.NO_OPENING,
    }
    if context["may_give"] and (found is None or found.agreed_at is None):
        context["file_form"] = file_form or OpeningFileForm()
    if context["may_give"] and (found is None or found.agreed_at is None or found.statement is None):
        context["statement_form"] = statement_form or _statement_form(request, pair, page)
    return render(request, "desk/trust_opening.html", context, status=status)


def _statement_form(request: FirmRequest, pair: TrustPair, page: query.OpeningPage) -> StatementForm:
    found = openings.opening_of(pair)
    balance = found.statement if found is not None else None
    if balance is None and found is not None:
        balance = statements.balance_on(pair, found.day)
    said = {} if balance is None else {"statement": money.text(balance, request.firm.currency)}
    listed = written(page.items, request.firm.currency)
    return StatementForm(initial={**said, "outstanding": listed}, currency=request.firm.currency)


@require_POST
@firm_view(Permission.MAP, scope="none")
def file(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Take an opening from a file."""
    form, now = OpeningFileForm(request.POST, request.FILES), timezone.now()
    with firm_scope(write=request.firm.pk):
        pair = pair_or_404(request, pair_id)
        if not form.is_valid():
            return _page(request, pair, file_form=form, status=422)
        name, text = form.cleaned_data["file"]
        refusal = trust_openings.take_file(pair=pair, text=text, name=name, by=request.user, now=now)
        if refusal:
            form.add_error("file", refusal)
            return _page(request, pair, file_form=form, status=422)
    schedule.ask(firm_id=request.firm.pk, now=now)
    messages.info(request, "The opening is taken from the file. The run that begins now compares it.")
    return redirect("desk:trust_opening", pair_id=pair_id)


@require_POST
@firm_view(Permission.MAP, scope="none")
def statement(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Take the bank's balance at the opening and what it had not yet seen."""
    form, now = StatementForm(request.POST, currency=request.firm.currency), timezone.now()
    with firm_scope(write=request.firm.pk):
        pair = pair_or_404(request, pair_id)
        if not form.is_valid():
            return _page(request, pair, statement_form=form, status=422)
        refusal = actions.give_statement(
            pair=pair,
            statement=form.cleaned_data["statement"],
            items=form.cleaned_data["outstanding"],
            by=request.user,
            now=now,
            currency=request.firm.currency,
        )
        if refusal:
            form.add_error("statement", refusal)
            return _page(request, pair, statement_form=form, status=422)
    schedule.ask(firm_id=request.firm.pk, now=now)
    messages.info(request, "Kept. The run that begins now compares it.")
    return redirect("desk:trust_opening", pair_id=pair_id)
