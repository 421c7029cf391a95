"""The record of ledgers below zero: from when to when, how far, by what, and what made it good.

Append-only: what is seen anew of a time below zero is another row, which begins when the first one did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from syncapp.core.money import spoken
from syncapp.core.planning.trust.dips import Dip, in_order
from syncapp.core.planning.trust.entries import text_of
from syncapp.pipeline.context import Context
from syncapp.pipeline.trust import instants as trust_instants
from trust.models import LedgerDip, ReturnedDeposit, TrustPair
from trust.nouns import Movement

type Key = tuple[str, str]  # ledger and the movement that took it below zero

LONGEST = 300  # characters of a cause


@dataclass(slots=True)
class _Told:
    """What is known of an account's movements while its record is written."""

    currency: str
    zone: ZoneInfo
    now: datetime
    by_ledger: dict[str, list[Movement]] = field(default_factory=lambda: defaultdict(list))
    instants: dict[str, datetime] = field(default_factory=dict)


def keep(
    context: Context, pair: TrustPair, moved: Sequence[Movement], found: Sequence[Dip], now: datetime
) -> dict[Key, int]:
    """Write down what was not seen before; return the first row of each time below zero, by its key.

    In a writing scope. A time that the practice system's rows do not show any more ends with what changed.
    """
    first: dict[Key, LedgerDip] = {}
    last: dict[Key, LedgerDip] = {}
    for row in LedgerDip.objects.filter(firm_id=pair.firm_id, pair=pair).order_by("id"):
        first.setdefault((row.ledger, row.subject), row)
        last[row.ledger, row.subject] = row
    standing = {dip.ledger for dip in found if dip.until is None}
    seen = {(dip.ledger, dip.subject) for dip in found}
    new = [dip for dip in found if _differs(dip, last.get((dip.ledger, dip.subject)))]
    gone = [
        row
        for key, row in last.items()
        if row.until is None and key not in seen and row.ledger not in standing
    ]
    if not new and not gone:
        return {key: row.pk for key, row in first.items()}
    ledgers = {dip.ledger for dip in new} | {row.ledger for row in gone}
    told = _told(context, moved, ledgers, [row.subject for row in gone], now)
    rows = [_row(pair, dip, told, first.get((dip.ledger, dip.subject))) for dip in new]
    for row in LedgerDip.objects.bulk_create([*rows, *(_gone(row, told) for row in gone)]):
        first.setdefault((row.ledger, row.subject), row)
    return {key: row.pk for key, row in first.items()}


def keep_returns(pair: TrustPair, moved: Sequence[Movement], now: datetime) -> None:
    """Write down which deposit each return takes back, and where it does no more. In a writing scope."""
    rows = ReturnedDeposit.objects.filter(firm_id=pair.firm_id, pair=pair).order_by("id")
    kept: dict[str, str] = dict(rows.values_list("subject", "original"))
    told = dict.fromkeys(kept, "") | {one.subject: one.returns for one in moved if one.returns}
    ReturnedDeposit.objects.bulk_create(
        ReturnedDeposit(firm_id=pair.firm_id, pair=pair, subject=subject, original=original, at=now)
        for subject, original in told.items()
        if kept.get(subject, "") != original
    )


def _differs(dip: Dip, row: LedgerDip | None) -> bool:
    return row is None or (dip.day, dip.lowest, dip.until, dip.cure) != (
        row.day,
        row.lowest,
        row.until,
        row.cure,
    )


def _told(
    context: Context, moved: Sequence[Movement], ledgers: set[str], others: Sequence[str], now: datetime
) -> _Told:
    told = _Told(context.book.company.currency, ZoneInfo(context.zone), now)
    for one in in_order(moved):
        for ledger, _ in one.ledgers:
            if ledger in ledgers:
                told.by_ledger[ledger].append(one)
    subjects = {one.subject for some in told.by_ledger.values() for one in some}
    told.instants = trust_instants.of(context.firm_id, subjects | set(others))
    return told


def _row(pair: TrustPair, dip: Dip, told: _Told, first: LedgerDip | None) -> LedgerDip:
    cause, began = _until(dip.ledger, dip.subject, told)
    cured, ended = _until(dip.ledger, dip.cure, told) if dip.cure else ("", None)
    began = first.from_at if first is not None and first.from_at is not None else began
    return LedgerDip(
        firm_id=pair.firm_id,
        pair=pair,
        ledger=dip.ledger,
        day=dip.day,
        subject=dip.subject,
        lowest=dip.lowest,
        until=dip.until,
        cure=dip.cure,
        cause=cause,
        cured=cured,
        from_at=began,
        until_at=max(ended, began) if ended and began else ended,
        at=told.now,
    )


def _until(ledger: str, subject: str, told: _Told) -> tuple[str, datetime | None]:
    """Return a movement in words, and when the last of all to it was recorded: then it was so."""
    before = told.by_ledger[ledger]
    at = next(number for number, one in enumerate(before) if one.subject == subject)
    words = _said(before[at], ledger, told)
    known = [one for one in before[: at + 1] if one.subject in told.instants]
    if not known:
        return words[:LONGEST], None
    latest = max(known, key=lambda one: told.instants[one.subject])
    if latest.subject != subject and told.instants[latest.subject] > told.instants.get(
        subject, told.instants[latest.subject]
    ):
        words += f". So it stood when this was recorded or changed in Clio: {_said(latest, ledger, told)}"
    return words[:LONGEST], told.instants[latest.subject]


def _said(one: Movement, ledger: str, told: _Told) -> str:
    amount = sum(part for key, part in one.ledgers if key == ledger)
    return f"{spoken(abs(amount), told.currency)}, {one.day:%-d %b %Y}: {text_of(one)}"


def _gone(row: LedgerDip, told: _Told) -> LedgerDip:
    """End a time below zero that Clio's rows do not show any more: by what was recorded last."""
    mine = [one for one in told.by_ledger[row.ledger] if one.subject in told.instants]
    latest = max(mine, key=lambda one: told.instants[one.subject], default=None)
    removed = told.instants.get(row.subject)
    still = any(one.subject == row.subject for one in told.by_ledger[row.ledger])
    if not still or latest is None:
        words, at = "What had caused it was removed in Clio", removed or told.now
    else:
        words = f"Recorded or changed in Clio: {_said(latest, row.ledger, told)}"
        at = told.instants[latest.subject]
    at = max(at, row.from_at or at)
    return LedgerDip(
        firm_id=row.firm_id,
        pair_id=row.pair_id,
        ledger=row.ledger,
        day=row.day,
        subject=row.subject,
        lowest=row.lowest,
        until=max(at.astimezone(told.zone).date(), row.day),
        cure=latest.subject if still and latest is not None else "",
        cause=row.cause,
        cured=words[:LONGEST],
        from_at=row.from_at,
        until_at=at,
        at=told.now,
    )
