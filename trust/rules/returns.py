"""Deposits that the bank sent back: which deposit each of them takes back (DESIGN section 9). Pure.

The practice system announces none: a return is a payment out of the same ledger, of the deposit's amount,
that bears its reference or check number, or says that it is a return. What fits several deposits equally well
is linked to none of them: nothing is guessed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from trust.nouns import Movement

OLDEST_DAYS = 90  # no bank returns a deposit that is older
_SAYS = re.compile(
    r"\b(?:return(?:ed)? (?:deposit|check|cheque|item|payment)|deposit(?:ed item)? returned|nsf|"
    r"(?:non|in)-?\s?sufficient funds|bounced|dishonou?red|charge-?\s?back|charged back)\b",
    re.IGNORECASE,
)

type _Ledgers = tuple[tuple[str, int], ...]


def returned(movements: Iterable[Movement]) -> list[Movement]:
    """Return the same movements of one account, each return with the deposit that it takes back."""
    every = list(movements)
    found = returns_of(every)
    return [
        replace(one, returns=found[one.subject].subject) if one.subject in found else one for one in every
    ]


def returns_of(movements: Iterable[Movement]) -> dict[str, Movement]:
    """Return the deposit that each return of one account takes back, by the return's subject."""
    every = list(movements)
    deposits: dict[_Ledgers, list[Movement]] = defaultdict(list)
    for one in every:
        if one.amount > 0 and one.kind == "deposit":
            deposits[tuple(sorted(one.ledgers))].append(one)
    found: dict[str, Movement] = {}
    gone: set[str] = set()  # a deposit comes back once
    for one in sorted(every, key=lambda moved: (moved.day, moved.subject)):
        if one.amount >= 0 or one.kind != "disbursement":
            continue
        fits = deposits.get(tuple(sorted((ledger, -amount) for ledger, amount in one.ledgers)), [])
        original = _original(one, [fit for fit in fits if fit.subject not in gone])
        if original is not None:
            found[one.subject] = original
            gone.add(original.subject)
    return found


def _original(back: Movement, fits: list[Movement]) -> Movement | None:
    """Return the deposit of the same reference, else the only one that fits what says it is a return."""
    near = [one for one in fits if 0 <= (back.day - one.day).days <= OLDEST_DAYS]
    says = bool(_SAYS.search(f"{back.text} {back.reference} {back.payee}"))
    marks = {back.reference, back.check} - {""}
    named = [one for one in near if marks & {one.reference, one.check} and (says or _same_payer(back, one))]
    if named:
        return max(named, key=lambda one: (one.day, one.subject))
    return near[0] if says and len(near) == 1 else None


def _same_payer(back: Movement, deposit: Movement) -> bool:
    return not back.payee or back.payee.casefold() == deposit.payee.casefold()
