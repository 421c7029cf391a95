"""A deposit that a person made in the books, with a payment of ours taken out of it or put back.

All its other lines stay word for word as they are there: a line is replaced as a whole (qbo/API.md section
7). Its number, location, note and cash back are left out of the update, so that they stay too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from syncapp.core.ledger.kinds import EntryLine, ObjectKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositRow:
    """A line of a deposit, ids being the books' own: a transaction out of Undeposited Funds, or an account.

    `source` is such a transaction (`Payment:12`) with its `line`; `holder` is who it is from
    (`CUSTOMER:5`), `method` the id of a payment method.
    """

    amount: int
    source: str = ""
    line: str = ""
    account: str = ""
    holder: str = ""
    class_id: str = ""
    method: str = ""
    check: str = ""
    memo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipDraft:
    """Such a deposit as it should stand. It is only ever updated: something of it is always left."""

    day: date
    bank: str
    undeposited: str
    rows: tuple[DepositRow, ...]
    memo: str = ""
    currency: str = "USD"

    @property
    def kind(self) -> ObjectKind:
        """Return which object this is."""
        return ObjectKind.DEPOSIT

    @property
    def total(self) -> int:
        """Return the amount deposited, in minor units."""
        return sum(row.amount for row in self.rows)

    def entry(self) -> tuple[EntryLine, ...]:
        """Debit the bank, credit Undeposited Funds for what is gathered, and the accounts of other lines."""
        gathered = sum(row.amount for row in self.rows if row.source)
        others = (
            EntryLine(account=row.account, amount=-row.amount, class_id=row.class_id, memo=row.memo)
            for row in self.rows
            if not row.source
        )
        return (
            EntryLine(account=self.bank, amount=self.total),
            EntryLine(account=self.undeposited, amount=-gathered),
            *others,
        )

    def needs(self) -> tuple[str, ...]:
        """Return no subjects: what it names stands in the books already."""
        return ()

    def without(self, source: str) -> SlipDraft:
        """Return the deposit as it is once a transaction is taken out."""
        return replace(self, rows=tuple(row for row in self.rows if row.source != source))

    def holding(self, source: str, amount: int) -> SlipDraft:
        """Return the deposit with a transaction of an amount in it, once."""
        return replace(
            self, rows=(*self.without(source).rows, DepositRow(amount=amount, source=source, line="0"))
        )
