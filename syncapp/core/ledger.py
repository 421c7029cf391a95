"""The port: what any ledger can be asked to hold, in an accountant's words. Adapters render it.

A draft names other objects by their *subject*, the natural key of what they stand for (`contacts/12`, `bills/99`),
never by a remote id: the shell resolves subjects through links when it sends. Accounts, items, classes and
locations are named by their id in the books, because the mapping chose them there. `entry()` says what the draft
does to the ledger, as signed lines that sum to zero: positive is a debit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class ObjectKind(StrEnum):
    """The objects of a ledger that Tieout makes."""

    CUSTOMER = "customer"
    INVOICE = "invoice"
    PAYMENT = "payment"
    CREDIT_MEMO = "credit_memo"
    JOURNAL = "journal"
    CHECK = "check"
    DEPOSIT = "deposit"


class Verb(StrEnum):
    """What is done to one object of the ledger."""

    CREATE = "create"
    UPDATE = "update"
    VOID = "void"
    DELETE = "delete"


NAME_LISTS = frozenset({ObjectKind.CUSTOMER})  # written one at a time (qbo/API.md section 11, row 14)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """One signed line of a ledger entry: positive minor units are a debit."""

    account: str
    amount: int
    customer: str = ""
    item: str = ""
    class_id: str = ""
    location: str = ""
    memo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDraft:
    """A customer, or under `parent` a sub-customer."""

    name: str
    parent: str = ""
    company: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    address: tuple[str, ...] = ()
    notes: str = ""
    active: bool = True

    @property
    def kind(self) -> ObjectKind:
        """Return which object this is."""
        return ObjectKind.CUSTOMER

    def entry(self) -> tuple[EntryLine, ...]:
        """A name moves no money."""
        return ()

    def needs(self) -> tuple[str, ...]:
        """Return the subjects that must stand in the ledger first."""
        return (self.parent,) if self.parent else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleLine:
    """A line of an invoice or credit memo. `account` is the account that its item posts to."""

    item: str
    account: str
    amount: int
    description: str = ""
    day: date | None = None
    quantity: Decimal | None = None
    rate: Decimal | None = None
    class_id: str = ""
    rule: int = 0
    sources: tuple[int, ...] = ()
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountLine:
    """The discount of a whole invoice, to a contra-income account. `amount` is positive."""

    account: str
    amount: int
    class_id: str = ""
    rule: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDraft:
    """An invoice. `total` is the sum of its lines less the discount."""

    customer: str
    number: str
    day: date
    due: date | None
    receivable: str
    lines: tuple[SaleLine, ...]
    discount: DiscountLine | None = None
    location: str = ""
    class_id: str = ""
    message: str = ""
    memo: str = ""
    currency: str = "USD"

    @property
    def kind(self) -> ObjectKind:
        """Return which object this is."""
        return ObjectKind.INVOICE

    @property
    def total(self) -> int:
        """Return what the client owes by this invoice, in minor units."""
        return sum(line.amount for line in self.lines) - (self.discount.amount if self.discount else 0)

    def entry(self) -> tuple[EntryLine, ...]:
        """Debit receivables, credit what each item stands for, debit the discount."""
        rows = [EntryLine(account=self.receivable, amount=self.total, customer=self.customer)]
        rows += sale_rows(
            self.lines, customer=self.customer, location=self.location, sign=-1, class_id=self.class_id
        )
        if self.discount and self.discount.amount:
            rows.append(
                EntryLine(
                    account=self.discount.account,
                    amount=self.discount.amount,
                    customer=self.customer,
                    class_id=self.discount.class_id or self.class_id,
                    location=self.location,
                )
            )
        return tuple(rows)

    def needs(self) -> tuple[str, ...]:
        """Return the subjects that must stand in the ledger first."""
        return (self.customer,)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditMemoDraft:
    """A credit to a customer; a zero payment applies it to an invoice."""

    customer: str
    number: str
    day: date
    receivable: str
    lines: tuple[SaleLine, ...]
    location: str = ""
    class_id: str = ""
    message: str = ""
    memo: str = ""
    currency: str = "USD"

    @property
    def kind(self) -> ObjectKind:
        """Return which object this is."""
        return ObjectKind.CREDIT_MEMO

    @property
    def total(self) -> int:
        """Return the amount credited, in minor units."""
        return sum(line.amount for line in self.lines)

    def entry(self) -> tuple[EntryLine, ...]:
        """Credit receivables, debit what each item stands for."""
        rows = [EntryLine(account=self.receivable, amount=-self.total, customer=self.customer)]
        rows += sale_rows(
            self.lines, customer=self.customer, location=self.location, sign=1, class_id=self.class_id
        )
        return tuple(rows)

    def needs(self) -> tuple[str, ...]:
        """Return the subjects that must stand in the ledger first."""
        return (self.customer,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What part of a payment, or of a credit, pays which invoice."""

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
    """Payments that wait in Undeposited Funds, brought to the bank together. `payments` are subjects."""

    day: date
    bank: str
    undeposited: str
    payments: tuple[str, ...]
    amounts: tuple[int, ...]
    memo: str = ""
    currency: str = "USD"

    @property
    def kind(self) -> ObjectKind:
        """Return which object this is."""
        return ObjectKind.DEPOSIT

    @property
    def total(self) -> int:
        """Return the amount deposited, in minor units."""
        return sum(self.amounts)

    def entry(self) -> tuple[EntryLine, ...]:
        """Debit the bank, credit Undeposited Funds."""
        return (
            EntryLine(account=self.bank, amount=self.total),
            EntryLine(account=self.undeposited, amount=-self.total),
        )

    def needs(self) -> tuple[str, ...]:
        """Return the subjects that must stand in the ledger first."""
        return self.payments


Draft = (
    CustomerDraft | InvoiceDraft | CreditMemoDraft | PaymentDraft | JournalDraft | CheckDraft | DepositDraft
)

DRAFT_OF: dict[ObjectKind, type[Draft]] = {
    ObjectKind.CUSTOMER: CustomerDraft,
    ObjectKind.INVOICE: InvoiceDraft,
    ObjectKind.CREDIT_MEMO: CreditMemoDraft,
    ObjectKind.PAYMENT: PaymentDraft,
    ObjectKind.JOURNAL: JournalDraft,
    ObjectKind.CHECK: CheckDraft,
    ObjectKind.DEPOSIT: DepositDraft,
}


def sale_rows(
    lines: tuple[SaleLine, ...], *, customer: str, location: str, sign: int, class_id: str = ""
) -> list[EntryLine]:
    """Return one signed row for each account, item and class of a sale."""
    sums: dict[tuple[str, str, str], int] = {}
    for line in lines:
        where = (line.account, line.item, line.class_id or class_id)
        sums[where] = sums.get(where, 0) + sign * line.amount
    return [
        EntryLine(
            account=account,
            item=item,
            class_id=row_class,
            amount=amount,
            customer=customer,
            location=location,
        )
        for (account, item, row_class), amount in sums.items()
        if amount
    ]
