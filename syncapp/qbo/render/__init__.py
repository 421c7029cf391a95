"""Turns one operation of the port into the request that QuickBooks wants. Pure: nothing is sent from here.

Updates are sparse and carry every field that Tieout owns, with the complete line array: a full update would
null what people added (terms, custom fields), and a partial line array drops the other lines with HTTP 200
(qbo/API.md section 7). What is only right at birth (nothing goes to clients, online payment off, a customer's
notes) is left out of updates, because people may have changed it since.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from syncapp.core.books import Company, Operation
from syncapp.core.ledger import (
    CheckDraft,
    CreditMemoDraft,
    CustomerDraft,
    DepositDraft,
    Draft,
    InvoiceDraft,
    JournalDraft,
    LedgerAccountDraft,
    ObjectKind,
    PaymentDraft,
    SlipDraft,
    TrustCheckDraft,
    TrustJournalDraft,
    TwinDraft,
    VendorDraft,
    Verb,
)
from syncapp.qbo import shapes
from syncapp.qbo.render import entries, sales, twins
from syncapp.qbo.render.entries import payment_reference
from syncapp.qbo.render.parts import UnrenderableError, id_of
from syncapp.qbo.shapes import ENTITY_OF, Json, reference

__all__ = ["Rendered", "UnrenderableError", "payment_reference", "render"]

_UNKNOWN = Company(id="", name="")
_DEACTIVATED = frozenset({Verb.VOID, Verb.DELETE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """One request: `POST /{entity in lower case}` with `params` and `body`.

    `batch` is the operation's name inside a batch, empty when it must go alone: a void is documented only as
    a call of its own (qbo/API.md section 7).
    """

    entity: str
    body: Json
    params: dict[str, str] = field(default_factory=dict)
    batch: str = ""

    @property
    def path(self) -> str:
        """Return the path below the company."""
        return self.entity.lower()


def render(operation: Operation, *, company: Company = _UNKNOWN) -> Rendered:
    """Return the request for one operation. Amounts in it are Decimal, to be written as exact JSON numbers.

    `company` says where classes stand and which tax codes exist; unknown, a US company is assumed.
    Raises UnrenderableError for what QuickBooks has no words for, before anything is sent.
    """
    entity = ENTITY_OF[operation.kind]
    if operation.kind is ObjectKind.CUSTOMER and operation.verb in _DEACTIVATED:
        return Rendered(
            entity=entity, body={**_existing(operation), "sparse": True, "Active": False}, batch="update"
        )
    if operation.verb is Verb.DELETE:
        body = {**_deposited(operation, company), **_existing(operation)}
        return Rendered(entity=entity, body=body, params={"operation": "delete"}, batch="delete")
    if operation.verb is Verb.VOID:
        return _void(operation, entity)
    if operation.draft is None:
        raise UnrenderableError("There is nothing to write: the operation has no content.")
    body = _body(operation.draft, operation, company)
    if operation.verb is Verb.CREATE:
        return Rendered(entity=entity, body={**body, **_at_birth(operation.draft, operation)}, batch="create")
    return Rendered(entity=entity, body={**_existing(operation), "sparse": True, **body}, batch="update")


def _existing(operation: Operation) -> Json:
    if not operation.remote_id or not operation.token:
        raise UnrenderableError(
            "The record in QuickBooks is not known well enough to change it.", code="2020"
        )
    return {"Id": operation.remote_id, "SyncToken": operation.token}


def _deposited(operation: Operation, company: Company) -> Json:
    """Return a deposit whole: its deletion is documented with the full payload (qbo/API.md section 7).

    Where what it held stands there no more, its id must do: clients in use send no more than that.
    """
    if not isinstance(operation.draft, DepositDraft):
        return {}
    try:
        return entries.deposit(operation.draft, operation, company)
    except UnrenderableError:
        return {}


def _void(operation: Operation, entity: str) -> Rendered:
    """Void what can be voided (qbo/API.md section 7); a credit memo becomes one line of 0.00."""
    body = _existing(operation)
    if operation.kind is ObjectKind.INVOICE:
        return Rendered(entity=entity, body=body, params={"operation": "void"})
    if operation.kind is ObjectKind.PAYMENT:
        params = {"operation": "update", "include": "void"}
        return Rendered(entity=entity, body={**body, "sparse": True}, params=params)
    if operation.kind is ObjectKind.CREDIT_MEMO and isinstance(operation.draft, CreditMemoDraft):
        draft = operation.draft
        kept = {"ItemRef": reference(draft.lines[0].item)} if draft.lines else {}
        line = {"DetailType": "SalesItemLineDetail", "Amount": Decimal("0.00"), "SalesItemLineDetail": kept}
        body |= {"sparse": True, "CustomerRef": reference(id_of(operation, draft.customer)), "Line": [line]}
        body["PrivateNote"] = shapes.note(f"Voided {draft.memo}", operation.trace)
        return Rendered(entity=entity, body=body, batch="update")
    spoken = shapes.SPOKEN[entity]
    raise UnrenderableError(f"QuickBooks cannot void a {spoken}.", code="500", element="Operation")


def _body(draft: Draft, operation: Operation, company: Company) -> Json:
    match draft:
        case CustomerDraft() | VendorDraft():
            return _name(draft, operation)
        case InvoiceDraft():
            return sales.invoice(draft, operation, company)
        case CreditMemoDraft():
            return sales.sale(draft, operation, company)
        case PaymentDraft():
            return entries.payment(draft, operation, company)
        case TwinDraft():
            return twins.named(draft, operation, company)
        case CheckDraft() | TrustCheckDraft():
            return entries.check(draft, operation, company)
        case JournalDraft() | TrustJournalDraft():
            return entries.journal(draft, operation, company)
        case DepositDraft() | SlipDraft():
            return entries.deposit(draft, operation, company)
        case LedgerAccountDraft():
            return _account(draft, operation, company)


def _at_birth(draft: Draft, operation: Operation) -> Json:
    """Set what is set once: nothing goes to clients from QuickBooks (DESIGN section 9, rule f)."""
    if isinstance(draft, InvoiceDraft):
        return {
            "EmailStatus": "NotSet",
            "AllowOnlineCreditCardPayment": False,
            "AllowOnlineACHPayment": False,
        }
    if isinstance(draft, CreditMemoDraft):
        return {"EmailStatus": "NotSet"}
    if isinstance(draft, CustomerDraft):
        notes = shapes.note(draft.notes, operation.trace, limit=shapes.NOTES_LIMIT)
        return {"Notes": notes} if notes else {}
    return {}


def _account(draft: LedgerAccountDraft, operation: Operation, company: Company) -> Json:
    """Render the account of one ledger, of its parent's type (qbo/API.md section 8.3)."""
    body: Json = {
        "Name": shapes.account_name(draft.name),
        "AccountType": draft.type,
        "AccountSubType": draft.subtype,
        "SubAccount": True,
        "ParentRef": reference(draft.parent),
    }
    if text := shapes.note("", operation.trace, limit=shapes.ACCOUNT_TEXT_LIMIT):
        body["Description"] = text
    if company.multicurrency:
        body["CurrencyRef"] = reference(company.currency)
    return body


