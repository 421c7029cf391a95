"""What a client is charged, and what of it is taken back: invoices and credit memos."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from syncapp.core.ledger.kinds import EntryLine, ObjectKind


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
    """The discount of a whole invoice or credit memo, to a contra-income account. `amount` is positive."""

    account: str
    amount: int
    class_id: str = ""
    rule: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDraft:
    """An invoice. `total` is the sum of its lines less the discount.

    `paid_first` is kept on the invoice of a bill's costs alone: what a part payment pays first of the two.
    """

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
    untaxed: bool = False  # the books' own tax engine is told to add nothing: tax is a line of its own
    paid_first: str = ""

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
        rows += _discount_rows(self, sign=1)
        return tuple(rows)

    def needs(self) -> tuple[str, ...]:
        """Return the subjects that must stand in the ledger first."""
        return (self.customer,)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditMemoDraft:
    """A credit to a customer; a zero payment applies it to an invoice.

    `total` is the sum of its lines less the discount, which is that of the invoice it takes back. Lines may
    be negative as long as the total is not (qbo/API.md section 8.6). Intuit's schema gives a credit memo the
    same kinds of lines as an invoice (qbo/API.md section 8.8; entity-docs: CreditMemo `Line[]` names
    DiscountLine, for a company that allows discounts).
    """

    customer: str
    number: str
    day: date
    receivable: str
    lines: tuple[SaleLine, ...]
    discount: DiscountLine | None = None
    location: str = ""
    class_id: str = ""
    message: str = ""
    memo: str = ""
    currency: str = "USD"
    untaxed: bool = False  # as of an invoice

    @property
    def kind(self) -> ObjectKind:
        """Return which object this is."""
        return ObjectKind.CREDIT_MEMO

    @property
    def total(self) -> int:
        """Return the amount credited, in minor units."""
        return sum(line.amount for line in self.lines) - (self.discount.amount if self.discount else 0)

    def entry(self) -> tuple[EntryLine, ...]:
        """Credit receivables, debit what each item stands for, credit the discount."""
        rows = [EntryLine(account=self.receivable, amount=-self.total, customer=self.customer)]
        rows += sale_rows(
            self.lines, customer=self.customer, location=self.location, sign=1, class_id=self.class_id
        )
        rows += _discount_rows(self, sign=-1)
        return tuple(rows)

    def needs(self) -> tuple[str, ...]:
        """Return the subjects that must stand in the ledger first."""
        return (self.customer,)


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


def _discount_rows(draft: InvoiceDraft | CreditMemoDraft, *, sign: int) -> list[EntryLine]:
    """Return the row of a discount: a debit of an invoice's (`sign` 1), a credit of a credit memo's."""
    discount = draft.discount
    if discount is None or not discount.amount:
        return []
    return [
        EntryLine(
            account=discount.account,
            amount=sign * discount.amount,
            customer=draft.customer,
            class_id=discount.class_id or draft.class_id,
            location=draft.location,
        )
    ]
