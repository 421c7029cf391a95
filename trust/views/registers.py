"""The registers of a trust account: journals, ledger cards and balances, as a page, a PDF and a CSV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.access import firm_view
from accounts.roles import Permission
from trust.downloads import report_file
from trust.queries import registers as query
from trust.reports.nouns import Table
from trust.reports.registers import LABELS, Register, register
from trust.views.frame import pair_or_404, period
from trust.views.tables import laid_out

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from accounts.access import FirmRequest
    from trust.models import TrustPair
    from trust.reports.nouns import Report
    from trust.reports.registers import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which register somebody asks for; what cannot be read falls back to what is common."""

    which: Register
    ledger: str
    first: date
    last: date

    @property
    def address(self) -> str:
        """Return it as the query of an address."""
        return urlencode(
            {"what": self.which.value, "ledger": self.ledger, "from": self.first, "to": self.last}
        )


@require_safe
@firm_view(Permission.SEE)
def registers(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Show one register."""
    pair = pair_or_404(request, pair_id)
    asked = _asked(request, pair)
    told = _told(request, pair, asked)
    asked, report = _written(asked, told)
    context = {
        "section": "trust",
        "pair": pair,
        "asked": asked,
        "choices": [(which.value, label) for which, label in LABELS.items()],
        "ledgers": sorted(told.names.items(), key=lambda one: one[1].casefold()),
        "report": report,
        "parts": [laid_out(part) for part in report.parts if isinstance(part, Table)],
    }
    return render(request, "trust/registers.html", context)


@require_safe
@firm_view(Permission.EXPORT)
def register_file(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Answer with one register as PDF or CSV."""
    now = timezone.now()
    pair = pair_or_404(request, pair_id)
    asked = _asked(request, pair)
    asked, report = _written(asked, _told(request, pair, asked))
    name = slugify(f"{pair.clio_account} {LABELS[asked.which]} {asked.last}")
    return report_file(request, report, name=name, now=now)


def _told(request: FirmRequest, pair: TrustPair, asked: Asked) -> Told:
    """Gather the period; an auditor of some days is told only the names that these days have."""
    told = query.told(pair, asked.first, asked.last)
    return told.named() if request.member.window else told


def _asked(request: FirmRequest, pair: TrustPair) -> Asked:
    given = request.GET
    which = given.get("what", "")
    first, last = period(request, pair)
    return Asked(
        which=Register(which) if which in set(Register) else Register.RECEIPTS,
        ledger=given.get("ledger", "")[:60],
        first=first,
        last=last,
    )


def _written(asked: Asked, told: Told) -> tuple[Asked, Report]:
    """Write the register; a card of nobody in particular is that of the first ledger by name."""
    ledger = asked.ledger
    if asked.which is Register.LEDGER and ledger not in told.names:
        ledger = min(told.names, key=lambda key: told.names[key].casefold(), default="")
    chosen = Asked(which=asked.which, ledger=ledger, first=asked.first, last=asked.last)
    return chosen, register(asked.which, told, ledger=ledger)
