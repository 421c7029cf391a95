"""The yearly pack of trust accounts, as a page, a PDF and a CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.access import firm_view
from accounts.queries import today_of
from accounts.roles import Permission
from syncapp.desk import yearly as report
from syncapp.desk.queries import yearly as query
from trust.downloads import report_file

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from accounts.access import FirmRequest


@require_safe
@firm_view(Permission.SEE)
def yearly(request: FirmRequest) -> HttpResponse:
    """Show the pack of last year, unless the address names another."""
    today = today_of(request.firm, timezone.now())
    found = query.pack(request.firm, _year(request, today), today)
    context = {
        "section": "trust",
        "pack": found,
        "verdict": report.verdict(found),
        "years": query.years(request.firm.pk, today),
        "currency": request.firm.currency,
    }
    return render(request, "desk/yearly.html", context)


@require_safe
@firm_view(Permission.EXPORT)
def yearly_file(request: FirmRequest) -> HttpResponse:
    """Answer with the pack as PDF or CSV."""
    now = timezone.now()
    today = today_of(request.firm, now)
    found = report.report(request.firm, query.pack(request.firm, year := _year(request, today), today))
    name = f"{slugify(request.firm.name)}-trust-accounts-{year}"
    return report_file(request, found, name=name, now=now)


def _year(request: FirmRequest, today: date) -> int:
    """Return the year that the address names, else the last one with an account that is over, else this."""
    offered = query.years(request.firm.pk, today)
    asked = request.GET.get("year", "")
    if asked.isdecimal() and int(asked) in offered:
        return int(asked)
    return today.year - 1 if today.year - 1 in offered else today.year
