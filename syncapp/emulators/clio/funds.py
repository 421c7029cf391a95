"""The kinds of record about money: interest, payments, credits, bank accounts; and the firm's settings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from syncapp.emulators.clio.model import Record


@dataclass(eq=False, kw_only=True)
class InterestCharge(Record):
    """Interest added to a bill on a day."""

    bill_id: int
    date: dt.date
    total: Decimal
    description: str = ""


@dataclass(eq=False, kw_only=True)
class Payment(Record):
    """Money received; no path of the API shows it, its allocations name it as parent."""

    contact_id: int
    date: dt.date
    amount: Decimal
    reference: str
    payment_source_type: str = "check"
    description: str = ""
    source_bank_account_id: int | None = None
    destination_bank_account_id: int | None = None
    matter_id: int | None = None
    voided_at: datetime | None = None
    allocation_ids: list[int] = field(default_factory=list)
    row_ids: list[int] = field(default_factory=list)


@dataclass(eq=False, kw_only=True)
class Allocation(Record):
    """One payment or credit applied to one bill."""

    amount: Decimal
    date: dt.date
    bill_id: int | None
    matter_id: int | None
    contact_id: int
    parent_type: str
    parent_id: int
    credit_kind: str | None = None
    interest: bool = False
    description: str | None = None
    payment_type: str | None = None
    source_bank_account_id: int | None = None
    destination_bank_account_id: int | None = None
    voided_at: datetime | None = None


@dataclass(eq=False, kw_only=True)
class CreditMemo(Record):
    """A credit note or a write-off."""

    contact_id: int
    date: dt.date
    amount: Decimal
    credit_kind: str
    description: str = ""
    discount: bool = False
    user_id: int | None = None
    voided_at: datetime | None = None
    allocation_ids: list[int] = field(default_factory=list)


@dataclass(eq=False, kw_only=True)
class BankAccount(Record):
    """An operating or trust account."""

    name: str
    type: str
    institution: str = "First Harbor Bank"
    account_number: str = ""
    general_ledger_number: str | None = None
    holder: str = ""
    default_account: bool = True
    controlled_account: bool = False
    closed: bool = False


@dataclass(eq=False, kw_only=True)
class BankTransaction(Record):
    """A signed row in a bank account."""

    bank_account_id: int
    date: dt.date
    amount: Decimal
    description: str = ""
    source: str = ""
    confirmation: str = ""
    transaction_type: str = ""
    client_id: int | None = None
    matter_id: int | None = None
    bill_id: int | None = None
    allocation_id: int | None = None
    payment_id: int | None = None
    unreconciled: bool = True


@dataclass(eq=False, kw_only=True)
class BankTransfer(Record):
    """Money between two accounts."""

    amount: Decimal
    date: datetime
    source_account_id: int
    destination_account_id: int
    client_id: int | None = None
    matter_id: int | None = None
    description: str = ""


@dataclass(eq=False, kw_only=True)
class MatterTransfer(Record):
    """Money between two matters in one trust account."""

    amount: Decimal
    date: dt.date
    bank_account_id: int
    client_id: int
    source_matter_id: int
    destination_matter_id: int
    description: str = ""


@dataclass(eq=False, kw_only=True)
class BillingSetting(Record):
    """How the firm bills."""

    tax_name: str = "Sales Tax"
    tax_rate: Decimal = Decimal("8.875")
    secondary_tax_name: str = "Local Tax"
    secondary_tax_rate: Decimal = Decimal(2)
    secondary_tax_rule: str = "Pre"
    use_secondary_tax: bool = False
    apply_tax_by_default: bool = False
    multi_currency_billing: bool = False
    currency: str = "USD"
    currency_sign: str = "$"


@dataclass(eq=False, kw_only=True)
class TaxRateConfiguration(Record):
    """A tax rate; `rate` is a fraction (API.md section 5)."""

    name: str
    rate: Decimal
    country: str = "US"
    region: str = "NY"
    active: bool = True
    is_system: bool = False


@dataclass(eq=False, kw_only=True)
class Webhook(Record):
    """A subscription (API.md section 4)."""

    url: str
    model: str
    fields: str
    events: list[str]
    expires_at: datetime
    shared_secret: str
    status: str = "pending"
    user_id: int | None = None
    failures: int = 0
    seen: dict[int, str] = field(default_factory=dict)
