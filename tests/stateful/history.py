"""A history: what people, vendors and the machine do to a firm, step by step. Made from a seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.model import NoSuchRecord, Refused
from syncapp.emulators.qbo import backdoor
from syncapp.emulators.qbo.errors import Refused as RefusedInBooks
from syncapp.pipeline import choices, schedule
from syncapp.records.models import Case
from tests.road.test_any_order import Numbers
from tests.stateful import acts, trust_acts
from tests.stateful.ground import Ground
from tests.stateful.wire import Broken, Death

type Step = tuple[Any, ...]

WRITES = (
    *["write"] * 12,
    *("batch", "create customer", "create invoice", "update invoice", "create payment", "update payment"),
    *("create creditmemo", "create journalentry", "void invoice", "void payment"),
)
READS = ("read", "read", "query", "cdc", "GET companyinfo", "GET preferences", "token refresh_token")
CLIO_READS = (
    "GET",
    "GET bills",
    "GET allocations",
    "GET line_items",
    "GET contacts",
    "GET bank_transactions",
)
FAULTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("drop_before", {}),
    ("drop_after", {}),
    ("throttle", {}),
    ("throttle", {"retry_after": 2}),
    ("throttle", {"retry_after": 30}),
    ("server_error", {}),
    ("server_error", {"commit": True}),
    ("server_error", {"status": 503}),
    ("fault_200", {}),
    ("fault_200", {"commit": True}),
    ("malformed", {"commit": True}),
    ("malformed", {"commit": False}),
    ("expired_token", {}),
)
DEATHS = (
    *("commit post._claim", "commit record.run", "commit settle", "commit post", "commit refresh"),
    *("commit pull", "commit read", "commit run", "commit schedule", "commit", "call qbo batch"),
    *("call qbo", "call clio", "call qbo read", "commit reconcile", "commit digest"),
)
TRUST_DEATHS = ("commit trust_daily", "commit settle", "call qbo batch", "call qbo create journalentry")


@dataclass(frozen=True, slots=True)
class History:
    """Steps, whether QuickBooks honours `requestid`, and whether trust accounts are set up."""

    steps: tuple[Step, ...]
    honoured: bool = True
    seed: int = -1
    trust: bool = False

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


def made_from(seed: int, *, rounds: int = 2, trust: bool = False) -> History:
    """The history of a seed: up to `rounds` rounds of acts, trouble and work."""
    at = Seeded(seed, trust=trust)
    steps: list[Step] = [_act(at, "draft")]
    for _ in range(at.choice((1, rounds))):
        steps += [_act(at) for _ in range(at.randint(1, 4))]
        if at.random() < 0.35:
            steps.append(("books", at.choice(list(acts.BOOKS)), _numbers(at)))
        steps += [_trouble(at) for _ in range(at.choice((1, 1, 2, 2, 3)))]
        if at.random() < 0.5:
            steps.append(("post", at.choice(("in order", "doubled", "reordered", "lost"))))
        steps += [("ask",)] if at.random() < 0.25 else []
        steps += [("work",)] * at.choice((1, 1, 1, 1, 2))
    if at.random() < 0.5:
        steps.append(_act(at))
    if trust and at.random() < 0.3:
        steps.insert(at.randint(2, len(steps)), ("bank", at.randint(1, 4)))
    return History(tuple(steps), at.random() < 0.5, seed, trust)


class Seeded(Random):
    """Chance from a seed, and whether client money is part of it."""

    def __init__(self, seed: int, *, trust: bool) -> None:
        super().__init__(seed)
        self.trust = trust


def _numbers(at: Random) -> Numbers:
    return at.randint(0, 12), at.randint(0, 400), at.randint(0, 400)


def _act(at: Seeded, name: str = "") -> Step:
    every = (*acts.CLIO, *acts.OFTEN)
    if at.trust and at.random() < 0.75:
        every = (*trust_acts.TRUST, *trust_acts.OFTEN)
    chosen = name or at.choice(every)
    return ("clio", chosen, _numbers(at))


def _trouble(at: Seeded) -> Step:
    match at.choices(("fault", "reading", "line", "kill", "grant", "close"), (32, 14, 14, 30, 5, 5))[0]:
        case "fault":
            kind, args = at.choice(FAULTS)
            return (
                "fault",
                "qbo",
                at.choice(WRITES),
                at.choice((1, 1, 1, 2, 2, 3)),
                kind,
                at.choice((1, 1, 1, 2)),
                args,
            )
        case "reading":
            vendor = at.choice(("clio", "qbo"))
            operation = at.choice(CLIO_READS if vendor == "clio" else READS)
            kind, args = at.choice(FAULTS)
            return ("fault", vendor, operation, at.randint(1, 3), kind, at.choice((1, 1, 9)), args)
        case "line":
            return _on_the_line(at)
        case "kill":
            nth = at.choice((1, 1, 1, 2, 3, at.randint(1, 40)))
            deaths = (*DEATHS, *TRUST_DEATHS * 2) if at.trust else DEATHS
            return ("kill", at.choice(deaths), at.choice(("before", "after")), nth)
        case "grant":
            return at.choice((("revoke", "clio"), ("revoke", "qbo"), ("wait", 3700), ("wait", 90_000)))
        case _:
            return (at.choice(("close", "shut" if at.trust else "close", "shut")), at.randint(-10, 10))


def _on_the_line(at: Random) -> Step:
    vendor = at.choice(("clio", "qbo", "qbo"))
    kind = at.choice(("timeout_before", "timeout_after", "refused", "reset", "down"))
    if kind == "down":
        return ("line", vendor, kind, "any", at.randint(1, 12), 60)
    return ("line", vendor, kind, at.choice(("any", "read", "write", "write")), at.randint(1, 4), 1)


class Player:
    """Plays the steps of a history on its ground."""

    def __init__(self, ground: Ground) -> None:
        self.at, self.told = ground, Told(runs=1)
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
            "approve": self.approve,
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
            (acts.CLIO | trust_acts.TRUST)[name](self.at.on, numbers)
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

    def approve(self) -> int:
        """A person approves every entry that is to correct the closed books; return how many."""
        firm = self.at.on.firm.pk
        with firm_scope(write=None, reads=[firm]):
            cases = list(Case.objects.filter(firm_id=firm, code="closed_correction", closed_at__isnull=True))
        for case in cases:
            answer = f"approve:{case.facts['print']}"
            choices.choose(
                firm_id=firm, case_id=case.pk, answer=answer, by=self.at.on.person, now=timezone.now()
            )
            self.told.events["approve a correction"] += 1
        return len(cases)

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
