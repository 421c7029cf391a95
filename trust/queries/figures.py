"""The figures of one trust account and month, as they stand now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trust.queries import ledgers, statements, threeway
from trust.signing import figures as signed
from trust.signing.figures import Figures, StatementFile

if TYPE_CHECKING:
    from datetime import date

    from trust.models import TrustPair
    from trust.queries.threeway import Told


def of(pair: TrustPair, month: date, *, told: Told | None = None) -> Figures:
    """Compare the witnesses of a month and return what a person would sign. In an open scope.

    `told` is what was read of the account already, for who asks of many months.
    """
    told = told or threeway.read(pair)
    compared = told.of(month)
    keys = {one.key for one in compared.ledgers} | {one.ledger for one in compared.differences}
    unnamed = keys - told.names.keys() - {""}
    files = statements.covering(pair=pair, first=compared.first, last=compared.last)
    return signed.figures(
        compared,
        currency=pair.firm.currency,
        names=told.names | ledgers.names(pair.firm_id, unnamed) if unnamed else told.names,
        files=[StatementFile(name=one.file.name, sha256=one.file.sha256) for one in files],
    )
