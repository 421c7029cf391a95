"""Every time that a ledger of a trust account was below zero, from the record that nothing takes away.

To be asked in an open scope of the firm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from syncapp.records.models import Document, Hold
from trust.lists import Shortage, shortage_note, shortages
from trust.models import LedgerDip
from trust.queries import ledgers, witnesses
from trust.queries.rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trust.models import TrustPair
    from trust.nouns import Movement

type Key = tuple[str, str]  # ledger and the movement that took it below zero

KINDS = {"bank_transactions": "money", "payments": "payment"}
HOUR, DAY = 60, 24 * 60  # minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """One time below zero, as it was last seen: `lowest` is the deepest that was ever seen (minor units)."""

    id: int
    name: str
    last: LedgerDip
    lowest: int
    seen_at: datetime

    @property
    def minutes(self) -> int | None:
        """Return for how many minutes it lasted by Clio's clock; None where nobody can tell."""
        if self.last.from_at is None or self.last.until_at is None:
            return None
        return (self.last.until_at - self.last.from_at) // timedelta(minutes=1)

    @property
    def lasted(self) -> str:
        """Return for how long it lasted, in words; empty where it lasts or nobody can tell."""
        minutes = self.minutes
        if minutes is None:
            return ""
        if minutes < 2 * HOUR:
            return _count(minutes, "minute")
        if minutes < 2 * DAY:
            return _count(minutes // HOUR, "hour")
        return _count(minutes // DAY, "day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One time below zero with all that belongs to it; `short` is None where Clio does not show it any more.

    `records` are the documents of its movements, by natural key.
    """

    below: Below
    short: Shortage | None
    note: str
    records: dict[str, int]
    alarms: tuple[Hold, ...]

    @property
    def cause_record(self) -> int | None:
        """Return the record of what took it below zero."""
        return self.records.get(self.below.last.subject)

    @property
    def cure_record(self) -> int | None:
        """Return the record of what made it good."""
        return self.records.get(self.below.last.cure)

    @property
    def original_record(self) -> int | None:
        """Return the record of the deposit that came back."""
        original = self.short.original if self.short is not None else None
        return self.records.get(original.subject) if original is not None else None

    @property
    def further(self) -> list[tuple[Movement, int | None]]:
        """Return what was paid out while it was short, each with its record."""
        paid = self.short.further if self.short is not None else ()
        return [(one, self.records.get(one.subject)) for one in paid]


def first_rows(pair: TrustPair) -> dict[Key, int]:
    """Return the row by which each time below zero has its page."""
    found: dict[Key, int] = {}
    rows = LedgerDip.objects.filter(firm_id=pair.firm_id, pair=pair).order_by("id")
    for ledger, subject, key in rows.values_list("ledger", "subject", "id"):
        found.setdefault((ledger, subject), key)
    return found


def below(pair: TrustPair, first: date, last: date) -> list[Below]:
    """Return the times below zero that touch some days, the latest first."""
    rows = LedgerDip.objects.filter(firm_id=pair.firm_id, pair=pair, day__lte=last)
    found = _gathered(pair, rows.order_by("id"))
    kept = [one for one in found if one.last.until is None or one.last.until >= first]
    return sorted(kept, key=lambda one: (one.last.day, one.id), reverse=True)


def told(pair: TrustPair, row_id: int) -> Told | None:
    """Return one time below zero by any of its rows; None for one that is not of this account."""
    mine = LedgerDip.objects.filter(firm_id=pair.firm_id, pair=pair)
    row = mine.filter(pk=row_id).first()
    if row is None:
        return None
    (one,) = _gathered(pair, mine.filter(ledger=row.ledger, subject=row.subject).order_by("id"))
    movements = witnesses.clio(pair)
    short = next((each for each in shortages(movements) if _is(each, row)), None)
    note = "" if short is None else _note(pair, short, one.name)
    return Told(
        below=one,
        short=short,
        note=note,
        records=_records(pair, _subjects(short, one.last)),
        alarms=tuple(_alarms(pair, row)),
    )


def _is(short: Shortage, row: LedgerDip) -> bool:
    return short.ledger == row.ledger and short.cause is not None and short.cause.subject == row.subject


def _gathered(pair: TrustPair, rows: Iterable[LedgerDip]) -> list[Below]:
    """Put the rows of each time below zero together; they come in the order in which they were seen."""
    by_key: dict[Key, list[LedgerDip]] = {}
    for row in rows:
        by_key.setdefault((row.ledger, row.subject), []).append(row)
    names = ledgers.names(pair.firm_id, {ledger for ledger, _ in by_key})
    return [
        Below(
            id=some[0].pk,
            name=names.get(ledger, ledger),
            last=some[-1],
            lowest=min(row.lowest for row in some),
            seen_at=some[0].at,
        )
        for (ledger, _), some in by_key.items()
    ]


def _note(pair: TrustPair, short: Shortage, name: str) -> str:
    return shortage_note(
        short,
        rules_of(pair),
        firm=pair.firm.name,
        account=pair.with_digits,
        name=name,
        currency=pair.firm.currency,
    )


def _subjects(short: Shortage | None, last: LedgerDip) -> set[str]:
    if short is None:
        return {last.subject, last.cure}
    moved: list[Movement | None] = [short.cause, short.original, short.cure, *short.further]
    return {one.subject for one in moved if one is not None}


def _records(pair: TrustPair, subjects: Iterable[str]) -> dict[str, int]:
    """Return the document of each movement."""
    parts = {subject: subject.split("/") for subject in subjects if subject}
    wanted = Q(pk__in=[])
    for resource, kind in KINDS.items():
        ids = [int(part[1]) for part in parts.values() if part[0] == resource and part[1].isdigit()]
        wanted |= Q(kind=kind, source_id__in=ids)
    rows = Document.objects.filter(wanted, firm_id=pair.firm_id)
    keys = {(kind, source_id): key for kind, source_id, key in rows.values_list("kind", "source_id", "pk")}
    found = {
        subject: keys.get((KINDS.get(part[0], ""), int(part[1]) if part[1].isdigit() else 0))
        for subject, part in parts.items()
        if len(part) > 1
    }
    return {subject: key for subject, key in found.items() if key is not None}


def _alarms(pair: TrustPair, row: LedgerDip) -> Iterable[Hold]:
    """Return the alarms of it, those that ended among them."""
    rows = Hold.objects.filter(firm_id=pair.firm_id, alarm=True, code="trust_negative")
    rows = rows.filter(facts__pair=str(pair.pk), facts__ledger=row.ledger, facts__subject=row.subject)
    return rows.select_related("case").order_by("opened_at", "pk")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
