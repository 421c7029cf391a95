"""The kinds of record of a firm. Field names are Clio's; `x_id` and `x_ids` are its relation `x`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from syncapp.emulators.clio.model import ZERO, Record, cents

PAYABLE = ("awaiting_payment", "paid")
LIVE = ("draft", "awaiting_approval", "awaiting_payment", "paid")


@dataclass(eq=False, kw_only=True)
class Account(Record):
    """The firm itself."""

    name: str
    country: str = "US"


@dataclass(eq=False, kw_only=True)
class User(Record):
    """A timekeeper; rate in money per hour."""

    first_name: str
    last_name: str
    email: str
    rate: Decimal
    subscription_type: str = "Attorney"
    roles: list[str] = field(default_factory=list)
    enabled: bool = True
    account_owner: bool = False
    time_zone: str = "Eastern Time (US & Canada)"
    account_id: int = 0

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def initials(self) -> str:
        return self.first_name[:1] + self.last_name[:1]


@dataclass(eq=False, kw_only=True)
class Currency(Record):
    """A currency by ISO 4217 code."""

    code: str = "USD"
    sign: str = "$"


@dataclass(eq=False, kw_only=True)
class Contact(Record):
    """A client or vendor."""

    name: str
    type: str = "Company"
    first_name: str | None = None
    last_name: str | None = None
    is_client: bool = True
    primary_email_address: str | None = None
    primary_phone_number: str | None = None
    street: str = ""
    city: str = ""
    province: str = ""
    postal_code: str = ""
    company_id: int | None = None


@dataclass(eq=False, kw_only=True)
class PracticeArea(Record):
    """A field of law."""

    name: str
    code: str
    category: str


@dataclass(eq=False, kw_only=True)
class Group(Record):
    """A group of users."""

    name: str
    type: str = "AccountGroup"
    user_ids: list[int] = field(default_factory=list)


@dataclass(eq=False, kw_only=True)
class Matter(Record):
    """A case of one client; `payers` are (contact, percent) of a split invoice."""

    client_id: int
    display_number: str
    number: int
    description: str
    practice_area_id: int | None = None
    responsible_attorney_id: int | None = None
    originating_attorney_id: int | None = None
    billing_method: str = "hourly"
    status: str = "Open"
    open_date: dt.date | None = None
    close_date: dt.date | None = None
    billable: bool = True
    flat_fee: Decimal = ZERO
    payers: list[tuple[int, Decimal]] = field(default_factory=list)


@dataclass(eq=False, kw_only=True)
class ActivityDescription(Record):
    """A named kind of work."""

    name: str
    type: str = "clio"
    default: bool = False


@dataclass(eq=False, kw_only=True)
class ExpenseCategory(Record):
    """A named kind of cost, hard or soft."""

    name: str
    entry_type: str
    rate: int | None = None


@dataclass(eq=False, kw_only=True)
class Activity(Record):
    """Time (hours inside, seconds outside) or a cost."""

    type: str
    date: dt.date
    matter_id: int
    user_id: int
    price: Decimal
    hours: Decimal = Decimal(1)
    note: str = ""
    activity_description_id: int | None = None
    expense_category_id: int | None = None
    vendor_id: int | None = None
    reference: str | None = None
    no_charge: bool = False
    non_billable: bool = False
    flat_rate: bool = False
    contingency_fee: bool = False
    tax_setting: str = "no_tax"
    written_off: bool = False
    bill_id: int | None = None

    @property
    def amount(self) -> Decimal:
        return cents(self.price if self.flat_rate else self.price * self.hours)


@dataclass(eq=False, kw_only=True)
class Bill(Record):
    """An invoice, or a trust request (`trust_kind`)."""

    number: str
    client_id: int
    matter_ids: list[int]
    user_id: int | None = None
    state: str = "draft"
    bill_kind: str = "revenue_kind"
    type: str = "MatterBill"
    issued_at: dt.date | None = None
    due_at: dt.date | None = None
    start_at: dt.date | None = None
    end_at: dt.date | None = None
    last_sent_at: datetime | None = None
    paid_at: datetime | None = None
    tax_rate: Decimal = ZERO
    secondary_tax_rate: Decimal = ZERO
    discount_type: str | None = None
    discount_rate: Decimal = ZERO
    discount_note: str | None = None
    discount_services_only: bool = False
    off: Decimal = ZERO  # "a discrepancy of one to a few cents" (help centre): total against lines
    interest_rate: Decimal = ZERO
    interest_period: int = 30
    interest_type: str = "simple"
    subject: str | None = None
    memo: str | None = None
    purchase_order: str | None = None
    original_bill_id: int | None = None
    split_portion: Decimal | None = None
    split_ids: list[int] = field(default_factory=list)
    split_connection_id: str = ""
    line_ids: list[int] = field(default_factory=list)
    trust_line_ids: list[int] = field(default_factory=list)
    charge_ids: list[int] = field(default_factory=list)
    allocation_ids: list[int] = field(default_factory=list)
    destination_account_id: int | None = None


@dataclass(eq=False, kw_only=True)
class LineItem(Record):
    """A line of a bill; quantity in hours (API.md section 5)."""

    bill_id: int
    matter_id: int
    kind_of: str
    date: dt.date
    price: Decimal
    quantity: Decimal = Decimal(1)
    type: str = "ActivityLineItem"
    description: str = ""
    note: str = ""
    activity_id: int | None = None
    user_id: int | None = None
    flat: bool = False
    taxable: bool = False
    secondary_taxable: bool = False
    discount_type: str | None = None
    discount_rate: Decimal = ZERO
    group_ordering: int | None = None
    display: bool = True

    @property
    def sub_total(self) -> Decimal:
        return cents(self.price if self.flat else self.price * self.quantity)

    @property
    def total(self) -> Decimal:
        if self.type == "NoChargeLineItem":
            return ZERO
        if self.discount_type == "percentage":
            return self.sub_total - cents(self.sub_total * self.discount_rate / 100)
        return self.sub_total - (self.discount_rate if self.discount_type == "money" else ZERO)


@dataclass(eq=False, kw_only=True)
class TrustLineItem(Record):
    """A line of a trust request; not a ledger entry."""

    bill_id: int
    client_id: int
    matter_id: int | None
    date: dt.date
    total: Decimal
    note: str = ""
