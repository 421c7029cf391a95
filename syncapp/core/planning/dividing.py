"""A bill divided by its lines: its discount, its tax and its rounding go along, and no cent is lost. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from syncapp.core.documents import Bill, BillLine, LineKind
from syncapp.core.money import split


def divided(bill: Bill, groups: Sequence[Sequence[BillLine]], *, by_work: bool = False) -> list[Bill]:
    """Return a bill for each group of its lines; what was rounded goes with the first.

    `by_work`: a discount of services only is taken from their lines alone.
    """
    sums = [sum(line.amount for line in rows) for rows in groups]
    taxes = [sum(line.tax for line in rows) for rows in groups]
    bases = sums
    if by_work and bill.discount_services_only:
        bases = [sum(line.amount for line in rows if line.kind is LineKind.TIME) for rows in groups]
    discounts = split(bill.discount, bases) if bill.discount else [0] * len(sums)
    if sum(taxes) != bill.tax:
        taxes = split(bill.tax, sums)
    return [
        replace(
            bill,
            lines=tuple(rows),
            discount=discount,
            tax=tax,
            rounding=(rounds := bill.rounding if at == 0 else 0),
            amount=total - discount + tax + rounds,
        )
        for at, (rows, total, discount, tax) in enumerate(zip(groups, sums, discounts, taxes, strict=True))
    ]
