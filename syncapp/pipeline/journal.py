"""What a run says of itself: how far it is, how it ended, its control totals; and when it must stop.

A run on schedule gives way after its turn when another firm is due and no worker is free: it stays open, its
firm goes to the end of the queue, and the next run under it goes on with what is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from django.conf import settings

from accounts.models import Firm, User
from accounts.tenancy import firm_scope
from syncapp.pipeline.clock import schedule
from syncapp.records.models import Document, Hold, Posting, Run
from syncapp.records.models.postings import OPEN_STATES

SETTLED_KINDS = ("bill", "interest", "payment", "credit", "money")
OFTEN = timedelta(milliseconds=300)  # between two words to the page
WHERE_TO_STOP = frozenset({"pull", "post"})  # between two pages, between two batches: the vendors' time
WITHOUT_CALLS = frozenset({"read", "settle", "reconcile"})  # the database works, and nothing is sent
ITS_TURN = "its turn"
AWAY = "The database was away for a moment. Nothing was lost; the next run goes on from there."
LEFT = "Its worker stopped. The next run went on from there."
Clock = Callable[[], datetime]
log = structlog.get_logger(__name__)


class GivesWay(Exception):
    """Others are due and no worker is free: the run goes on when it is its firm's turn again."""


class Beat(Protocol):
    """Says how far a stage is: what it is at, how much is done, and of how much where that is known."""

    def __call__(self, what: str, done: int, of: int = 0, /) -> None: ...


@dataclass(slots=True, kw_only=True)
class Journal:
    """The keeper of one run's record. `turned` is the stage at which the run gave way before, if it did."""

    record: Run
    clock: Clock
    holder: str
    may_wait: bool
    since: datetime
    before: dict[int, int] = field(default_factory=dict)
    turned: str = ""

    def beat(self, stage: str, of: int = 0) -> Beat:
        """Return the beat of a stage; `of` is its whole, 0 while unknown."""

        def told(what: str, done: int, known: int = 0) -> None:
            self.tell(stage, {"what": what, "done": done, "of": known or of})

        return told

    def tell(self, stage: str, progress: dict[str, str | int]) -> None:
        """Tell the page how far a stage is, and keep the lease. Raises schedule.Lost and GivesWay.

        The word with which a stage begins gives no way: in each of its turns a run gets further.
        """
        now, record = self.clock(), self.record
        begins = record.stage != stage
        if begins or now - record.beat_at >= OFTEN:
            self._write(stage=stage, beat_at=now, progress=progress)
        if self.holder:
            lease = schedule.LONG if stage in WITHOUT_CALLS else schedule.LEASE
            if not schedule.keep(firm_id=record.firm_id, holder=self.holder, now=now, lease=lease):
                raise schedule.why_lost(firm_id=record.firm_id, holder=self.holder)
        if (
            self.may_wait
            and not begins
            and stage in WHERE_TO_STOP
            and now - self.since > schedule.TURN / settings.TIME_SCALE
            and schedule.others_wait(firm_id=record.firm_id, now=now)
        ):
            raise GivesWay

    def rest(self) -> None:
        """Leave the run open until it is its firm's turn again."""
        counts = self._counts() if self.record.stage == "post" else self.record.counts
        self._write(beat_at=self.clock(), progress=self.record.progress | {"what": ITS_TURN}, counts=counts)

    def end(
        self, state: str, words: str, *, counted: bool = True, more: dict[str, int] | None = None
    ) -> None:
        """Close the run with its control totals and a sentence."""
        counts = (self._counts() | (more or {})) if counted else self.record.counts
        self._write(state=state, words=words[:500], ended_at=self.clock(), counts=counts)

    def end_without_database(self) -> None:
        """Close the run although the database may still be away; else the next run closes it."""
        try:
            schedule.patiently(lambda: self.end("waiting", AWAY, counted=False))
        except schedule.AWAY:
            log.warning("the database is still away")

    def _write(self, **columns: object) -> None:
        for name, value in columns.items():
            setattr(self.record, name, value)
        with firm_scope(write=self.record.firm_id):
            Run.objects.filter(pk=self.record.pk, firm_id=self.record.firm_id).update(**columns)

    def _counts(self) -> dict[str, int]:
        """Return the control totals, with what was done before the run gave way."""
        found = control_totals(self.record.firm_id, self.before, shadow=self.record.shadow)
        for part in ("posted", "skipped"):
            earlier = min(int(self.record.counts.get(part, 0)), found["unchanged"])
            found[part] += earlier
            found["unchanged"] -= earlier
        return found


