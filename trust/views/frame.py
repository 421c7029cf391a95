"""What the pages of one trust account share: the account or 404, its month or period, the addresses."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from accounts.queries import today_of
from trust.models import TrustPair
from trust.queries.pairs import pairs

if TYPE_CHECKING:
    from accounts.access import FirmRequest

MONTH = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])")


def pair_or_404(request: FirmRequest, pair_id: int) -> TrustPair:
    """Return a trust account of the firm. Raises Http404 for any other."""
    found: TrustPair | None = (
        pairs(request.firm.pk).select_related("firm", "books").filter(pk=pair_id).first()
    )
    if found is None:
        raise Http404
    return found


def month_or_404(pair: TrustPair, text: str, *, quarter: bool = False) -> date:
    """Return the first day of the month `2026-09`. Raises Http404 for one before the account's start.

    A `quarter` may begin up to two months before the start.
    """
    parted = MONTH.fullmatch(text)
    if parted is None:
        raise Http404
    found = date(int(parted[1]), int(parted[2]), 1)
    earliest = pair.start.replace(day=1)
    if quarter:
        earliest = earliest.replace(month=earliest.month - (earliest.month - 1) % 3)
    if found < earliest:
        raise Http404
    return found


def month_address(pair_id: int, month: date, name: str = "trust:month") -> str:
    """Return the address of one month of an account."""
    return reverse(name, kwargs={"pair_id": pair_id, "month": f"{month:%Y-%m}"})


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
