"""What each run does for client money at its end: certain matches, alarms, and a look at every signature."""

from __future__ import annotations

from datetime import datetime

from accounts.tenancy import firm_scope
from syncapp.core.problems import Problem
from syncapp.pipeline import queue, trust_dips, trust_strays
from syncapp.pipeline.context import load
from trust.actions import matches, watching
from trust.queries.pairs import pairs


def run(*, firm_id: int, books_id: int, now: datetime) -> None:
    """Match, alarm and watch for every trust account of a set of books, after its comparison."""
    with firm_scope(write=firm_id):
        every = list(pairs(firm_id, books_id=books_id))
        context = load(firm_id=firm_id, books_id=books_id) if every else None
        if context is None or isinstance(context, Problem):
            return
        verdicts: list[queue.Verdict] = []
        strays: list[queue.Verdict] = []
        for pair in every:
            matches.match_certain(pair=pair, now=now)
            verdicts += trust_dips.run(context, pair, now)
            strays += trust_strays.run(pair, now)
        trust_dips.tell(firm_id=firm_id, books_id=books_id, verdicts=verdicts, now=now)
        trust_strays.tell(firm_id=firm_id, books_id=books_id, verdicts=strays, now=now)
        watching.watch(firm_id=firm_id, now=now)
