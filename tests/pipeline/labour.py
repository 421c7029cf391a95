"""Firms with work to be done and workers that do it: real leases, claims and turns, and no vendors.

A batch takes `batch` seconds, as a vendor's limit asks; how far a firm is stands in PostgreSQL.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Firm
from accounts.tenancy import firm_scope
from syncapp.pipeline import tasks
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.journal import GivesWay, begin
from syncapp.records.models import Cursor, Run

NAME = "labour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One time that a firm was served: when it was due, when it began and ended, and how it ended."""

    firm_id: int
    due: datetime
    began: datetime
    ended: datetime
    state: str
    batches: tuple[int, ...]


@dataclass(slots=True)
class Work:
    """What the workers do: `batches` of each firm in all, 0 for a firm whose run is one batch each time."""

    batches: dict[int, int]
    batch: float
    done: list[Service] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    tell: Callable[[Service], None] | None = None

    def run(self, *, firm: Firm, clock: Callable[[], datetime], holder: str, **_order: Any) -> Run:
        """Serve one firm as `pipeline.run.run` does, batch by batch."""
        row = schedule.status(firm.pk)
        assert row is not None
        began = timezone.now()
        mine: list[int] = []
        journal = begin(
            firm=firm, trigger="schedule", by=None, shadow=False, may_wait=True, clock=clock, holder=holder
        )
        try:
            while (number := self._next(firm.pk, len(mine))) is not None:
                time.sleep(self.batch)
                self._keep(firm.pk, number)
                mine.append(number)
                journal.tell("post", {"what": "post", "done": number, "of": self.batches[firm.pk]})
            journal.end("done", "", counted=False)
        except GivesWay:
            journal.rest()
        except schedule.Lost:
            self.lost.append(firm.pk)
            journal.end("waiting", "lost", counted=False)
        record = journal.record
        one = Service(
            firm_id=firm.pk, due=row.due_at, began=began, ended=timezone.now(), state=record.state,
            batches=tuple(mine),
        )  # fmt: skip
        self.done.append(one)
        if self.tell:
            self.tell(one)
        return record

    def _next(self, firm_id: int, done_now: int) -> int | None:
        whole = self.batches[firm_id]
        if not whole:
            return 0 if not done_now else None
        with firm_scope(write=None, reads=[firm_id]):
            row = Cursor.objects.filter(firm_id=firm_id, name=NAME).first()
        number = int(row.state["done"]) if row else 0
        return number if number < whole else None

    def _keep(self, firm_id: int, number: int) -> None:
        with firm_scope(write=firm_id):
            Cursor.objects.update_or_create(
                firm_id=firm_id, name=NAME, defaults={"state": {"done": number + 1}, "at": timezone.now()}
            )


def worker(until: Callable[[], bool]) -> None:
    """Work as a worker does whose wake-ups never fail to come."""
    while not until():
        tasks.wake_firm()
        time.sleep(0.005)


def clock(until: Callable[[], bool], every: float) -> None:
    """Tick as the beat does."""
    while not until():
        schedule.hand_out(now=timezone.now())
        time.sleep(every)


def at_once(*jobs: Callable[[], None]) -> None:
    """Do some jobs in threads of their own, each with its own connection; raise what one of them raised."""
    wrong: list[BaseException] = []

    def doing(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:  # noqa: BLE001 - told by the caller
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=doing, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]


def firms(count: int, now: datetime) -> list[Firm]:
    """Make firms that are due now."""
    made = [
        Firm.objects.create(
            slug=f"f{number}", name=f"Firm {number}", currency="USD", time_zone="UTC", created_at=now
        )
        for number in range(count)
    ]
    for one in made:
        schedule.enrol(firm_id=one.pk, now=now)
    return made
