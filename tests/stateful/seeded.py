"""Chance makes a history from a seed: what people do, what breaks, where the worker dies."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.road.test_any_order import Numbers
from tests.stateful import acts, trust_acts, twin_acts
from tests.stateful.desk_acts import HANDS as HANDS_AT_DESK
from tests.stateful.ground import DESK
from tests.stateful.history import History, Step

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
HANDS = 0.4  # of the firms with client money; what people put back at the end needs books that are open
TRUST_DEATHS = ("commit trust_daily", "commit settle", "call qbo batch", "call qbo create journalentry")


def made_from(seed: int, *, rounds: int = 2, setup: str = "") -> History:
    """The history of a seed: up to `rounds` rounds of acts, trouble and work."""
    at = Seeded(seed, setup="" if setup == DESK else setup)
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
    if setup == DESK:
        return History(tuple(_at_the_desk(at, steps)), at.random() < 0.5, seed, setup)
    if setup and setup != "feed" and at.random() < 0.3:
        steps.insert(at.randint(2, len(steps)), ("bank", at.randint(1, 4)))
    honoured = at.random() < 0.5
    _of_setup(at, steps)
    return History(tuple(steps), honoured, seed, setup)


def _at_the_desk(at: Random, steps: list[Step]) -> list[Step]:
    """Put hands in the books between the steps; what people put back at the end needs books that are open."""
    found = [step for step in steps if step[0] not in ("close", "shut")]
    began = next((n for n, step in enumerate(found) if step[0] == "work"), len(found))
    for _ in range(at.randint(1, 4)):
        hand = ("say", at.choice(list(HANDS_AT_DESK)), _numbers(at))
        found.insert(at.randint(min(began + 1, len(found)), len(found)), hand)
    return found


def _of_setup(at: Seeded, steps: list[Step]) -> None:
    """Put between the steps what people do because of the way their client money is set up."""

    def now_and_then(most: int, *given: Any) -> None:
        for _ in range(at.randint(0, most)):
            steps.insert(at.randint(1, len(steps)), (*given, _numbers(at)))

    if at.setup and at.random() < HANDS and not any(step[0] == "shut" for step in steps):
        now_and_then(2, "say", "hand")
    match at.setup:
        case "limit":
            now_and_then(4, "say", "approve")
            now_and_then(1, "say", "limit")
            steps.extend([("leave",)] if at.random() < 0.5 else [])
        case "feed":
            for name in twin_acts.TWINS:
                now_and_then(2, "say", name)
        case "opened":
            now_and_then(1, "say", "opening")
            now_and_then(1, "clio", "edit what was before")


class Seeded(Random):
    """Chance from a seed, and how the firm's client money is set up; empty where it is held."""

    def __init__(self, seed: int, *, setup: str) -> None:
        super().__init__(seed)
        self.setup = setup


def _numbers(at: Random) -> Numbers:
    return at.randint(0, 12), at.randint(0, 400), at.randint(0, 400)


def _act(at: Seeded, name: str = "") -> Step:
    every = (*acts.CLIO, *acts.OFTEN)
    if at.setup and at.random() < 0.75:
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
            deaths = (*DEATHS, *TRUST_DEATHS * 2) if at.setup else DEATHS
            return ("kill", at.choice(deaths), at.choice(("before", "after")), nth)
        case "grant":
            return at.choice((("revoke", "clio"), ("revoke", "qbo"), ("wait", 3700), ("wait", 90_000)))
        case _ if at.setup in {"opened", "feed"}:  # what people enter at the end needs open books
            return "close", at.randint(-10, 10)
        case _:
            return (at.choice(("close", "shut" if at.setup else "close", "shut")), at.randint(-10, 10))


def _on_the_line(at: Random) -> Step:
    vendor = at.choice(("clio", "qbo", "qbo"))
    kind = at.choice(("timeout_before", "timeout_after", "refused", "reset", "down"))
    if kind == "down":
        return ("line", vendor, kind, "any", at.randint(1, 12), 60)
    return ("line", vendor, kind, at.choice(("any", "read", "write", "write")), at.randint(1, 4), 1)
