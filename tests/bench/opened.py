"""How long one page takes, opened over and over in this process."""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

WARM_UP, TIMES = 3, 30
LOCAL = ("127.0.0.1", "localhost", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: milliseconds of the whole request in the process, database included."""

    name: str
    median: float
    slow: float  # nineteen of twenty are faster
    cpu: float  # milliseconds of processor, ours and the database's: other work hardly changes it
    queries: int
    kilobytes: int


def page(browser: Client, name: str, address: str) -> Page:
    """Open one page over and over. Raises RuntimeError when it does not answer as a page."""
    taken, used = [], 0.0
    for turn in range(WARM_UP + TIMES):
        used = processor() if turn == WARM_UP else used
        start = time.perf_counter()
        answer = browser.get(address)
        spent = (time.perf_counter() - start) * 1000
        if answer.status_code not in {200, 302}:
            raise RuntimeError(f"{address} answered {answer.status_code}")
        if turn >= WARM_UP:
            taken.append(spent)
    used = processor() - used
    with CaptureQueriesContext(connection) as asked:
        body = browser.get(address).content
    return Page(
        name=name,
        cpu=used * 1000 / TIMES,
        median=statistics.median(taken),
        slow=statistics.quantiles(taken, n=20)[-1],
        queries=len(asked),
        kilobytes=len(body) // 1024,
    )


def processor() -> float:
    """Return the processor seconds of this process and, where it runs on this machine, of its database."""
    connection.ensure_connection()
    child = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    theirs = 0
    if connection.settings_dict["HOST"] in LOCAL and child.exists():
        counted = child.read_text(encoding="utf-8").rpartition(") ")[2].split()
        theirs = int(counted[11]) + int(counted[12])  # utime and stime, proc(5)
    return time.process_time() + theirs / os.sysconf("SC_CLK_TCK")


# the pages of money held for clients, as they are measured
HELD: list[tuple[str, str, dict[str, Any], str]] = [
    ("held for clients", "desk:retainers", {}, ""),
    ("held for clients as CSV", "desk:retainers_file", {}, ""),
    ("cash basis", "desk:cash_basis", {}, "?month=2026-10"),
    ("cash basis as CSV", "desk:cash_basis_file", {}, "?month=2026-10"),
]
