"""What an auditor may open of client money: his trust accounts, his days; each page by its name.

`OPEN` is all of it: a page that does not stand here is closed to auditors who are held to accounts and days
(`accounts.auditing`). The page that shows the same within the window stands for one that shows more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.auditing import CLOSED, Answer, Elsewhere, Reach
from accounts.windows import month_end
from trust.models import LedgerDip, Statement, TrustPair
from trust.queries import statements
from trust.queries.pairs import pairs
from trust.queries.signing import month_of, next_month
from trust.views.frame import MONTH

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from accounts.windows import Window

OTHER_DAYS = "This page reaches beyond the days that were opened to you."
MORE_IN_FILE = "The bank's file holds days or accounts beyond what was opened to you. Ask the firm for it."


def window_pairs(firm_id: int, window: Window) -> list[TrustPair]:
    """List the firm's trust accounts that a window names. In a reading scope."""
    return [one for one in pairs(firm_id).select_related("firm") if window.holds(one.clio_account)]


def free(_request: FirmRequest, _window: Window, _kwargs: Mapping[str, Any]) -> Answer:
    """Open a page that keeps to the window by itself."""
    return None


def home(_request: FirmRequest, _window: Window, _kwargs: Mapping[str, Any]) -> Answer:
    """Lead to the page that says what may be looked at."""
    return Elsewhere(reverse("trust:auditor"))


def _pair(request: FirmRequest, window: Window, kwargs: Mapping[str, Any]) -> TrustPair | None:
    found = pairs(request.firm.pk).filter(pk=kwargs["pair_id"]).first()
    return found if found is not None and window.holds(found.clio_account) else None


def _month(text: str) -> date | None:
    parted = MONTH.fullmatch(text)
    return date(int(parted[1]), int(parted[2]), 1) if parted else None


def month(request: FirmRequest, window: Window, kwargs: Mapping[str, Any]) -> Answer:
    """Open a month of an account that lies within whole."""
    first = _month(kwargs["month"])
    if first is None or _pair(request, window, kwargs) is None:
        return CLOSED
    return None if window.covers(first, month_end(first)) else OTHER_DAYS


def quarter(request: FirmRequest, window: Window, kwargs: Mapping[str, Any]) -> Answer:
    """Open the review of a quarter that lies within whole."""
    first = _month(kwargs["month"])
    if first is None or _pair(request, window, kwargs) is None:
        return CLOSED
    last = month_end(next_month(next_month(first)))
    return None if window.covers(month_of(first), last) else OTHER_DAYS


def binder(request: FirmRequest, window: Window, kwargs: Mapping[str, Any]) -> Answer:
    """Open the binder of a month whose bank files hold nothing beyond the window."""
    answer, first = month(request, window, kwargs), _month(kwargs["month"])
    pair = _pair(request, window, kwargs)
    if answer is not None or first is None or pair is None:
        return answer or CLOSED
    told = statements.covering(pair=pair, first=first, last=month_end(first))
    return None if all(_within(one, window) for one in told) else MORE_IN_FILE


def statement(request: FirmRequest, window: Window, kwargs: Mapping[str, Any]) -> Answer:
    """Open a statement whose days lie within."""
    found = _statement(request, window, kwargs)
    if found is None:
        return CLOSED
    return None if window.covers(found.first_day, found.last_day) else OTHER_DAYS


def bank_file(request: FirmRequest, window: Window, kwargs: Mapping[str, Any]) -> Answer:
    """Open a bank's file that holds nothing beyond the window."""
    found = _statement(request, window, kwargs)
    if found is None:
        return CLOSED
    return None if _within(found, window) else MORE_IN_FILE


def _statement(request: FirmRequest, window: Window, kwargs: Mapping[str, Any]) -> Statement | None:
    pair = _pair(request, window, kwargs)
    if pair is None:
        return None
    return statements.statement_by_id(pair=pair, statement_id=kwargs["statement_id"])


def _within(one: Statement, window: Window) -> bool:
    """Say whether a statement and the file that brought it hold no other days and no other account."""
    of_file = Statement.objects.filter(firm_id=one.firm_id, file_id=one.file_id).select_related("pair")
    return _accounts_in(one) == 1 and all(
        window.holds(other.pair.clio_account) and window.covers(other.first_day, other.last_day)
        for other in of_file
    )


def _accounts_in(one: Statement) -> int:
    """Count the accounts that a kept file names; 0 where it cannot be read again."""
    # The bank's readers take long to load, and this module is loaded with the app.
    from trust.nouns import Unreadable
    from trust.statements.profile import profile_of
    from trust.statements.reading import NeedsProfile, read

    shape = one.told.get("profile")
    try:
        reading = read(
            statements.content_of(one),
            profile=profile_of(shape) if shape else None,
            currency=one.pair.firm.currency,
        )
    except (Unreadable, NeedsProfile):
        return 0
    return len(reading.statements)


