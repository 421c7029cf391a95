"""One QuickBooks company: its lists, its transactions, its preferences and its books."""

from __future__ import annotations

import copy
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from syncapp.emulators.ledger import Ledger
from syncapp.emulators.qbo.errors import INACTIVE, Refused, bad_reference, missing
from syncapp.emulators.wire import Clock

type Obj = dict[str, Any]
type Key = tuple[str, str]

PACIFIC = ZoneInfo("America/Los_Angeles")
CENT = Decimal("0.01")
NAMES = ("Customer", "Vendor", "Employee")
LISTS = (*NAMES, "Account", "Item", "Class", "Department", "Term", "PaymentMethod", "TaxCode")
SALES = ("Invoice", "CreditMemo", "SalesReceipt", "RefundReceipt")
TRANSACTIONS = (*SALES, "Payment", "JournalEntry", "Deposit", "Purchase", "Transfer", "Bill")
ENTITIES = (*LISTS, *TRANSACTIONS, "CompanyInfo", "Preferences", "Attachable")
REFERENCE_KIND = {"Account": "Accounts", "Class": "Klasses", "Department": "Depts", "Item": "Items"}


@dataclass(slots=True)
class Switches:
    """Where API.md says unknown, both behaviours (API.md 13 and the rows marked I)."""

    honour_requestid: bool = True  # API.md 4: live evidence for, two reports against
    deposited_relink_ok: bool = False  # API.md 7, 11.19: is re-linking a deposited payment refused too?
    payment_across_subcustomers: str = "accept"  # or "refuse" (6000), API.md 8.7
    item_liability: str = "accept"  # or "refuse" (6430), API.md 8.4
    deposit_liability: str = "accept"  # or "refuse" (6000), API.md 8.10
    overapply: str = "refuse"  # or "cap": a payment line above the open balance
    journal_link_line: str = "silent"  # API.md 8.7: a payment's link to an entry names its line: or "shown"
    # in answers, or "required" (2020); unknown
    delete_linked: str = "refuse"  # or "unlink": delete of an invoice that has payments, API.md 7
    void_linked: str = "unlink"  # or "refuse": void of an invoice that has payments
    inactive_code: str = "610"  # or "2500", "6250", API.md 11.7
    unbalanced_journal: str = "2300"  # or "6000", API.md 13
    one_receivable_line: bool = False  # API.md 8.9: a rule of the screen, unknown for the API
    warn_duplicate_sales: bool = True  # API.md 11.2: cannot be read through the API
    doc_numbers_shared: bool = False  # do all sales forms share one range of numbers?
    payment_bumps_invoice: bool = False  # does a payment raise the invoice's SyncToken?
    most_accounts: int = 250  # active ones on every plan but Advanced, API.md 10.4; 0: no bound
    tax_engine: str = "absent"  # "absent", "off" (AST not set up), "on", API.md 8.2
    tax_engine_changes_total: bool = False  # API.md 11.1: the engine replaces a supplied TotalTax
    tax_ignores_codes: bool = False  # API.md 11.1: the engine says what is taxable, whatever a line says
    tax_rate: str = "8.25"  # per cent
    throttle: bool = True  # API.md 6
    refresh_rotation: str = "always"  # or "daily", API.md 1
    old_refresh_token_works: bool = False  # API.md 1: how long is not stated
    self_echo: bool = True  # API.md 5: own writes produce webhooks too
    merge_touches: bool = False  # API.md 11.26: do the transactions of a merged customer show as changed?
    attachments_by_reference: bool = True  # does a query find attachments by their transaction?
    merge_tells: bool = False  # does change data capture show the customer that is gone as deleted?
    webhook_form: str = "cloudevents"  # or "legacy", API.md 5


@dataclass(slots=True)
class Change:
    """One line of the company's own audit log (which the API cannot read, API.md 11.27)."""

    at: datetime
    who: str
    what: str
    entity: str
    id: str


