"""A history: what people, vendors and the machine do to a firm, step by step, and how it is played."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from syncapp.emulators.clio.model import NoSuchRecord, Refused
from syncapp.emulators.qbo import backdoor
from syncapp.emulators.qbo.errors import Refused as RefusedInBooks
from syncapp.pipeline.clock import schedule
from tests.road.test_any_order import Numbers
from tests.stateful import acts, firm_acts, trust_acts
from tests.stateful.ground import Ground
from tests.stateful.said import Said
from tests.stateful.wire import Broken, Death

type Step = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class History:
    """Steps, whether QuickBooks honours `requestid`, and how trust accounts are set up, if they are."""

    steps: tuple[Step, ...]
    honoured: bool = True
    seed: int = -1
    setup: str = ""

    def script(self) -> str:
        """What to paste into a test."""
        lines = "\n".join(f"        {step!r}," for step in self.steps)
        return f"history(\n        honoured={self.honoured},\n{lines}\n    )"


def history(*steps: Step, honoured: bool = True) -> History:
    """A history as its script says it."""
    return History(steps, honoured)


@dataclass(slots=True)
class Told:
    """What happened in some histories."""

    runs: int = 0
    events: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)

    def add(self, other: Told) -> None:
        """Count another's with these."""
        self.runs += other.runs
        for mine, theirs in (
            (self.events, other.events),
            (self.faults, other.faults),
            (self.kills, other.kills),
        ):
            mine.update(theirs)


class Player:
    """Plays the steps of a history on its ground."""

    def __init__(self, ground: Ground) -> None:
        self.at, self.told, self.said = ground, Told(runs=1), Said()
        self.shut: date | None = None
        self.fixed = self.cleared = False  # what is closed or matched is changed by later entries
        self.does: dict[str, Callable[..., object]] = {
            "clio": self._clio,
            "books": self._books,
            "fault": self._fault,
            "line": lambda *given: self.at.line.broken.append(Broken(*given)),
            "kill": self._kill,
            "work": self._work,
            "wait": self.at.clock.sleep,
            "revoke": self._revoke,
            "reconnect": self.at.reconnect,
            "post": self._post,
            "close": self._close,
            "shut": self._shut,
            "approve": lambda: firm_acts.corrections(ground),
            "say": self._say,
            "leave": lambda: setattr(self.said, "leaves", True),
            "ask": lambda: schedule.ask(firm_id=ground.on.firm.pk, now=timezone.now()),
            "bank": self._bank,
            "open": lambda: backdoor.close_books(self.at.on.company, None),
        }

    def play(self, steps: tuple[Step, ...]) -> None:
        """Do all of it."""
        for name, *given in steps:
            self.does[name](*given)

    def _clio(self, name: str, numbers: Numbers) -> None:
        try:
            (acts.CLIO | trust_acts.TRUST | trust_acts.BEFORE)[name](self.at.on, numbers)
        except (Refused, NoSuchRecord):
            return  # Clio does not let people do this
        self.told.events[name] += 1

    def _books(self, name: str, numbers: Numbers) -> None:
        try:
            acts.BOOKS[name](self.at.on.company, numbers)
        except (Refused, RefusedInBooks):
            return  # QuickBooks does not either
        self.told.events[name] += 1

    def _fault(
        self, vendor: str, operation: str, nth: int, kind: str, times: int, args: dict[str, Any]
    ) -> None:
        app = self.at.on.clio if vendor == "clio" else self.at.on.qbo
        app.state.faults.add(operation, nth, kind, times, **args)

    def _kill(self, point: str, side: str, nth: int) -> None:
        self.at.line.death = Death(point, side, nth)

    def _revoke(self, vendor: str) -> None:
        self.at.revoke(vendor)
        self.told.faults["revoked token"] += 1

    def _close(self, days: int) -> None:
        backdoor.close_books(self.at.on.company, date(2026, 10, 31) + timedelta(days=days))
        self.told.faults["closed books"] += 1
        self.fixed = True

    def _post(self, how: str) -> None:
        self.told.events[f"webhooks {how}"] += self.at.post(how) if how != "lost" else 1

    def _shut(self, days: int) -> None:
        """Close the books, and leave them closed."""
        self._close(days)
        self.shut = date(2026, 10, 31) + timedelta(days=days)

    def _bank(self, share: int) -> None:
        """The bank's statements come: what they show is matched, and stays as it stands."""
        if not self.cleared:
            self.told.events["lines of the bank"] += trust_acts.clears(self.at.on, share)
        self.fixed = self.cleared = True

    def _say(self, what: str, numbers: Numbers) -> None:
        try:
            firm_acts.SAYS[what](self.at, self.said, numbers)
        except (Refused, RefusedInBooks):
            return
        self.told.events[f"say: {what}"] += 1

    def _work(self) -> None:
        line, states = self.at.line, (self.at.on.clio.state, self.at.on.qbo.state)
        line.hit.clear()
        line.died.clear()
        self.told.events[f"work {self.at.work()}"] += 1
        for state in states:
            self.told.faults.update(kind for _, kind in state.faults.fired)
            state.faults.fired.clear()
        self.told.faults.update(line.hit)
        self.told.kills.update(line.died)
