"""What rests or is missing in a trust account, and who does what next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import firm_view
from accounts.queries import today_of
from accounts.roles import Permission
from trust.queries.lists import lists_of
from trust.views.frame import pair_or_404

if TYPE_CHECKING:
    from accounts.access import FirmRequest


@require_safe
@firm_view(Permission.SEE)
def lists(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Show stale checks, dormant ledgers, money of nobody known and shortages, each with the next step."""
    pair = pair_or_404(request, pair_id)
    today = today_of(request.firm, timezone.now())
    context = {
        "section": "trust",
        "pair": pair,
        "today": today,
        "lists": lists_of(pair, today),
        "currency": request.firm.currency,
    }
    return render(request, "trust/lists.html", context)
