"""How a bill stands in the books, and what of a payment or credit each of its invoices takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from syncapp.core.documents import Allocation
from syncapp.core.ledger import ObjectKind
from syncapp.core.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """What a client owes on a bill or an interest charge, as it stands or will stand. Minor units.

    It is an invoice, or the journal entry that charges a returned payment again.
    """

    subject: str
    customer: str
    total: int
    room: int  # what other payments and credits leave open
    matter_id: int | None = None
    kind: ObjectKind = ObjectKind.INVOICE


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a bill stands in the books: its invoices, its interest invoices in order, or why it has none."""

    invoices: tuple[Invoice, ...] = ()
    interest: tuple[Invoice, ...] = ()
    absent: str = ""  # void, deleted or back in draft
    before_start: bool = False


Stands = Callable[[int], Standing | Problem]


def shares(allocation: Allocation, standing: Standing) -> list[tuple[Invoice, int]]:
    """Share an allocation over the invoices that stand for its bill.

    What Clio marks as interest pays the interest invoices first, all else the bill's; its own matter first,
    then in order. What is left goes to the other kind rather than nowhere.
    """
    first, then = standing.invoices, standing.interest
    if allocation.interest:
        first, then = then, first
    rows = [*sorted(first, key=lambda row: row.matter_id != allocation.matter_id), *then]
    left, found = allocation.amount, []
    for row in rows:
        amount = min(left, max(row.room, 0))
        if amount:
            found.append((row, amount))
            left -= amount
    return found
