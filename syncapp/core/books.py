"""What an adapter reads from a ledger, and how a ledger answers. The other half of the port.

An adapter offers, as plain synchronous calls that raise the errors of `syncapp.http.errors`:
`company()`, `chart()`, `query(kind, …)`, `changes(kinds, since)`, `read(kind, id)`, `send(operations)`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from syncapp.core.ledger import DepositRow, Draft, EntryLine, ObjectKind, Verb

ENGINE_TAX = "Sales tax"  # the memo of the line that a ledger's own tax engine adds: it names no account


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of the books' chart."""

    id: str
    name: str  # fully qualified: `Parent:Child`
    type: str
    subtype: str = ""
    classification: str = ""
    active: bool = True
    currency: str = ""
    parent: str = ""  # the id of the account that it is below
    balance: int | None = None  # minor units, where the books have just said it; a mirror keeps none

    @property
    def is_trust(self) -> bool:
        """Tell whether client money may stand here (qbo/API.md section 8.3)."""
        return self.subtype in {"TrustAccounts", "TrustAccountsLiabilities"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A product or service; sales of it post to `account`."""

    id: str
    name: str
    type: str = "Service"
    account: str = ""
    active: bool = True
    taxable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A class or a location."""

    id: str
    name: str
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The company behind a set of books and those of its settings that Tieout depends on.

    `None` means that the company did not say.
    """

    id: str
    name: str
    currency: str = "USD"
    country: str = ""
    plan: str = ""
    subscription: str = ""
    custom_numbers: bool | None = None
    warn_duplicate_journal: bool | None = None
    warn_duplicate_check: bool | None = None
    auto_apply_credits: bool | None = None
    allow_discounts: bool | None = None
    online_payments: bool | None = None
    classes_per_transaction: bool = False
    classes_per_line: bool = False
    locations: bool = False
    closed_through: date | None = None
    multicurrency: bool = False
    tax_engine: str = ""  # "", "manual", "automated"
    report_basis: str = ""
    most_accounts: int | None = None  # active ones that the plan takes; None: no bound is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The lists of one set of books, as last mirrored."""

    accounts: dict[str, Account] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    classes: dict[str, Tag] = field(default_factory=dict)
    locations: dict[str, Tag] = field(default_factory=dict)

    def account_named(self, name: str) -> Account | None:
        """Find an account by full name, or by `id:123`; active ones first."""
        return _named(self.accounts, name)

    def item_named(self, name: str) -> Item | None:
        """Find an item by full name, or by `id:123`; active ones first."""
        return _named(self.items, name)

    def below(self, account: str) -> frozenset[str]:
        """Return the accounts below one, at any depth, inactive ones too."""
        found: set[str] = set()
        layer = {account}
        while layer:
            layer = {row.id for row in self.accounts.values() if row.parent in layer} - found - {account}
            found |= layer
        return frozenset(found)

    def is_below(self, account: str, above: str) -> bool:
        """Tell whether one account lies below another, at any depth."""
        seen: set[str] = set()
        while (row := self.accounts.get(account)) is not None and row.parent and account not in seen:
            seen.add(account)
            account = row.parent
            if account == above:
                return True
        return False

    def of_type(self, type_: str, subtype: str = "") -> Account | None:
        """Return the first active account of a type and, when given, a subtype."""
        rows = sorted(self.accounts.values(), key=lambda a: (len(a.id), a.id))
        fits = (a for a in rows if a.active and a.type == type_ and (not subtype or a.subtype == subtype))
        return next(fits, None)


def _named[T: (Account, Item, Tag)](rows: dict[str, T], name: str) -> T | None:
    if name.startswith("id:"):
        return rows.get(name[3:])
    found = [row for row in rows.values() if row.name.casefold() == name.casefold()]
    return next((row for row in found if row.active), found[0] if found else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookObject:
    """One object as it stands in the books now.

    `lines` are its effect on the ledger as far as the object tells it; `links` are `Kind:id` of what it is
    applied to or deposited in, with the amount.
    """

    kind: ObjectKind | None
    id: str
    token: str = ""
    number: str = ""
    name: str = ""
    day: date | None = None
    total: int = 0
    balance: int = 0
    customer: str = ""
    parent: str = ""
    reference: str = ""
    memo: str = ""
    account: str = ""
    email: str = ""
    phone: str = ""
    address: tuple[str, ...] = ()
    company: str = ""  # of a customer: the name of the company
    other_names: tuple[str, ...] = ()  # of somebody by name: first and last, and the company's
    payee: str = ""  # of money paid out: `Vendor:55`
    method: str = ""  # of a deposit's one line: the payment method's id
    rows: tuple[DepositRow, ...] = ()  # of a deposit that gathers payments: all its lines
    active: bool = True
    voided: bool = False
    deleted: bool = False
    lines: tuple[EntryLine, ...] = ()
    links: tuple[tuple[str, int], ...] = ()
    created_at: datetime | None = None
    changed_at: datetime | None = None
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One write, ready to be rendered: subjects already resolved to ids of the books in `ids`."""

    verb: Verb
    kind: ObjectKind
    request_id: str
    draft: Draft | None = None
    remote_id: str = ""
    token: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    trace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The ledger took it: the object as it returned it."""

    object: BookObject
    vendor_request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The ledger said no, clearly: nothing was written. `code` is the vendor's, `words` its sentence."""

    code: str
    words: str
    detail: str = ""
    element: str = ""
    vendor_request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """No clear answer: it may have been written. Look before sending again."""

    words: str
    vendor_request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """It certainly did not reach the ledger (throttled, authorisation refused before the call)."""

    words: str
    retry_after: float | None = None
    vendor_request_id: str = ""


Outcome = Posted | Refused | Uncertain | NotSent
