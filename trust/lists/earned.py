"""Earned and not moved: what may leave trust for the firm, and what was recorded against what was signed.

Pure. Tieout draws up the list; a partner signs it, a person records the payments in Clio.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from syncapp.core.money import spoken

OVERDUE_DAYS = 30


class Why(StrEnum):
    """Why a part of a bill stays in trust or unpaid."""

    NOT_SENT = "not_sent"
    WAITING = "waiting"  # the firm's days after sending are not over
    DISPUTED = "disputed"
    NO_MONEY = "no_money"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPart:
    """What one bill still asks of one ledger. `sent` is the day it went to the client, None when it did not.

    `disputed` is the part of `open` that the client contests: it stays where it is.
    """

    bill: int
    number: str
    ledger: str
    open: int
    sent: date | None = None
    disputed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """One transfer that may be made: `overdue` when it should have been made long ago."""

    ledger: str
    bill: int
    number: str
    amount: int
    sent: date
    days: int
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is left out of the list, and why."""

    ledger: str
    bill: int
    number: str
    amount: int
    why: Why
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferList:
    """What may move on a day, and what is left out of it."""

    as_of: date
    lines: tuple[Earned, ...]
    left: tuple[Left, ...]

    @property
    def total(self) -> int:
        """Return what all of it comes to."""
        return sum(line.amount for line in self.lines)


def transfer_list(
    parts: Iterable[BillPart],
    held: Mapping[str, int],
    *,
    as_of: date,
    waiting_days: int = 0,
    overdue_days: int = OVERDUE_DAYS,
    floors: Mapping[str, int] | None = None,
) -> TransferList:
    """Draw up what has been earned and may move, the oldest bill first, never below a ledger's floor.

    `held` is each ledger's balance, `floors` what a ledger keeps by agreement, `waiting_days` the days that
    the firm gives a client to object after a bill was sent.
    """
    room = {key: max(0, amount - (floors or {}).get(key, 0)) for key, amount in held.items()}
    lines: list[Earned] = []
    left: list[Left] = []
    for part in sorted(parts, key=lambda p: (p.sent or date.max, p.bill, p.ledger)):
        contested = min(max(part.disputed, 0), part.open)
        due = part.open - contested
        if contested:
            left.append(_left(part, contested, Why.DISPUTED, "The client disputes it."))
        if part.sent is None:
            left.append(_left(part, due, Why.NOT_SENT, "The bill was not sent to the client."))
            continue
        days = (as_of - part.sent).days
        if days < waiting_days:
            until = part.sent + timedelta(days=waiting_days)
            left.append(_left(part, due, Why.WAITING, f"The client may object until {until}."))
            continue
        amount = min(due, room.get(part.ledger, 0))
        room[part.ledger] = room.get(part.ledger, 0) - amount
        if amount > 0:
            lines.append(_earned(part, amount, part.sent, days, overdue=days > overdue_days))
        left.append(_left(part, due - amount, Why.NO_MONEY, "The ledger does not hold that much."))
    return TransferList(as_of=as_of, lines=tuple(lines), left=tuple(one for one in left if one.amount > 0))


def _left(part: BillPart, amount: int, why: Why, words: str) -> Left:
    return Left(ledger=part.ledger, bill=part.bill, number=part.number, amount=amount, why=why, words=words)


def _earned(part: BillPart, amount: int, sent: date, days: int, *, overdue: bool) -> Earned:
    return Earned(
        ledger=part.ledger,
        bill=part.bill,
        number=part.number,
        amount=amount,
        sent=sent,
        days=days,
        overdue=overdue,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A payment from trust as it was recorded in Clio; `amount` is positive."""

    subject: str
    ledger: str
    bill: int
    amount: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A recorded payment, or the part of one, that no signed line covers."""

    recorded: Recorded
    amount: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Recorded payments against the signed list: what is outside it, and what is still to be recorded."""

    outside: tuple[Outside, ...]
    open: tuple[Earned, ...]


def check_recorded(signed: Iterable[Earned], recorded: Iterable[Recorded]) -> Checked:
    """Check the payments that a person recorded in Clio against the lines that the partner signed."""
    lines = list(signed)
    room: dict[tuple[str, int], int] = {}
    for line in lines:
        room[line.ledger, line.bill] = room.get((line.ledger, line.bill), 0) + line.amount
    outside = []
    for one in sorted(recorded, key=lambda r: (r.day, r.subject)):
        key = one.ledger, one.bill
        covered = min(one.amount, room.get(key, 0))
        if covered < one.amount:
            outside.append(
                Outside(recorded=one, amount=one.amount - covered, words=_beyond(one, covered, key in room))
            )
        if key in room:
            room[key] -= covered
    still = []
    for line in lines:
        rest = min(line.amount, room[line.ledger, line.bill])
        room[line.ledger, line.bill] -= rest
        if rest:
            still.append(replace(line, amount=rest))
    return Checked(outside=tuple(outside), open=tuple(still))


def _beyond(one: Recorded, covered: int, on_list: bool) -> str:  # noqa: FBT001
    if not on_list:
        return f"{spoken(one.amount)} left trust for a bill that is not on the signed list of this ledger."
    return f"{spoken(one.amount)} left trust; the signed list has {spoken(covered)} for it."
