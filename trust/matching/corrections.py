"""A line that the bank read wrong and the line that puts it right: together they are one entry. Pure."""

from __future__ import annotations

import re
from collections import defaultdict

from trust.matching.bench import Bench, contradict
from trust.matching.names import plain_check
from trust.matching.nouns import How, Proposal
from trust.nouns import BankLine, Movement

_DAYS = 10  # a bank puts itself right within days
_MANY = 50
_SAYS = re.compile(r"\b(correct(?:ion|ed|ing)?|corr|adjust(?:ment|ed)?|adj|encoding|error)\b", re.IGNORECASE)


def by_correction(bench: Bench, *, certain: bool) -> None:
    """Put a correction together with the only line that it makes an entry of.

    It is certain where the correction names the line's check; else a suggestion.
    """
    putting_right = [line for line in bench.lines.values() if _SAYS.search(line.text)][:_MANY]
    if not putting_right:
        return
    by_amount: dict[int, list[Movement]] = defaultdict(list)
    for one in bench.movements.values():
        by_amount[one.amount].append(one)
    for right in putting_right:
        if right.id not in bench.lines:
            continue
        found = [
            (wrong, one)
            for wrong in bench.lines.values()
            if wrong is not right and 0 <= (right.day - wrong.day).days <= _DAYS
            for one in by_amount.get(wrong.amount + right.amount, ())[:_MANY]
            if one.subject in bench.movements and _fits(bench, wrong, one)
        ]
        named = [(wrong, one) for wrong, one in found if _names(right, wrong)]
        chosen = named if certain else named or found
        if len(chosen) == 1:
            _take(bench, chosen[0][0], right, chosen[0][1], certain=certain)


def _fits(bench: Bench, line: BankLine, movement: Movement) -> bool:
    if contradict(line, movement):
        return False
    same_check = bool(plain_check(line.check)) and plain_check(line.check) == plain_check(movement.check)
    return bench.within(line, movement) or (same_check and movement.amount < 0 and line.day >= movement.day)


def _names(right: BankLine, wrong: BankLine) -> bool:
    number = plain_check(wrong.check)
    return bool(number) and number in {plain_check(right.check), plain_check(right.reference)}


def _take(bench: Bench, wrong: BankLine, right: BankLine, movement: Movement, *, certain: bool) -> None:
    bench.take(
        Proposal(
            lines=(wrong.id, right.id),
            movements=(movement.subject,),
            how=How.SEVERAL_LINES,
            certain=certain,
            reasons=("The bank read it wrong and put it right",),
        )
    )
