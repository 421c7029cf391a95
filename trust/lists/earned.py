"""Earned and not moved: what may leave trust for the firm, and what should have left it long ago.

Pure. Tieout draws up the list; a partner signs it, a person records the payments in Clio (DESIGN section 9,
rule b; TRUST-RULES, "Earned fees left in trust").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from syncapp.core.money import spoken

OVERDUE_DAYS = 30


class Why(StrEnum):
    """Why a part of a bill stays in trust or unpaid."""

    NOT_SENT = "not_sent"
    WAITING = "waiting"  # the firm's days after sending are not over
    DISPUTED = "disputed"
    OTHER_PAYER = "other_payer"
    KEPT = "kept"  # the client agreed to keep it in trust
    NO_MONEY = "no_money"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPart:
    """What one bill still asks of one ledger. `sent` is the day it went to the client, None when it did not.

    `disputed` is the part of `open` that the client contests: it stays where it is. `fallback` is a ledger of
    the same client that pays what this one does not hold; `other_payer`: somebody else owes the bill.
    """

    bill: int
    number: str
    ledger: str
    open: int
    sent: date | None = None
    disputed: int = 0
    fallback: str = ""
    other_payer: bool = False


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

    @property
    def overdue(self) -> tuple[Earned, ...]:
        """Return what should have been transferred."""
        return tuple(line for line in self.lines if line.overdue)

    @property
    def due(self) -> dict[str, int]:
        """Return what is due from each ledger, whether its money suffices or not."""
        found: dict[str, int] = {}
        short = [one for one in self.left if one.why in {Why.NO_MONEY, Why.KEPT}]
        parts = [(line.ledger, line.amount) for line in self.lines]
        for ledger, amount in parts + [(one.ledger, one.amount) for one in short]:
            found[ledger] = found.get(ledger, 0) + amount
        return found


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
    kept = {key: max(0, amount) - room[key] for key, amount in held.items()}
    lines: list[Earned] = []
    left: list[Left] = []
    for part in sorted(parts, key=lambda p: (p.sent or date.max, p.bill, p.ledger)):
        due = part.open - _contested(part, left)
        stays = _stays(part, as_of, waiting_days)
        if stays is not None or part.sent is None:
            left += [_left(part, due, *stays)] if stays else []
            continue
        days = (as_of - part.sent).days
        overdue = days > max(overdue_days, waiting_days)
        for ledger in dict.fromkeys((part.ledger, part.fallback)):
            amount = min(due, room.get(ledger, 0)) if ledger else 0
            if amount > 0:
                room[ledger] -= amount
                due -= amount
                lines.append(_earned(part, ledger, amount, part.sent, days, overdue=overdue))
        left += _short(part, due, kept)
    return TransferList(as_of=as_of, lines=tuple(lines), left=tuple(one for one in left if one.amount > 0))


def _contested(part: BillPart, left: list[Left]) -> int:
    contested = min(max(part.disputed, 0), part.open)
    left.append(_left(part, contested, Why.DISPUTED, "The client disputes it."))
    return contested


def _stays(part: BillPart, as_of: date, waiting_days: int) -> tuple[Why, str] | None:
    """Say why nothing of a part may move yet; None when it may."""
    if part.other_payer:
        return Why.OTHER_PAYER, "Another client owes this bill: whose money pays it is a partner's decision."
    if part.sent is None:
        return Why.NOT_SENT, "The bill was not sent to the client."
    until = part.sent + timedelta(days=waiting_days)
    if as_of < until:
        return Why.WAITING, f"The client may object until {until:%-d %b %Y}."
    return None


def _short(part: BillPart, due: int, kept: dict[str, int]) -> list[Left]:
    """Tell what a ledger does not hold from what it keeps by agreement, which counts once."""
    stays = min(due, kept.get(part.ledger, 0))
    kept[part.ledger] = kept.get(part.ledger, 0) - stays
    return [
        _left(part, stays, Why.KEPT, f"{spoken(stays)} stays in trust by agreement."),
        _left(part, due - stays, Why.NO_MONEY, "The ledger does not hold that much."),
    ]


def _left(part: BillPart, amount: int, why: Why, words: str) -> Left:
    return Left(ledger=part.ledger, bill=part.bill, number=part.number, amount=amount, why=why, words=words)


def _earned(part: BillPart, ledger: str, amount: int, sent: date, days: int, *, overdue: bool) -> Earned:
    return Earned(
        ledger=ledger,
        bill=part.bill,
        number=part.number,
        amount=amount,
        sent=sent,
        days=days,
        overdue=overdue,
    )
