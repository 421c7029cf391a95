"""Making a name of a list active again: customers, accounts, products, classes, locations, vendors.

QuickBooks never deletes these (qbo/API.md section 7); it hides them, and refuses what uses them (section 11,
row 7). A full update writes back what was read, because omitted fields become null and a sparse update is
documented for customers only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from syncapp.core import books
from syncapp.http.errors import Refused, Revoked, Transient
from syncapp.qbo import faults

if TYPE_CHECKING:
    from syncapp.http.wire import Response
    from syncapp.qbo.client import QuickBooks
    from syncapp.qbo.shapes import Json

ENTITIES = {
    "account": "Account",
    "item": "Item",
    "class": "Class",
    "location": "Department",
    "customer": "Customer",
    "payee": "Vendor",
}
MARK = " (deleted)"  # what QuickBooks puts after the name of an account that it made inactive (section 7)
_NOT_WRITTEN = frozenset({"MetaData", "domain", "sparse"})


def revive(client: QuickBooks, kind: str, id_: str) -> bool:
    """Make one name active; False when it is already. Raises Refused, Transient, Revoked.

    `kind` is a key of `ENTITIES`. Twice is as once: what is active stays as it is.
    """
    entity = ENTITIES[kind]
    body = client.get(f"{entity.lower()}/{id_}")
    row = body.get(entity)
    if not isinstance(row, dict):
        raise Refused("QuickBooks answered without the record.", code="unreadable")
    if row.get("Active") is True:
        return False
    request = str(uuid5(NAMESPACE_URL, f"tieout:revive/{client.realm}/{entity}/{id_}/{row.get('SyncToken')}"))
    answer = client.post(entity.lower(), params={"requestid": request}, body=_active(row))
    _judge(answer, entity)
    return True


def _active(row: Json) -> Json:
    """Return a row as it is to be: active, under the name that it had."""
    body = {key: value for key, value in row.items() if key not in _NOT_WRITTEN}
    for name in ("Name", "DisplayName"):
        if str(body.get(name, "")).endswith(MARK):
            body[name] = str(body[name]).removesuffix(MARK)
    return body | {"Active": True}


def _judge(answer: Response, entity: str) -> None:
    """HTTP 200 is not success (section 2): the record comes back, and is active."""
    fault = faults.fault_in(answer.text)
    found = answer.json() if fault is None and answer.status < 300 else None  # noqa: PLR2004 - HTTP's own
    row = found.get(entity) if isinstance(found, dict) else None
    if isinstance(row, dict) and row.get("Active") is True:
        return
    verdict = faults.verdict(answer.status, fault, vendor_request_id=answer.vendor_request_id)
    if isinstance(verdict, faults.Disconnected):
        raise Revoked(verdict.words, answer.vendor_request_id)
    if isinstance(verdict, books.Refused):
        said = fault.sentence if fault else verdict.words
        raise Refused(f"QuickBooks refused: {said}", answer.vendor_request_id, code=verdict.code)
    raise Transient(verdict.words, answer.vendor_request_id)
