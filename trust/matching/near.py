"""What looks alike and differs in amount: a check paid for another sum, two digits the wrong way. Pure."""

from __future__ import annotations

from collections import defaultdict

from syncapp.core import money
from trust.matching.bench import Bench
from trust.matching.names import plain_check
from trust.matching.nouns import Near
from trust.nouns import BankLine, Movement

_MANY = 50
_SWAP = 9  # the difference of two numbers with the same digits is a multiple of nine


def near(bench: Bench, *, currency: str = "USD") -> tuple[Near, ...]:
    """Return, of what is free, pairs of one check number, or of one amount but for its digits' order."""
    by_check: dict[str, list[Movement]] = defaultdict(list)
    by_digits: dict[tuple[bool, str], list[Movement]] = defaultdict(list)
    for one in bench.movements.values():
        if one.amount < 0 and (number := plain_check(one.check)):
            by_check[number].append(one)
        by_digits[_digits(one.amount)].append(one)
    found = []
    for line in bench.lines.values():
        number = plain_check(line.check)
        if line.amount < 0 and len(same := by_check.get(number, [])) == 1:
            said = (
                f"Check {number} was paid for {money.spoken(-line.amount, currency)} and stands here for "
                f"{money.spoken(-same[0].amount, currency)}."
            )
            found.append(_near(line, same[0], said))
        elif (swapped := _swapped(bench, line, by_digits)) is not None:
            found.append(
                _near(line, swapped, "The same digits in another order: one of the two is mistyped.")
            )
    return tuple(found)


def _digits(amount: int) -> tuple[bool, str]:
    return amount > 0, "".join(sorted(str(abs(amount))))


def _near(line: BankLine, movement: Movement, reason: str) -> Near:
    return Near(
        line=line.id, movement=movement.subject, difference=line.amount - movement.amount, reason=reason
    )


def _swapped(
    bench: Bench, line: BankLine, by_digits: dict[tuple[bool, str], list[Movement]]
) -> Movement | None:
    alike = by_digits.get(_digits(line.amount), [])
    if len(alike) > _MANY:
        return None
    fitting = [
        one
        for one in alike
        if one.amount != line.amount and (one.amount - line.amount) % _SWAP == 0 and bench.within(line, one)
    ]
    return fitting[0] if len(fitting) == 1 else None
