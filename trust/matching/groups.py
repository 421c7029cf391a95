"""One bank line that is several entries, and several bank lines that are one entry. Pure.

Sure only where all parts bear the whole's reference; a sum that happens to fit is a suggestion, and a sum
that fits in more than one way is none.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from syncapp.core.explaining import sums_to
from trust.bankwords import Says, says
from trust.matching.bench import Bench, contradict
from trust.matching.names import plain_reference
from trust.matching.nouns import How, Proposal
from trust.nouns import BankLine, Movement

_POOL = 16  # so many of the nearest are tried in every combination
_REACH = 64  # so many by day are looked at for them
_MOST = 6  # so many parts at most, unless they are a whole day's or of one reference


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One side's item, whichever side it is on."""

    key: str
    day: date
    amount: int
    reference: str
    item: BankLine | Movement


def _lines(bench: Bench) -> list[_Part]:
    return [
        _Part(key=one.id, day=one.day, amount=one.amount, reference=plain_reference(one.reference), item=one)
        for one in bench.lines.values()
    ]


def _movements(bench: Bench) -> list[_Part]:
    return [
        _Part(
            key=one.subject,
            day=one.day,
            amount=one.amount,
            reference=plain_reference(one.reference),
            item=one,
        )
        for one in bench.movements.values()
    ]


def by_shared_reference(bench: Bench) -> None:
    """Match a line with all entries of its reference when they sum to it, and the other way round."""
    for how in (How.SEVERAL_ENTRIES, How.SEVERAL_LINES):
        wholes, parts = _sides(bench, how)
        together: dict[str, list[_Part]] = defaultdict(list)
        rivals: dict[str, int] = defaultdict(int)
        for part in parts:
            together[part.reference].append(part)
        for whole in wholes:
            rivals[whole.reference] += 1
        for whole in wholes:
            some = together.get(whole.reference, []) if whole.reference else []
            near = all(abs((part.day - whole.day).days) <= bench.window.late for part in some)
            if len(some) > 1 and near and rivals[whole.reference] == 1 and _fits(whole, some):
                said = f"{len(some)} of one reference sum to it"
                bench.take(_proposal(how, whole, some, certain=True, said=said))


def by_sum(bench: Bench) -> None:
    """Suggest a whole day, or the only combination of a few, that sums to one of the other side."""
    for how in (How.SEVERAL_ENTRIES, How.SEVERAL_LINES):
        wholes, parts = (_silent(side) for side in _sides(bench, how))
        free = {part.key: part for part in parts}
        days = [part.day for part in parts]
        for whole in wholes:
            reach = _about(bench, how, whole, parts, days)
            near = [part for part in reach if part.key in free and (part.amount > 0) == (whole.amount > 0)]
            some = _whole_day(whole, near) or _combination(whole, near)
            if some:
                bench.take(_proposal(how, whole, some, certain=False, said=_said(some)))
                for part in some:
                    del free[part.key]


def _silent(side: list[_Part]) -> list[_Part]:
    """Leave out lines that the bank calls a fee, interest or a return: no sum makes them anything else."""
    return [
        part
        for part in side
        if not isinstance(part.item, BankLine) or says(part.item.text, part.amount) is Says.NOTHING
    ]


def _said(parts: list[_Part]) -> str:
    days = {part.day for part in parts}
    return f"{len(parts)} {'of one day ' if len(days) == 1 else ''}sum to it"


def _sides(bench: Bench, how: How) -> tuple[list[_Part], list[_Part]]:
    lines, movements = _lines(bench), _movements(bench)
    return (lines, movements) if how is How.SEVERAL_ENTRIES else (movements, lines)


def _proposal(how: How, whole: _Part, parts: Iterable[_Part], *, certain: bool, said: str) -> Proposal:
    keys = tuple(part.key for part in parts)
    one = (whole.key,)
    lines, movements = (one, keys) if how is How.SEVERAL_ENTRIES else (keys, one)
    return Proposal(lines=lines, movements=movements, how=how, certain=certain, reasons=(said,))


def _fits(whole: _Part, parts: Iterable[_Part]) -> bool:
    listed = list(parts)
    return sum(part.amount for part in listed) == whole.amount and not any(
        _contradict(whole, part) for part in listed
    )


def _contradict(one: _Part, other: _Part) -> bool:
    line, movement = (one.item, other.item) if isinstance(one.item, BankLine) else (other.item, one.item)
    return isinstance(line, BankLine) and isinstance(movement, Movement) and contradict(line, movement)


def _about(bench: Bench, how: How, whole: _Part, parts: list[_Part], days: list[date]) -> list[_Part]:
    """Return the parts whose days fit, at most `_REACH` on each side of the whole's day."""
    before, after = bench.window.before, bench.window.after
    if how is How.SEVERAL_ENTRIES:  # the whole is the line: entries may lie `after` days before it
        before, after = after, before
    first = bisect_left(days, whole.day - timedelta(days=before))
    past = bisect_right(days, whole.day + timedelta(days=after))
    here = bisect_left(days, whole.day)
    return parts[max(first, here - _REACH) : min(past, here + _REACH)]


def _whole_day(whole: _Part, near: list[_Part]) -> list[_Part]:
    """Return all of the one day whose sum is the whole; nothing when two days fit."""
    fitting = []
    for _day, of_day in groupby(near, key=lambda part: part.day):
        listed = list(of_day)
        on_paper = [part for part in listed if isinstance(part.item, Movement) and part.item.check]
        for some in (listed, on_paper):  # all that came in, or all the checks on one slip
            if len(some) > 1 and _fits(whole, some):
                fitting.append(some)
                break
    return fitting[0] if len(fitting) == 1 else []


def _combination(whole: _Part, near: list[_Part]) -> list[_Part]:
    """Return the only two to six of the nearest that sum to the whole; nothing when there are two ways."""
    small = [part for part in near if abs(part.amount) < abs(whole.amount) and not _contradict(whole, part)]
    small.sort(key=lambda part: (abs((part.day - whole.day).days), part.day, part.key))
    pool = small[:_POOL]
    if len(pool) < 2 or abs(sum(part.amount for part in pool)) < abs(whole.amount):  # noqa: PLR2004
        return []
    ways = sums_to([part.amount for part in pool], whole.amount, sizes=range(2, _MOST + 1), most=2)
    return [pool[at] for at in ways[0]] if len(ways) == 1 else []
