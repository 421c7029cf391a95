"""Notices of QuickBooks, verified and read: they only say "look again" (qbo/API.md section 5). Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_KIND_PARTS = 3  # qbo.<entity>.<operation>.v1
_OPERATIONS = {
    "created": "create",
    "updated": "update",
    "deleted": "delete",
    "merged": "merge",
    "voided": "void",
    "emailed": "email",
}
_PROPER = {
    name.lower(): name
    for name in (  # noqa: SIM905 - read as a list of words
        "Account Bill BillPayment Budget Class CreditMemo Currency Customer Department Deposit Employee "
        "Estimate Invoice Item JournalCode JournalEntry Payment PaymentMethod Preferences Purchase "
        "PurchaseOrder RefundReceipt SalesReceipt TaxAgency Term TimeActivity Transfer Vendor VendorCredit"
    ).split()
}


class UnreadableNoticeError(ValueError):
    """The body is no notice of QuickBooks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something happened to one object of one company.

    `entity` is QuickBooks' name (`Invoice`), `operation` one of create, update, delete, merge, void, email;
    `gone` is the id that a merge swallowed. `mark` tells a repeated delivery: the event's own id, or in the
    older form the instant of the change, which two changes within a second share (`certain` is False then).
    """

    realm: str
    entity: str
    id: str
    operation: str
    gone: str = ""
    mark: str = ""
    changed_at: datetime | None = None
    certain: bool = False

    @property
    def digest(self) -> str:
        """Return what names this notice among all of its company."""
        parts = (self.realm, self.entity, self.id, self.operation, self.gone, self.mark)
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def verified(*, body: bytes, signature: str, token: str) -> bool:
    """Tell whether `signature` (header `intuit-signature`) is the raw body's under the verifier token."""
    wanted = hmac.new(token.encode(), body, hashlib.sha256).digest()
    try:
        given = base64.b64decode(signature.encode(), validate=True)
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return False
    return bool(token) and hmac.compare_digest(wanted, given)


def notices(body: bytes) -> list[Notice]:
    """Read the array of CloudEvents, or the older object: told apart by shape, never by content type.

    What is not about a company's object is left out. Raises UnreadableNoticeError.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableNoticeError("not JSON") from error
    if isinstance(data, list):
        found = [_event(one) for one in data if isinstance(one, dict)]
        return [one for one in found if one]
    if isinstance(data, dict) and isinstance(data.get("eventNotifications"), list):
        return [one for part in data["eventNotifications"] if isinstance(part, dict) for one in _legacy(part)]
    raise UnreadableNoticeError("neither an array of events nor eventNotifications")


def _event(event: dict[str, Any]) -> Notice | None:
    parts = str(event.get("type") or "").lower().split(".")
    realm, identity = str(event.get("intuitaccountid") or ""), str(event.get("intuitentityid") or "")
    if len(parts) < _KIND_PARTS or parts[0] != "qbo" or not realm or not identity:
        return None
    data = event.get("data")
    gone = str(data.get("deletedid") or "") if isinstance(data, dict) else ""
    entity, operation = _PROPER.get(parts[1], parts[1]), _OPERATIONS.get(parts[2], parts[2])
    mark, at = str(event.get("id") or ""), str(event.get("time") or "")
    return Notice(
        realm=realm,
        entity=entity,
        id=identity,
        operation=operation,
        gone=gone,
        mark=mark or at,
        changed_at=_instant(at),
        certain=bool(mark),
    )


def _legacy(part: dict[str, Any]) -> list[Notice]:
    realm = str(part.get("realmId") or "")
    change = part.get("dataChangeEvent")
    rows = change.get("entities") if isinstance(change, dict) else None
    found = []
    for row in rows if isinstance(rows, list) else []:
        if not realm or not isinstance(row, dict) or not row.get("id"):
            continue
        name, operation = str(row.get("name") or ""), str(row.get("operation") or "").lower()
        gone = str(row.get("deletedId") or row.get("deletedID") or "")
        found.append(
            Notice(
                realm=realm,
                entity=_PROPER.get(name.lower(), name),
                id=str(row["id"]),
                operation={"emailed": "email"}.get(operation, operation),
                gone=gone,
                mark=str(row.get("lastUpdated") or ""),
                changed_at=_instant(str(row.get("lastUpdated") or "")),
            )
        )
    return found


def _instant(text: str) -> datetime | None:
    """Read an instant, with as many digits of a second as the vendor likes; None without a zone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
