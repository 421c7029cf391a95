"""What goes into the evidence binder of one month. To be asked within an open scope of the firm."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from syncapp.core.planning.trust.pairs import account_key
from syncapp.records.models import Hold
from trust.models import Statement
from trust.queries import pairs, sheets
from trust.queries import signing as query
from trust.reports import binder
from trust.reports.binder import Binder, Closed
from trust.signing.states import Act

if TYPE_CHECKING:
    from trust.models import TrustPair
    from trust.reports.facts import Sheet


def pack(pair: TrustPair, month: date, *, now: datetime) -> Binder:
    """Pack the binder of a month: as it was signed, or as it is known now while nobody has signed it."""
    sheet = _sheet(pair, month, now)
    last = sheet.figures.last
    told = Statement.objects.filter(firm_id=pair.firm_id, pair=pair, first_day__lte=last)
    told = told.filter(last_day__gte=sheet.figures.first).select_related("file").order_by("first_day", "id")
    files = {one.file_id: (one.file.name, bytes(one.file.content)) for one in told}
    return binder.pack(
        sheet,
        statements=list(files.values()),
        closed=_closed(pair, sheet.figures.first, last),
        made_at=sheet.made_at,
    )


def _sheet(pair: TrustPair, month: date, now: datetime) -> Sheet:
    one = query.reconciliation(pair, month)
    signed = [row for row in query.sign_offs(one) if row.act == Act.SIGNED] if one else []
    found = sheets.as_signed(pair, signed[-1], now=now) if signed else None
    return found or sheets.sheet(pair, month, now=now)


def _closed(pair: TrustPair, first: date, last: date) -> list[Closed]:
    """Return the exceptions of the account that ended in the month, by the firm's own days."""
    zone = ZoneInfo(pair.firm.time_zone)
    start, end = (datetime.combine(day, time.min, tzinfo=zone) for day in (first, last + timedelta(days=1)))
    rows = Hold.objects.filter(
        firm_id=pair.firm_id, case__severity="trust", closed_at__gte=start, closed_at__lt=end
    )
    every = frozenset(account_key(name) for name in pairs.account_names(pair.firm_id))
    return [
        Closed(
            words=row.words,
            number=row.number or f"{row.resource} {row.source_id}",
            amount=row.amount,
            opened_at=row.opened_at.astimezone(zone),
            closed_at=row.closed_at.astimezone(zone),
            why=row.closed_words,
        )
        for row in rows.select_related("document").order_by("closed_at", "pk")
        if row.closed_at is not None and _is_of(row, account_key(pair.clio_account), every)
    ]


def _is_of(row: Hold, account: str, every: frozenset[str]) -> bool:
    """Tell whether an exception speaks of a trust account; one that names none is of the firm's only one."""
    data = row.document.data
    said = (row.facts.get("account"), data.get("bank_account"), data.get("source_account"))
    named = {account_key(str(name)) for name in said if name} & every
    return account in named if named else every == {account}
