"""Pairing by amount and day: sure where nothing else fits, suggested by age where several do. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from trust.matching.bench import Bench, unlike
from trust.matching.names import telling
from trust.matching.nouns import How
from trust.nouns import BankLine, Movement

_MANY = 50  # more candidates than this tell nothing apart


@dataclass(slots=True)
class _Alike:
    """The lines and the movements of one amount, each by day."""

    lines: list[BankLine] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)


def by_amount(bench: Bench) -> None:
    """Pair an amount that within the window stands once on each side."""
    for line, one in _alone(bench, before=bench.window.before, after=bench.window.after):
        if line in bench.contested or one in bench.contested or _of_another(line, one):
            continue
        how = How.EXACT if line.day == one.day else How.WINDOW
        bench.pair(line, one, how, "Same amount, no other fits", certain=True)


def _of_another(line: BankLine, movement: Movement) -> bool:
    """Say whether a check of ours would be a payment without a number whose text names somebody else."""
    if movement.amount > 0 or not movement.check or line.check:
        return False
    named = telling(line.text)
    return bool(named) and not named & telling(movement.payee)


def by_amount_late(bench: Bench) -> None:
    """Suggest an amount that stands once on each side and cleared long after."""
    for line, one in _alone(bench, before=bench.window.before, after=bench.window.late):
        bench.pair(line, one, How.WINDOW, "Same amount, no other fits", certain=False)


def by_order(bench: Bench) -> None:
    """Suggest, where several fit, the oldest entry for the oldest line."""
    for alike in _alike(bench):
        for line, one in _in_order(bench, alike):
            how = How.EXACT if line.day == one.day else How.WINDOW
            count = min(len(alike.lines), len(alike.movements))
            said = (
                "Same amount, others fit as well" if count > 1 or len(alike.movements) > 1 else "Same amount"
            )
            bench.pair(line, one, how, said, certain=False)


def _alike(bench: Bench) -> list[_Alike]:
    found: dict[int, _Alike] = defaultdict(_Alike)
    for line in bench.lines.values():
        found[line.amount].lines.append(line)
    for one in bench.movements.values():
        if one.amount in found:
            found[one.amount].movements.append(one)
    return [alike for alike in found.values() if alike.movements]


def _about(days: Sequence[date], day: date, *, before: int, after: int) -> tuple[int, int]:
    """Return where the days from `before` days earlier to `after` days later stand."""
    return (
        bisect_left(days, day - timedelta(days=before)),
        bisect_right(days, day + timedelta(days=after)),
    )


def _alone(bench: Bench, *, before: int, after: int) -> list[tuple[BankLine, Movement]]:
    """Return lines and movements of one amount each of which is the other's only candidate."""
    found = []
    for alike in _alike(bench):
        line_days = [line.day for line in alike.lines]
        days = [one.day for one in alike.movements]
        for line in alike.lines:
            first, past = _about(days, line.day, before=after, after=before)
            if past - first > _MANY:
                continue
            fitting = [one for one in alike.movements[first:past] if not unlike(line, one)]
            if len(fitting) != 1:
                continue
            first, past = _about(line_days, fitting[0].day, before=before, after=after)
            if past - first > _MANY:
                continue
            rivals = [rival for rival in alike.lines[first:past] if not unlike(rival, fitting[0])]
            if len(rivals) == 1:
                found.append((line, fitting[0]))
    return found


def _in_order(bench: Bench, alike: _Alike) -> list[tuple[BankLine, Movement]]:
    """Pair both sides by day; a movement too old for one line is too old for all that follow."""
    found: list[tuple[BankLine, Movement]] = []
    waiting = list(reversed(alike.movements))
    for line in alike.lines:
        earliest = line.day - timedelta(days=bench.window.after)
        while waiting and waiting[-1].day < earliest:
            waiting.pop()
        latest = line.day + timedelta(days=bench.window.before)
        for back in range(1, min(_MANY, len(waiting)) + 1):
            if waiting[-back].day > latest:
                break
            if not unlike(line, waiting[-back]):
                found.append((line, waiting.pop(-back)))
                break
    return found
