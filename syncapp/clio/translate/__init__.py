"""Clio's records as our documents: pure, total, and never guessing about money.

Whatever cannot be read becomes a Problem, never an exception. Numbers arrive as Decimal or int.
"""

from __future__ import annotations

from syncapp.clio.translate.bills import bill, later_charges
from syncapp.clio.translate.hours import Hours, TimeTotals, time_totals
from syncapp.clio.translate.money import credit, interest, movement, payment
from syncapp.clio.translate.people import client, matter
from syncapp.clio.translate.reading import changed_at, day_told

__all__ = [
    "Hours",
    "TimeTotals",
    "bill",
    "changed_at",
    "client",
    "credit",
    "day_told",
    "interest",
    "later_charges",
    "matter",
    "movement",
    "payment",
    "time_totals",
]
