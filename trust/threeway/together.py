"""Errors that hide each other: swaps, offsetting amounts, and the same movement a second time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from trust.threeway import words
from trust.threeway.drift import Side, Stray
from trust.threeway.nouns import Facts, What
from trust.threeway.standings import Standing


def named(found: Sequence[Stray]) -> list[Stray]:
    """Name the swaps and the errors that cancel each other; each of the two stays an item of its own."""
    rows = {one.key: one for one in found}
    for one in found:
        if rows[one.key].kind in {What.LEDGER, What.AMOUNT}:
            other = next((two for two in rows.values() if _are_swapped(rows[one.key], two)), None)
            if other is not None:
                _pair(rows, one, other, What.SWAP, "; the two have changed places")
    waiting: dict[int, list[Stray]] = defaultdict(list)
    for one in rows.values():
        if one.kind is What.AMOUNT:
            waiting[_by(one)].append(one)
    for amount in sorted(amount for amount in waiting if amount > 0):
        for one, other in zip(waiting[amount], waiting.get(-amount, []), strict=False):
            _pair(rows, one, other, What.OFFSET, "; the two hide each other in the total")
    return [rows[one.key] for one in found]


def _by(one: Stray) -> int:
    return one.ours.bank - one.theirs.bank or one.ours.held - one.theirs.held


def _are_swapped(one: Stray, two: Stray) -> bool:
    """Tell whether each of two movements stands with what the other should have."""
    if one.key == two.key or one.kind is not two.kind:
        return False
    if one.kind is What.LEDGER:
        return one.ledgers == two.ledgers[::-1] and abs(one.amount) == abs(two.amount)
    return one.ours.bank == two.theirs.bank and two.ours.bank == one.theirs.bank


def _pair(rows: dict[str, Stray], one: Stray, other: Stray, kind: What, words_: str) -> None:
    for this, that in ((one, other), (other, one)):
        beside = words.movement(that.form, that.ours.shown)
        rows[this.key] = replace(rows[this.key], kind=kind, note=f" ({beside}){words_}")


def twins(found: Sequence[Stray], tieout: Side, facts: Facts) -> dict[str, str]:
    """Return which of the rows that are only in the books repeat a movement of ours, and which."""
    taken: set[str] = set()
    answer = {}
    for one in found:
        if one.true is not None or one.other is None or not one.key.startswith(words.BOOKS):
            continue
        fits = [key for key, ours in tieout.items() if key not in taken and _repeats(one.other, ours, facts)]
        if fits:
            answer[one.key] = min(fits, key=lambda key: (_apart(one.other, tieout[key]), key))
            taken.add(answer[one.key])
    return answer


def _repeats(row: Standing, ours: Standing, facts: Facts) -> bool:
    """Amount, at most a few days apart, and the check number where both have one."""
    if not row.whole.bank or row.whole.bank != ours.whole.bank:
        return False
    if row.form.check and ours.form.check and row.form.check != ours.form.check:
        return False
    return _apart(row, ours) <= facts.limits.twin_days


def _apart(row: Standing | None, ours: Standing) -> int:
    return abs((_day(row) - _day(ours)).days) if row else 0


def _day(one: Standing) -> date:
    return one.days[-1][0]


def called_twins(found: Sequence[Stray], twin_of: dict[str, str], tieout: Side) -> list[Stray]:
    """Name the twins beside the movement that they repeat."""
    answer = []
    for one in found:
        if (key := twin_of.get(one.key)) is None:
            answer.append(one)
            continue
        original = tieout[key]
        beside = words.movement(original.form, original.whole.shown)
        answer.append(replace(one, kind=What.TWIN, note=f"; it repeats {beside}", beside=key))
    return answer
