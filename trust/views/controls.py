"""The tests of an auditor on one account and period, as a page, a PDF and a CSV."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.access import firm_view
from accounts.roles import Permission
from trust.downloads import report_file
from trust.queries.controls.firm_money import firm_money
from trust.queries.controls.hands import hands
from trust.queries.controls.separation import separation
from trust.reports import controls
from trust.reports.controls import LABELS, Control
from trust.views.frame import pair_or_404, period
from trust.views.tables import laid_out

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.access import FirmRequest
    from trust.models import TrustPair
    from trust.reports.nouns import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which test of which period; what cannot be read falls back to this year's separation of duties."""

    which: Control
    first: date
    last: date

    @property
    def address(self) -> str:
        """Return it as the query of an address."""
        return urlencode({"what": self.which.value, "from": self.first, "to": self.last})


@require_safe
@firm_view(Permission.SEE)
def tests(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Show one test with its finding first."""
    pair = pair_or_404(request, pair_id)
    asked = _asked(request, pair)
    verdict, found = _found(request, pair, asked)
    context = {
        "section": "trust",
        "pair": pair,
        "asked": asked,
        "choices": [(which.value, label) for which, label in LABELS.items()],
        "label": LABELS[asked.which],
        "verdict": verdict,
        "sought": controls.SOUGHT if asked.which is Control.FIRM_MONEY else "",
        "part": laid_out(found),
    }
    return render(request, "trust/tests.html", context)


@require_safe
@firm_view(Permission.EXPORT)
def tests_file(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Answer with one test as PDF or CSV."""
    now = timezone.now()
    pair = pair_or_404(request, pair_id)
    asked = _asked(request, pair)
    verdict, found = _found(request, pair, asked)
    report = controls.report(
        asked.which,
        verdict,
        found,
        firm=pair.firm.name,
        account=pair.with_digits,
        period=(asked.first, asked.last),
        currency=pair.firm.currency,
    )
    name = slugify(f"{pair.clio_account} {LABELS[asked.which]} {asked.last}")
    return report_file(request, report, name=name, now=now)


def _asked(request: FirmRequest, pair: TrustPair) -> Asked:
    first, last = period(request, pair)
    which = request.GET.get("what", "")
    chosen = Control(which) if which in set(Control) else Control.SEPARATION
    return Asked(which=chosen, first=first, last=last)


def _found(request: FirmRequest, pair: TrustPair, asked: Asked) -> tuple[str, Table]:
    match asked.which:
        case Control.SEPARATION:
            return controls.separation(separation(pair, asked.first, asked.last))
        case Control.FIRM_MONEY:
            return controls.firm_money(firm_money(pair, asked.first, asked.last))
        case Control.HANDS:
            done = hands(pair, asked.first, asked.last)
            if window := request.member.window:  # an entry of other days may be of somebody else
                done = [one for one in done if one.day and window.covers(one.day, one.day)]
            return controls.hands(done)
