"""The registers of a trust account: journals, ledger cards and balances, as a page, a PDF and a CSV."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.access import firm_view
from accounts.queries import today_of
from accounts.roles import Permission
from trust.queries import registers as query
from trust.reports import pdf, table
from trust.reports.nouns import Cell, Money, Table
from trust.reports.registers import LABELS, Register, register
from trust.views.frame import pair_or_404

if TYPE_CHECKING:
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
        "parts": [shown(part) for part in report.parts if isinstance(part, Table)],
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
    if request.GET.get("format") == "csv":
        content, kind, suffix = table.write(report), "text/csv; charset=utf-8", "csv"
    else:
        content, kind, suffix = pdf.write(report, made_at=now), "application/pdf", "pdf"
    said = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}
    return HttpResponse(content, content_type=kind, headers=said)


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


def period(request: FirmRequest, pair: TrustPair) -> tuple[date, date]:
    """Return the days that the address names, else this year's until today."""
    today = today_of(request.firm, timezone.now())
    last = _day(request.GET.get("to", "")) or today
    first = _day(request.GET.get("from", "")) or max(pair.start, last.replace(month=1, day=1))
    return min(first, last), last


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _written(asked: Asked, told: Told) -> tuple[Asked, Report]:
    """Write the register; a card of nobody in particular is that of the first ledger by name."""
    ledger = asked.ledger
    if asked.which is Register.LEDGER and ledger not in told.names:
        ledger = min(told.names, key=lambda key: told.names[key].casefold(), default="")
    chosen = Asked(which=asked.which, ledger=ledger, first=asked.first, last=asked.last)
    return chosen, register(asked.which, told, ledger=ledger)


def shown(part: Table) -> dict[str, Any]:
    """Lay a table out for the page: each cell with its head and what it is."""
    return {
        "title": part.title,
        "empty": part.empty,
        "heads": [{"text": head, "number": _number(part, at)} for at, head in enumerate(part.heads)],
        "rows": [
            [_cell(cell, head) for cell, head in zip(row, part.heads, strict=True)] for row in part.rows
        ],
        "totals": [_cell(cell, head) for head, cell in zip(part.heads, part.totals, strict=False)],
    }


def _number(part: Table, at: int) -> bool:
    return any(isinstance(row[at], Money) for row in (*part.rows, part.totals) if row)


def _cell(cell: Cell, head: str) -> dict[str, Any]:
    if isinstance(cell, Money):
        return {"head": head, "minor": cell.minor}
    if isinstance(cell, date):
        return {"head": head, "day": cell}
    return {"head": head, "text": cell}
