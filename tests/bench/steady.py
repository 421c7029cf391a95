"""`make bench ARGS=steady`: what a quiet minute and a day of small changes cost in calls and paid reads.

The day is told by a clock of its own, so that 24 hours pass in as many seconds as the polls take. Intervals
are divided by TIME_SCALE like everything else: a minute of the day is a thousandth of one.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import override_settings
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.emulators.qbo import hooks
from syncapp.local import testing
from syncapp.pipeline.notices import hearing
from syncapp.pipeline.run import Order, run
from syncapp.records.models import DailyUse, Posting
from tests.bench.document import each, table
from tests.delivery.scene import Scene, scene
from tests.stage import SCALE

VERIFIER = "the verifier token of the application"
CHANGES = 20
APART = 72  # minutes: twenty of them make a day
POLLS = 25  # one a minute after each change, and a quiet one after every fourth


@dataclass(slots=True)
class Day:
    """A firm whose day goes by as fast as it is told. `heard`: QuickBooks' notices reach us."""

    scene: Scene
    heard: bool = True
    now: datetime = field(default_factory=timezone.now)
    echoes: int = 0
    woken: int = 0

    def __post_init__(self) -> None:
        self.scene.on.company.switches.self_echo = True
        if self.heard:
            self.scene.on.qbo.state.subscribe(url="http://localhost/webhooks/qbo/", verifier_token=VERIFIER)

    def minutes(self, count: float) -> None:
        """Let time pass."""
        self.now += timedelta(minutes=count) / SCALE

    def poll(self, *, daily: bool = False) -> Counter[str]:
        """Do what a worker does when the firm is due; give what it asked of the vendors and posted."""
        before = self.spent()
        order = Order(trigger="schedule", whole=daily, daily=daily)
        done = run(firm=self.scene.on.firm, order=order, clock=lambda: self.now)
        assert done.state == "done", done.words
        self.deliver()
        return self.spent() - before

    def quiet(self) -> Counter[str]:
        """Poll a minute after a poll, when nothing is new."""
        self.poll()
        self.minutes(1)
        return self.poll()

    def deliver(self) -> None:
        """Let QuickBooks tell what happened to it."""

        def send(_url: str, raw: bytes, headers: dict[str, str]) -> int:
            said = hearing.quickbooks(signature=headers["intuit-signature"], body=raw, now=self.now)
            self.woken += len(said.wake)
            return int(said.status)

        if self.heard:
            self.echoes += hooks.flush(self.scene.on.company, send=send)

    def spent(self) -> Counter[str]:
        """Return the day's use so far: Clio's calls, QuickBooks' calls, paid reads, postings."""
        found: Counter[str] = Counter()
        with firm_scope(write=None, reads=[self.scene.on.firm.pk]):
            for row in DailyUse.objects.filter(firm_id=self.scene.on.firm.pk):
                found[row.provider] += row.calls
                found["metered"] += row.metered
                found["posted"] += row.posted
        return found

    def posted(self) -> int:
        """Return how many operations stand in the books."""
        with firm_scope(write=None, reads=[self.scene.on.firm.pk]):
            return Posting.objects.filter(firm_id=self.scene.on.firm.pk, state="posted").count()

    def live(self, changes: int = CHANGES) -> Counter[str]:
        """Live through a day: changes in Clio far apart, polls after them, and the whole run of the day."""
        before = self.spent()
        for number in range(changes):
            self.change(number)
            self.minutes(1)
            self.poll()
            if number % 4 == 0:
                self.minutes(30)
                self.poll(daily=number == changes // 5 * 2)
                self.minutes(-30)
            self.minutes(APART - 1)
        return self.spent() - before

    def change(self, number: int) -> None:
        """Do one thing in Clio, as the day of a small firm brings it: bills, payments, second thoughts."""
        on, today = self.scene, datetime.now(UTC).date()
        at: dict[str, Any] = {"date": today}
        kind = number % 5
        if kind == 0 or not self._bills:
            new = number % 10 == 0 or not on.matters
            matter = on.fresh_matter() if new else on.matters[-1].id
            self._bills.append(on.bill(matter, issued_at=today).id)
        elif kind == 1:
            self._bills.append(on.bill(on.matters[-1].id, issued_at=today).id)
        elif kind == 2:
            self._paid.append(on.pay(self._bills[-1], amount="40.00", **at))
        elif kind == 3:
            on.on.desk("edit_payment", payment=self._paid[-1], amount="45.00")
        else:
            on.on.desk("credit_note", bill=self._bills[-2], amount="5.00", **at)

    _bills: list[int] = field(default_factory=list)
    _paid: list[int] = field(default_factory=list)


@contextmanager
def day(*, heard: bool = True) -> Iterator[Day]:
    """Set a firm up that has some work behind it and has just been synced."""
    with override_settings(QBO_WEBHOOK_VERIFIER_TOKEN=VERIFIER), scene() as made:
        one = Day(made, heard=heard)
        made.bills(3)
        made.sync()
        one.now = timezone.now()
        one.deliver()
        one.minutes(30)
        one.poll(daily=True)
        one.echoes = one.woken = 0
        one.minutes(30)
        yield one


def rows() -> list[list[str]]:
    """Measure a quiet poll, a day with notices and one without."""
    found = []
    for heard in (True, False):
        with testing.clone(f"steady_{os.getpid()}"), day(heard=heard) as one:
            found.append((one.quiet(), one.live(), one.echoes, one.woken))
    titles = (
        ("Clio calls of a quiet poll", lambda quiet, _: quiet["clio"]),
        ("metered reads of it", lambda quiet, _: quiet["metered"]),
        ("changes in Clio in the day", lambda *_: CHANGES),
        ("operations posted for them", lambda _, lived: lived["posted"]),
        (f"Clio calls of the {POLLS} polls", lambda _, lived: lived["clio"]),
        ("QuickBooks calls", lambda _, lived: lived["qbo"]),
        ("metered reads", lambda _, lived: lived["metered"]),
    )
    listed = [[name, *(str(of(quiet, lived)) for quiet, lived, *_ in found)] for name, of in titles]
    return [
        *listed,
        ["metered reads per change", *(each(lived["metered"], CHANGES) for _, lived, *_ in found)],
        ["our own writes, heard again", *(str(echoes) for *_, echoes, _ in found)],
        ["runs that they caused", *(str(woken) for *_, woken in found)],
    ]


def figures() -> str:
    """Measure each day in a database of its own."""
    return table(["a day of small changes", "webhooks arrive", "they do not"], rows())
