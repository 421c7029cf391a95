"""Entries that cancel each other and that the bank never sees: a check and its void, a reversal. Pure."""

from __future__ import annotations

from collections import defaultdict

from trust.matching.bench import Bench
from trust.matching.names import origin, plain_check
from trust.matching.nouns import How, Proposal
from trust.nouns import Movement


def by_reversal(bench: Bench) -> None:
    """Put together an entry and its own reversals that leave nothing."""
    changed: dict[str, list[Movement]] = defaultdict(list)
    for one in bench.movements.values():
        changed[origin(one.subject)].append(one)
    for ones in changed.values():
        if len(ones) > 1 and sum(one.amount for one in ones) == 0:
            _take(bench, ones, "An entry and its reversal", certain=True)


def by_void(bench: Bench, *, certain: bool) -> None:
    """Put together an unpaid check and what gives its amount back under its number, to the same ledgers.

    To other ledgers it is only suggested: the number of a payer's check may be the same by chance.
    """
    checks: dict[str, list[Movement]] = defaultdict(list)
    for one in bench.movements.values():
        if number := plain_check(one.check):
            checks[number].append(one)
    for number, ones in checks.items():
        paid, given_back = [one for one in ones if one.amount < 0], [one for one in ones if one.amount > 0]
        if len(paid) == len(given_back) == 1 and paid[0].amount + given_back[0].amount == 0:
            same = _ledgers(paid[0]) == _ledgers(given_back[0])
            if paid[0].day <= given_back[0].day and (same or not certain):
                _take(bench, [paid[0], given_back[0]], f"Check {number} and its void", certain=certain)


def _ledgers(movement: Movement) -> set[str]:
    return {key for key, _amount in movement.ledgers}


def _take(bench: Bench, ones: list[Movement], said: str, *, certain: bool) -> None:
    keys = tuple(one.subject for one in ones)
    bench.take(Proposal(lines=(), movements=keys, how=How.CANCELED, certain=certain, reasons=(said,)))
