"""The port: what any ledger can be asked to hold, in an accountant's words. Adapters render it.

A draft names other objects by their *subject*, the natural key of what they stand for (`contacts/12`,
`bills/99`), never by a remote id: the shell resolves subjects through links when it sends. Accounts, items,
classes and locations are named by their id in the books, because the mapping chose them there. `entry()` says
what the draft does to the ledger, as signed lines that sum to zero: positive is a debit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncapp.core.ledger.checks import TrustCheckDraft, VendorDraft, is_payee, payee_subject
from syncapp.core.ledger.kinds import NAME_LISTS, EntryLine, ObjectKind, Verb
from syncapp.core.ledger.moves import Application, CheckDraft, DepositDraft, JournalDraft, PaymentDraft
from syncapp.core.ledger.names import CustomerDraft
from syncapp.core.ledger.sales import CreditMemoDraft, DiscountLine, InvoiceDraft, SaleLine, sale_rows
from syncapp.core.ledger.slips import DepositRow, SlipDraft
from syncapp.core.ledger.trust import (
    FIRM_FUNDS,
    INTEREST,
    UNTAGGED,
    Ledger,
    LedgerAccountDraft,
    LedgerKind,
    TrustBankLine,
    TrustJournalDraft,
    TrustLedgerLine,
    account_of,
    account_subject,
)
from syncapp.core.ledger.twins import FORMS, TwinDraft

__all__ = [
    "DRAFT_OF",
    "FIRM_FUNDS",
    "FORMS",
    "INTEREST",
    "NAME_LISTS",
    "UNTAGGED",
    "Application",
    "CheckDraft",
    "CreditMemoDraft",
    "CustomerDraft",
    "DepositDraft",
    "DepositRow",
    "DiscountLine",
    "Draft",
    "EntryLine",
    "InvoiceDraft",
    "Journal",
    "JournalDraft",
    "Ledger",
    "LedgerAccountDraft",
    "LedgerKind",
    "ObjectKind",
    "PaymentDraft",
    "SaleLine",
    "SlipDraft",
    "TrustBankLine",
    "TrustCheckDraft",
    "TrustJournalDraft",
    "TrustLedgerLine",
    "TwinDraft",
    "VendorDraft",
    "Verb",
    "account_of",
    "account_subject",
    "draft_class",
    "is_payee",
    "payee_subject",
    "sale_rows",
]

Journal = JournalDraft | TrustJournalDraft
Draft = (
    CustomerDraft
    | InvoiceDraft
    | CreditMemoDraft
    | PaymentDraft
    | JournalDraft
    | CheckDraft
    | DepositDraft
    | SlipDraft
    | TrustJournalDraft
    | LedgerAccountDraft
    | VendorDraft
)

DRAFT_OF: dict[ObjectKind, type[Draft]] = {
    ObjectKind.CUSTOMER: CustomerDraft,
    ObjectKind.INVOICE: InvoiceDraft,
    ObjectKind.CREDIT_MEMO: CreditMemoDraft,
    ObjectKind.PAYMENT: PaymentDraft,
    ObjectKind.JOURNAL: JournalDraft,
    ObjectKind.CHECK: CheckDraft,
    ObjectKind.EXPENSE: TwinDraft,
    ObjectKind.DEPOSIT: DepositDraft,
    ObjectKind.ACCOUNT: LedgerAccountDraft,
    ObjectKind.VENDOR: VendorDraft,
}

_OF_TRUST: dict[str, type[TrustJournalDraft]] = {
    ObjectKind.JOURNAL.value: TrustJournalDraft,
    ObjectKind.CHECK.value: TrustCheckDraft,
}


def draft_class(kind: str, data: Mapping[str, Any]) -> type[Draft]:
    """Return the type of a draft that was kept as data: an entry or a check that names ledgers is of trust.

    One that says which form it has in the books, or all rows of a deposit, is somebody else's.
    """
    if "form" in data:
        return TwinDraft
    if "rows" in data:
        return SlipDraft
    of_trust = _OF_TRUST.get(kind) if "ledgers" in data else None
    return of_trust or DRAFT_OF[ObjectKind(kind)]
