"""What matching says: which bank lines are which entries, how sure that is, and why. Pure.

Lines and movements are named by `BankLine.id` and `Movement.subject`; amounts are signed minor units,
positive into the bank. The two sides of a proposal always sum to the same amount; tolerance is zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256


class How(StrEnum):
    """What a match rests on, the strongest first."""

    CHECK = "check"
    REFERENCE = "reference"
    PAYEE = "payee"  # the payee's name stands in the bank's text
    RULE = "rule"  # a person taught it
    EXACT = "exact"  # amount and day, no other fits
    WINDOW = "window"  # amount, some days apart, no other fits
    SEVERAL_ENTRIES = "several_entries"  # one bank line, several entries
    SEVERAL_LINES = "several_lines"  # several bank lines, one entry
    CANCELED = "canceled"  # a check and its void, an entry and its reversal: no bank line at all
    HAND = "hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How many days a bank line may lie before and after its entry.

    `check_after` is for a check with its number, `late` for one amount that only one entry has (suggested).
    """

    before: int = 5
    after: int = 5
    check_after: int = 400
    late: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeRule:
    """What a person taught: a bank text with all of `words` speaks of `payee`. Both are folded."""

    id: int
    words: frozenset[str]
    payee: str
    paid_in: bool


def key_of(lines: Iterable[str], movements: Iterable[str]) -> str:
    """Return a short name of just these lines and movements together."""
    named = "\n".join([*sorted(lines), "", *sorted(movements)])
    return sha256(named.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Lines and movements that are the same money. `certain` ones match of themselves, others wait.

    Movements that cancel each other have no lines.
    """

    lines: tuple[str, ...]
    movements: tuple[str, ...]
    how: How
    certain: bool
    reasons: tuple[str, ...]
    rule: int | None = None

    @property
    def key(self) -> str:
        """Return a short name of what is proposed: a person accepts what the page showed, or nothing."""
        return key_of(self.lines, self.movements)


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A line and a movement that look alike and differ in amount: an error of the bank or of the entry.

    `difference` is the line's amount less the movement's.
    """

    line: str
    movement: str
    difference: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """All that was found; a line or a movement stands in one proposal at most."""

    automatic: tuple[Proposal, ...]
    suggested: tuple[Proposal, ...]
    near: tuple[Near, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A match as it is kept: which lines are which movements."""

    lines: tuple[str, ...]
    movements: tuple[str, ...]
