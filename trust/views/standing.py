"""Client balances on any past day, as known then and as known now."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import firm_view
from accounts.queries import today_of
from accounts.roles import Permission
from trust.queries import standing as query
from trust.views.frame import pair_or_404

if TYPE_CHECKING:
    from accounts.access import FirmRequest


class DayForm(forms.Form):
    """Which day."""

    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))


@require_safe
@firm_view(Permission.SEE)
def standing(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Show every client ledger on a day: the last month's end unless the address names another."""
    pair = pair_or_404(request, pair_id)
    today = today_of(request.firm, timezone.now())
    day = max(today.replace(day=1) - timedelta(days=1), pair.start)
    form = DayForm(request.GET if "day" in request.GET else None, initial={"day": day})
    if form.is_bound and form.is_valid():
        day = _within(form.cleaned_data["day"], pair.start, today)
    context = {
        "section": "trust",
        "pair": pair,
        "form": form,
        "known": query.on(pair, day),
        "currency": request.firm.currency,
    }
    return render(request, "trust/standing.html", context)


def _within(day: date, first: date, last: date) -> date:
    """Keep a day between the account's start and today."""
    return min(max(day, first), last)