@dataclass(slots=True)
class Company:
    """The state of one realm. Amounts of transactions are `Decimal` with two places."""

    realm: str
    name: str
    clock: Clock
    switches: Switches = field(default_factory=Switches)
    store: dict[str, dict[str, Obj]] = field(default_factory=lambda: {e: {} for e in ENTITIES})
    tombstones: list[tuple[str, str, datetime]] = field(default_factory=list)
    touched: dict[Key, datetime] = field(default_factory=dict)
    writers: dict[Key, str] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    applied: dict[Key, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    deposited: dict[Key, str] = field(default_factory=dict)
    replies: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    events: list[Obj] = field(default_factory=list)
    flushing: bool = False
    changes: list[Change] = field(default_factory=list)
    reads: Counter[str] = field(default_factory=Counter)
    counters: Counter[str] = field(default_factory=Counter)
    webhook_url: str = ""
    verifier_token: str = ""

    def next_id(self, entity: str) -> str:
        """Transactions share one range of ids, names another, every list its own."""
        range_ = "txn" if entity in TRANSACTIONS else "name" if entity in NAMES else entity
        self.counters[range_] += 1
        return str(self.counters[range_])

    def stamp(self, at: datetime | None = None) -> str:
        """An instant as QuickBooks writes it: company time with offset, whole seconds (API.md 2)."""
        return (at or self.clock.now()).astimezone(PACIFIC).isoformat(timespec="seconds")

    def today(self) -> date:
        """The server's date in the company's zone: the default of TxnDate."""
        return self.clock.now().astimezone(PACIFIC).date()

    def find(self, entity: str, identity: object) -> Obj | None:
        """The stored object, or None."""
        return self.store[entity].get(str(identity))

    def get(self, entity: str, identity: object) -> Obj:
        """The stored object. Raises Refused 610 when it does not exist or was deleted (API.md 9)."""
        if found := self.find(entity, identity):
            return found
        raise Refused("610", f"Object Not Found : Something you're trying to use has been deleted. {entity}")

    def account(self, name: str) -> str:
        """The id of an account by its name, for the ones QuickBooks finds itself."""
        for identity, account in self.store["Account"].items():
            if account["Name"] == name:
                return identity
        raise KeyError(name)

    def account_of_type(self, kind: str, *, subtype: str = "") -> str:
        """The first account of a type (and subtype)."""
        for identity, account in self.store["Account"].items():
            if account["AccountType"] == kind and (not subtype or account["AccountSubType"] == subtype):
                return identity
        raise KeyError(kind)

    def is_receivable(self, account: str) -> bool:
        """Tell whether this is an Accounts Receivable account."""
        return bool(self.store["Account"][account]["AccountType"] == "Accounts Receivable")

    @property
    def preferences(self) -> Obj:
        """The one Preferences object."""
        return self.store["Preferences"]["1"]

    def preference(self, path: str) -> Any:
        """A preference by dotted path, None when absent (API.md 8.2)."""
        value: Any = self.preferences
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def other_preference(self, name: str) -> str:
        """A value of OtherPrefs.NameValue, as text (API.md 8.2)."""
        for pair in self.preference("OtherPrefs.NameValue") or []:
            if pair["Name"] == name:
                return str(pair["Value"])
        return ""

    def reference(self, given: Obj, name: str, entity: str, *, required: bool = False, old: str = "") -> str:
        """The id that a reference names, checked. Raises Refused 2020, 2500, 610 or 6250 (API.md 9, 11.7).

        A reference to an inactive object is let through when the stored object already had it (`old`).
        """
        value = given.get(name)
        identity = str(value.get("value") or "") if isinstance(value, dict) else str(value or "")
        if not identity:
            if required:
                raise missing(name)
            return ""
        found = self.find(entity, identity)
        if found is None:
            raise bad_reference(REFERENCE_KIND.get(entity, "Names"), identity)
        if found.get("Active") is False and identity != old:
            raise self.inactive(entity, identity)
        return identity

    def inactive(self, entity: str, identity: str) -> Refused:
        """The refusal of an inactive reference: which code is a switch (API.md 11.7)."""
        code = self.switches.inactive_code
        if code == "2500":
            kind = REFERENCE_KIND.get(entity, "Names")
            detail = f"Invalid Reference Id : {kind} element id {identity} has been made inactive"
            return Refused("2500", detail, element="Reference Id")
        if code == "6250" and entity == "Customer":
            return Refused("6250", "Invalid Sales Customer : The customer is missing or inactive.")
        return Refused("610", INACTIVE)

    def named(self, entity: str, identity: str) -> Obj:
        """`{"value","name"}` as QuickBooks returns references."""
        found = self.store[entity].get(identity, {})
        label = found.get("FullyQualifiedName") or found.get("DisplayName") or found.get("Name") or ""
        return {"value": identity, "name": label}

    def touch(self, key: Key) -> None:
        """A linked document changed: its LastUpdatedTime moves, its SyncToken by switch only."""
        found = self.store[key[0]].get(key[1])
        if found is None:
            return
        found["MetaData"] = {**found["MetaData"], "LastUpdatedTime": self.stamp()}
        self.touched[key] = self.clock.now()
        if self.switches.payment_bumps_invoice:
            found["SyncToken"] = str(int(found["SyncToken"]) + 1)


def amount(value: Any, *, name: str = "Amount") -> Decimal:
    """An amount of the request in cents, half up. Raises Refused 2010 on what is no number."""
    try:
        return Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)
    except InvalidOperation:
        raise Refused(
            "2010", f"Property Name:{name} specified is unsupported or invalid", element=name
        ) from None


def cents(value: Decimal) -> int:
    """Whole cents of a two-place amount."""
    return int(value.scaleb(2).to_integral_value())


def money(minor: int) -> Decimal:
    """Cents as a two-place amount."""
    return Decimal(minor).scaleb(-2).quantize(CENT)


def day(value: Any, *, name: str = "TxnDate") -> date:
    """A `YYYY-MM-DD` date. Raises Refused 2010."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise Refused(
            "2010", f"Property Name:{name} specified is unsupported or invalid", element=name
        ) from None


def clone(obj: Obj) -> Obj:
    """A copy that the caller may change."""
    return copy.deepcopy(obj)
