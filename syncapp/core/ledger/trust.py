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

_ACCOUNTS = "trust_accounts/"


def account_subject(liability: str, ledger: str) -> str:
    """Return the subject of a ledger's own account below a trust liability (the books' id)."""
    return f"{_ACCOUNTS}{liability}/{ledger}"


def account_of(subject: str) -> tuple[str, str] | None:
    """Return the trust liability and the ledger that an account's subject tells; None for other subjects."""
    if not subject.startswith(_ACCOUNTS):
        return None
    liability, _, ledger = subject.removeprefix(_ACCOUNTS).partition("/")
    return liability, ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerAccountDraft:
    """The account of one ledger, below the trust liability of its pair.

    `parent` is the liability's id in the books, `type` and `subtype` are the liability's own: a sub-account
    has the type of its parent (qbo/API.md section 8.3).
    """

    name: str
    parent: str
    ledger: str
    type: str
    subtype: str

    @property
    def kind(self) -> ObjectKind:
        """Return which object this is."""
        return ObjectKind.ACCOUNT

    def entry(self) -> tuple[EntryLine, ...]:
        """A name moves no money."""
        return ()

    def needs(self) -> tuple[str, ...]:
        """The liability stands already: a person chose it."""
        return ()


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
    have no customers; empty for what is not named. `below` is the subject of the ledger's own account below
    `account`, where the firm keeps its ledgers as accounts: then the line stands there.
    """

    account: str
    ledger: str
    customer: str
    amount: int
    memo: str = ""
    below: str = ""

    def __post_init__(self) -> None:
        """Refuse what must never exist: a ledger's money in another ledger's account, or another pair's.

        What an account held before its ledger was named is an opening's other side there too.
        """
        liability, ledger = account_of(self.below) or (self.account, self.ledger)
        if liability != self.account or self.ledger not in {ledger, UNTAGGED.key}:
            raise AssertionError(f"{self.ledger} cannot stand in {self.below}")

    def entry_line(self) -> EntryLine:
        """Return it as a signed line."""
        return EntryLine(
            account=self.account,
            amount=self.amount,
            customer=self.customer,
            memo=self.memo,
            ledger=self.ledger,
            below=self.below,
        )

    def needs(self) -> tuple[str, ...]:
        """Return the subjects that must stand in the ledger first."""
        return tuple(subject for subject in (self.customer, self.below) if subject)


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
            *(line.entry_line() for line in self.ledgers),
        )

    def needs(self) -> tuple[str, ...]:
        """Return the subjects that must stand in the ledger first."""
        return tuple(dict.fromkeys(subject for line in self.ledgers for subject in line.needs()))
