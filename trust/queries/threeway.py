"""The three-way of one trust account and period, from what the witnesses say now. In an open scope."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from trust.matching import Group
from trust.queries import ledgers, matches, statements, witnesses
from trust.threeway import Bank, Facts, ThreeWay, bank_side, compare

if TYPE_CHECKING:
    from trust.models import TrustPair
    from trust.nouns import Movement
    from trust.queries.matches import Sides


def of(pair: TrustPair, month: date) -> ThreeWay:
    """Compare the witnesses of a trust account for one calendar month (any day of it)."""
    return read(pair).of(month)


def as_of(pair: TrustPair, first: date, last: date, *, bank: bool = True) -> ThreeWay:
    """Compare the witnesses of a trust account for any period; without the `bank` as the daily one does."""
    return read(pair).as_of(first, last, bank=bank)


def read(pair: TrustPair) -> Told:
    """Read what the witnesses say of a trust account, once for as many months as are asked."""
    clio = witnesses.clio(pair)
    ours = witnesses.entries(pair, witnesses.by_key(clio))
    tieout = witnesses.tieout(pair, ours=ours)
    keys = {key for one in (*clio, *tieout) for key, _ in one.ledgers}
    return Told(
        pair=pair,
        clio=tuple(clio),
        tieout=tuple(tieout),
        entries=tuple(ours),
        books=tuple(witnesses.books(pair)),
        held=witnesses.held(pair),
        names=ledgers.names(pair.firm_id, keys),
    )


@dataclass(kw_only=True)
class Told:
    """What the witnesses say of one trust account, from the opening on."""

    pair: TrustPair
    clio: tuple[Movement, ...]
    tieout: tuple[Movement, ...]
    entries: tuple[Movement, ...]  # of Tieout's, each under its own key
    books: tuple[Movement, ...]
    held: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def of(self, month: date) -> ThreeWay:
        """Compare them for one calendar month."""
        first = month.replace(day=1)
        return self.as_of(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))

    def as_of(self, first: date, last: date, *, bank: bool = True) -> ThreeWay:
        """Compare them for any period."""
        return compare(
            Facts(
                account=self.pair.clio_account,
                first=first,
                last=last,
                clio=self.clio,
                tieout=self.tieout,
                books=self.books,
                bank=self._bank(last) if bank else None,
                held=self.held,
                names=self.names,
            )
        )

    def _bank(self, last: date) -> Bank | None:
        """Lay out the bank's side; None until a statement tells the balance of the last day."""
        closing = statements.balance_on(self.pair, last)
        if closing is None:
            return None
        both = self._sides
        proposed = matches.proposals(self.pair, both, last)
        likely = [
            Group(lines=one.lines, movements=one.movements)
            for one in (*proposed.automatic, *proposed.suggested)
        ]
        groups = [*both.groups, *likely]
        return bank_side(closing=closing, lines=both.lines, entries=both.entries, groups=groups, last=last)

    @cached_property
    def _sides(self) -> Sides:
        booked = witnesses.book_movements(self.pair, ours=self.entries, stand=self.books)
        return matches.sides(self.pair, booked=booked)
