"""What each run does for client money at its end: certain matches, alarms, and a look at every signature."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from accounts.tenancy import firm_scope
from syncapp.core.problems import Problem
from syncapp.pipeline import queue
from syncapp.pipeline.loading import load
from syncapp.pipeline.trust import alarms, earned, limits, returns
from syncapp.pipeline.trust import dips as trust_dips
from syncapp.pipeline.trust import strays as trust_strays
from syncapp.pipeline.trust import uncleared as trust_uncleared
from trust.actions import matches, watching
from trust.queries import witnesses
from trust.queries.pairs import pairs


def run(*, firm_id: int, books_id: int, now: datetime) -> None:
    """Match, alarm and watch for every trust account of a set of books, after its comparison."""
    with firm_scope(write=firm_id):
        every = list(pairs(firm_id, books_id=books_id))
        context = load(firm_id=firm_id, books_id=books_id) if every else None
        if context is None or isinstance(context, Problem):
            return
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
        tell = partial(alarms.tell, firm_id=firm_id, books_id=books_id, now=now)
        tell(code=trust_dips.CODE, ended=trust_dips.MADE_GOOD, verdicts=dips, how=trust_dips.ended)
        tell(code=returns.CODE, ended=returns.SAID, verdicts=returning)
        tell(code=limits.CODE, ended=limits.CLEARED, verdicts=resting)
        tell(code=trust_uncleared.CODE, ended=trust_uncleared.CLEARED, verdicts=uncleared)
        for code, ended in trust_strays.ENDS.items():
            tell(code=code, ended=ended, verdicts=trust_strays.of(strays, code))
        tell(code=earned.CODE, ended=earned.ENDED, verdicts=outside)
        watching.watch(firm_id=firm_id, now=now)
