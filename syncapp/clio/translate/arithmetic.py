"""How the figures of a bill fit together, whichever way Clio counts them.

Clio documents each figure by a few words (clio/API.md section 5, "Bill money"): whether a line's total holds
its tax, whether `total` is net of the discount, whether `due` holds the interest, whether the lines of a
split bill carry the whole amount, is not stated. So every reading is tried, and one counts only when the
bill's own figures confirm it to the cent. Nothing is rounded into place: where no reading is confirmed, the
nearest one may be told with the cents that it lacks (`nearest`), which is a firm's to allow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from syncapp.core import money

_WHOLE = 100  # percent


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFigures:
    """One line item's figures in minor units; None where Clio sends none. `tax` is both taxes together."""

    id: int
    service: bool
    total: int | None
    sub_total: int | None
    tax: int = 0
    group: int | None = None
    summary: bool = False
    no_charge: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """The bill's discount: `rate` is a percentage, or money in minor units when `kind` says so."""

    kind: str  # "percentage", "money", or "" for whichever fits
    rate: Decimal
    amount: int | None
    services_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BillFigures:
    """The bill's own figures in minor units, None where Clio sends none.

    `taxes`, `interests` are the candidates for its tax and for the interest inside `due`; `portion` the
    percentage of a split bill.
    """

    currency: str
    sub_total: int | None
    owed: tuple[int, ...]  # candidates, the best first: due, balance + paid + credits, total
    gross: int | None  # total, which may be before the discount
    taxes: tuple[int, ...] = (0,)
    interests: tuple[int, ...] = (0,)
    discount: Discount | None = None
    portion: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A reading that the bill confirms: amounts by line id, before the bill's discount and tax."""

    amounts: dict[int, int]
    discount: int
    services_only: bool
    tax: int
    interest: int

    @property
    def amount(self) -> int:
        """Return what is owed without interest: lines less discount plus tax."""
        return sum(self.amounts.values()) - self.discount + self.tax


def add_up(lines: Sequence[LineFigures], bill: BillFigures, *, detail_first: bool = False) -> Sum | None:
    """Return the first reading under which lines, discount, tax and bill agree, or None.

    `detail_first` prefers the members of a summary line to the summary itself.
    """
    services = {line.id for line in lines if line.service}
    for strict in (True, False):
        for chosen in _chosen(lines, detail_first=detail_first):
            for amounts in _dialects(chosen):
                for scaled, scaled_bill in _scaled(amounts, bill):
                    if found := _confirmed(scaled, services, scaled_bill, strict=strict):
                        return found
    return None


def nearest(
    lines: Sequence[LineFigures], bill: BillFigures, *, detail_first: bool = False
) -> tuple[Sum, int] | None:
    """Return the one reading that lacks less than a unit, with what it lacks of what is owed (signed).

    For a bill that `add_up` does not confirm, where a cent was rounded in another place. None from a unit on,
    and where readings are not of one mind on what it lacks: then the cents may be interest or tax.
    """
    services = {line.id for line in lines if line.service}
    found: tuple[Sum, int] | None = None
    gaps: set[int] = set()
    if len(bill.interests) > 1:
        return None
    for chosen in _chosen(lines, detail_first=detail_first):
        for amounts in _dialects(chosen):
            for scaled, scaled_bill in _scaled(amounts, bill):
                for read, gap in _near(scaled, services, scaled_bill):
                    if not 0 < abs(gap) <= money.MOST_ROUNDED:
                        continue
                    gaps.add(gap)
                    found = found or (read, gap)
    return found if len(gaps) == 1 else None


def _near(amounts: dict[int, int], services: set[int], bill: BillFigures) -> Iterator[tuple[Sum, int]]:
    """Yield a reading for each tax, interest and discount that the bill names, with what it lacks."""
    lines = sum(amounts.values())
    if bill.sub_total is not None and abs(bill.sub_total - lines) > money.MOST_ROUNDED:
        return
    served = sum(amount for key, amount in amounts.items() if key in services)
    given = bill.discount
    for owed in bill.owed[:1]:
        for tax in bill.taxes:
            for interest in bill.interests:
                discount = _expected(_bases(lines, served, given)[0], given, bill.currency)
                only = bool(given and given.services_only and discount)
                read = Sum(amounts=amounts, discount=discount, services_only=only, tax=tax, interest=interest)
                yield read, owed - interest - read.amount


def _chosen(lines: Sequence[LineFigures], *, detail_first: bool) -> Iterator[list[LineFigures]]:
    """Yield the sets of lines that may be the bill: a summary stands for its members, or they for it."""
    summaries = [line for line in lines if line.summary]
    groups = {line.group for line in summaries if line.group is not None}
    printed = [line for line in lines if line.summary or line.group not in groups]
    detail = [line for line in lines if not line.summary]
    sets = [list(lines)]
    if summaries:
        sets = [detail, printed, list(lines)] if detail_first else [printed, detail, list(lines)]
    for one in sets:
        yield [line for line in one if not line.no_charge]
    if any(line.no_charge and (line.total or line.sub_total) for line in lines):
        yield from sets


