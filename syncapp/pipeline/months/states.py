"""The states of a month end, told from what was done to it, and which step may come next. Pure.

open ──submit──▶ submitted ──lock──▶ locked      a changed figure takes a submission back, and brings a
  ▲                 │ send back        │         locked month back as changed; it stays shut all the same
  └─────────────────┘◀── reopen, with a reason ──┘
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Act(StrEnum):
    """What is done to a month end; each is kept for ever."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    LOCKED = "locked"
    MOVED = "moved"
    REOPENED = "reopened"


class State(StrEnum):
    """How a month end stands."""

    OPEN = "open"
    SUBMITTED = "submitted"
    LOCKED = "locked"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that was done. `digest` is of the figures it was done to, empty where it needs none."""

    id: int
    act: Act
    by: int | None
    at: datetime
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a month end stands. `shut`: nothing posts into the month, as if the books were closed."""

    state: State = State.OPEN
    shut: bool = False
    submitted: Event | None = None
    locked: Event | None = None
    moved: Event | None = None
    returned: Event | None = None

    @property
    def stands(self) -> Event | None:
        """Return the lock in force, else the submission in force."""
        return self.locked or self.submitted


def standing(events: Sequence[Event]) -> Standing:
    """Tell how a month end stands from all that was done to it, in its order."""
    submitted = locked = moved = returned = None
    shut = False
    for event in events:
        match event.act:
            case Act.SUBMITTED:
                submitted, locked, moved, returned = event, None, None, None
            case Act.RETURNED:
                submitted, returned = None, event
            case Act.LOCKED:
                locked, shut = event, True
            case Act.MOVED:
                submitted, locked, moved = None, None, event
            case Act.REOPENED:
                submitted = locked = moved = returned = None
                shut = False
    state = State.OPEN
    if locked:
        state = State.LOCKED
    elif submitted:
        state = State.SUBMITTED
    elif shut:
        state = State.CHANGED
    return Standing(
        state=state, shut=shut, submitted=submitted, locked=locked, moved=moved, returned=returned
    )


def why_not_submit(now: Standing, *, blocked: Sequence[str], carried: int, reason: str) -> str:
    """Say why a month cannot be submitted; empty when it can. `carried` exceptions stay open over its end."""
    if now.state in {State.SUBMITTED, State.LOCKED}:
        return "This month is submitted already."
    if blocked:
        return blocked[0]
    if carried and not reason.strip():
        return "Say why the open exceptions are carried into the next month."
    return ""


def why_not_lock(now: Standing, *, digest: str, seen: str, by: int, reason: str) -> str:
    """Say why a month cannot be locked; empty when it can. `seen` is the hash on the page that was read."""
    if now.state is State.LOCKED:
        return "This month is locked already."
    if now.submitted is None:
        return "Nobody has submitted this month yet. It is submitted first."
    if now.submitted.digest != digest or seen != digest:
        return "A figure moved while you read. Look at the month again; it is submitted anew."
    if now.submitted.by == by and not reason.strip():
        return "You submitted this month yourself. Say why nobody else locks it."
    return ""


def why_not_return(now: Standing, *, words: str) -> str:
    """Say why a month cannot be sent back; empty when it can."""
    if now.state is not State.SUBMITTED:
        return "Only a month that waits for its lock can be sent back."
    return "" if words.strip() else "Say what is to be done before you lock it."


def why_not_reopen(now: Standing, *, reason: str) -> str:
    """Say why a month cannot be reopened; empty when it can."""
    if not now.shut:
        return "This month is not locked."
    return "" if reason.strip() else "Give the reason; it stays in the history."
