"""The three-way of one trust account and period, from what the witnesses say now. In an open scope."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from trust.queries import ledgers, matches, statements, witnesses
from trust.threeway import Bank, Facts, ThreeWay, bank_side, compare

if TYPE_CHECKING:
    from trust.models import TrustPair


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
    return bank_side(closing=closing, lines=both.lines, entries=both.entries, groups=both.groups, last=last)