def days(*names: str) -> Reach:
    """Open a page of an account for the days that its address names; one without them is led to them.

    The last of `names` begins with the window's last day, a first one of two with its first day.
    """

    def reach(request: FirmRequest, window: Window, kwargs: Mapping[str, Any]) -> Answer:
        pair = _pair(request, window, kwargs)
        today = request.today
        if pair is None or pair.start > window.last or window.first > today:
            return CLOSED
        starts = (max(window.first, pair.start), min(window.last, today))[-len(names) :]
        missing = {name: day for name, day in zip(names, starts, strict=True) if name not in request.GET}
        if missing:
            return _named(request, missing)
        asked = [_day(text) for name in names for text in request.GET.getlist(name)]
        return None if all(day and window.covers(day, day) for day in asked) else OTHER_DAYS

    return reach


def _named(request: FirmRequest, missing: Mapping[str, date]) -> Elsewhere:
    """Lead to the same page with the days that its address leaves open."""
    asked = request.GET.copy()
    for name, day in missing.items():
        asked[name] = day.isoformat()
    return Elsewhere(f"{request.path}?{asked.urlencode()}")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def shortage(request: FirmRequest, window: Window, kwargs: Mapping[str, Any]) -> Answer:
    """Open one time below zero that began and ended within; one that lasts reaches until today."""
    pair = _pair(request, window, kwargs)
    row = None
    if pair is not None:
        row = LedgerDip.objects.filter(firm_id=pair.firm_id, pair=pair, pk=kwargs["row_id"]).first()
    if row is None:
        return CLOSED
    seen = LedgerDip.objects.filter(
        firm_id=row.firm_id, pair_id=row.pair_id, ledger=row.ledger, subject=row.subject
    )
    last = seen.order_by("at", "pk").last() or row
    return None if window.covers(last.day, last.until or request.today) else OTHER_DAYS


def paper(request: FirmRequest, window: Window, kwargs: Mapping[str, Any]) -> Answer:
    """Lead from the matching of a month to the same lines, each with its way back to Clio."""
    first = _month(request.GET.get("month", "")) or next(iter(window.months()), None)
    if first is None or _pair(request, window, kwargs) is None:
        return CLOSED
    named = {"pair_id": kwargs["pair_id"], "month": f"{first:%Y-%m}"}
    kept = {key: text for key in ("q",) if (text := request.GET.get(key, ""))}
    return Elsewhere(reverse("trust:paper", kwargs=named) + (f"?{urlencode(kept)}" if kept else ""))


OPEN: dict[str, Callable[[FirmRequest, Window, Mapping[str, Any]], Answer]] = {
    "desk:overview": home,
    "trust:overview": home,
    "trust:awaiting": home,
    "trust:statements": home,
    "trust:auditor": free,
    "trust:month": month,
    "trust:report": month,
    "trust:paper": month,
    "trust:binder": binder,
    "trust:review": quarter,
    "trust:statement": statement,
    "trust:bank_file": bank_file,
    "trust:standing": days("day"),
    "trust:registers": days("from", "to"),
    "trust:register_file": days("from", "to"),
    "trust:tests": days("from", "to"),
    "trust:tests_file": days("from", "to"),
    "trust:completeness": days("from", "to"),
    "trust:below_zero": days("first", "last"),
    "trust:below_zero_file": days("first", "last"),
    "trust:shortage": shortage,
    "trust:shortage_note": shortage,
    "trust:matching": paper,
    "desk:rule_on_day": days("day"),
    "accounts:audit": home,
    "accounts:audit_export": free,
}
CALLED = {
    "trust:auditor": "What may be looked at",
    "trust:month": "The three-way of a month",
    "trust:report": "The report of a month",
    "trust:paper": "Bank to paper",
    "trust:binder": "The evidence binder of a month",
    "trust:review": "The review of a quarter",
    "trust:statement": "A bank statement",
    "trust:bank_file": "The bank's own file",
    "trust:standing": "Client balances on a day",
    "trust:registers": "Journals and ledger cards",
    "trust:register_file": "A journal or ledger card as a file",
    "trust:completeness": "Completeness",
    "trust:below_zero": "Ledgers below zero",
    "trust:below_zero_file": "Ledgers below zero, as a file",
    "trust:shortage": "One time below zero",
    "trust:shortage_note": "The note on a shortage",
    "desk:rule_on_day": "Rules in force on a day",
    "accounts:audit_export": "The audit log",
}
