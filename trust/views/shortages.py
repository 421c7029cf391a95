"""Which ledgers were below zero, for how long and why; and the note on one of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django import forms
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.access import firm_view
from accounts.downloads import download
from accounts.queries import today_of
from accounts.roles import Permission
from trust.downloads import report_file
from trust.queries import shortages as query
from trust.reports import shortages as report
from trust.views.frame import pair_or_404

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from accounts.access import FirmRequest
    from trust.models import TrustPair
    from trust.queries.shortages import Below, Told

YEAR = timedelta(days=364)


class PeriodForm(forms.Form):
    """Which days."""

    first = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="To", widget=forms.DateInput(attrs={"type": "date"}))


@require_safe
@firm_view(Permission.SEE)
def below_zero(request: FirmRequest, pair_id: int) -> HttpResponse:
    """List every time below zero of a year, or of the days that the address names."""
    pair = pair_or_404(request, pair_id)
    form, first, last = _period(request, pair)
    rows = query.below(pair, first, last)
    context = {
        "section": "trust",
        "pair": pair,
        "form": form,
        "first": first,
        "last": last,
        "rows": rows,
        "short": [one for one in rows if one.last.until is None],
    }
    return render(request, "trust/below_zero.html", context)


@require_safe
@firm_view(Permission.EXPORT)
def below_zero_file(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Answer with the same list as PDF or CSV."""
    pair = pair_or_404(request, pair_id)
    _, first, last = _period(request, pair)
    written = report.negatives(
        [_row(one) for one in query.below(pair, first, last)],
        firm=pair.firm.name,
        account=pair.with_digits,
        first=first,
        last=last,
        currency=pair.firm.currency,
    )
    name = slugify(f"{pair.clio_account} below zero {last}")
    return report_file(request, written, name=name, now=timezone.now())


@require_safe
@firm_view(Permission.SEE)
def shortage(request: FirmRequest, pair_id: int, row_id: int) -> HttpResponse:
    """Show one time below zero: since when, by what, what was paid meanwhile, and the draft of its note."""
    pair = pair_or_404(request, pair_id)
    told = _told_or_404(pair, row_id)
    context = {
        "section": "trust",
        "pair": pair,
        "told": told,
        "below": told.below,
        "case": next((one.case for one in told.alarms), None),
        "open": any(one.closed_at is None for one in told.alarms),
        "currency": request.firm.currency,
    }
    return render(request, "trust/shortage.html", context)


@require_safe
@firm_view(Permission.EXPORT)
def note(request: FirmRequest, pair_id: int, row_id: int) -> HttpResponse:
    """Answer with the draft of the note as text or PDF."""
    pair = pair_or_404(request, pair_id)
    told = _told_or_404(pair, row_id)
    if not told.note:
        raise Http404
    name = slugify(f"shortage {told.below.name} {told.below.last.day}")
    if request.GET.get("format") == "pdf":
        written = report.note(
            told.note,
            firm=pair.firm.name,
            account=pair.with_digits,
            name=told.below.name,
            currency=pair.firm.currency,
        )
        return report_file(request, written, name=name, now=timezone.now())
    return download(told.note.encode(), name=f"{name}.txt", kind="text/plain; charset=utf-8")


def _period(request: FirmRequest, pair: TrustPair) -> tuple[PeriodForm, date, date]:
    """Return the form and the days: the last year unless the address names others."""
    today = today_of(request.firm, timezone.now())
    first, last = max(pair.start - timedelta(days=1), today - YEAR), today
    form = PeriodForm(request.GET if "first" in request.GET else None, initial={"first": first, "last": last})
    if form.is_bound and form.is_valid():
        first, last = sorted([form.cleaned_data["first"], form.cleaned_data["last"]])
    return form, first, last


def _told_or_404(pair: TrustPair, row_id: int) -> Told:
    told = query.told(pair, row_id)
    if told is None:
        raise Http404
    return told


def _row(one: Below) -> report.Row:
    last = one.last
    return report.Row(
        name=one.name,
        began=_when(last.day, last.from_at),
        ended=_when(last.until, last.until_at) if last.until else "lasts",
        lasted=one.lasted,
        lowest=one.lowest,
        cause=last.cause,
        cured=last.cured,
    )


def _when(day: date, at: datetime | None) -> str:
    clock = f", recorded {timezone.localtime(at):%-d %b %Y %H:%M}" if at else ""
    return f"{day:%-d %b %Y}{clock}"
