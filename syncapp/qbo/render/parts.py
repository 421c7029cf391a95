"""What the requests of all transactions share."""

from __future__ import annotations

from syncapp.core.books import Company, Operation
from syncapp.core.ledger import (
    CheckDraft,
    CreditMemoDraft,
    DepositDraft,
    EntryLine,
    InvoiceDraft,
    Journal,
    PaymentDraft,
    SlipDraft,
)
from syncapp.qbo import shapes
from syncapp.qbo.shapes import Json, reference


class UnrenderableError(ValueError):
    """The operation cannot be put into QuickBooks' words. `code` is the vendor's own for the same refusal."""

    def __init__(self, words: str, *, code: str = "500", element: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.code = code
        self.element = element


def common(
    draft: InvoiceDraft | CreditMemoDraft | PaymentDraft | Journal | CheckDraft | DepositDraft | SlipDraft,
    operation: Operation,
    company: Company,
) -> Json:
    body: Json = {"TxnDate": draft.day.isoformat()}
    if text := shapes.note(draft.memo, operation.trace):
        body["PrivateNote"] = text
    if company.multicurrency:
        body["CurrencyRef"] = reference(draft.currency)  # required then (API.md section 11, row 11)
    return body


def number(text: str) -> Json:
    """Render a document number, never cut: two bills could become one."""
    text = shapes.cleaned(text)
    if shapes.units(text) > shapes.NUMBER_LIMIT:
        words = (
            f"The number {text} is longer than the {shapes.NUMBER_LIMIT} characters that QuickBooks holds."
        )
        raise UnrenderableError(words, code="2050", element="DocNumber")
    return {"DocNumber": text} if text else {}


def id_of(operation: Operation, subject: str) -> str:
    found = operation.ids.get(subject, "")
    if not found:
        raise UnrenderableError(f"{subject} does not stand in QuickBooks yet.", code="2500", element=subject)
    return found


def place_of(operation: Operation, line: EntryLine) -> str:
    """Return the account that a line stands on: the ledger's own, where it has one."""
    return id_of(operation, line.below) if line.below else line.account
