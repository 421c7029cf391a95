"""Questions about runs: what they did, with control totals, and how the one that goes is getting on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from syncapp.desk import words
from syncapp.records.models import Run, Undone

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from syncapp.pipeline.models import SyncSchedule

PARTS = ("posted", "held", "skipped", "unchanged")
SILENT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run with its control totals: seen = posted + held + skipped + unchanged + uncertain + planned."""

    run: Run
    seen: int
    posted: int
    held: int
    skipped: int
    unchanged: int
    uncertain: int
    planned: int
    pill: tuple[str, str]
    trigger: str

    @property
    def ties(self) -> bool:
        """Tell whether the control totals add up."""
        known = self.posted + self.held + self.skipped + self.unchanged
        return self.seen == known + self.uncertain + self.planned

    @property
    def seconds(self) -> int | None:
        """Return how long it took, None while it goes."""
        if self.run.ended_at is None:
            return None
        return max(int((self.run.ended_at - self.run.started_at).total_seconds()), 0)

    @property
    def took(self) -> str:
        """Say how long it took."""
        if self.seconds is None:
            return ""
        minutes, seconds = divmod(self.seconds, 60)
        return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """A run that goes, as the progress bar shows it."""

    run: Run
    label: str
    done: int
    total: int
    silent: bool
    counts: list[dict[str, Any]] = field(default_factory=list)


def runs(*, firm_id: int) -> QuerySet[Run]:
    """List runs, the newest first."""
    return Run.objects.filter(firm_id=firm_id).select_related("by").order_by("-started_at", "-pk")


def row(run: Run) -> RunRow:
    """Dress one run."""
    counts = {key: int(run.counts.get(key) or 0) for key in ("seen", *PARTS, "uncertain", "planned")}
    return RunRow(
        run=run,
        pill=words.RUN_STATE.get(run.state, (run.state, "")),
        trigger=str(run.by) if run.by else words.TRIGGER.get(run.trigger, run.trigger),
        **counts,
    )


def last(*, firm_id: int) -> RunRow | None:
    """Return the newest run that has ended and was not a rehearsal."""
    found = runs(firm_id=firm_id).filter(shadow=False, ended_at__isnull=False).first()
    return row(found) if found else None


def stopped(*, firm_id: int) -> Run | None:
    """Return the newest run when it could not go on, so that a person reads why; None when it was done."""
    found = runs(firm_id=firm_id).filter(shadow=False).first()
    return found if found and found.state in {"waiting", "failed"} else None


def going(*, firm_id: int, now: datetime) -> Going | None:
    """Return the run that goes now."""
    run = runs(firm_id=firm_id).filter(state="going").first()
    return as_going(run, now=now) if run else None


def as_going(run: Run, *, now: datetime) -> Going:
    """Say how far a run is."""
    progress = run.progress or {}
    label = words.STAGE.get(run.stage, "Starting")
    if what := words.WHAT.get(str(progress.get("what") or "")):
        label = f"{label}: {what}"
    counts = [{"label": part, "number": int(run.counts[part])} for part in PARTS if run.counts.get(part)]
    return Going(
        run=run,
        label=label,
        done=int(progress.get("done") or 0),
        total=int(progress.get("of") or 0),
        silent=now - run.beat_at > SILENT,
        counts=counts,
    )


def one(*, firm_id: int, run_id: int) -> Run | None:
    """Find a run."""
    return runs(firm_id=firm_id).filter(pk=run_id).first()


def undone(run: Run) -> list[Undone]:
    """Return what of a run was undone as a whole, once for each time; each tells who and why."""
    rows = Undone.objects.filter(firm_id=run.firm_id, run=run).select_related("by")
    return list(rows.order_by("batch", "pk").distinct("batch"))


def starting(plan: SyncSchedule | None, *, now: datetime) -> dict[str, Any] | None:
    """Return a bar for a run that is due and has not begun; None when none is."""
    if plan is None or plan.paused or plan.due_at > now:
        return None
    return {"label": "The run begins within a few seconds", "done": 0, "total": 0}
