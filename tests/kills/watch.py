"""Where the worker is: looked at from outside, through a connection that no wall stands before."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg

from tests.kills.plant import Plant

A_WHILE = 150  # seconds in which a worker comes through every stage, again and again, on a busy machine
LOOK = """
select coalesce(r.stage, ''), coalesce(r.state, ''), coalesce(r.id, 0),
       (select count(*) from records_posting where state = 'sending'),
       (select count(*) from records_posting where state = 'posted'),
       (select count(*) from records_posting where state in ('ready', 'sending', 'uncertain')),
       (select count(*) from records_document d
         where d.kind in ('bill', 'interest', 'payment', 'credit', 'money')
           and not d.settled and d.outcome not in ('held', 'skipped')),
       (select count(*) from records_cursor),
       exists (select 1 from records_tieout t where t.at >= coalesce(
                 (select max(posted_at) from records_posting), 'infinity'::timestamptz)),
       array(select distinct c.relname::text from pg_locks l join pg_class c on c.oid = l.relation
              where l.mode = 'RowExclusiveLock' and l.granted and c.relkind = 'r'
                and c.relname like 'records\\_%%'
                and l.database = (select oid from pg_database where datname = current_database()))
  from (select 1) one left join (select * from records_run order by id desc limit 1) r on true
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """One look. `writing` names the tables that an open transaction writes to."""

    stage: str
    state: str
    run: int
    sending: int
    posted: int
    open: int
    unsettled: int
    cursors: int
    compared: bool
    writing: frozenset[str]

    @property
    def quiet(self) -> bool:
        """Nothing is on its way, and the books were compared after the last posting."""
        return (
            self.state == "done"
            and self.posted > 0
            and not self.open
            and not self.unsettled
            and self.compared
        )

    def __str__(self) -> str:
        parts = [f"stage {self.stage or '–'}", f"{self.sending} sending", f"{self.posted} posted"]
        if self.writing:
            parts.append(
                "writing " + ", ".join(sorted(name.removeprefix("records_") for name in self.writing))
            )
        return ", ".join(parts)


class Watch:
    """Looks again and again, also over a restart of the database."""

    def __init__(self, on: Plant) -> None:
        self.on = on
        self._connection: psycopg.Connection[Any] | None = None

    def look(self) -> Seen | None:
        """Look once; None while there is nothing to look at."""
        try:
            if self._connection is None:
                self._connection = self.on.servers.superuser(self.on.name)
            row = self._connection.execute(LOOK, prepare=True).fetchone()
        except psycopg.Error:
            self.close()
            return None
        assert row is not None
        *figures, writing = row
        return Seen(*[*figures, frozenset(writing)])

    def until(self, what: Callable[[Seen], bool], *, every: float = 0.004) -> Seen:
        """Look until something is so, with a supervisor's eye on the processes."""
        end, last = time.monotonic() + A_WHILE, None
        while time.monotonic() < end:
            self.on.supervise()
            last = self.look() or last
            if last is not None and what(last):
                return last
            time.sleep(every)
        raise AssertionError(
            f"not seen in {A_WHILE} s; last: {last!r}\n--- worker\n{self.on.log('worker')}\n"
            f"--- beat\n{self.on.log('beat', 10)}\n--- runs\n{self.runs()}"
        )

    def runs(self) -> str:
        """Every run and what still asks for one, for a failure's words."""
        with suppress(psycopg.Error), self.on.servers.superuser(self.on.name) as connection:
            rows = connection.execute(
                "select id, trigger, state, stage, words, started_at, ended_at from records_run order by id"
            ).fetchall()
            rows += connection.execute(
                "select kind, source_id, outcome, outcome_words from records_document where not settled"
                " and kind in ('bill', 'interest', 'payment', 'credit', 'money')"
                " and outcome not in ('held', 'skipped')"
            ).fetchall()
            rows += connection.execute("select facts from records_bookcursor").fetchall()
            return "\n".join(" ".join(str(part) for part in row) for row in rows)
        return ""

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
        self._connection = None