def _name(draft: CustomerDraft | VendorDraft, operation: Operation) -> Json:
    """Render a name; of a vendor only that: no text that could bear our mark is documented (section 8.11)."""
    if isinstance(draft, CustomerDraft):
        return _customer(draft, operation)
    return {"DisplayName": shapes.display_name(draft.name)}


def _customer(draft: CustomerDraft, operation: Operation) -> Json:
    body: Json = {"DisplayName": shapes.display_name(draft.name)}
    for name, value in (
        ("CompanyName", draft.company),
        ("GivenName", draft.first_name),
        ("FamilyName", draft.last_name),
    ):
        if value := shapes.cut(value, shapes.PERSON_NAME_LIMIT).replace(":", "-"):
            body[name] = value
    if draft.parent:
        body |= {"Job": True, "ParentRef": reference(id_of(operation, draft.parent))}
    if email := shapes.email_or_nothing(draft.email):
        body["PrimaryEmailAddr"] = {"Address": email}
    if phone := shapes.cleaned(draft.phone)[: shapes.PHONE_LIMIT]:
        body["PrimaryPhone"] = {"FreeFormNumber": phone}
    lines = [line for raw in draft.address if (line := shapes.cut(raw, shapes.ADDRESS_LINE_LIMIT))]
    if lines:
        kept = lines[: shapes.ADDRESS_LINES]
        body["BillAddr"] = {f"Line{number}": line for number, line in enumerate(kept, start=1)}
    if operation.verb is Verb.UPDATE or not draft.active:
        body["Active"] = draft.active
    return body
