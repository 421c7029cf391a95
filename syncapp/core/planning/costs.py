"""Costs on an invoice of their own, where the firm wants them apart from its fees. Pure.

QuickBooks takes a part payment in proportion to the lines of one invoice. With two invoices a payment pays
first the one that the firm's order names, by a line for each (qbo/API.md section 8.7).
"""

from __future__ import annotations

from dataclasses import dataclass

from syncapp.core.cashbasis import COSTS, FEES, ORDERS
from syncapp.core.documents import Bill, LineKind
from syncapp.core.planning.dividing import divided
from syncapp.core.planning.facts import Options

MARK = "/costs"  # behind the subject of the invoice that bears the rest of the bill


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """How a bill stands in the books: `apart` says whether its costs do; None while it decides nothing.

    `paid_first` is the order under which they were posted.
    """

    apart: bool | None = None
    paid_first: str = ""


NOT_POSTED = Posted()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one invoice of a bill bears, and what its subject and its number end with."""

    bill: Bill
    mark: str = ""
    suffix: str = ""
    paid_first: str = ""


def apart(bill: Bill, options: Options, posted: Posted) -> list[Part]:
    """Return what each invoice of a bill bears: one, or the costs apart where there are fees too.

    Where either would not be above zero, QuickBooks takes only the whole (qbo/API.md section 8.6).
    """
    wanted = options.costs == "own" if posted.apart is None else posted.apart
    spent = [line for line in bill.lines if line.kind is LineKind.EXPENSE]
    work = [line for line in bill.lines if line.kind is not LineKind.EXPENSE]
    whole = [Part(bill=bill)]
    if not wanted or not spent or not work:
        return whole
    hours = sum(line.amount for line in work if line.kind is LineKind.TIME)
    if bill.discount_services_only and bill.discount > hours:
        return whole
    if any(sum(line.amount for line in rows) <= 0 for rows in (work, spent)):
        return whole
    fees, costs = divided(bill, (work, spent), by_work=True)
    if min(fees.amount, costs.amount) <= 0:
        return whole
    order = posted.paid_first or options.paid_first
    return [
        Part(bill=fees),
        Part(bill=costs, mark=MARK, suffix=options.costs_suffix, paid_first=order),
    ]


def is_apart(subject: str) -> bool:
    """Tell whether a subject is the invoice of a bill's costs."""
    return subject.endswith(MARK)


def rank(part: str, order: str) -> int:
    """Return when a part of a bill is paid, by an order of `ORDERS`; what is no such part is paid last."""
    turns = ORDERS.get(order) or (COSTS, FEES)
    return turns.index(part) if part in turns else len(turns)