def _dialects(chosen: Sequence[LineFigures]) -> Iterator[dict[int, int]]:
    """Yield the line amounts as `total`, as `sub_total`, and as `total` less the tax inside it."""
    totals = {line.id: line.total for line in chosen}
    sub_totals = {line.id: line.sub_total for line in chosen}
    net = {line.id: None if line.total is None else line.total - line.tax for line in chosen}
    for reading in (totals, sub_totals, net):
        amounts = {key: value for key, value in reading.items() if value is not None}
        if len(amounts) == len(reading):
            yield amounts


def _scaled(amounts: dict[int, int], bill: BillFigures) -> Iterator[tuple[dict[int, int], BillFigures]]:
    """Yield the amounts as they are and, for a split bill, as the payer's part of them."""
    yield amounts, bill
    whole = sum(amounts.values())
    if bill.portion is None or not 0 < bill.portion < _WHOLE or not whole:
        return
    part = _percent(whole, bill.portion)
    if bill.sub_total is not None and bill.sub_total != whole:
        if abs(part - bill.sub_total) <= max(1, len(amounts)):
            yield share(amounts, bill.sub_total), bill
        return
    taxes = dict.fromkeys((*bill.taxes, *(_percent(tax, bill.portion) for tax in bill.taxes)))
    smaller = replace(
        bill, sub_total=part, taxes=tuple(taxes), discount=_part_of(bill.discount, bill.portion)
    )
    yield share(amounts, part), smaller
    yield share(amounts, part), replace(smaller, discount=bill.discount)


def _confirmed(amounts: dict[int, int], services: set[int], bill: BillFigures, *, strict: bool) -> Sum | None:
    """Return the sum when the bill's sub-total and what is owed both confirm it.

    Not `strict`: the sub-total may hold the tax or the interest, or be after the discount.
    """
    lines = sum(amounts.values())
    if strict and bill.sub_total not in {None, lines}:
        return None
    served = sum(amount for key, amount in amounts.items() if key in services)
    for tax in bill.taxes:
        for discount, interest in _discounts(lines, served, tax, bill, strict=strict):
            services_only = _is_discount(discount, lines, served, len(amounts), bill)
            if services_only is None:
                continue
            if strict or bill.sub_total in {lines - discount, lines + interest, lines + tax}:
                return Sum(
                    amounts=amounts,
                    discount=discount,
                    services_only=services_only,
                    tax=tax,
                    interest=interest,
                )
    return None


def _discounts(
    lines: int, served: int, tax: int, bill: BillFigures, *, strict: bool
) -> Iterator[tuple[int, int]]:
    """Yield the discounts that the bill's own arithmetic implies, with the interest inside what is owed.

    Not `strict`: only the best word for what is owed confirms; a total that the balance contradicts does not.
    """
    for owed in bill.owed if strict else bill.owed[:1]:
        for interest in bill.interests:
            yield lines + tax + interest - owed, interest
    if bill.gross is None:
        return
    for interest in bill.interests:
        if bill.gross == lines + tax + interest:
            for base in _bases(lines, served, bill.discount):
                yield _expected(base, bill.discount, bill.currency), interest


def _is_discount(discount: int, lines: int, served: int, count: int, bill: BillFigures) -> bool | None:
    """Tell whether the bill may have this discount, and if so whether it is on services only."""
    given = bill.discount
    if given is None or not given.rate:
        return False if discount == 0 else None
    if discount < 0 or discount > max(lines, 0):
        return None
    if given.kind != "percentage" and given.amount is not None:
        caps = {given.amount, *(min(given.amount, max(0, base)) for base in (served, lines))}
        if discount in caps:
            return given.services_only
    if given.kind != "money":
        for base in _bases(lines, served, given):
            if abs(discount - _percent(base, given.rate)) <= count:
                return given.services_only if served == lines else base == served
    return None


def _bases(lines: int, served: int, given: Discount | None) -> tuple[int, int]:
    return (served, lines) if given is not None and given.services_only else (lines, served)


def _expected(base: int, given: Discount | None, currency: str) -> int:
    if given is None or not given.rate:
        return 0
    if given.kind == "money":
        return min(given.amount or 0, max(0, base))
    return money.rounded(money.decimal(base, currency) * given.rate / 100, currency)


def _percent(amount: int, rate: Decimal) -> int:
    """Return a percentage of an amount, rounded half up away from zero."""
    return money.rounded(Decimal(amount) * rate / 100, "JPY")


def _part_of(given: Discount | None, portion: Decimal) -> Discount | None:
    if given is None or given.amount is None:
        return given
    return replace(given, amount=_percent(given.amount, portion))


def share(amounts: dict[int, int], target: int) -> dict[int, int]:
    """Share `target` over lines in proportion to their amounts, losing no cent; lines may be negative."""
    if not amounts or all(amount >= 0 for amount in amounts.values()):
        return dict(zip(amounts, money.split(target, list(amounts.values())), strict=True))
    whole = sum(amounts.values())
    parts = {key: _percent(amount, Decimal(target) * 100 / whole) for key, amount in amounts.items()}
    parts[max(parts, key=lambda key: abs(amounts[key]))] += target - sum(parts.values())
    return parts
