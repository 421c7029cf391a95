"""What is outstanding on a day: the difference between the bank's balance and the books'. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from trust.matching.nouns import Group
from trust.nouns import BankLine, Movement


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Of all that is dated to a day: movements the bank has not seen, lines the books do not know.

    What is partly seen stands with the amount that is left. Σ lines + Σ outstanding − Σ unmatched is
    Σ movements, all to that day.
    """

    outstanding: tuple[Movement, ...]
    unmatched: tuple[BankLine, ...]

    @property
    def deposits(self) -> tuple[Movement, ...]:
        """Return deposits in transit."""
        return tuple(one for one in self.outstanding if one.amount > 0)

    @property
    def checks(self) -> tuple[Movement, ...]:
        """Return checks and other payments that the bank has not paid."""
        return tuple(one for one in self.outstanding if one.amount < 0)


def standing(
    groups: Iterable[Group], lines: Iterable[BankLine], movements: Iterable[Movement], day: date
) -> Standing:
    """Say what is outstanding at the end of `day`; a match counts as far as both its sides lie by then."""
    known_lines = {line.id: line for line in lines if line.day <= day and line.amount}
    known = {one.subject: one for one in movements if one.day <= day and one.amount}
    open_lines = dict(known_lines)
    open_movements = dict(known)
    for group in groups:
        here = [known_lines[key] for key in group.lines if key in known_lines]
        there = [known[key] for key in group.movements if key in known]
        _settle(here, there, open_lines, open_movements)
    return Standing(
        outstanding=tuple(sorted(open_movements.values(), key=lambda one: (one.day, one.subject))),
        unmatched=tuple(sorted(open_lines.values(), key=lambda line: (line.day, line.id))),
    )


def _settle(
    lines: Sequence[BankLine],
    movements: Sequence[Movement],
    open_lines: dict[str, BankLine],
    open_movements: dict[str, Movement],
) -> None:
    """Take off what one match has settled on both sides; what one side has more than the other stays open."""
    seen, booked = sum(line.amount for line in lines), sum(one.amount for one in movements)
    rest = booked - seen
    if rest and not (lines and movements):
        return
    in_books = (rest > 0) == (booked > 0)  # the books have more than the bank has seen
    for line, amount in _left(_by_day(lines), 0 if in_books else -rest):
        _keep(open_lines, line.id, line, amount)
    for one, amount in _left(_by_day(movements), rest if in_books else 0):
        _keep(open_movements, one.subject, one, amount)


def _by_day[T: (BankLine, Movement)](items: Sequence[T]) -> list[T]:
    return sorted(items, key=lambda item: item.day)


def _left[T: (BankLine, Movement)](items: list[T], rest: int) -> list[tuple[T, int]]:
    """Share what is left over the items, the newest first: the oldest are settled first."""
    alike = all((item.amount > 0) == (rest > 0) for item in items)
    if not alike or abs(rest) > abs(sum(item.amount for item in items)):
        return [(item, rest if item is items[-1] else 0) for item in items]
    found, nearer_zero = [], min if rest > 0 else max
    for item in reversed(items):
        part = nearer_zero(item.amount, rest)
        found.append((item, part))
        rest -= part
    return found


def _keep[T: (BankLine, Movement)](open_items: dict[str, T], key: str, item: T, left: int) -> None:
    if left:
        open_items[key] = replace(item, amount=left)
    else:
        del open_items[key]
