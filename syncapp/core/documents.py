"""Our typed reading of what a practice system said. Nothing here knows which system it was.

Amounts are minor units of the document's currency; dates are days without a zone; ids are the source's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What a document is."""

    CLIENT = "client"
    MATTER = "matter"
    BILL = "bill"
    PAYMENT = "payment"
    CREDIT = "credit"
    INTEREST = "interest"
    MONEY = "money"  # a movement of a bank account that belongs to no allocation
    OPENING = "opening"  # whose money a trust account held on its start date


class BillState(StrEnum):
    """What a bill asks of the books."""

    NOT_YET = "not yet"  # draft or awaiting approval
    ISSUED = "issued"
    VOID = "void"
    DELETED = "deleted"


class LineKind(StrEnum):
    """The words of `when: {line: …}` in the mapping rules."""

    TIME = "time"
    EXPENSE = "expense"
    DISCOUNT = "discount"
    INTEREST = "interest"
    TAX = "tax"
    WRITE_OFF = "write_off"


class Cost(StrEnum):
    """Hard costs were paid out for the client; soft costs are charged from the firm's own means."""

    HARD = "hard"
    SOFT = "soft"


class Funds(StrEnum):
    """Where the money of a payment came from."""

    OUTSIDE = "outside"
    OPERATING = "operating"  # money of the client that the firm held in operating
    TRUST = "trust"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A contact that is billed."""

    id: int
    name: str
    company: bool = False
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    address: tuple[str, ...] = ()
    currency: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """Who pays which part of a matter's split bills; `portion` is a percentage."""

    client_id: int
    portion: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A matter of a client."""

    id: int
    number: str
    client_id: int
    description: str = ""
    practice_area: str = ""
    responsible: str = ""
    office: str = ""
    billing: str = ""
    payers: tuple[Payer, ...] = ()
    gone: bool = False
    closed_on: date | None = None  # None while it is open


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One line as billed. `amount` is after the line's own discount and before tax."""

    id: int
    kind: LineKind
    amount: int
    tax: int = 0
    matter_id: int | None = None
    day: date | None = None
    label: str = ""  # the activity or expense category
    narrative: str = ""  # privileged: opt-in only
    timekeeper: str = ""
    expense_category: str = ""
    cost: Cost | None = None
    quantity: Decimal | None = None  # hours, or a count
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A bill. `amount` is what the client owes for it without separate interest charges, after discount."""

    id: int
    number: str
    state: BillState
    client_id: int | None
    currency: str
    issued: date | None
    due: date | None
    amount: int
    lines: tuple[BillLine, ...] = ()
    discount: int = 0
    discount_services_only: bool = False
    tax: int = 0
    rounding: int = 0  # signed: what lines, discount and tax lack of the amount; only by a firm's tolerance
    matter_ids: tuple[int, ...] = ()
    payer_id: int | None = None  # who pays a split bill
    trust_request: bool = False
    outstanding: int = 0  # for openings only: what was open when read
    subject: str = ""
    sent: date | None = None  # the day it last went to the client; None: not by the practice system


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """A part of a payment or credit, applied to one bill."""

    id: int
    bill_id: int | None
    amount: int
    day: date
    interest: bool = False
    matter_id: int | None = None
    client_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustRow:
    """What a payment did in an account of client money, as that account's own row says it.

    `amount` is signed: positive is money in. Client and matter are those whose money moved, which need not be
    those of the bill.
    """

    id: int
    bank_account: str
    amount: int
    client_id: int | None = None
    matter_id: int | None = None
    counterparty: str = ""
    reference: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment with its live allocations; none left means that it was removed."""

    id: int
    day: date
    currency: str
    funds: Funds
    client_id: int | None
    allocations: tuple[Allocation, ...]
    reference: str = ""
    method: str = ""
    bank_account: str = ""  # where it landed, by its name in the practice system
    source_account: str = ""
    into_trust: bool = False  # it landed in an account of client money
    trust_rows: tuple[TrustRow, ...] = ()

    @property
    def amount(self) -> int:
        """Return the sum of what is allocated, in minor units."""
        return sum(part.amount for part in self.allocations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A credit note or write-off with its live allocations; none left means that it was removed."""

    id: int
    day: date
    currency: str
    client_id: int | None
    allocations: tuple[Allocation, ...]
    description: str = ""
    early_payment: bool = False
    write_off: bool = False

    @property
    def amount(self) -> int:
        """Return the sum of what is allocated, in minor units."""
        return sum(part.amount for part in self.allocations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """An interest charge added to a bill after it was issued."""

    id: int
    bill_id: int | None
    day: date
    currency: str
    amount: int
    order: int = 1  # first, second, … charge of its bill
    description: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A movement of a bank account of the practice system that no allocation explains.

    `amount` is signed: positive is money in. `trust` tells a client account from the firm's own.
    """

    id: int
    day: date
    currency: str
    amount: int
    trust: bool
    bank_account: str
    client_id: int | None = None
    matter_id: int | None = None
    bill_id: int | None = None
    payment_id: int | None = None  # the payment whose surplus this is
    counterparty: str = ""
    reference: str = ""
    description: str = ""
    word: str = ""  # the source's own word for the kind; never decides alone
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one ledger of client money holds (`core.ledger.Ledger.key`)."""

    ledger: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Whose money a trust account held at the beginning of a day, as it was agreed with the books.

    `id` is the trust pair's, `bank_account` its name in the practice system.
    """

    id: int
    day: date
    currency: str
    bank_account: str
    ledgers: tuple[Held, ...]

    @property
    def amount(self) -> int:
        """Return what the account held in all, in minor units."""
        return sum(one.amount for one in self.ledgers)


Document = Client | Matter | Bill | Payment | Credit | Interest | Money | Opening

CLASS_OF: dict[Kind, type[Document]] = {
    Kind.CLIENT: Client,
    Kind.MATTER: Matter,
    Kind.BILL: Bill,
    Kind.PAYMENT: Payment,
    Kind.CREDIT: Credit,
    Kind.INTEREST: Interest,
    Kind.MONEY: Money,
    Kind.OPENING: Opening,
}
KIND_OF: dict[type[Document], Kind] = {cls: kind for kind, cls in CLASS_OF.items()}
