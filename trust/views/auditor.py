"""The auditor's pages: what may be looked at, each bank line's way to Clio, whether all of it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.access import firm_view
from accounts.queries import today_of
from accounts.roles import Permission
from accounts.windows import month_end
from trust.auditing import window_pairs
from trust.downloads import report_file
from trust.queries import signing, statements
from trust.queries.completeness import completeness as followed
from trust.queries.papers import papers
from trust.reports.completeness import report, sentence
from trust.reports.nouns import Table
from trust.signing.states import State
from trust.views.frame import month_or_404, pair_or_404, period
from trust.views.tables import laid_out
from trust.views.words import pill

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from accounts.access import FirmRequest
    from accounts.windows import Window
    from trust.models import TrustPair

PAGE = 50


@require_safe
@firm_view(Permission.SEE)
def auditor(request: FirmRequest) -> HttpResponse:
    """Answer what an auditor may look at; who is held to no accounts is led to all of them."""
    window = request.member.window
    if window is None:
        return redirect("trust:overview")
    today = today_of(request.firm, timezone.now())
    standing = signing.states_of(request.firm.pk)
    context = {
        "section": "trust",
        "window": window,
        "accounts": [
            _account(pair, window, today, standing) for pair in window_pairs(request.firm.pk, window)
        ],
    }
    return render(request, "trust/auditor.html", context)


def _account(
    pair: TrustPair, window: Window, today: date, standing: dict[tuple[int, date], State]
) -> dict[str, Any]:
    first, last = max(window.first, pair.start), min(window.last, today)
    months = [month for month in window.months() if pair.start <= month_end(month) and month <= today]
    told = statements.covering(pair=pair, first=window.first, last=window.last)
    return {
        "pair": pair,
        "first": first,
        "last": last,
        "begun": first <= last,
        "days": urlencode({"from": first, "to": last}),
        "months": [{"month": m, **pill(standing.get((pair.pk, m), State.OPEN))} for m in months],
        "statements": [(one, window.covers(one.first_day, one.last_day)) for one in told],
    }


@require_safe
@firm_view(Permission.SEE)
def paper(request: FirmRequest, pair_id: int, month: str) -> HttpResponse:
    """Follow each line of the bank to its entry, to Clio, to the matter and who approved it."""
    pair = pair_or_404(request, pair_id)
    first = month_or_404(pair, month)
    search = request.GET.get("q", "").strip()[:120]
    rows = papers(pair, first, month_end(first), search=search)
    context = {
        "section": "trust",
        "pair": pair,
        "month": first,
        "currency": pair.firm.currency,
        "q": search,
        "count": len(rows),
        "matched": sum(one.match is not None for one in rows),
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "trust/paper.html", context)


@require_safe
@firm_view(Permission.SEE)
def completeness(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Follow each movement that Clio has into the books, and each entry back, on a page or as a file."""
    now = timezone.now()
    pair = pair_or_404(request, pair_id)
    first, last = period(request, pair)
    found = followed(pair, first, last)
    told = report(found)
    if request.GET.get("format", "") in {"csv", "pdf"} and Permission.EXPORT in request.can:
        return report_file(request, told, name=slugify(f"{pair.clio_account} completeness {last}"), now=now)
    context = {
        "section": "trust",
        "pair": pair,
        "first": first,
        "last": last,
        "days": urlencode({"from": first, "to": last}),
        "found": found,
        "sentence": sentence(found),
        "currency": pair.firm.currency,
        "may_export": Permission.EXPORT in request.can,
        "parts": [laid_out(part) for part in told.parts if isinstance(part, Table)],
    }
    return render(request, "trust/completeness.html", context)
