"""Client money: entries that can touch a trust bank and its liability, and nothing else.

These types are the first of three layers of the wall (DESIGN section 6, row 3): no operating draft can be
made of them, and none of them of an operating line. Positive minor units are a debit: money in the bank.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from syncapp.core.ledger.kinds import EntryLine, ObjectKind


class LedgerKind(StrEnum):
    """Whose money a line of the trust liability is."""

    CLIENT = "client"
    MATTER = "matter"
    FIRM = "firm"  # the firm's own money kept for bank charges
    INTEREST = "interest"  # of the programme, never of a client
    UNTAGGED = "untagged"  # what the liability held before its ledgers were named: an opening's other side


@dataclass(frozen=True, slots=True)
class Ledger:
    """One ledger of client money. `id` is the practice system's own; only clients and matters have one."""

    kind: LedgerKind
    id: int = 0

    @property
    def key(self) -> str:
        """Return its natural key, which is also the subject of its customer in the books."""
        if self.kind is LedgerKind.CLIENT:
            return f"contacts/{self.id}"
        return f"matters/{self.id}" if self.kind is LedgerKind.MATTER else f"trust/{self.kind.value}"


FIRM_FUNDS = Ledger(LedgerKind.FIRM)
INTEREST = Ledger(LedgerKind.INTEREST)
UNTAGGED = Ledger(LedgerKind.UNTAGGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustBankLine:
    """A line on the trust bank of a pair; `account` is the books' id."""

    account: str
    amount: int
    memo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustLedgerLine:
    """A line on the trust liability of a pair: negative is more owed to its one ledger.

    `customer` is the subject named on the line in the books: the ledger's own, or its client's where matters
    have no customers; empty for what is not named.
    """

    account: str
    ledger: str
    customer: str
    amount: int
    memo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustJournalDraft:
    """A journal entry within one trust account: its bank lines and its ledger lines, in balance.

    `payee` is who paid or was paid, `check` the number on the check; both also stand in the texts.
    """

    number: str
    day: date
    banks: tuple[TrustBankLine, ...]
    ledgers: tuple[TrustLedgerLine, ...]
    memo: str = ""
    currency: str = "USD"

    def __post_init__(self) -> None:
        """Refuse what must never exist: lines out of balance, no ledger, or one without a name."""
        if sum(self._amounts()) != 0:
            raise AssertionError(f"trust entry {self.number} does not balance")
        if not self.ledgers or not all(line.ledger for line in self.ledgers):
            raise AssertionError(f"trust entry {self.number} names no ledger")

    @property
    def kind(self) -> ObjectKind:
        """Return which object this is."""
        return ObjectKind.JOURNAL

    @property
    def total(self) -> int:
        """Return the sum of the debits, in minor units."""
        return sum(amount for amount in self._amounts() if amount > 0)

    def _amounts(self) -> tuple[int, ...]:
        return (*(line.amount for line in self.banks), *(line.amount for line in self.ledgers))

    def entry(self) -> tuple[EntryLine, ...]:
        """Return its lines, the bank's first."""
        return (
            *(EntryLine(account=line.account, amount=line.amount, memo=line.memo) for line in self.banks),
            *(
                EntryLine(
                    account=line.account,
                    amount=line.amount,
                    customer=line.customer,
                    memo=line.memo,
                    ledger=line.ledger,
                )
                for line in self.ledgers
            ),
        )

    def needs(self) -> tuple[str, ...]:
        """Return the subjects that must stand in the ledger first."""
        return tuple(dict.fromkeys(line.customer for line in self.ledgers if line.customer))
