"""A firm of 20,000 records among small ones: two, then four worker processes over one PostgreSQL.

The large firm's vendors allow forty batches of thirty a minute (qbo/API.md section 6), so its work is
667 batches of 1.5 s; a small firm has a batch in each of its intervals of a minute. No vendor is called: what
is measured is who is served when. Time runs faster by `SCALE`; figures are in the firms' own time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from syncapp.local import testing
from syncapp.pipeline import tasks
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.models import SyncSchedule
from tests.bench.document import table
from tests.pipeline.labour import Service, Work, clock, firms, worker

SCALE = 20
RECORDS, IN_A_BATCH, SMALL = 20_000, 30, 10
BATCHES = -(-RECORDS // IN_A_BATCH)
SECONDS = 1.5  # a batch, at forty a minute
INTERVAL = 60.0
# settings first: a child is a Python of its own
CHILD = "from tests import conftest; import sys; from tests.bench import workers; workers.work(*sys.argv[1:])"
HEAD = ["workers", "large firms", "small firms", "batches", "twice", "leases lost", "turns given",
        "longest wait of a small firm", "of two intervals"]  # fmt: skip


def figures() -> str:
    """Return the table of all cases."""
    return table(HEAD, rows())


def rows(batches: int = BATCHES, scale: int = SCALE) -> list[list[str]]:
    """Measure two, then four workers with one large firm, then with as many large firms as workers."""
    cases = [(2, 1), (4, 1), (2, 2), (4, 4)]
    return [_case(workers, large, batches, scale) for workers, large in cases]


def _case(workers: int, large: int, batches: int, scale: int) -> list[str]:
    with testing.clone(f"workers_{os.getpid()}") as environment, TemporaryDirectory() as folder:
        made = firms(large + SMALL, timezone.now())
        big = [one.pk for one in made[:large]]
        plan = {"batches": {one.pk: batches if one.pk in big else 0 for one in made}, "scale": scale}
        children = [_child(environment, Path(folder), number, plan) for number in range(workers)]
        _begin(Path(folder), children)
        done = Path(folder) / "over"
        with override_settings(TIME_SCALE=scale):
            clock(lambda: _finished(Path(folder), big) or _dead(children), 5 / scale)
        done.touch()
        for child in children:
            child.wait(timeout=60)
        served = [row for file in Path(folder).glob("*.log") for row in _read(file)]
    return [str(workers), str(large), str(SMALL), *_row(served, set(big), batches, scale)]


def _row(served: list[dict[str, Any]], big: set[int], batches: int, scale: int) -> list[str]:
    numbers = [(one["firm_id"], n) for one in served if one["firm_id"] in big for n in one["batches"]]
    waits = [
        (datetime.fromisoformat(one["began"]) - datetime.fromisoformat(one["due"])).total_seconds() * scale
        for one in served
        if one["firm_id"] not in big
    ]
    longest = max(waits, default=0.0)
    return [
        f"{len(set(numbers))} of {batches * len(big)}",
        str(len(numbers) - len(set(numbers))),
        str(sum(one["lost"] for one in served)),
        str(sum(one["state"] == "going" for one in served)),
        f"{longest:.0f} s",
        f"{longest / (2 * INTERVAL):.2f}",
    ]


def _child(
    environment: dict[str, str], folder: Path, number: int, plan: dict[str, Any]
) -> subprocess.Popen[bytes]:
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    command = [sys.executable, "-c", CHILD, str(folder), str(number)]
    return subprocess.Popen(command, env={**os.environ, **environment})


def _begin(folder: Path, children: list[subprocess.Popen[bytes]]) -> None:
    """Let the work begin when every worker is there; until then nobody is due."""
    while len(list(folder.glob("*.ready"))) < len(children) and not _dead(children):
        time.sleep(0.05)
    SyncSchedule.objects.update(due_at=timezone.now())
    (folder / "go").touch()


def _dead(children: list[subprocess.Popen[bytes]]) -> bool:
    return any(child.poll() not in (None, 0) for child in children)


def _finished(folder: Path, big: list[int]) -> bool:
    ended = {one["firm_id"] for file in folder.glob("*.log") for one in _read(file) if one["state"] == "done"}
    return ended >= set(big)


def _read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.endswith("}")]


def work(place: str, number: str) -> None:
    """Be one worker process until the bench is over."""
    folder = Path(place)
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    scale = plan["scale"]
    batches = {int(key): value for key, value in plan["batches"].items()}
    labour = Work(batches, batch=SECONDS / scale)

    def tell(one: Service) -> None:
        line = json.dumps({**asdict(one), "lost": len(labour.lost)}, default=datetime.isoformat)
        labour.lost.clear()
        with (folder / f"{number}.log").open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    labour.tell = tell
    setattr(tasks, "run", labour.run)  # noqa: B010 - in place of the road
    over: Callable[[], bool] = (folder / "over").exists
    schedule.status(0)  # the connection is open before the work begins
    (folder / f"{number}.ready").touch()
    while not (folder / "go").exists():
        time.sleep(0.01)
    with override_settings(TIME_SCALE=scale):
        worker(over)
    connection.close()
