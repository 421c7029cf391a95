"""What each run does for client money at its end: certain matches, alarms, and a look at every signature."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from accounts.tenancy import firm_scope
from syncapp.core.problems import Problem
from syncapp.pipeline import queue
from syncapp.pipeline.context import Context
from syncapp.pipeline.loading import load
from syncapp.pipeline.trust import alarms, earned, limits, returns
from syncapp.pipeline.trust import dips as trust_dips
from syncapp.pipeline.trust import strays as trust_strays
from syncapp.pipeline.trust import uncleared as trust_uncleared
from trust.actions import matches, watching
from trust.queries import witnesses
from trust.queries.pairs import pairs

ENDS = {
    returns.CODE: returns.SAID,
    limits.CODE: limits.CLEARED,
    trust_uncleared.CODE: trust_uncleared.CLEARED,
    earned.CODE: earned.ENDED,
    **trust_strays.ENDS,
}  # with which words the alarms of each code end


def run(*, firm_id: int, books_id: int, now: datetime, context: Context | None = None) -> None:
    """Match, alarm and watch for every trust account of a set of books, after its comparison.

    `context` is what the comparison read, where there was one just now.
    """
    with firm_scope(write=firm_id):
        every = list(pairs(firm_id, books_id=books_id))
        if not every:
            return
        found = context or load(firm_id=firm_id, books_id=books_id)
        if isinstance(found, Problem):
            return
        context = found
        dips: list[queue.Verdict] = []
        uncleared: list[queue.Verdict] = []
        resting: list[queue.Verdict] = []
        today = now.astimezone(ZoneInfo(context.zone)).date()
        strays: list[queue.Verdict] = []
        outside: list[queue.Verdict] = []
        returning: list[queue.Verdict] = []
        for pair in every:
            moved = witnesses.clio(pair)
            ours = witnesses.entries(pair, witnesses.by_key(moved))
            booked = witnesses.book_movements(pair, ours=ours)
            matches.match_certain(pair=pair, now=now, booked=booked)
            dips += trust_dips.run(context, pair, moved, now)
            returning += returns.run(context, pair, moved)
            uncleared += trust_uncleared.run(context, pair)
            resting += limits.run(context, pair, today)
            strays += trust_strays.run(pair, now)
            outside += earned.run(context, pair, today, now)
        ids: dict[str, Any] = {"firm_id": firm_id, "books_id": books_id, "now": now}
        alarms.tell(
            **ids, code=trust_dips.CODE, ended=trust_dips.MADE_GOOD, verdicts=dips, how=trust_dips.ended
        )
        told = {returns.CODE: returning, limits.CODE: resting, trust_uncleared.CODE: uncleared}
        told |= {earned.CODE: outside}
        told |= {code: trust_strays.of(strays, code) for code in trust_strays.ENDS}
        alarms.tell_all(**ids, ends=ENDS, verdicts=told)
        watching.watch(firm_id=firm_id, now=now)
