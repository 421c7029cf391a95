"""A bill whose lines lack a cent of its amount: one line within the firm's tolerance, else a question.

Only a bill has such a line; client money is never rounded.
"""

from __future__ import annotations

from syncapp.core import money
from syncapp.core.documents import Bill
from syncapp.core.ledger import SaleLine
from syncapp.core.planning.facts import Book
from syncapp.core.problems import Fix, Problem

ROLE = "rounding"


def rounding_line(bill: Bill, book: Book) -> SaleLine | Problem | None:
    """Return the line that brings a bill to its amount with its reason, or say why it may not be."""
    if not bill.rounding:
        return None
    lines, owed = (
        money.spoken(bill.amount - bill.rounding, bill.currency),
        money.spoken(bill.amount, bill.currency),
    )
    item, most = book.options.rounding_item, book.options.rounding_up_to
    if item is None or abs(bill.rounding) > most:
        gap = money.spoken(abs(bill.rounding), bill.currency)
        rule = (
            f"This firm rounds up to {money.spoken(most, bill.currency)}."
            if item is not None and most
            else "This firm rounds nothing."
        )
        return Problem(
            code="bill_does_not_add_up",
            fix=Fix.CLIO,
            cause=f"bills/{bill.id}",
            words=f"The lines of bill {bill.number} come to {lines}, but Clio bills {owed}: {gap} apart. "
            f"{rule}",
            facts={
                "lines": money.text(bill.amount - bill.rounding, bill.currency),
                "owed": money.text(bill.amount, bill.currency),
                "gap": str(bill.rounding),
            },
        )
    return SaleLine(
        item=item.id,
        account=item.account,
        amount=bill.rounding,
        description=f"Rounding: the lines come to {lines}, Clio bills {owed}",
        role=ROLE,
    )
