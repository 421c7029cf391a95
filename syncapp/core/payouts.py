"""Which payment is which charge of a processor's payout, and which receipts make up a bank's line. Pure.

Amounts are whole minor units. Nothing is told by an amount alone where two receipts fit and are not the same
for the deposit: a person says which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from syncapp.core.explaining import MANY, sums_to

WITHIN = timedelta(days=7)  # between a charge and the payment that says it
BEFORE = timedelta(days=10)  # how long a receipt is on its way to the bank


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A charge of a payout; `chosen` is the receipt that a person said it is."""

    id: int
    day: date
    amount: int
    reference: str = ""
    chosen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A payment as it stands; `deposit` is the one of the books that it lies in, if any."""

    key: str
    day: date
    amount: int
    reference: str = ""
    deposit: str = ""


@dataclass(slots=True, kw_only=True)
class Grouping:
    """Which receipt each charge is, which it may be, and which charges no receipt explains."""

    found: dict[int, Receipt] = field(default_factory=dict)
    doubtful: dict[int, tuple[Receipt, ...]] = field(default_factory=dict)
    missing: tuple[int, ...] = ()


def group(charges: Iterable[Charge], receipts: Iterable[Receipt]) -> Grouping:
    """Tell which receipt each charge is: by a person's word, the reference, else the amount and the days."""
    grouping = Grouping()
    left = {one.key: one for one in receipts}
    open_ = {one.id: one for one in charges}
    for one in list(open_.values()):
        if (said := left.get(one.chosen)) is not None:
            _take(grouping, one, said, open_, left)
    for one in list(open_.values()):
        fits = [r for r in _fitting(one, left.values()) if one.reference and _same(one, r)]
        if len(fits) == 1:
            _take(grouping, one, fits[0], open_, left)
    by_amount: dict[int, list[Charge]] = defaultdict(list)
    for one in open_.values():
        by_amount[one.amount].append(one)
    missing: list[int] = []
    for alike in by_amount.values():
        candidates = [tuple(_fitting(one, left.values())) for one in alike]
        if len({frozenset(some) for some in candidates}) == 1 and len(candidates[0]) == len(alike):
            pairs = zip(sorted(alike, key=lambda c: (c.day, c.id)), candidates[0], strict=True)
            grouping.found |= {one.id: receipt for one, receipt in pairs}  # whichever: all are deposited
            continue
        for one, some in zip(alike, candidates, strict=True):
            if some:
                grouping.doubtful[one.id] = some
            else:
                missing.append(one.id)
    grouping.missing = tuple(sorted(missing))
    return grouping


def _take(
    grouping: Grouping, one: Charge, receipt: Receipt, open_: dict[int, Charge], left: dict[str, Receipt]
) -> None:
    grouping.found[one.id] = receipt
    del open_[one.id], left[receipt.key]


def _fitting(one: Charge, receipts: Iterable[Receipt]) -> list[Receipt]:
    fits = (r for r in receipts if r.amount == one.amount and abs(r.day - one.day) <= WITHIN)
    return sorted(fits, key=lambda r: (r.day, r.key))


def _same(one: Charge, receipt: Receipt) -> bool:
    return one.reference.strip().casefold() == receipt.reference.strip().casefold()


def of_bank_line(
    receipts: Sequence[Receipt], *, day: date, amount: int, fee: int = 0
) -> list[tuple[str, ...]]:
    """Return the sets of receipts that come to a bank's line and what was kept of it: none, one, or two.

    Two mean that there are several, and that a person ticks which. Of many the latest are tried.
    """
    near = [one for one in receipts if day - BEFORE <= one.day <= day and not one.deposit]
    near = sorted(near, key=lambda one: (one.day, one.key))[-MANY:]
    sizes = range(1, len(near) + 1)
    ways = sums_to([one.amount for one in near], amount + fee, sizes=sizes, most=2) if near else []
    return [tuple(near[at].key for at in way) for way in ways]
