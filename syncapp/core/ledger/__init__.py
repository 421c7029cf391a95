"""The port: what any ledger can be asked to hold, in an accountant's words. Adapters render it.

A draft names other objects by their *subject*, the natural key of what they stand for (`contacts/12`,
`bills/99`), never by a remote id: the shell resolves subjects through links when it sends. Accounts, items,
classes and locations are named by their id in the books, because the mapping chose them there. `entry()` says
what the draft does to the ledger, as signed lines that sum to zero: positive is a debit.
"""

from __future__ import annotations

from syncapp.core.ledger.kinds import NAME_LISTS, EntryLine, ObjectKind, Verb
from syncapp.core.ledger.moves import Application, CheckDraft, DepositDraft, JournalDraft, PaymentDraft
from syncapp.core.ledger.names import CustomerDraft
from syncapp.core.ledger.sales import CreditMemoDraft, DiscountLine, InvoiceDraft, SaleLine, sale_rows

__all__ = [
    "DRAFT_OF",
    "NAME_LISTS",
    "Application",
    "CheckDraft",
    "CreditMemoDraft",
    "CustomerDraft",
    "DepositDraft",
    "DiscountLine",
    "Draft",
    "EntryLine",
    "InvoiceDraft",
    "JournalDraft",
    "ObjectKind",
    "PaymentDraft",
    "SaleLine",
    "Verb",
    "sale_rows",
]

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
