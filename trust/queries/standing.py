"""Client balances on any past day: as they are known now, beside the list that was signed for that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from trust.models import SignOff
from trust.queries import ledgers, signing, threeway
from trust.signing.figures import Figures
from trust.signing.states import Act

if TYPE_CHECKING:
    from trust.models import TrustPair
    from trust.threeway import ThreeWay


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One client ledger on the day; `then` is None where no list was kept for it."""

    name: str
    now: int
    then: int | None

    @property
    def moved(self) -> int:
        """Return by how much what is known now is other than what was known then."""
        return 0 if self.then is None else self.now - self.then


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The ledgers of a day: `compared` as known now, `row` the act whose list stands beside it."""

    day: date
    compared: ThreeWay
    row: SignOff | None
    ledgers: tuple[Row, ...]

    @property
    def total_now(self) -> int:
        """Return the sum of all ledgers as known now."""
        return sum(one.now for one in self.ledgers)

    @property
    def total_then(self) -> int | None:
        """Return the sum of all ledgers as known then; None where no list was kept."""
        return sum(one.then or 0 for one in self.ledgers) if self.row else None


def on(pair: TrustPair, day: date) -> Known:
    """Return the client ledgers of a day, as known now and, for a month's last day, as signed then."""
    compared = threeway.as_of(pair, day.replace(day=1), day)
    row = _kept(pair, day)
    before = signing.figures_of(row) if row else None
    now = {one.key: one.balance for one in compared.ledgers}
    then = {one.key: one.balance for one in before.ledgers} if before else {}
    names = ledgers.names(pair.firm_id, {*now, *then}) | _names(before)
    rows = [
        Row(name=names.get(key, key), now=now.get(key, 0), then=then.get(key, 0) if before else None)
        for key in {**now, **then}
        if now.get(key) or then.get(key)
    ]
    return Known(day=day, compared=compared, row=row, ledgers=tuple(sorted(rows, key=lambda one: one.name)))


def _names(before: Figures | None) -> dict[str, str]:
    """Return the names as they were printed then, for ledgers that nothing is known of any more."""
    return {one.key: one.name for one in before.ledgers} if before else {}


def _kept(pair: TrustPair, day: date) -> SignOff | None:
    """Return the newest signature, else the newest preparation, whose list is of this very day."""
    if (signing.next_month(day) - day).days != 1:
        return None
    one = signing.reconciliation(pair, day)
    rows = signing.sign_offs(one) if one else []
    for act in (Act.SIGNED, Act.PREPARED):
        found = [row for row in rows if row.act == act]
        if found:
            return found[-1]
    return None
