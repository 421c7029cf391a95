"""A signature never survives a changed figure: the look at every signed month after each run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trust.actions import signing
from trust.queries import figures, threeway
from trust.queries import signing as query

if TYPE_CHECKING:
    from datetime import datetime

    from trust.queries.threeway import Told


def watch(*, firm_id: int, now: datetime) -> int:
    """Compare every submitted or signed month anew and suspend those whose figures moved; return how many.

    In an open scope that writes.
    """
    suspended = 0
    told: dict[int, Told] = {}
    for one in query.standing_months(firm_id):
        if one.pair_id not in told:
            told[one.pair_id] = threeway.read(one.pair)
        seen = figures.of(one.pair, one.month, told=told[one.pair_id])
        found = signing.suspend_if_moved(one=one, figures=seen, now=now)
        suspended += found is not None
    return suspended
