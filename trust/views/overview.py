"""Is client money safe? Every trust account on one page, and what awaits whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import firm_view
from accounts.queries import today_of
from accounts.roles import Permission
from trust.queries import awaiting as awaiting_query
from trust.queries import earned as earned_query
from trust.queries import figures as figures_query
from trust.queries import pairs as pairs_query
from trust.queries import rules as rules_query
from trust.queries import signing as query
from trust.queries import statements
from trust.signing.states import State
from trust.views.words import outstanding, pill, tie, verdict

if TYPE_CHECKING:
    from datetime import date

    from accounts.access import FirmRequest
    from trust.models import TrustPair

MONTHS = 12


@require_safe
@firm_view(Permission.SEE)
def overview(request: FirmRequest) -> HttpResponse:
    """Show each account: its three ways, what is red, and its months."""
    now = timezone.now()
    today = today_of(request.firm, now)
    standing = query.states_of(request.firm.pk)
    rows = pairs_query.pairs(request.firm.pk).select_related("firm", "books")
    earned = earned_query.standings(request.firm.pk)
    accounts = [_account(pair, today, standing) | {"earned": earned.get(pair.pk)} for pair in rows]
    waiting = awaiting_query.waiting(request.member, now)
    context = {
        "section": "trust",
        "accounts": accounts,
        "currency": request.firm.currency,
        "total": sum(one["figures"].positive for one in accounts if one["figures"]),
        "waiting": [one for one in waiting if one.mine],
        "unsigned": sum(one["unsigned"] for one in accounts),
        "safe": all(one["safe"] for one in accounts),
    }
    return render(request, "trust/overview.html", context)


def _account(pair: TrustPair, today: date, standing: dict[tuple[int, date], State]) -> dict[str, Any]:
    months = query.months(pair, today)
    shown = _shown(pair, months)
    found = figures_query.of(pair, shown) if shown else None
    stands = [standing.get((pair.pk, month), State.OPEN) for month in months]
    return {
        "pair": pair,
        "rules": rules_query.rules_of(pair),
        "signers": query.named(pair, "signs"),
        "month": shown,
        "figures": found,
        "tie": tie(found) if found else None,
        "verdict": verdict(found) if found else "No month is over yet.",
        "outstanding": outstanding(found) if found else None,
        "safe": found is None or (found.equal and not found.negatives),
        "months": [
            {"month": month, "state": state, **pill(state)}
            for month, state in list(zip(months, stands, strict=True))[:MONTHS]
        ],
        "unsigned": sum(state is not State.SIGNED for state in stands),
    }


def _shown(pair: TrustPair, months: list[date]) -> date | None:
    """Return the latest month that a statement covers to its end, else the latest that is over."""
    until = statements.covered_until(pair)
    for month in months:
        if until is not None and query.next_month(month) <= until + statements.ONE_DAY:
            return month
    return months[0] if months else None


@require_safe
@firm_view(Permission.SEE)
def awaiting(request: FirmRequest) -> HttpResponse:
    """List what awaits this person, and what awaits others."""
    now = timezone.now()
    waiting = awaiting_query.waiting(request.member, now)
    context = {
        "section": "trust",
        "today": today_of(request.firm, now),
        "mine": [(one, reverse(one.page, kwargs=one.names)) for one in waiting if one.mine],
        "others": [(one, reverse(one.page, kwargs=one.names)) for one in waiting if not one.mine],
    }
    return render(request, "trust/awaiting.html", context)
