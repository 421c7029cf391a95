"""The rule on the day: which mapping decided, who wrote it, who approved it, what it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import firm_view
from accounts.queries import today_of
from accounts.roles import Permission
from mapping.queries import LEDGER_WORDS
from syncapp.desk.queries.rule_days import rule_day
from trust.views.frame import pair_or_404

if TYPE_CHECKING:
    from accounts.access import FirmRequest


class DayForm(forms.Form):
    """Which day."""

    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))


@require_safe
@firm_view(Permission.SEE)
def rule_on_day(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Answer by which rules a trust account and its books were kept on a day: today unless one is named."""
    pair = pair_or_404(request, pair_id)
    day = today_of(request.firm, timezone.now())
    form = DayForm(request.GET if "day" in request.GET else None, initial={"day": day})
    if form.is_bound and form.is_valid():
        day = min(form.cleaned_data["day"], day)
    context = {
        "section": "trust",
        "pair": pair,
        "form": form,
        "found": rule_day(pair, day, window=request.member.window),
        "ledger": LEDGER_WORDS[pair.books.ledger],
        "held": request.member.window is not None,
    }
    return render(request, "desk/rule_day.html", context)
