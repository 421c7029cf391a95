"""The three-way of one trust account and period, from what the witnesses say now. In an open scope."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from trust import matching
from trust.matching import Group
from trust.queries import ledgers, matches, statements, witnesses
from trust.threeway import Bank, Facts, Match, ThreeWay, compare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trust.models import TrustPair
    from trust.queries.matches import Sides


def of(pair: TrustPair, month: date) -> ThreeWay:
    """Compare the witnesses of a trust account for one calendar month (any day of it)."""
    first = month.replace(day=1)
    return as_of(pair, first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def as_of(pair: TrustPair, first: date, last: date, *, bank: bool = True) -> ThreeWay:
    """Compare the witnesses of a trust account for any period; without the `bank` as the daily one does."""
    clio = witnesses.clio(pair)
    told = {one.subject: one for one in clio}
    ours = [witnesses.described(one, told) for one in witnesses.tieout(pair)]
    keys = {key for one in (*clio, *ours) for key, _ in one.ledgers}
    return compare(
        Facts(
            account=pair.clio_account,
            first=first,
            last=last,
            clio=tuple(clio),
            tieout=tuple(ours),
            books=tuple(witnesses.books(pair)),
            bank=_bank(pair, last) if bank else None,
            held=witnesses.held(pair),
            names=ledgers.names(pair.firm_id, keys),
        )
    )


def _bank(pair: TrustPair, last: date) -> Bank | None:
    """Lay out the bank's side; None until a statement tells the balance of the last day."""
    closing = statements.balance_on(pair, last)
    if closing is None:
        return None
    both = matches.sides(pair)
    groups = [*both.groups, *_likely(both, last)]
    standing = matching.standing(groups, both.lines, both.entries, last)
    return Bank(
        closing=closing,
        unmatched=standing.unmatched,
        outstanding=standing.outstanding,
        matched=tuple(_matched(groups, both)),
    )


def _likely(both: Sides, last: date) -> list[Group]:
    """Return what nobody has matched yet and is the same money all the same, of the time up to a day.

    Which of two equal items the bank has seen moves no total; a person says it in the matching.
    """
    found = matching.match(
        [line for line in both.free_lines if line.day <= last],
        [one for one in both.free_entries if one.day <= last],
    )
    return [Group(lines=one.lines, movements=one.movements) for one in (*found.automatic, *found.suggested)]


def _matched(groups: Iterable[Group], both: Sides) -> list[Match]:
    lines = {line.id: line for line in both.lines}
    entries = {one.subject: one for one in both.entries}
    return [
        Match(
            lines=tuple(lines[key] for key in one.lines if key in lines),
            movements=tuple(entries[key] for key in one.movements if key in entries),
        )
        for one in groups
    ]
