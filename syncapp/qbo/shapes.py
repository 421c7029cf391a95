"""The names of QuickBooks' objects, the limits of its texts, and how an account's words become valid ones."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import Any

from syncapp.core.ledger import ObjectKind

type Json = dict[str, Any]

ENTITY_OF: dict[ObjectKind, str] = {
    ObjectKind.CUSTOMER: "Customer",
    ObjectKind.INVOICE: "Invoice",
    ObjectKind.PAYMENT: "Payment",
    ObjectKind.CREDIT_MEMO: "CreditMemo",
    ObjectKind.JOURNAL: "JournalEntry",
    ObjectKind.CHECK: "Purchase",
    ObjectKind.EXPENSE: "Purchase",
    ObjectKind.DEPOSIT: "Deposit",
    ObjectKind.ACCOUNT: "Account",
    ObjectKind.VENDOR: "Vendor",
}
# A purchase is a check by its PaymentType alone (`read`).
KIND_OF: dict[str, ObjectKind] = {
    entity: kind for kind, entity in ENTITY_OF.items() if kind is not ObjectKind.EXPENSE
}
NAME_ENTITIES = frozenset({"Customer", "Vendor", "Employee"})
LISTS = NAME_ENTITIES | {"Account", "Item", "Class", "Department"}
OPTIONAL = frozenset({"Employee", "Class", "Department"})  # what a company may lack (qbo/API.md section 8.11)
SPOKEN: dict[str, str] = {
    "Customer": "customer",
    "Invoice": "invoice",
    "Payment": "payment",
    "CreditMemo": "credit memo",
    "JournalEntry": "journal entry",
    "Purchase": "check",
    "Deposit": "deposit",
    "Account": "account",
    "Vendor": "vendor",
    "SalesReceipt": "sales receipt",
    "RefundReceipt": "refund receipt",
}

# qbo/API.md section 8: what each text may hold, in characters.
NUMBER_LIMIT = 21
REFERENCE_LIMIT = 21
NOTE_LIMIT = 4000
DESCRIPTION_LIMIT = 4000
MESSAGE_LIMIT = 1000
NAME_LIMIT = 100  # DisplayName holds 500 by the documents; section 13: stay at 100
PERSON_NAME_LIMIT = 100
NOTES_LIMIT = 2000
ACCOUNT_NAME_LIMIT = 100
ACCOUNT_TEXT_LIMIT = 100
PHONE_LIMIT = 30
EMAIL_LIMIT = 100
ADDRESS_LINE_LIMIT = 500
ADDRESS_LINES = 5

_SPACES = re.compile(r"\s+")


def units(text: str) -> int:
    """Return the length of a text as QuickBooks counts it: some characters count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cleaned(text: str, *, lines: bool = False) -> str:
    """Take control characters and broken surrogates out of a text; `lines` keeps its line breaks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if not lines:
        text = text.replace("\n", " ")
    kept = (c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(kept).strip()


def cut(text: str, limit: int, *, lines: bool = False) -> str:
    """Return a clean text of at most `limit` characters, cut where a word ends, with an ellipsis."""
    text = cleaned(text, lines=lines)
    if units(text) <= limit:
        return text
    while units(text) > limit - 1:
        text = text[: min(len(text) - 1, limit)]
    border = max(text.rfind(" "), text.rfind("\n"))
    if border > limit // 2:
        text = text[:border]
    return text.rstrip(" \n,;:-") + "…"


def note(memo: str, trace: str, *, limit: int = NOTE_LIMIT) -> str:
    """Return a private note: the memo, cut if it must be, and our trace mark on its end, never cut."""
    if not trace:
        return cut(memo, limit, lines=True)
    before = cut(memo, limit - units(trace) - 1, lines=True)
    return f"{before} {trace}" if before else trace


def display_name(name: str) -> str:
    """Return a name as QuickBooks takes it: no colon, tab or line break, at most 100 characters.

    qbo/API.md section 8.5. Two different names may become one: the caller looks before making a customer.
    """
    return cut(_SPACES.sub(" ", cleaned(name).replace(":", "-")), NAME_LIMIT)


def account_name(name: str) -> str:
    """Return a name as an account of QuickBooks takes it: no `"`, no colon, at most 100 characters.

    qbo/API.md section 8.3.
    """
    return cut(_SPACES.sub(" ", cleaned(name).replace(":", "-").replace('"', "'")), ACCOUNT_NAME_LIMIT)


def email_or_nothing(address: str) -> str:
    """Return an address that QuickBooks takes (it must hold `@` and `.`, else 2210), or an empty text."""
    address = cleaned(address)
    local, at, host = address.rpartition("@")
    fits = at and local and "." in host.strip(".") and " " not in address and units(address) <= EMAIL_LIMIT
    return address if fits else ""


def reference(value: str) -> Json:
    """Return a reference by id; its name is ignored on write (qbo/API.md section 2)."""
    return {"value": value}


def value_of(row: Json, name: str) -> str:
    """Return the id that a reference of `row` names, or an empty text."""
    found = row.get(name)
    return str(found.get("value") or "") if isinstance(found, dict) else ""


def entity_name(kind: ObjectKind | str) -> str:
    """Return QuickBooks' name of a kind; a name stays itself."""
    return ENTITY_OF[kind] if isinstance(kind, ObjectKind) else kind


def literal(value: object) -> str:
    """Return a value as the query language wants it: quoted, a backslash before an apostrophe.

    qbo/API.md section 3; a boolean stands unquoted, an instant in UTC.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        value = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    escaped = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
