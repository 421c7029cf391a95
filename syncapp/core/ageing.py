"""How old a balance is: what went out took the oldest that came in. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def oldest(moves: Iterable[tuple[date, int]]) -> date | None:
    """Return since when some of a balance lies there; None for one of nothing, or below it.

    `moves` are days with minor units, positive for what came in, in any order.
    """
    listed = sorted(moves, key=lambda move: (move[0], -move[1]))
    out = -sum(amount for _, amount in listed if amount < 0)
    for day, amount in listed:
        if amount <= 0:
            continue
        out -= amount
        if out < 0:
            return day
    return None
