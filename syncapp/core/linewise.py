"""One bill beside its invoices, line by line: hours, rate, amount and matter on both sides. Pure.

It does not know how the invoices were planned: what stands in the books is held against what the practice
system says, and nothing else. Amounts in minor units, hours and rates as Decimal.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from syncapp.core.documents import LineKind
from syncapp.core.money import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from syncapp.core.documents import Bill


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldLine:
    """One line of an invoice as the books show it. `quantity` and `rate` are empty where it shows none."""

    amount: int
    text: str = ""
    day: date | None = None
    quantity: Decimal | None = None
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """One invoice as the books show it; `customer` is the id there, `matter_id` whose it is, where told."""

    id: str
    number: str
    day: date | None
    customer: str
    total: int
    lines: tuple[SoldLine, ...] = ()
    matter_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One line of one side, as a person reads it."""

    text: str
    amount: int
    day: date | None = None
    quantity: Decimal | None = None
    rate: Decimal | None = None
    matter_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Lines that say the same, or should; `words` says how they differ, empty when they do not."""

    clio: tuple[Side, ...] = ()
    books: tuple[Side, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """A bill and its invoices. `differences` are sentences; empty when both sides say the same."""

    pairs: list[Pair] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


def billed(bill: Bill) -> list[Side]:
    """Return the lines of a bill as billed, with its tax, its discount and its rounding."""
    found = [
        Side(
            text=line.label or line.timekeeper or line.kind.value,
            amount=line.amount,
            day=line.day,
            quantity=line.quantity if line.kind in {LineKind.TIME, LineKind.EXPENSE} else None,
            rate=line.rate if line.kind in {LineKind.TIME, LineKind.EXPENSE} else None,
            matter_id=line.matter_id,
        )
        for line in bill.lines
    ]
    only = bill.matter_ids[0] if len(bill.matter_ids) == 1 else None
    if bill.tax:
        found.append(Side(text="Tax", amount=bill.tax, matter_id=only))
    if bill.discount:
        found.append(Side(text="Discount", amount=-bill.discount, matter_id=only))
    if bill.rounding:
        found.append(Side(text="Rounding", amount=bill.rounding, matter_id=only))
    return found


def compare(bill: Bill, invoices: Sequence[Sold]) -> Compared:
    """Hold a bill against the invoices that stand for it. Nothing is netted but within one matter."""
    found = Compared()
    if not invoices:
        found.differences.append("No invoice of it stands in the books.")
    for sold in invoices:
        if bill.issued is not None and sold.day != bill.issued:
            found.differences.append(
                f"Invoice {sold.number} is dated {_day(sold.day)} in the books, {_day(bill.issued)} in Clio."
            )
    total = sum(sold.total for sold in invoices)
    if invoices and total != bill.amount:
        found.differences.append(
            f"Clio bills {spoken(bill.amount, bill.currency)}, the books show {spoken(total, bill.currency)}."
        )
    clio, books = billed(bill), [_side(sold, line) for sold in invoices for line in sold.lines]
    _pair(found, clio, books, bill.currency)
    found.differences.extend(pair.words for pair in found.pairs if pair.words)
    return found


def _side(sold: Sold, line: SoldLine) -> Side:
    return Side(
        text=line.text,
        amount=line.amount,
        day=line.day,
        quantity=line.quantity,
        rate=line.rate,
        matter_id=sold.matter_id,
    )


def _pair(found: Compared, clio: list[Side], books: list[Side], currency: str) -> None:
    """Pair line by line; what is left over is compared in sum, matter by matter."""
    left = list(books)
    alone: list[Side] = []
    for line in clio:
        fits = [other for other in left if other.amount == line.amount and _same_matter(line, other)]
        best = max(fits, key=lambda other: _likeness(line, other), default=None)
        if best is None:
            alone.append(line)
            continue
        left.remove(best)
        found.pairs.append(Pair(clio=(line,), books=(best,), words=_apart(line, best)))
    for mine, theirs in _by_matter(alone, left):
        found.pairs.append(Pair(clio=tuple(mine), books=tuple(theirs), words=_in_sum(mine, theirs, currency)))


def _same_matter(one: Side, other: Side) -> bool:
    return one.matter_id is None or other.matter_id is None or one.matter_id == other.matter_id


def _likeness(line: Side, other: Side) -> tuple[bool, bool]:
    return not _apart(line, other), line.day == other.day


def _apart(line: Side, other: Side) -> str:
    """Say how hours and rate differ; an invoice line that shows none of them says nothing against them."""
    if other.quantity is None or line.quantity is None or line.rate is None:
        return ""
    if (other.quantity, other.rate) == (line.quantity, line.rate):
        return ""
    if other.rate is not None and other.quantity * other.rate == 0 and line.amount == 0:
        return ""  # a line of nothing: how it says so does not matter
    return (
        f"“{line.text}”: Clio bills {_number(line.quantity)} at {_number(line.rate)}, the books show "
        f"{_number(other.quantity)} at {_number(other.rate)}."
    )


def _by_matter(mine: Iterable[Side], theirs: Iterable[Side]) -> Iterable[tuple[list[Side], list[Side]]]:
    """Group what is left over; lines whose matter one side does not tell make everything one group."""
    left, right = list(mine), list(theirs)
    if any(side.matter_id is None for side in (*left, *right)):
        return [(left, right)] if left or right else []
    groups: dict[int | None, tuple[list[Side], list[Side]]] = defaultdict(lambda: ([], []))
    for side in left:
        groups[side.matter_id][0].append(side)
    for side in right:
        groups[side.matter_id][1].append(side)
    return list(groups.values())


def _in_sum(mine: list[Side], theirs: list[Side], currency: str) -> str:
    """Say how what is left differs in sum; empty when some lines of one side are fewer of the other."""
    clio, books = sum(side.amount for side in mine), sum(side.amount for side in theirs)
    if clio == books and ((mine and theirs) or not clio):
        return ""
    if not theirs:
        return f"{_named(mine)}, {spoken(clio, currency)} in Clio, is not in the books."
    if not mine:
        return f"{_named(theirs)}, {spoken(books, currency)} in the books, is not in Clio."
    return f"{_named(mine)}: {spoken(clio, currency)} in Clio, {spoken(books, currency)} in the books."


def _named(sides: list[Side]) -> str:
    first = f"“{sides[0].text}”" if sides[0].text else "A line"
    return first if len(sides) == 1 else f"{first} and {len(sides) - 1} more"


def _number(value: Decimal | None) -> str:
    return "nothing" if value is None else f"{value.normalize():f}"


def _day(day: date | None) -> str:
    return f"{day.day} {day:%b %Y}" if day else "no day"
