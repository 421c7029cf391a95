"""Deposits that the bank sent back: which deposit each of them takes back (DESIGN section 9). Pure.

The practice system announces none: a return is a payment out of the same ledger, of the deposit's amount,
that bears its reference or check number, or says that it is a return. What fits several deposits equally well
is linked to none of them: nothing is guessed, a person says which it was.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from trust.nouns import Movement

OLDEST_DAYS = 90  # no bank returns a deposit that is older
_SAYS = re.compile(
    r"\b(?:return(?:ed)? (?:deposit|check|cheque|item|payment)|deposit(?:ed item)? returned|nsf|"
    r"(?:non|in)-?\s?sufficient funds|bounced|dishonou?red|charge-?\s?back|charged back)\b",
    re.IGNORECASE,
)

NONE = "none"  # a person's answer: it takes no deposit back
NOTHING_SAID: Mapping[str, str] = {}
MOST = 10  # deposits that a person is asked about

type _Ledgers = tuple[tuple[str, int], ...]


def returned(movements: Iterable[Movement], said: Mapping[str, str] = NOTHING_SAID) -> list[Movement]:
    """Return the same movements of one account, each return with the deposit that it takes back.

    `said` is what people answered: the deposit of a return, by its subject; NONE for what is no return.
    """
    every = list(movements)
    found = returns_of(every, said)
    return [
        replace(one, returns=found[one.subject].subject) if one.subject in found else one for one in every
    ]


def returns_of(movements: Iterable[Movement], said: Mapping[str, str] = NOTHING_SAID) -> dict[str, Movement]:
    """Return the deposit that each return of one account takes back, by the return's subject."""
    every = list(movements)
    by_subject = {one.subject: one for one in every}
    deposits: dict[_Ledgers, list[Movement]] = defaultdict(list)
    for one in every:
        if one.amount > 0 and one.kind == "deposit":
            deposits[tuple(sorted(one.ledgers))].append(one)
    found = {
        back: by_subject[deposit] for back, deposit in said.items() if {back, deposit} <= by_subject.keys()
    }
    gone = {deposit.subject for deposit in found.values()}  # a deposit comes back once
    for one in sorted(every, key=lambda moved: (moved.day, moved.subject)):
        if one.amount >= 0 or one.kind != "disbursement" or one.subject in said:
            continue
        fits = deposits.get(tuple(sorted((ledger, -amount) for ledger, amount in one.ledgers)), [])
        original = _original(one, [fit for fit in fits if fit.subject not in gone])
        if original is not None:
            found[one.subject] = original
            gone.add(original.subject)
    return found


def unsure(movements: Iterable[Movement], said: Mapping[str, str]) -> dict[str, list[Movement]]:
    """Return the deposits that may have come back with what only says that it is a return, by its subject.

    `movements` are those of `returned`. What nobody can be asked about, because nothing fits, is left out.
    """
    every = list(movements)
    gone = {one.returns for one in every}
    found: dict[str, list[Movement]] = {}
    for one in every:
        if one.returns or one.subject in said or not is_said(one):
            continue
        fits = [
            deposit
            for deposit in every
            if deposit.kind == "deposit"
            and deposit.amount >= -one.amount
            and deposit.subject not in gone
            and {key for key, _ in deposit.ledgers} == {key for key, _ in one.ledgers}
            and 0 <= (one.day - deposit.day).days <= OLDEST_DAYS
        ]
        if fits:
            fits.sort(
                key=lambda deposit: (deposit.amount + one.amount, -deposit.day.toordinal(), deposit.subject)
            )
            found[one.subject] = fits[:MOST]
    return found


def is_said(one: Movement) -> bool:
    """Tell whether a movement says itself that it is a return."""
    return one.amount < 0 and one.kind == "disbursement" and _says(one)


def _says(one: Movement) -> bool:
    return bool(_SAYS.search(f"{one.text} {one.reference} {one.payee}"))


def _original(back: Movement, fits: list[Movement]) -> Movement | None:
    """Return the deposit of the same reference, else the only one that fits what says it is a return."""
    near = [one for one in fits if 0 <= (back.day - one.day).days <= OLDEST_DAYS]
    says = _says(back)
    marks = {back.reference, back.check} - {""}
    named = [one for one in near if marks & {one.reference, one.check} and (says or _same_payer(back, one))]
    if named:
        return max(named, key=lambda one: (one.day, one.subject))
    return near[0] if says and len(near) == 1 else None


def _same_payer(back: Movement, deposit: Movement) -> bool:
    return not back.payee or back.payee.casefold() == deposit.payee.casefold()
