"""One row of the table: a firm, a line with faults on it, and what must be true at the end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.utils import timezone

from accounts.models import Grant, GrantState
from accounts.tenancy import firm_scope
from syncapp.http import session
from syncapp.pipeline import pull
from syncapp.pipeline.run import Order, run
from syncapp.records.models import PostedEntry, Run
from tests.delivery.scene import TODAY, Scene, scene
from tests.oracle.compare import differences
from tests.stage import connect_both, firm_file
from tests.table.line import Act, Killed, Line

OPEN = ("ready", "sending", "uncertain", "awaiting_approval")
MOST_RUNS = 40


@dataclass(slots=True, kw_only=True)
class Row:
    """A row while it is told. `wrong`: by cell, what was not as it must be; `""` is the whole row."""

    at: Scene
    line: Line
    wrong: dict[str, list[str]] = field(default_factory=dict)
    killed: int = 0
    last: Run | None = None
    waited: bool = False  # while the subscription had ended
    typed: tuple[str, Decimal] | None = None  # what somebody typed over: the number, the amount before

    def expect(self, cell: str, true: bool, words: str) -> None:
        """Note what is not as it must be."""
        if not true:
            self.wrong.setdefault(cell, []).append(words)

    def arm(self, key: str, *acts: Act) -> None:
        """Let the calls that carry a number, a name or an id meet these, one after the other."""
        self.line.armed[str(key)] = list(acts)

    def once(self, *, whole: bool = False, look: bool = True) -> Run | None:
        """One run until quiet; None when its worker was killed. Without `look` Clio is not asked anew."""
        order = Order(trigger="command", whole=whole, until_quiet=True)
        unasked = nullcontext() if look else patch.object(pull, "run", lambda **_: pull.Pulled())
        try:
            with unasked:
                self.last = run(firm=self.at.on.firm, order=order, clock=timezone.now)
        except Killed:
            self.killed += 1
            self.last = None
        return self.last

    def settle_down(self, *, whole: bool = False) -> None:
        """Run until nothing is on its way; a person connects again what was revoked, and pays what ended."""
        for number in range(MOST_RUNS):
            last = self.once(whole=whole, look=not number)
            if self.revoked():
                connect_both(self.at.on)
                continue
            if self.line.ended and last is not None and last.state == "waiting":
                self.waited, self.line.ended = True, False
                continue
            if last is not None and last.state == "done" and not self.open():
                return
            time.sleep(0.01)
        words = self.last.words if self.last else "killed"
        self.expect("", False, f"never quiet: {words}; {[str(p.state) for p in self.at.postings()][-5:]}")

    def open(self) -> int:
        """How many operations are on their way."""
        return len(self.at.postings(state__in=OPEN))

    def revoked(self) -> bool:
        """Whether a person must connect QuickBooks again."""
        ended = [GrantState.REVOKED.value, GrantState.EXPIRED.value]
        with firm_scope(write=None, reads=[self.at.on.firm.pk]):
            rows = Grant.objects.filter(firm_id=self.at.on.firm.pk, provider="qbo", state__in=ended)
            return rows.filter(disconnected_at__isnull=True).exists()

    def met(self, cell: str, fault: str, key: str, *, on: str = "") -> None:
        """The fault was met, by this document, on this path."""
        found = [one for one in self.line.sprung if one[:2] == (fault, key)]
        self.expect(cell, bool(found), "was not met")
        self.expect(cell, not on or any(one[2] == on for one in found), f"was met elsewhere: {found}")

    def assert_well(self, cell: str = "") -> None:
        """Nothing is open, nothing is held, the books tie, and each operation stands in them once."""
        at = self.at
        self.expect(cell, not self.open(), f"{self.open()} operations are open")
        held = [f"{hold.code}: {hold.words}" for hold in at.holds()]
        self.expect(cell, not held, f"held: {held}")
        try:
            at.assert_once()
        except AssertionError as twice:
            self.expect(cell, False, str(twice))
        found = differences(at.on.world, at.on.file, at.on.company, on=[TODAY])
        self.expect(cell, not found, "\n".join(found[:8]))
        with firm_scope(write=None, reads=[at.on.firm.pk]):
            made = PostedEntry.objects.filter(firm_id=at.on.firm.pk, posting__verb="create")
            entries = list(made.values_list("posting_id", flat=True))
        self.expect(cell, len(entries) == len(set(entries)), "an entry is written twice")

    def verified(self) -> None:
        """The product's own proof agrees, and the control totals of the last run hold."""
        counts: dict[str, Any] = self.last.counts if self.last else {}
        parts = ("posted", "held", "skipped", "unchanged", "uncertain")
        self.expect("", bool(counts) and counts["seen"] == sum(counts[n] for n in parts), f"{counts}")
        self.expect("", bool(self.at.on.verify()["ok"]), f"{self.at.on.verify()}")


@contextmanager
def row() -> Iterator[Row]:
    """A firm with a line that breaks."""
    file = firm_file()
    file["books"][0]["deposits"] = [{"otherwise": "Undeposited Funds"}]
    with scene(file=file, honour_requestid=False) as at:
        line = Line(at.on.qbo)
        session.mount_wsgi(settings.QBO_API_BASE_URL, line)
        yield Row(at=at, line=line)
