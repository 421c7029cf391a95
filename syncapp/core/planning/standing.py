"""How a bill stands in the books, and what of a payment or credit each of its invoices takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from syncapp.core.documents import Allocation
from syncapp.core.ledger import ObjectKind
from syncapp.core.money import split
from syncapp.core.planning import costs
from syncapp.core.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """What a client owes on a bill or an interest charge, as it stands or will stand. Minor units.

    It is an invoice, or the journal entry that charges a returned payment again. `part` says whether it bears
    the fees or the costs of its bill, where those stand apart.
    """

    subject: str
    customer: str
    total: int
    room: int  # what other payments and credits leave open
    matter_id: int | None = None
    kind: ObjectKind = ObjectKind.INVOICE
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a bill stands in the books: its invoices, its interest invoices in order, or why it has none."""

    invoices: tuple[Invoice, ...] = ()
    interest: tuple[Invoice, ...] = ()
    absent: str = ""  # void, deleted or back in draft
    before_start: bool = False
    paid_first: str = ""  # what a part payment pays first of a bill whose costs stand apart


PROPORTIONAL = "proportional"
Stands = Callable[[int], Standing | Problem]


def less(standing: Standing, taken: Mapping[str, int]) -> Standing:
    """Return how a bill stands when so much of its invoices is `taken`, in minor units by subject."""

    def roomy(rows: tuple[Invoice, ...]) -> tuple[Invoice, ...]:
        return tuple(replace(row, room=row.room - taken.get(row.subject, 0)) for row in rows)

    return replace(standing, invoices=roomy(standing.invoices), interest=roomy(standing.interest))


def shares(allocation: Allocation, standing: Standing, *, evenly: bool = False) -> list[tuple[Invoice, int]]:
    """Share an allocation over the invoices that stand for its bill.

    What Clio marks as interest pays the interest invoices first, all else the bill's; its own matter first,
    then in order. What is left goes to the other kind rather than nowhere. Of fees and costs that stand apart
    the firm's order says which is paid; a credit takes off both `evenly`.
    """
    first, then = standing.invoices, standing.interest
    if allocation.interest:
        first, then = then, first
    groups: dict[int | None, list[Invoice]] = {}
    for row in sorted(first, key=lambda row: row.matter_id != allocation.matter_id):
        groups.setdefault(row.matter_id, []).append(row)
    order = PROPORTIONAL if evenly else standing.paid_first
    left, found = allocation.amount, []
    for rows in [*groups.values(), *([row] for row in then)]:
        for row, amount in _within(rows, left, order):
            found.append((row, amount))
            left -= amount
    return found


def _within(rows: list[Invoice], left: int, order: str) -> list[tuple[Invoice, int]]:
    """Share what is left over the invoices of one matter: fees and costs by an order, all else in turn."""
    parts = sorted((row for row in rows if row.part), key=lambda row: costs.rank(row.part, order))
    rooms = [max(row.room, 0) for row in parts]
    found = []
    if parts and order == PROPORTIONAL and any(rooms):
        found = list(zip(parts, split(min(left, sum(rooms)), rooms), strict=True))
        left -= sum(amount for _, amount in found)
        parts = []
    for row in [*parts, *(row for row in rows if not row.part)]:
        amount = min(left, max(row.room, 0))
        found.append((row, amount))
        left -= amount
    return [(row, amount) for row, amount in found if amount]
