"""What a part payment pays first, as the firm says, and what QuickBooks takes it to pay. Pure.

On a cash basis QuickBooks takes a payment in proportion to the lines of its invoice, whatever the firm and
its practice system say. Both come to the same once an invoice is paid; costs on an invoice of their own are
paid as the firm says. Minor units throughout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from syncapp.core.documents import Bill, LineKind
from syncapp.core.money import split

FEES, COSTS, TAX = "fees", "costs", "tax"
PAID_FIRST = "costs"  # where a firm has chosen nothing
PARTS: Final = (FEES, COSTS, TAX)
ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "costs": (COSTS, TAX, FEES),
    "fees": (FEES, TAX, COSTS),
    "proportional": (),
}

type Sums = dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What was received on one bill in a period, by the firm's order and by QuickBooks; `left` is still open.

    `left` follows the firm's order.
    """

    firm: Sums
    books: Sums
    left: Sums

    @property
    def received(self) -> int:
        """Return what was received in all."""
        return sum(self.firm.values())

    @property
    def apart(self) -> Sums:
        """Return by how much QuickBooks shows more of each part than the firm says."""
        return {part: self.books[part] - self.firm[part] for part in PARTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """A bill whose costs stand on an invoice of their own: the order of paying, and the tax of each."""

    order: str
    tax: int = 0
    other_tax: int = 0


def apart_of(bill: Bill, order: str) -> Apart:
    """Return how the tax of a bill lies on its two invoices: as on its lines, else by their amounts."""
    spent = [line for line in bill.lines if line.kind is LineKind.EXPENSE]
    work = [line for line in bill.lines if line.kind is not LineKind.EXPENSE]
    taxes = [sum(line.tax for line in rows) for rows in (spent, work)]
    if sum(taxes) != bill.tax:
        taxes = [sum(line.amount for line in rows) for rows in (spent, work)]
    return Apart(order=order, tax=max(taxes[0], 0), other_tax=max(taxes[1], 0))


def parts_of(bill: Bill) -> Sums:
    """Return what a bill asks for, by part, after its discount. They sum to its amount."""
    costs = sum(line.amount for line in bill.lines if line.kind is LineKind.EXPENSE)
    fees = sum(line.amount for line in bill.lines if line.kind is not LineKind.EXPENSE)
    if bill.discount and not bill.discount_services_only and fees + costs > 0:
        costs -= split(bill.discount, [fees, costs])[1]
    return {FEES: bill.amount - costs - bill.tax, COSTS: costs, TAX: bill.tax}


def less(parts: Sums, credited: int) -> Sums:
    """Return what is left of a bill's parts after credits: those take off every part in proportion."""
    whole = sum(parts.values())
    if credited <= 0 or whole <= 0:
        return dict(parts)
    off = split(min(credited, whole), [max(parts[part], 0) for part in PARTS])
    return {part: parts[part] - one for part, one in zip(PARTS, off, strict=True)}


def in_order(parts: Sums, paid: int, order: str) -> Sums:
    """Return what of each part is paid, by an order of `ORDERS`. What is over the bill pays nothing."""
    turns = ORDERS[order]
    if not turns:
        return proportional(parts, paid)
    left, found = min(paid, sum(parts.values())), dict.fromkeys(PARTS, 0)
    for part in turns:
        found[part] = min(left, max(parts[part], 0))
        left -= found[part]
    return found


def proportional(parts: Sums, paid: int) -> Sums:
    """Return what of each part QuickBooks takes as paid on a cash basis, odd cents to the largest."""
    whole = sum(parts.values())
    if whole <= 0 or paid <= 0:
        return dict.fromkeys(PARTS, 0)
    if paid >= whole:
        return dict(parts)
    return dict(zip(PARTS, split(paid, [max(parts[part], 0) for part in PARTS]), strict=True))


def compared(parts: Sums, *, before: int, during: int, order: str, apart: Apart | None = None) -> Compared:
    """Compare what a period received on a bill; `before` and `during` are payments up to it and in it.

    `apart`: its costs stand on an invoice of their own in the books.
    """
    then, now = before, before + during
    firm = _between(in_order(parts, then, order), in_order(parts, now, order))
    books = _between(_in_books(parts, then, apart), _in_books(parts, now, apart))
    paid = in_order(parts, now, order)
    return Compared(firm=firm, books=books, left={part: parts[part] - paid[part] for part in PARTS})


def _in_books(parts: Sums, paid: int, apart: Apart | None) -> Sums:
    """Return what QuickBooks takes as paid: of one invoice, or of two that were paid in an order."""
    if apart is None:
        return proportional(parts, paid)
    taxes = split(parts[TAX], [apart.tax, apart.other_tax]) if parts[TAX] > 0 else [parts[TAX], 0]
    spent = {FEES: 0, COSTS: parts[COSTS], TAX: taxes[0]}
    work = {FEES: parts[FEES], COSTS: 0, TAX: taxes[1]}
    first, then = sum(spent.values()), sum(work.values())
    if apart.order == COSTS:
        on_costs = min(paid, first)
    elif apart.order == FEES:
        on_costs = max(min(paid - then, first), 0)
    else:
        on_costs = split(min(paid, first + then), [max(first, 0), max(then, 0)])[0] if first + then else 0
    return total((proportional(spent, on_costs), proportional(work, min(paid - on_costs, then))))


def _between(one: Sums, other: Sums) -> Sums:
    return {part: other[part] - one[part] for part in PARTS}


def total(rows: Iterable[Sums]) -> Sums:
    """Add up some sums by part."""
    found = dict.fromkeys(PARTS, 0)
    for row in rows:
        for part in PARTS:
            found[part] += row[part]
    return found
