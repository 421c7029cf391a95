"""The states of a reconciliation, told from what was done to it, and which step may come next. Pure.

open ──prepare──▶ prepared ──sign──▶ signed        a question returns it to its preparer (asked)
  ▲                  │ ask ▲ answer     │           a figure that moved suspends it, and asks again
  └── reopen, with a reason ────────────┘
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trust.signing.figures import Figures


class Act(StrEnum):
    """What is done to a reconciliation; each is kept for ever."""

    PREPARED = "prepared"
    ASKED = "asked"
    ANSWERED = "answered"
    SIGNED = "signed"
    SUSPENDED = "suspended"
    REOPENED = "reopened"


class State(StrEnum):
    """How a reconciliation stands. Its period is locked in every state but `open`."""

    OPEN = "open"
    PREPARED = "prepared"
    ASKED = "asked"
    SIGNED = "signed"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that was done. `digest` is of the figures it was done to; `answers` a question's id."""

    id: int
    act: Act
    by: int | None
    at: datetime
    digest: str = ""
    answers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a reconciliation stands: `prepared` and `signed` are in force, `questions` await an answer."""

    state: State = State.OPEN
    prepared: Event | None = None
    signed: Event | None = None
    suspended: Event | None = None
    questions: tuple[int, ...] = ()

    @property
    def locked(self) -> bool:
        """Tell whether its period is locked: what changes then is a new entry of the day of the change."""
        return self.state is not State.OPEN

    @property
    def preparer(self) -> int | None:
        """Return who prepared what stands; None when nobody did."""
        return self.prepared.by if self.prepared else None

    @property
    def stands(self) -> Event | None:
        """Return the signature in force, else the preparation in force."""
        return self.signed or self.prepared

    @property
    def digest(self) -> str:
        """Return the hash that somebody stands for; empty when nobody does."""
        return self.stands.digest if self.stands else ""


def standing(events: Sequence[Event]) -> Standing:
    """Tell how a reconciliation stands from all that was done to it, in its order."""
    prepared = signed = suspended = None
    questions: list[int] = []
    for event in events:
        match event.act:
            case Act.PREPARED:
                prepared, signed, suspended = event, None, None
            case Act.SIGNED:
                signed = event
            case Act.SUSPENDED:
                prepared, signed, suspended = None, None, event
            case Act.REOPENED:
                prepared, signed, suspended = None, None, None
            case Act.ASKED:
                questions.append(event.id)
            case Act.ANSWERED:
                questions = [one for one in questions if one != event.answers]
    return Standing(
        state=_state(prepared, signed, suspended, questions),
        prepared=prepared,
        signed=signed,
        suspended=suspended,
        questions=tuple(questions),
    )


def _state(
    prepared: Event | None, signed: Event | None, suspended: Event | None, questions: Sequence[int]
) -> State:
    if signed:
        return State.SIGNED
    if prepared:
        return State.ASKED if questions else State.PREPARED
    return State.SUSPENDED if suspended else State.OPEN


def moved(stands: Standing, now: Figures) -> bool:
    """Tell whether a figure is another than the one somebody prepared or signed."""
    return bool(stands.digest) and stands.digest != now.digest


def why_not_prepare(stands: Standing, now: Figures, *, explanation: str) -> str:
    """Say why a month cannot be submitted now; empty when it can."""
    if stands.state in {State.PREPARED, State.ASKED, State.SIGNED} and not moved(stands, now):
        return "This month is submitted already."
    if now.statement is None:
        return "There is no bank statement for this month yet. Import it first."
    if now.only_ours:
        return "What Tieout posted is another amount. Find out what went past it; nobody can sign over it."
    if not now.equal:
        return "The three figures do not agree. Find the difference first; nobody can sign over it."
    if not now.signable and not explanation.strip():
        return "Something stands in the way of the signature. Explain it before you submit the month."
    return ""


def why_not_sign(stands: Standing, now: Figures, *, seen: str) -> str:
    """Say why it cannot be signed now; empty when it can. `seen` is the hash on the page that was read."""
    if stands.state is State.SIGNED and not moved(stands, now):
        return "This month is signed already."
    if stands.prepared is None:
        return "Nobody has submitted this month yet. It is prepared first."
    if stands.questions:
        return "A question is open. It cannot be signed until it is answered."
    if moved(stands, now) or seen != now.digest:
        return "A figure has moved since this month was prepared. Look at it again."
    if not now.signable:
        return " ".join(now.obstacles) or "The three figures do not agree."
    return ""


def why_not_ask(stands: Standing) -> str:
    """Say why a question cannot be asked now; empty when it can."""
    if stands.state in {State.PREPARED, State.ASKED}:
        return ""
    if stands.state is State.SIGNED:
        return "This month is signed. Reopen it with a reason first."
    return "Nobody has submitted this month yet."


def why_not_reopen(stands: Standing, *, reason: str) -> str:
    """Say why it cannot be reopened now; empty when it can."""
    if stands.state is State.OPEN:
        return "This month is open already."
    return "" if reason.strip() else "Say why the month is reopened; its history keeps it."