def begin(
    *, firm: Firm, trigger: str, by: User | None, shadow: bool, may_wait: bool, clock: Clock, holder: str
) -> Journal:
    """Open the record of a run, or go on with the one that gave way.

    Under a lease every other open run of the firm is one whose worker died; it is closed.
    """
    now = clock()
    with firm_scope(write=firm.pk):
        rows = Run.objects.filter(firm_id=firm.pk, state="going")
        going = list(rows.order_by("-pk")) if holder else []
        mine = [run for run in going if run.progress.get("what") == ITS_TURN and run.trigger == trigger]
        record = mine[0] if mine and not shadow else None
        left = [run.pk for run in going if run is not record]
        rows.filter(pk__in=left).update(state="waiting", words=LEFT, ended_at=now)
        turned = record.stage if record else ""
        if record is None:
            record = Run.objects.create(
                firm_id=firm.pk, trigger=trigger, by=by, shadow=shadow, started_at=now, beat_at=now
            )
    return Journal(
        record=record,
        clock=clock,
        holder=holder,
        may_wait=may_wait,
        since=now,
        before=settled_now(firm.pk),
        turned=turned,
    )


def unsettled(firm_id: int) -> int:
    """Return how many documents a round of settling looks at."""
    with firm_scope(write=None, reads=[firm_id]):
        return Document.objects.filter(firm_id=firm_id, kind__in=SETTLED_KINDS, settled=False).count()


def goes_on(firm_id: int) -> bool:
    """Tell whether a record has a step to plan that nothing on its way will lead to.

    What it waited for was found in the books, or a refusal taught another way.
    """
    with firm_scope(write=None, reads=[firm_id]):
        open_ = Posting.objects.filter(firm_id=firm_id, state__in=OPEN_STATES)
        rows = Document.objects.filter(firm_id=firm_id, kind__in=SETTLED_KINDS, settled=False)
        return rows.filter(outcome__in=["", "waiting"]).exclude(pk__in=open_.values("document_id")).exists()


def settled_now(firm_id: int) -> dict[int, int]:
    """Return the settled documents, with their versions."""
    with firm_scope(write=None, reads=[firm_id]):
        rows = Document.objects.filter(firm_id=firm_id, kind__in=SETTLED_KINDS, settled=True)
        return dict(rows.values_list("pk", "version"))


def control_totals(firm_id: int, before: dict[int, int], *, shadow: bool = False) -> dict[str, int]:
    """Return the control totals: seen = posted + held + skipped + unchanged + uncertain.

    In shadow, where nothing leaves, what would be posted is `planned`. `paused` is the part of what is held
    that a person has stopped. `before` is what `settled_now` gave when the run began.
    """
    with firm_scope(write=None, reads=[firm_id]):
        rows = Document.objects.filter(firm_id=firm_id, kind__in=SETTLED_KINDS)
        listed = list(rows.values_list("pk", "version", "settled", "outcome"))
        open_ = Posting.objects.filter(firm_id=firm_id, state__in=["uncertain", "sending", "ready"])
        unsure = set(open_.values_list("document_id", flat=True))
        holds = Hold.objects.filter(firm_id=firm_id, alarm=False, closed_at__isnull=True)
        held = dict(holds.values_list("document_id", "code"))
    parts = ("posted", "held", "skipped", "unchanged", "uncertain", "paused")
    counts: Counter[str] = Counter({"seen": len(listed)} | dict.fromkeys(parts, 0))
    for pk, version, settled, outcome in listed:
        if pk in held:
            counts["held"] += 1
            counts["paused"] += held[pk] == "paused"
        elif pk in unsure or (not settled and outcome != "skipped"):
            counts["planned" if shadow and pk not in unsure else "uncertain"] += 1
        elif before.get(pk) == version:
            counts["unchanged"] += 1
        else:
            counts["skipped" if outcome == "skipped" else "posted"] += 1
    return dict(counts)
