"""Which bank lines are which entries of a trust account. Pure: no Django, no I/O.

The strongest evidence goes first: check number, reference, payee (named in the bank's text, or taught by a
person), then amount and days where nothing else fits. What is certain and what is only suggested stay apart.
"""

from __future__ import annotations

from collections.abc import Iterable

from trust.matching.amounts import by_amount, by_amount_late, by_order
from trust.matching.bench import Bench, by_check, by_reference
from trust.matching.corrections import by_correction
from trust.matching.groups import by_shared_reference, by_sum
from trust.matching.near import near
from trust.matching.nouns import Group, How, Matching, Near, PayeeRule, Proposal, Window, key_of
from trust.matching.payees import by_payee
from trust.matching.standing import Standing, standing
from trust.matching.voids import by_reversal, by_void
from trust.nouns import BankLine, Movement

__all__ = [
    "Group",
    "How",
    "Matching",
    "Near",
    "PayeeRule",
    "Proposal",
    "Standing",
    "Window",
    "key_of",
    "match",
    "standing",
]


def match(
    lines: Iterable[BankLine],
    movements: Iterable[Movement],
    *,
    rules: Iterable[PayeeRule] = (),
    window: Window | None = None,
    currency: str = "USD",
) -> Matching:
    """Find which lines are which movements; whatever stands in no proposal was not found.

    The answer does not depend on the order of the arguments. Every proposal sums to the same on both sides.
    """
    bench = Bench.of(lines, movements, window or Window())
    by_check(bench, certain=True)
    by_correction(bench, certain=True)
    by_reversal(bench)
    by_void(bench, certain=True)
    by_reference(bench, certain=True)
    by_shared_reference(bench)
    by_payee(bench, tuple(rules))
    by_amount(bench)
    # From here on only suggestions: what is certain never rests on what is not.
    by_check(bench, certain=False)
    by_reference(bench, certain=False)
    by_void(bench, certain=False)
    by_correction(bench, certain=False)
    by_order(bench)
    by_amount_late(bench)
    by_sum(bench)
    return Matching(
        automatic=tuple(one for one in bench.found if one.certain),
        suggested=tuple(one for one in bench.found if not one.certain),
        near=near(bench, currency=currency),
    )
