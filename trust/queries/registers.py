"""What the registers of a trust account are made from, as Clio has it. To be asked in an open scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trust.queries import ledgers, witnesses
from trust.queries.gathering import OPENING
from trust.reports.registers import Told

if TYPE_CHECKING:
    from datetime import date

    from trust.models import TrustPair


def told(pair: TrustPair, first: date, last: date) -> Told:
    """Return an account's whole history to a day, for the registers of a period."""
    movements = witnesses.clio(pair, last)
    keys = {key for one in movements for key, _ in one.ledgers}
    return Told(
        firm=pair.firm.name,
        account=pair.with_digits,
        currency=pair.firm.currency,
        first=first,
        last=last,
        movements=movements,
        names=ledgers.names(pair.firm_id, keys),
        opening=OPENING,
    )
