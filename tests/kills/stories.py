"""First syncs that are killed: at each stage, at random moments, and with what they stand on."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.kills.plant import Plant
from tests.kills.watch import Seen, Watch

Where = Callable[[Seen], bool]

STAGES: dict[str, Where] = {
    "pull": lambda seen: seen.stage == "pull" and seen.cursors > 1,
    "read": lambda seen: seen.stage == "read" and "records_document" in seen.writing,
    "settle": lambda seen: seen.stage == "settle" and bool(seen.writing - {"records_run"}),
    "post": lambda seen: seen.stage == "post" and bool(seen.sending) and not seen.writing,
    "record": lambda seen: "records_attempt" in seen.writing and bool(seen.sending),
    "reconcile": lambda seen: seen.stage == "reconcile",
}
A_MOMENT = 0.6  # seconds: longer than a busy machine needs to look and to strike
CALMLY = 0.05  # seconds between two looks at what lasts: looking costs the machine that is looked at
WRITES = {
    "sending, nothing written": "before",
    "sending, written after its death": "during",
    "sending, answered after its death": "after",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One blow: what it was aimed at, and where the worker was."""

    aim: str
    found: str
    seconds: float  # from the blow to the next run

    def __str__(self) -> str:
        return f"{self.aim}: {self.found}; a new run after {self.seconds:.1f} s"


def _blow(watch: Watch, aim: str, seen: Seen, strike: Callable[[], object]) -> Hit:
    """Strike, and wait for the run that comes after."""
    started = time.monotonic()
    strike()
    watch.until(lambda now: now.run > seen.run, every=CALMLY)
    return Hit(aim, str(seen), time.monotonic() - started)


def _aimed(on: Plant, watch: Watch, where: Where) -> Seen:
    """Hold the worker where it was seen, look again, and give it back held: what is so stays so."""
    while True:
        watch.until(lambda now: where(now) or _stirred(on, now))
        on.freeze()
        seen = watch.look()
        if seen is not None and seen.state == "going" and where(seen):
            return seen
        on.thaw()


def _stirred(on: Plant, now: Seen) -> bool:
    """Give the worker something to do where it has nothing; never what is waited for."""
    if now.quiet:
        on.stir(now.run)
    return False


def _on_write(on: Plant, watch: Watch, when: str) -> Seen:
    """Let QuickBooks itself kill the worker in the middle of a batch."""
    sprung: list[bool] = []

    def spring() -> None:
        on.kill()
        sprung.append(True)

    on.trap.armed = (when, spring)
    watch.until(lambda now: bool(sprung) or _stirred(on, now), every=CALMLY)
    seen = watch.look()
    assert seen is not None
    return seen


def killed(on: Plant, *, times: int, seed: int) -> list[Hit]:
    """One first sync, killed once at each stage, three times in the middle of a write, and at random.

    The random moments are the seed's: seconds after the worker was seen at work.
    """
    watch, hits, dice = Watch(on), [], random.Random(seed)
    for stage, where in STAGES.items():
        if stage == "record":
            for aim, when in WRITES.items():
                hits.append(_blow(watch, aim, _on_write(on, watch, when), lambda: None))
        if stage == "reconcile":
            hits += [_at_random(on, watch, dice.uniform(0.3, 4.0)) for _ in range(times)]
        on.trap.seconds = A_MOMENT if stage == "post" else 0.0  # long enough to be met in it
        hits.append(_blow(watch, stage, _aimed(on, watch, where), on.kill))
    watch.until(lambda seen: seen.quiet, every=CALMLY)
    watch.close()
    return hits


def _at_random(on: Plant, watch: Watch, moment: float) -> Hit:
    end = time.monotonic() + moment
    watch.until(
        lambda now: (time.monotonic() > end and now.state == "going") or _stirred(on, now), every=CALMLY
    )
    on.freeze()
    seen = watch.look()
    assert seen is not None
    return _blow(watch, f"random, {moment:.2f} s", seen, on.kill)


def _at_work(seen: Seen) -> bool:
    return seen.state == "going" and seen.stage in {"settle", "post"} and bool(seen.sending)


def with_what_it_stands_on(on: Plant) -> list[Hit]:
    """One first sync: the broker emptied, PostgreSQL crashed, the broker killed under a worker at work.

    The wake-ups that stood in the broker are gone each time; only the next tick can find the work.
    """
    watch, hits = Watch(on), []

    def emptied() -> None:
        on.kill()
        assert on.servers.empty_broker()

    blows: dict[str, Callable[[], object]] = {
        "broker emptied, worker killed": emptied,
        "PostgreSQL restarted": on.servers.crash_database,
        "broker killed": on.servers.crash_broker,
    }
    for aim, strike in blows.items():
        seen = watch.until(_at_work)
        hits.append(_blow(watch, aim, seen, strike))
    watch.until(lambda seen: seen.quiet, every=CALMLY)
    watch.close()
    return hits
