"""Only what is red, for the partner: large or old exceptions, unsigned months, a difference in client money.

The firm file says what is large and what is old (`red`). Each question is asked inside a scope of the firm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts import queries as accounts
from mapping import queries as mapping
from syncapp.core import money
from syncapp.desk.queries import cases, ties
from syncapp.pipeline.trust import dips, strays
from syncapp.records.models.queue import QUIET
from trust.queries import awaiting, figures
from trust.queries import pairs as pairs_query

if TYPE_CHECKING:
    from accounts.models import Firm, Membership
    from syncapp.desk.queries.cases import Shown
    from syncapp.desk.queries.ties import Standing
    from trust.models import TrustPair
    from trust.queries.awaiting import Waiting

OVER, DAYS = "5000.00", 3
MOST = 50
STALE = timedelta(days=1)  # a comparison older than this proves nothing of today
OF_TRUST = (strays.CODE, dips.CODE)
MONTH = "trust:month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From when on an exception is red: more than `over` minor units, or more than so many days."""

    over: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A set of books whose client money differs from Clio's, in minor units."""

    books: str
    ledger: str
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Astray:
    """A trust account whose adjusted bank balance is not what the books have, at the end of a month.

    `minor` is what the bank has more, in minor units.
    """

    pair: TrustPair
    month: date
    minor: int

    @property
    def size(self) -> int:
        """Return how much it is, whatever the side."""
        return abs(self.minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Red:
    """All that is red, and how the last comparison stands."""

    limits: Limits
    standings: list[Standing]
    gaps: list[Gap]
    astray: list[Astray]
    trust: list[Shown]
    exceptions: list[Shown]
    more: bool
    months: list[Waiting]
    now: datetime

    @property
    def count(self) -> int:
        """Return how many things are red."""
        of_trust = len(self.gaps) + len(self.astray) + len(self.trust)
        return of_trust + len(self.exceptions) + len(self.months)

    @property
    def compared_at(self) -> datetime | None:
        """Return when the set of books that was compared longest ago was compared."""
        return min((one.tie.at for one in self.standings if one.tie), default=None)

    @property
    def stale(self) -> bool:
        """Tell whether a set of books was not compared within a day."""
        if any(one.tie is None for one in self.standings) or self.compared_at is None:
            return True
        return self.now - self.compared_at > STALE

    @property
    def equal(self) -> bool:
        """Tell whether every set of books tied when it was last compared."""
        return bool(self.standings) and all(one.tie and one.tie.equal for one in self.standings)

    @property
    def difference(self) -> int:
        """Return what still differs below the limits, in minor units, whatever its sign."""
        return sum(abs(row.difference) for one in self.standings for row in one.rows)


def limits_of(firm: Firm) -> Limits:
    """Return the firm's limits."""
    said: dict[str, Any] = mapping.firm_settings(firm.pk).get("red") or {}
    return Limits(
        over=money.minor(str(said.get("over", OVER)), firm.currency), days=int(said.get("days", DAYS))
    )


def red(member: Membership, now: datetime) -> Red:
    """Gather what is red for a member's firm."""
    firm = member.firm
    limits = limits_of(firm)
    standings = ties.standings(
        firm_id=firm.pk, books=accounts.books_of(firm_id=firm.pk), currency=firm.currency
    )
    old = now - timedelta(days=limits.days)
    rows = cases.open_cases(firms=[firm.pk]).exclude(severity__in=["waiting", *QUIET])
    large = Q(amount__gt=limits.over) | Q(alarm_amount__gt=limits.over) | Q(oldest__lt=old)
    found = list(rows.filter(large).exclude(code__in=OF_TRUST)[: MOST + 1])
    trust = list(rows.filter(code__in=OF_TRUST)[:MOST])
    months = [one for one in awaiting.waiting(member, now) if one.page == MONTH]
    return Red(
        limits=limits,
        standings=standings,
        gaps=_gaps(standings),
        astray=_astray(firm, months),
        trust=cases.shown(cases=trust, now=now),
        exceptions=cases.shown(cases=found[:MOST], now=now),
        more=len(found) > MOST,
        months=months,
        now=now,
    )


def _gaps(standings: Sequence[Standing]) -> list[Gap]:
    return [
        Gap(books=one.books.name, ledger=one.ledger, minor=row.difference)
        for one in standings
        for row in one.rows
        if row.kind == "trust" and row.difference
    ]


def _astray(firm: Firm, months: Sequence[Waiting]) -> list[Astray]:
    """Return the accounts whose newest unsigned month has a statement that the books do not agree with."""
    newest: dict[int, date] = {}
    for one in months:
        month = date.fromisoformat(f"{one.names['month']}-01")
        newest[one.names["pair_id"]] = max(month, newest.get(one.names["pair_id"], month))
    found = []
    for pair in pairs_query.pairs(firm.pk).select_related("firm").filter(pk__in=newest):
        shown = figures.of(pair, newest[pair.pk])
        if shown.adjusted_bank is not None and shown.adjusted_bank != shown.books_bank:
            minor = shown.adjusted_bank - shown.books_bank
            found.append(Astray(pair=pair, month=newest[pair.pk], minor=minor))
    return found
