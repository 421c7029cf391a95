"""Compare the five witnesses of one trust account, and find the set of items that explains where they differ.

The laws, for the effects of what is found (tests hold them for any history):
Clio − Tieout = Σ effect between them; Tieout − liability = Σ effect, Tieout − trust bank = Σ bank_effect,
both of what stands otherwise in the books; adjusted bank − what should stand on it = Σ effect at the bank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from syncapp.core.explaining import smallest
from syncapp.core.money import spoken
from trust.nouns import Movement
from trust.threeway import together, words
from trust.threeway.bank import AT_BANK, AtBank, at_bank
from trust.threeway.drift import KEEPING, POSTING, Side, Stray, difference, strays
from trust.threeway.nouns import Difference, Facts, LedgerBalance, ThreeWay, What
from trust.threeway.standings import standings, total

_SHOWN = 3  # movements that a hint names at most


@dataclass(frozen=True, slots=True)
class _Sides:
    """The three ledgers of movements, by natural key."""

    clio: Side
    tieout: Side
    books: Side


def compare(facts: Facts) -> ThreeWay:
    """Compare what the witnesses say of one trust account up to one day. Pure, and never forced."""
    sides = _Sides(standings(facts.clio), standings(facts.tieout), standings(facts.books))
    posting = together.named(strays(sides.clio, sides.tieout, facts, POSTING))
    keeping = strays(sides.tieout, sides.books, facts, KEEPING)
    twin_of = _only_once_at_bank(together.twins(keeping, sides.tieout, facts), facts)
    keeping = together.called_twins(together.named(keeping), twin_of, sides.tieout)
    ledgers = balances(facts.clio, facts.last)
    found = [difference(one, facts) for one in (*posting, *keeping)]
    found += _negatives(ledgers, facts)
    banked = _bank(facts, sides, posting, keeping, twin_of)
    in_books = total(sides.books.values(), facts.last)
    statement = facts.bank.closing if facts.bank else None
    open_items = sorted(banked.outstanding, key=lambda one: (one.day, one.subject))
    told = {subject for one in found for subject in one.subjects}
    found += [one for one in banked.differences if not (_is_age(one) and told.intersection(one.subjects))]
    return ThreeWay(
        account=facts.account,
        first=facts.first,
        last=facts.last,
        statement=statement,
        outstanding_deposits=tuple(one for one in open_items if one.amount > 0),
        outstanding_checks=tuple(one for one in open_items if one.amount < 0),
        adjusted_bank=None if statement is None else statement + sum(one.amount for one in open_items),
        books_bank=in_books.bank,
        books_liability=in_books.held,
        ledgers=ledgers,
        tieout_lines=total(sides.tieout.values(), facts.last).held,
        held_items=tuple(_held(one) for one in posting if one.kind is What.HELD),
        differences=tuple(found),
    )


def _only_once_at_bank(twin_of: dict[str, str], facts: Facts) -> dict[str, str]:
    """Leave out what the bank has twice as well: that is no twin, but a movement that Clio does not have."""
    if facts.bank is None:
        return twin_of
    waiting = {one.subject for one in facts.bank.outstanding}
    return {key: original for key, original in twin_of.items() if waiting & {key, original}}


def _is_age(one: Difference) -> bool:
    return one.kind in {What.LATE_DEPOSIT, What.STALE_CHECK}


def _held(one: Stray) -> Movement:
    """Return what waits of a movement: all of it, or by how much it was changed since it was posted."""
    ledgers = tuple(sorted(one.changed.items()))
    return replace(one.form, amount=one.ours.bank - one.theirs.bank, ledgers=ledgers)


def _bank(
    facts: Facts,
    sides: _Sides,
    posting: Sequence[Stray],
    keeping: Sequence[Stray],
    twin_of: dict[str, str],
) -> AtBank:
    """Explain the bank's side. A twin in the books is not on its way to the bank, nor what it repeats."""
    if facts.bank is None:
        return AtBank(outstanding=(), differences=())
    waiting = {one.subject for one in facts.bank.outstanding}
    ignored = {key if key in waiting else original for key, original in twin_of.items()}
    found = at_bank(facts.bank, facts, posting, ignored=frozenset(ignored))
    ours = {one.subject for one in facts.tieout} | set(twin_of)
    extra = [one.theirs.bank for one in keeping if one.key not in ours]
    should = total(sides.tieout.values(), facts.last).bank + sum(extra)
    adjusted = facts.bank.closing + sum(one.amount for one in found.outstanding)
    rest = adjusted - should - sum(one.effect for one in found.differences)
    if not rest:
        return found
    return replace(found, differences=(*found.differences, _unexplained(rest, facts, sides)))


def _unexplained(rest: int, facts: Facts, sides: _Sides) -> Difference:
    """Name what is left, with the fewest movements whose amounts make it up: where a person looks first."""
    fits = [
        one
        for one in sides.tieout.values()
        if one.whole.bank and any(facts.first <= day <= facts.last for day, _ in one.days)
    ]
    alone = [(at,) for at, one in enumerate(fits) if abs(one.whole.bank) == abs(rest)]
    ways = alone or _together([one.whole.bank for one in fits], rest)
    named = [[words.movement(fits[at].form, fits[at].whole.shown) for at in some] for some in ways[:_SHOWN]]
    alike = [" with ".join(some) for some in named]
    hint = f"; it is the amount of {' and of '.join(alike)}" if alike else ""
    why = f"{spoken(rest)} between the bank and the books is explained by no line and no movement{hint}"
    return Difference(
        kind=What.UNEXPLAINED,
        amount=rest,
        day=facts.last,
        reason=words.sentence(why),
        between=AT_BANK,
        effect=rest,
    )


def _together(amounts: list[int], rest: int) -> list[tuple[int, ...]]:
    """Return the only few movements that together make up a rest, either way round; none when several do."""
    ways = [some for sign in (1, -1) for some in smallest(amounts, sign * rest, most=2)]
    return ways if len(ways) == 1 and len(ways[0]) <= _SHOWN else []


def balances(clio: Iterable[Movement], last: date) -> tuple[LedgerBalance, ...]:
    """Return each client ledger that was ever touched, with its last activity and when it fell below zero."""
    steps: dict[str, Counter[date]] = {}
    for one in clio:
        for key, amount in one.ledgers:
            if one.day <= last:
                steps.setdefault(key, Counter())[one.day] += amount
    return tuple(_balance(key, days) for key, days in sorted(steps.items()))


def _balance(key: str, days: Counter[date]) -> LedgerBalance:
    balance, since = 0, None
    for day in sorted(days):
        balance += days[day]
        since = (since or day) if balance < 0 else None
    return LedgerBalance(key=key, balance=balance, last_day=max(days), since=since)


def _negatives(ledgers: Iterable[LedgerBalance], facts: Facts) -> list[Difference]:
    """Name each ledger below zero: one client's minus is another client's loss, so it is never netted."""
    return [
        Difference(
            kind=What.NEGATIVE,
            amount=one.balance,
            day=one.since,
            reason=words.sentence(
                f"{words.ledger(one.key, facts.names)} is {spoken(-one.balance)} below zero"
                + (f" since {words.day(one.since)}" if one.since else "")
            ),
            between=POSTING,
            effect=-one.balance,
            ledger=one.key,
        )
        for one in ledgers
        if one.balance < 0
    ]
