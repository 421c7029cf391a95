"""The partner's page: nothing but what is red, and on a quiet day the proof that nothing is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import firm_view
from accounts.queries import today_of
from accounts.roles import Permission
from syncapp.desk.queries import red as query

if TYPE_CHECKING:
    from accounts.access import FirmRequest


@require_safe
@firm_view(Permission.SEE)
def red(request: FirmRequest) -> HttpResponse:
    """Show only what is red: large or old exceptions, unsigned months, client money that differs."""
    now = timezone.now()
    found = query.red(request.member, now)
    context = {
        "section": "overview",
        "now": now,
        "today": today_of(request.firm, now),
        "compared_day": today_of(request.firm, found.compared_at) if found.compared_at else None,
        "red": found,
        "months": [(one, reverse(one.page, kwargs=one.names)) for one in found.months],
        "currency": request.firm.currency,
    }
    return render(request, "desk/red.html", context)
