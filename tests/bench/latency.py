"""`make bench ARGS=latency`: from an approved bill in Clio to its invoice in QuickBooks, told or polled.

Everything is real but the wires: the emulated Clio signs and sends, our address answers, the wake-up goes
through the broker, the tick ticks, a worker claims the firm. Waits are divided by TIME_SCALE, work is not, so
the table gives both apart: `wait × TIME_SCALE + work` is what it takes at the vendors' own pace.
"""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import dataclass

from django.test import override_settings
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.celery import TICK_SECONDS
from syncapp.http import session
from syncapp.local import testing
from syncapp.pipeline.clock import waking
from syncapp.pipeline.tasks import tick, wake_firm
from syncapp.records.models import Run
from tests.bench.document import table
from tests.webhooks.post import TOKEN, Post, post

SCALE = 4.0
TIMES = 8
PATIENCE = 120.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One bill: seconds from its approval to the beginning of the run, and from there to the invoice."""

    wait: float
    work: float

    @property
    def unscaled(self) -> float:
        """What it takes at the vendors' own pace."""
        return self.wait * SCALE + self.work


def arrives(mail: Post, *, told: bool, apart: float) -> Passage:
    """Approve a bill `apart` seconds after a poll, and be worker and clock until it is in the books."""
    made = mail.scene.bill(mail.scene.fresh_matter(), approve=False)
    mail.hooks.drop()
    rest(mail, apart)
    approved = timezone.now()
    mail.scene.on.desk("approve_bill", bill=made.id)
    if not told:
        mail.hooks.drop()
    before = len(mail.answers)
    mail.clio()
    woken = time.monotonic() + waking.seconds() if len(mail.answers) > before else None
    until, next_tick = time.monotonic() + PATIENCE, time.monotonic()
    while not any(one["DocNumber"] == made.number for one in mail.scene.store("Invoice")):
        if time.monotonic() > until:
            raise TimeoutError(f"bill {made.number} did not arrive")
        if woken and time.monotonic() >= woken:
            woken = None
            wake_firm()
        if time.monotonic() >= next_tick:
            next_tick = time.monotonic() + TICK_SECONDS / SCALE
            tick()
            wake_firm()  # the worker that the tick's wake-up reaches
        time.sleep(0.01)
    there = timezone.now()
    with firm_scope(write=None, reads=[mail.firm_id]):
        began = Run.objects.filter(firm_id=mail.firm_id, started_at__gte=approved).earliest("pk").started_at
    return Passage(wait=(began - approved).total_seconds(), work=(there - began).total_seconds())


def rest(mail: Post, apart: float) -> None:
    """Poll once, so that the next poll is a minute away, then let some of it pass."""
    mail.ask_now()
    wake_firm()
    time.sleep(apart)


def passages(*, told: bool) -> list[Passage]:
    """Measure at moments spread evenly over the minute between two polls."""
    step = 60 / SCALE / TIMES
    verified = override_settings(QBO_WEBHOOK_VERIFIER_TOKEN=TOKEN)
    with testing.clone(f"bench_{os.getpid()}"), verified, post() as mail:
        mail.subscribe_wholly()
        with override_settings(TIME_SCALE=SCALE):
            session.configure(time_scale=SCALE)
            return [arrives(mail, told=told, apart=number * step) for number in range(TIMES)]


def rows() -> list[list[str]]:
    """Return the two ways as rows: median and longest, in seconds at the vendors' own pace."""
    found = []
    for name, told in (("told by a webhook", True), ("found by polling", False)):
        each = passages(told=told)
        found.append(
            [
                name,
                *(
                    f"{of(seconds):.1f} s"
                    for seconds in (
                        [one.wait * SCALE for one in each],
                        [one.work for one in each],
                        [one.unscaled for one in each],
                    )
                    for of in (statistics.median, max)
                ),
            ]
        )
    return found


def figures() -> str:
    """Return the table, with what was measured and how."""
    head = [
        "the bill is",
        "wait, median",
        "longest",
        "work, median",
        "longest",
        "together, median",
        "longest",
    ]
    said = (
        f"From the approval of a bill in Clio to its invoice in QuickBooks, {TIMES} bills each way, at "
        f"moments spread over the minute between two polls; medians beside the longest; TIME_SCALE "
        f"{SCALE:g}, waits multiplied back."
    )
    return f"{said}\n\n{table(head, rows())}"
