"""Which bank rows that name no allocation are the sides of payments all the same (DESIGN section 9, c and h).

A payment explains one row of each of its sides and no more: what is alike besides is money of its own. A side
that a row names already explains no other row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Left

from syncapp.clio import translate
from syncapp.core import codec
from syncapp.core.documents import Funds, Kind, Money, Payment
from syncapp.pipeline.reading.sources import inner_id
from syncapp.records.models import Document, SourceHead

if TYPE_CHECKING:
    from datetime import date

RESOURCE = "bank_transactions"
LENGTH = len("2026-10-31")  # what a date and a timestamp begin with
type Side = tuple[Payment, bool, int]  # a payment, whether the side is trust, what it does to the account


def unnamed(firm_id: int, heads: Sequence[SourceHead]) -> dict[int, int]:
    """Return which rows are sides of payments that no row names, with their amounts. In a reading scope.

    All rows of the days of `heads` are looked at together, so that each reading comes to the same.
    """
    loose = [h for h in heads if not inner_id(h.record.payload, "allocation") and h.gone_at is None]
    days = {day for h in loose if (day := translate.day_told(h.record.payload, "date"))}
    rows = Document.objects.filter(firm_id=firm_id, kind=Kind.PAYMENT.value, day__in=days)
    paid = [codec.from_json(Payment, row.data) for row in rows.order_by("source_id") if row.data]
    sides = list(_sides(paid, _named_in_operating(firm_id, paid)))
    if not sides:
        return {}
    left: dict[tuple[bool, date], list[Money]] = defaultdict(list)
    for row in _loose(firm_id, days):
        left[row.trust, row.day].append(row)
    found: dict[int, int] = {}
    for tell in (_alike, _naming):  # what is alike to the cent goes first, for all of them
        untold = []
        for side in sides:
            there = left[side[1], side[0].day]
            told = tell(side, [row for row in there if _is_of(row, side[0])])
            found |= told
            there[:] = [row for row in there if row.id not in told]
            untold += [] if told else [side]
        sides = untold
    return found


def _alike(side: Side, rows: Iterable[Money]) -> dict[int, int]:
    """Return the row of a side's amount, in minor units: of its bill, client, reference and matter first."""
    paid, _, amount = side
    bills, matters = _bills(paid), {part.matter_id for part in paid.allocations}
    best = min(
        (row for row in rows if row.amount == amount),
        key=lambda row: (
            row.bill_id not in bills,
            row.client_id != paid.client_id,
            row.reference != paid.reference,
            row.matter_id not in matters,
        ),
        default=None,
    )
    return {best.id: abs(amount)} if best is not None else {}


def _naming(side: Side, rows: Iterable[Money]) -> dict[int, int]:
    """Return the rows that name a side's bills, with how much of each it is, in minor units.

    Together they are as much; or one is more, and its rest is money of its own.
    """
    paid, _, amount = side
    bills = _bills(paid)
    naming = [row for row in rows if row.bill_id in bills and row.amount * amount > 0]
    if sum(row.amount for row in naming) == amount:
        return {row.id: abs(row.amount) for row in naming}
    more = next((row for row in naming if abs(row.amount) > abs(amount)), None)
    return {more.id: abs(amount)} if more is not None else {}


def _bills(paid: Payment) -> set[int]:
    return {part.bill_id for part in paid.allocations if part.bill_id is not None}


def _is_of(row: Money, paid: Payment) -> bool:
    """Tell whether a row may be a payment's: by a bill that it names, otherwise by its matter or client."""
    if row.bill_id is not None:
        return row.bill_id in _bills(paid)
    if row.matter_id is not None and any(row.matter_id == part.matter_id for part in paid.allocations):
        return True
    return row.client_id == paid.client_id


def _sides(paid: Iterable[Payment], named: frozenset[int]) -> Iterator[Side]:
    """Give the sides of payments that no row names: out of trust, into trust, and in operating."""
    for one in paid:
        if one.funds is Funds.TRUST and not any(row.amount < 0 for row in one.trust_rows):
            yield one, True, -one.amount
        if one.into_trust and not any(row.amount > 0 for row in one.trust_rows):
            yield one, True, one.amount
        if not one.into_trust and named.isdisjoint(part.id for part in one.allocations):
            yield one, False, -one.amount if one.funds is Funds.OPERATING else one.amount


def _named_in_operating(firm_id: int, paid: Iterable[Payment]) -> frozenset[int]:
    """Return the allocations that a row of an operating account names."""
    groups = [f"allocations/{part.id}" for one in paid for part in one.allocations]
    heads = SourceHead.objects.filter(
        firm_id=firm_id, resource=RESOURCE, group__in=groups, gone_at__isnull=True
    )
    payloads = [head.record.payload for head in heads.select_related("record")]
    return frozenset(
        key
        for row in payloads
        if isinstance(moved := translate.movement(row), Money)
        and not moved.trust
        and (key := inner_id(row, "allocation"))
    )


def _loose(firm_id: int, days: Iterable[date]) -> list[Money]:
    """Return the rows of some days that name no allocation: each names its day by a date or a timestamp."""
    told = Left(KeyTextTransform("date", "record__payload"), LENGTH)
    heads = (
        SourceHead.objects.filter(firm_id=firm_id, resource=RESOURCE, gone_at__isnull=True)
        .annotate(told=told)
        .filter(told__in=[day.isoformat() for day in days])
    )
    payloads = [h.record.payload for h in heads.select_related("record").order_by("source_id")]
    moved = [translate.movement(row) for row in payloads if not inner_id(row, "allocation")]
    return [one for one in moved if isinstance(one, Money)]


def days_of(firm_id: int, payments: Iterable[int], rows: Iterable[int]) -> set[date]:
    """Return the days on which some payments and rows stand. In a reading scope."""
    one = Q(kind=Kind.PAYMENT.value, source_id__in=list(payments))
    other = Q(kind=Kind.MONEY.value, source_id__in=list(rows))
    days = Document.objects.filter(one | other, firm_id=firm_id).values_list("day", flat=True)
    return {day for day in days if day is not None}


def beside(firm_id: int, rows: Iterable[int], days: Iterable[date]) -> set[int]:
    """Return the rows that name no allocation, of some days and of those of other rows: they are read anew.

    Which of them a payment explains may differ when one more comes, or goes. In a reading scope.
    """
    money = Document.objects.filter(firm_id=firm_id, kind=Kind.MONEY.value)
    if not money.exists():
        return set()
    heads = SourceHead.objects.filter(firm_id=firm_id, resource=RESOURCE)
    payloads = heads.filter(source_id__in=list(rows)).values_list("record__payload", flat=True)
    every = {*days, *(day for row in payloads if (day := translate.day_told(row, "date")))}
    alike = money.filter(day__in=sorted(every)).values("source_id")
    loose = heads.filter(source_id__in=alike, group__startswith=f"{RESOURCE}/", gone_at__isnull=True)
    return set(loose.values_list("source_id", flat=True))
