"""Counting, durably and by day, what the vendors are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from accounts.tenancy import firm_scope
from syncapp.clio.client import Clio

ADD = """
insert into records_dailyuse (firm_id, provider, books_id, day, calls, metered, posted)
values (%(firm)s, %(provider)s, %(books)s, %(day)s, %(calls)s, %(metered)s, %(posted)s)
on conflict on constraint one_row_per_day
do update set calls = records_dailyuse.calls + excluded.calls,
              metered = records_dailyuse.metered + excluded.metered,
              posted = records_dailyuse.posted + excluded.posted
"""


def add(
    *,
    firm_id: int,
    provider: str,
    now: datetime,
    books_id: int | None = None,
    calls: int = 0,
    metered: int = 0,
    posted: int = 0,
) -> None:
    """Add to a day's use of one vendor. In a scope that writes the firm."""
    if not (calls or metered or posted):
        return
    values: dict[str, Any] = {
        "firm": firm_id,
        "provider": provider,
        "books": books_id,
        "day": now.astimezone(UTC).date(),
        "calls": calls,
        "metered": metered,
        "posted": posted,
    }
    with connection.cursor() as cursor:
        cursor.execute(ADD, values)


@contextmanager
def counting(*, firm_id: int, clio: Clio, clock: Callable[[], datetime]) -> Iterator[None]:
    """Add what a client of Clio asks within the block, however it ends, to the day's use. In no scope."""
    try:
        yield
    finally:
        with firm_scope(write=firm_id):
            add(firm_id=firm_id, provider="clio", calls=clio.uncounted(), now=clock())
