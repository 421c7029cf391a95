"""Which side's word holds when a contact differs between the practice system and the books. Pure.

Both sides are compared with what they showed when they were last settled, so that only what moved since is a
change, and our own writing, seen again, is none. What only one side knows is never erased.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syncapp.core.likeness import phone_key

FIELDS = ("name", "company", "email", "phone", "address")


class Side(StrEnum):
    """Where a value stands."""

    CLIO = "clio"
    BOOKS = "books"


class Winner(StrEnum):
    """What a firm sets for one field.

    `ask`: what changed in Clio alone goes to the books; what changed in the books is asked.
    """

    CLIO = "clio"
    BOOKS = "books"
    NEWEST = "newest"
    ASK = "ask"


DEFAULTS: Mapping[str, Winner] = {
    "name": Winner.ASK,
    "company": Winner.CLIO,
    "email": Winner.CLIO,
    "phone": Winner.CLIO,
    "address": Winner.CLIO,
}


@dataclass(frozen=True, slots=True)
class Pair:
    """What both sides show of one field."""

    clio: str = ""
    books: str = ""

    def of(self, side: Side) -> str:
        """Return what one side shows."""
        return self.clio if side is Side.CLIO else self.books


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """How a field is decided: the firm's winner, when each side changed, and whether Clio may be written.

    `answer` is a person's, who saw what stands now.
    """

    winner: Winner
    clio_at: datetime | None = None
    books_at: datetime | None = None
    may_write: bool = False
    answer: Side | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a field: what counts as settled, and which side takes `value`, or that it is asked."""

    settled: Pair
    to: Side | None = None
    value: str = ""
    ask: bool = False


def decide(field: str, settled: Pair, now: Pair, law: Law) -> Verdict:
    """Decide one field. `settled` is what both sides showed when they were last settled.

    The same facts give the same verdict, and carrying it out leaves nothing to decide.
    """
    if same(field, now.clio, now.books):
        return Verdict(now)
    moved = {side for side in Side if not same(field, now.of(side), settled.of(side))}
    if not moved:
        return Verdict(settled)
    wins = law.answer or _winner(law, moved)
    if wins is None:
        return Verdict(settled, ask=True)
    value = now.of(wins)
    loser = Side.BOOKS if wins is Side.CLIO else Side.CLIO
    if not value or (loser is Side.CLIO and not law.may_write):
        return Verdict(now)
    return Verdict(settled, to=loser, value=value)


def _winner(law: Law, moved: set[Side]) -> Side | None:
    """Return whose value holds; None when a person is asked."""
    if law.winner is Winner.CLIO:
        return Side.CLIO
    if law.winner is Winner.BOOKS:
        return Side.BOOKS
    if law.winner is Winner.ASK:
        return None if Side.BOOKS in moved else Side.CLIO
    if len(moved) == 1:
        return next(iter(moved))
    if law.clio_at is None or law.books_at is None or law.clio_at == law.books_at:
        return None
    return Side.CLIO if law.clio_at > law.books_at else Side.BOOKS


def same(field: str, one: str, other: str) -> bool:
    """Tell whether two values of a field say the same: an address by its words, a number by its digits."""
    left, right = _plain(field, one), _plain(field, other)
    return left == right or (field == "address" and (_but_country(left, right) or _but_country(right, left)))


def _but_country(short: str, long: str) -> bool:
    """Tell whether an address is another with its country behind the postal code."""
    rest = long.removeprefix(short)
    code = short.rpartition(" ")[2]
    return rest != long and bool(re.search(r"\d", code)) and not re.search(r"\d", rest) and rest[:1] == " "


def _plain(field: str, value: str) -> str:
    if field == "email":
        return value.strip().casefold()
    if field == "phone":
        return phone_key(value) or value.strip()
    if field == "address":
        return " ".join(re.findall(r"\w+", value.casefold()))
    return " ".join(value.split())
