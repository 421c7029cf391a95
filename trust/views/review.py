"""The random review of a quarter: draw, look at each transaction, answer, sign."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import firm_view
from accounts.queries import today_of
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from trust.actions import reviews as verbs
from trust.queries import reviews as query
from trust.queries import signing
from trust.signing.draw import AT_LEAST
from trust.signing_forms import ReviewForm, ReviewSignForm
from trust.views.frame import month_address, month_or_404, pair_or_404

if TYPE_CHECKING:
    from datetime import date

    from accounts.access import FirmRequest
    from trust.models import Review, ReviewNote, TrustPair


def _quarter(request: FirmRequest, pair_id: int, month: str) -> tuple[TrustPair, date]:
    """Return the account and the first day of the quarter. Raises Http404 for any other month of it."""
    pair = pair_or_404(request, pair_id)
    first = month_or_404(pair, month, quarter=True)
    if query.quarter_of(first) != first:
        raise Http404
    return pair, first


@require_safe
@firm_view(Permission.SEE)
def review(request: FirmRequest, pair_id: int, month: str) -> HttpResponse:
    """Show what was drawn in a quarter and what was answered, or offer to draw."""
    pair, quarter = _quarter(request, pair_id, month)
    return _page(request, pair, quarter)


def _page(
    request: FirmRequest,
    pair: TrustPair,
    quarter: date,
    *,
    answering: ReviewForm | None = None,
    signing_form: ReviewSignForm | None = None,
    status: int = 200,
) -> HttpResponse:
    one = query.review(pair, quarter)
    found = query.drawn(pair, one) if one else []
    note = query.signature(one) if one else None
    may_sign = Permission.SIGN in request.can and note is None
    start = {"name": request.user.name, "bar_number": signing.last_bar_number(request.firm.pk, request.user)}
    context = {
        "section": "trust",
        "pair": pair,
        "quarter": quarter,
        "last": query.last_day(quarter),
        "review": one,
        "signed": note,
        "at_least": AT_LEAST,
        "drawn": [(each, _said(each.note), _form(each, answering) if may_sign else None) for each in found],
        "may_sign": may_sign,
        "sign_form": signing_form or ReviewSignForm(initial=start),
        "unanswered": sum(each.note is None for each in found),
    }
    return render(request, "trust/review.html", context, status=status)


def _said(note: ReviewNote | None) -> list[tuple[str, str]]:
    """Return the answers under the words of their questions."""
    fields = ReviewForm.base_fields
    return [(str(fields[key].label), value) for key, value in note.answers.items()] if note else []


def _form(each: query.Drawn, answering: ReviewForm | None) -> ReviewForm:
    """Return the form of one transaction: what was just sent for it, else what was answered before."""
    subject = each.movement.subject
    if answering is not None and answering.data.get("subject") == subject:
        return answering
    before: dict[str, Any] = dict(each.note.answers) if each.note else {}
    return ReviewForm(initial={**before, "subject": subject}, auto_id=f"id_{subject.replace('/', '_')}_%s")


def _done(
    request: FirmRequest, pair: TrustPair, quarter: date, outcome: Review | ReviewNote | str, words: str
) -> HttpResponse:
    if isinstance(outcome, str):
        messages.error(request, outcome)
    else:
        messages.info(request, words)
    return redirect(month_address(pair.pk, quarter, "trust:review"))


@require_POST
@firm_view(Permission.SIGN, scope="none")
def draw(request: FirmRequest, pair_id: int, month: str) -> HttpResponse:
    """Draw the transactions of a quarter."""
    with firm_scope(write=request.firm.pk):
        pair, quarter = _quarter(request, pair_id, month)
        seed = secrets.token_hex(16)
        made = verbs.begin(pair=pair, quarter=quarter, seed=seed, actor=request.user, now=timezone.now())
    return _done(request, pair, quarter, made, "Drawn. The seed is kept with it.")


@require_POST
@firm_view(Permission.SIGN, scope="none")
def answer(request: FirmRequest, pair_id: int, month: str) -> HttpResponse:
    """Keep the answers about one drawn transaction."""
    form = ReviewForm(request.POST)
    with firm_scope(write=request.firm.pk):
        pair, quarter, one = _drawn(request, pair_id, month)
        if not form.is_valid():
            return _page(request, pair, quarter, answering=form, status=422)
        given = {key: str(value) for key, value in form.cleaned_data.items() if key != "subject"}
        outcome = verbs.answer(
            one=one,
            subject=form.cleaned_data["subject"],
            answers=given,
            actor=request.user,
            now=timezone.now(),
        )
    return _done(request, pair, quarter, outcome, "Answered.")


@require_POST
@firm_view(Permission.SIGN, scope="none")
def sign(request: FirmRequest, pair_id: int, month: str) -> HttpResponse:
    """Sign the review of a quarter."""
    now = timezone.now()
    form = ReviewSignForm(request.POST)
    with firm_scope(write=request.firm.pk):
        pair, quarter, one = _drawn(request, pair_id, month)
        if not form.is_valid():
            return _page(request, pair, quarter, signing_form=form, status=422)
        outcome = verbs.sign(
            one=one,
            name=form.cleaned_data["name"],
            bar_number=form.cleaned_data["bar_number"],
            actor=request.user,
            today=today_of(request.firm, now),
            now=now,
        )
    return _done(request, pair, quarter, outcome, "Signed.")


def _drawn(request: FirmRequest, pair_id: int, month: str) -> tuple[TrustPair, date, Review]:
    """Return the review of a quarter. Raises Http404 for one that was not drawn."""
    pair, quarter = _quarter(request, pair_id, month)
    one = query.review(pair, quarter)
    if one is None:
        raise Http404
    return pair, quarter, one
