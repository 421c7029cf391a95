"""Asking, answering and reopening a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from trust.actions import signing as verbs
from trust.models import Reconciliation
from trust.queries import signing as query
from trust.signing.states import State
from trust.signing_forms import AnswerForm, QuestionForm, ReopenForm
from trust.views.frame import month_address, month_or_404, pair_or_404

if TYPE_CHECKING:
    from django import forms

    from accounts.access import FirmRequest

ONLY_A_LAWYER = "Only a lawyer reopens a month that was signed."


def _reconciliation(request: FirmRequest, pair_id: int, month: str) -> Reconciliation:
    pair = pair_or_404(request, pair_id)
    found = query.reconciliation(pair, month_or_404(pair, month))
    if found is None:
        raise Http404
    return found


def _said(form: forms.Form) -> str:
    """Return the first thing that is wrong with what was written; empty when nothing is."""
    for errors in form.errors.values():
        return str(errors[0])
    return ""


def _back(request: FirmRequest, one: Reconciliation, refused: object, done: str) -> HttpResponse:
    if isinstance(refused, str) and refused:
        messages.error(request, refused)
    else:
        messages.info(request, done)
    return redirect(month_address(one.pair_id, one.month))


@require_POST
@firm_view(Permission.SIGN, scope="none")
def ask(request: FirmRequest, pair_id: int, month: str) -> HttpResponse:
    """Return the month to its preparer with a question."""
    form = QuestionForm(request.POST)
    with firm_scope(write=request.firm.pk):
        one = _reconciliation(request, pair_id, month)
        outcome = _said(form) or verbs.ask(
            one=one, words=form.cleaned_data["words"], actor=request.user, now=timezone.now()
        )
    return _back(request, one, outcome, "Asked. It cannot be signed until the question is answered.")


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def answer(request: FirmRequest, pair_id: int, month: str) -> HttpResponse:
    """Answer a question of the month."""
    form = AnswerForm(request.POST)
    with firm_scope(write=request.firm.pk):
        one = _reconciliation(request, pair_id, month)
        outcome = _said(form) or verbs.answer(
            one=one,
            question=form.cleaned_data["question"],
            words=form.cleaned_data["words"],
            actor=request.user,
            now=timezone.now(),
        )
    return _back(request, one, outcome, "Answered. The month awaits its lawyer again.")


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def reopen(request: FirmRequest, pair_id: int, month: str) -> HttpResponse:
    """Unlock the month, with a reason; one that was signed only by a lawyer."""
    form = ReopenForm(request.POST)
    with firm_scope(write=request.firm.pk):
        one = _reconciliation(request, pair_id, month)
        was_signed = one.state in {State.SIGNED.value, State.SUSPENDED.value}
        refused = ONLY_A_LAWYER if was_signed and Permission.SIGN not in request.can else _said(form)
        outcome = refused or verbs.reopen(
            one=one, reason=form.cleaned_data["reason"], actor=request.user, now=timezone.now()
        )
    return _back(request, one, outcome, "Reopened. What was signed stays in the history.")
