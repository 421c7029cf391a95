"""Looks whether an unanswered write was done, before it is sent again (DESIGN section 7, point 5).

Ours is what carries the operation's trace mark in its private note (a customer: in its notes, an account: in
its description). A customer or vendor of exactly the wanted name counts too, and such an account below the
same parent, because QuickBooks lets no second one be. Whoever adopts what was found compares it with the plan
first (`compare.differences`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from syncapp.core import money
from syncapp.core.books import BookObject, Operation
from syncapp.core.ledger import (
    CheckDraft,
    CreditMemoDraft,
    CustomerDraft,
    DepositDraft,
    InvoiceDraft,
    Journal,
    JournalDraft,
    LedgerAccountDraft,
    PaymentDraft,
    TrustJournalDraft,
    VendorDraft,
    Verb,
)
from syncapp.qbo import changes, compare
from syncapp.qbo.read import is_ours
from syncapp.qbo.shapes import ENTITY_OF, account_name, cleaned, display_name, literal

if TYPE_CHECKING:
    from syncapp.qbo.client import QuickBooks

OVERLAP = timedelta(minutes=5)
_AT_ONCE = 40  # names or numbers in one query
# what a query finds a name by
_NAMED = {CustomerDraft: "DisplayName", VendorDraft: "DisplayName", LedgerAccountDraft: "Name"}


def find(client: QuickBooks, operation: Operation) -> BookObject | None:
    """Return the object that this operation made or would change, or None when it is not in the books.

    One metered read. Updates, voids and deletes are read by id: the caller compares token and content.
    """
    if operation.remote_id:
        return client.read(operation.kind, operation.remote_id)
    where = _where([operation])
    return _pick(operation, client.query(operation.kind, where)) if where else None


def look_up(client: QuickBooks, operations: list[Operation], since: datetime) -> dict[str, BookObject]:
    """Return what is found, by request id. `since` is when the first of them was sent.

    One change data capture for all creates, since five minutes before; queries for those it does not show, by
    number or name in lots; the rest one by one.
    """
    found: dict[str, BookObject] = {}
    creates = [one for one in operations if one.verb is Verb.CREATE and not one.remote_id]
    if creates:
        entities = list(dict.fromkeys(ENTITY_OF[one.kind] for one in creates))
        changed = [one for one in changes.since(client, entities, since - OVERLAP) if not one.deleted]
        found |= _matched(creates, changed)
    for lot in _lots(one for one in creates if one.request_id not in found):
        if where := _where(lot):
            found |= _matched(lot, list(client.query(lot[0].kind, where)))
    for operation in operations:
        if operation.remote_id and (one := find(client, operation)):
            found[operation.request_id] = one
    return found


def _matched(operations: list[Operation], objects: list[BookObject]) -> dict[str, BookObject]:
    picked = ((operation.request_id, _pick(operation, objects)) for operation in operations)
    return {request_id: one for request_id, one in picked if one}


def _pick(operation: Operation, objects: Iterable[BookObject]) -> BookObject | None:
    same = [one for one in objects if one.kind is operation.kind and not one.deleted]
    if ours := next((one for one in same if is_ours(operation, one)), None):
        return ours
    if isinstance(operation.draft, CustomerDraft | VendorDraft):
        name = display_name(operation.draft.name).casefold()
        return next((one for one in same if one.name.casefold() == name), None)
    if isinstance(operation.draft, LedgerAccountDraft):
        below = (one for one in same if one.parent == operation.draft.parent)
        return next((one for one in below if one.raw.get("Name") == account_name(operation.draft.name)), None)
    if not operation.trace:
        return next((one for one in same if not compare.differences(operation, one)), None)
    return None


def _lots(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    """Put together what one query can ask for: numbers or names of one kind."""
    waiting: dict[str, list[Operation]] = {}
    for operation in operations:
        if not _key(operation):
            yield [operation]
            continue
        lot = waiting.setdefault(ENTITY_OF[operation.kind], [])
        lot.append(operation)
        if len(lot) == _AT_ONCE:
            yield waiting.pop(ENTITY_OF[operation.kind])
    yield from waiting.values()


def _key(operation: Operation) -> str:
    """Return the number or the name by which a query finds it, or an empty text."""
    match operation.draft:
        case CustomerDraft(name=name) | VendorDraft(name=name):
            return display_name(name)
        case LedgerAccountDraft(name=name):
            return account_name(name)
        case InvoiceDraft() | CreditMemoDraft() | JournalDraft() | TrustJournalDraft() | CheckDraft():
            return cleaned(operation.draft.number)
        case _:
            return ""


def _where(lot: list[Operation]) -> str:
    """Return the condition of the query: only documented filters (API.md section 3). PrivateNote is none."""
    first, draft = lot[0], lot[0].draft
    if _key(first):
        name = _NAMED.get(type(draft), "DocNumber")
        keys = [literal(_key(one)) for one in lot]
        return f"{name} = {keys[0]}" if len(keys) == 1 else f"{name} IN ({', '.join(keys)})"
    if isinstance(draft, PaymentDraft):
        customer = literal(first.ids.get(draft.customer, ""))
        amount = literal(money.text(draft.amount, draft.currency))
        return f"CustomerRef = {customer} AND TxnDate = {literal(draft.day)} AND TotalAmt = {amount}"
    if isinstance(draft, InvoiceDraft | CreditMemoDraft | Journal | CheckDraft | DepositDraft):
        return f"TxnDate = {literal(draft.day)}"
    return ""
