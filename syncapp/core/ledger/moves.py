"""Money that moves: received, paid out, deposited, or set over between accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from syncapp.core.ledger.kinds import EntryLine, ObjectKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What part of a payment, or of a credit, pays which invoice.

    A journal entry takes an invoice's place where a check came back: its receivable line, a debit of the same
    customer, is paid (qbo/API.md section 8.7 lists it; which line is left to the ledger).
    """

    subject: str
    kind: ObjectKind
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDraft:
    """Money received and what it pays. With amount 0 it applies a credit to an invoice.

    `account` is where the money lands: a bank, or Undeposited Funds.
    """

    customer: str
    day: date
    amount: int
    account: str
    receivable: str
    applications: tuple[Application, ...]
    reference: str = ""
    method: str = ""
    memo: str = ""
    currency: str = "USD"

    @property
    def kind(self) -> ObjectKind:
        """Return which object this is."""
        return ObjectKind.PAYMENT

    @property
    def total(self) -> int:
        """Return the money received, in minor units."""
        return self.amount

    def entry(self) -> tuple[EntryLine, ...]:
        """Debit where it landed, credit receivables."""
        if not self.amount:
            return ()
        return (
            EntryLine(account=self.account, amount=self.amount),
            EntryLine(account=self.receivable, amount=-self.amount, customer=self.customer),
        )

    def needs(self) -> tuple[str, ...]:
        """Return the subjects that must stand in the ledger first."""
        return (self.customer, *(part.subject for part in self.applications))


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalDraft:
    """A journal entry of signed lines that balance."""

    number: str
    day: date
    lines: tuple[EntryLine, ...]
    memo: str = ""
    currency: str = "USD"

    def __post_init__(self) -> None:
        """Refuse lines that do not balance: such an entry must never exist."""
        if sum(line.amount for line in self.lines) != 0:
            raise AssertionError(f"journal entry {self.number} does not balance")

    @property
    def kind(self) -> ObjectKind:
        """Return which object this is."""
        return ObjectKind.JOURNAL

    @property
    def total(self) -> int:
        """Return the sum of the debits, in minor units."""
        return sum(line.amount for line in self.lines if line.amount > 0)

    def entry(self) -> tuple[EntryLine, ...]:
        """Return its lines."""
        return self.lines

    def needs(self) -> tuple[str, ...]:
        """Return the subjects that must stand in the ledger first."""
        return tuple(dict.fromkeys(line.customer for line in self.lines if line.customer))


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDraft:
    """Money paid out of a bank account to a payee; `lines` are what it was for (debits)."""

    number: str
    day: date
    bank: str
    payee: str
    lines: tuple[EntryLine, ...]
    memo: str = ""
    currency: str = "USD"

    @property
    def kind(self) -> ObjectKind:
        """Return which object this is."""
        return ObjectKind.CHECK

    @property
    def total(self) -> int:
        """Return the amount paid out, in minor units."""
        return sum(line.amount for line in self.lines)

    def entry(self) -> tuple[EntryLine, ...]:
        """Credit the bank, debit what it was for."""
        return (EntryLine(account=self.bank, amount=-self.total), *self.lines)

    def needs(self) -> tuple[str, ...]:
        """Return the subjects that must stand in the ledger first."""
        return tuple(dict.fromkeys(s for s in (self.payee, *(line.customer for line in self.lines)) if s))


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositDraft:
    """What waits in Undeposited Funds, brought to the bank together. `payments` are subjects.

    `kinds` says what each of them is where not all are payments: money without an invoice waits there as a
    journal entry, of which the first line is meant. `lines` are what else the bank's amount is made of, as
    signed lines of the ledger: a processor's fee is a debit, and makes the deposit smaller.
    """

    day: date
    bank: str
    undeposited: str
    payments: tuple[str, ...]
    amounts: tuple[int, ...]
    memo: str = ""
    currency: str = "USD"
    kinds: tuple[ObjectKind, ...] = ()
    lines: tuple[EntryLine, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a deposit that the bank would have paid for: no such deposit is."""
        if self.total < 0:
            raise AssertionError("a deposit comes to less than nothing")

    @property
    def kind(self) -> ObjectKind:
        """Return which object this is."""
        return ObjectKind.DEPOSIT

    @property
    def gathered(self) -> tuple[tuple[str, ObjectKind, int], ...]:
        """Return each thing that is deposited: its subject, what it is, its minor units."""
        kinds = self.kinds or (ObjectKind.PAYMENT,) * len(self.payments)
        return tuple(zip(self.payments, kinds, self.amounts, strict=True))

    @property
    def total(self) -> int:
        """Return the amount that reaches the bank, in minor units."""
        return sum(self.amounts) - sum(line.amount for line in self.lines)

    def entry(self) -> tuple[EntryLine, ...]:
        """Debit the bank, credit Undeposited Funds, and what else there is."""
        return (
            EntryLine(account=self.bank, amount=self.total),
            EntryLine(account=self.undeposited, amount=-sum(self.amounts)),
            *self.lines,
        )

    def needs(self) -> tuple[str, ...]:
        """Return the subjects that must stand in the ledger first."""
        return (*self.payments, *dict.fromkeys(line.customer for line in self.lines if line.customer))
