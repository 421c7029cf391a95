"""The report of one month as a file, as it is known now or as it was when somebody signed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.access import firm_view
from accounts.roles import Permission
from trust.downloads import report_file
from trust.queries import sheets
from trust.queries import signing as query
from trust.reports import forms
from trust.views.frame import month_or_404, pair_or_404

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.http import HttpResponse

    from accounts.access import FirmRequest
    from trust.models import TrustPair
    from trust.reports.facts import Sheet


@require_safe
@firm_view(Permission.EXPORT)
def report(request: FirmRequest, pair_id: int, month: str) -> HttpResponse:
    """Answer with the report as PDF or CSV; `as` names the act as of which it is told."""
    now = timezone.now()
    pair = pair_or_404(request, pair_id)
    which = month_or_404(pair, month)
    told = forms.report(_sheet(pair, which, request.GET.get("as", ""), now))
    name = f"{slugify(pair.clio_account)}-{month}"
    return report_file(request, told, name=name, now=now)


def _sheet(pair: TrustPair, month: date, wanted: str, now: datetime) -> Sheet:
    """Return what is printed. Raises Http404 for an act that is not of this month or kept no figures."""
    if not wanted:
        return sheets.sheet(pair, month, now=now)
    one = query.reconciliation(pair, month)
    row = next((row for row in query.sign_offs(one) if str(row.pk) == wanted), None) if one else None
    found = sheets.as_signed(pair, row, now=now) if row else None
    if found is None:
        raise Http404
    return found
