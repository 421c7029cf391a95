"""Files at invoices: one uploaded, those of an invoice found again, one taken away.

qbo/API.md section 8.11: `POST /upload`, multipart, `file_metadata_0` (an Attachable) and `file_content_0`, at
most 100 MB. Whether `requestid` is honoured there is not documented: it is sent, and who calls looks first
before anything goes a second time. A file of ours carries the trace mark in its note.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from syncapp.core.books import NotSent, Refused, Uncertain
from syncapp.http import errors
from syncapp.http.wire import dumps
from syncapp.qbo import faults
from syncapp.qbo.shapes import Json, literal

if TYPE_CHECKING:
    from syncapp.http.wire import Response
    from syncapp.qbo.client import QuickBooks

MOST_BYTES = 100 * 1024 * 1024
_NOT_FILTERABLE = frozenset({"4000", "4001"})
_GONE = frozenset({"610"})
_NOT_FOUND = 404

type Unsent = Refused | Uncertain | NotSent


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A file for one invoice, with the trace mark in its note; `send`: it goes out with the invoice."""

    invoice: str
    name: str
    content: bytes
    note: str
    request_id: str
    send: bool = False
    kind: str = "application/pdf"


def upload(client: QuickBooks, paper: Paper) -> str | Unsent:
    """Attach a file to its invoice and return the attachment's id, or what became of it. Raises Revoked."""
    told = {
        "AttachableRef": [
            {"EntityRef": {"type": "Invoice", "value": paper.invoice}, "IncludeOnSend": paper.send}
        ],
        "FileName": paper.name,
        "ContentType": paper.kind,
        "Note": paper.note,
    }
    boundary = f"tieout-{paper.request_id}"
    try:
        answer = client.post_form(
            "upload",
            params={"requestid": paper.request_id},
            content=_parts(boundary, dumps(told), paper),
            boundary=boundary,
        )
    except errors.Transient as error:
        tid = error.vendor_request_id
        if error.sent:
            return Uncertain(words=error.words, vendor_request_id=tid)
        return NotSent(words=error.words, retry_after=error.retry_after, vendor_request_id=tid)
    return _judged(answer)


def _parts(boundary: str, told: str, paper: Paper) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="'
    first = f'{head}file_metadata_0"\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{told}\r\n'
    second = f'{head}file_content_0"; filename="{paper.name}"\r\nContent-Type: {paper.kind}\r\n\r\n'
    return b"".join([(first + second).encode(), paper.content, f"\r\n--{boundary}--\r\n".encode()])


def _judged(answer: Response) -> str | Unsent:
    """Read the answer: one row for each file, with the attachment or a fault of its own."""
    tid = answer.vendor_request_id
    try:
        body: Any = answer.json()
    except errors.Transient:
        body = answer.text
    rows = body.get("AttachableResponse") if isinstance(body, dict) else None
    row = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
    fault = faults.fault_in(body) or faults.fault_in(row)
    made = row.get("Attachable")
    if fault is None and answer.ok and isinstance(made, dict) and made.get("Id"):
        return str(made["Id"])
    found = faults.verdict(answer.status, fault, vendor_request_id=tid)
    if isinstance(found, faults.Disconnected):
        raise errors.Revoked(found.words, tid)
    return found


def of_invoice(client: QuickBooks, invoice: str, *, since: datetime) -> list[Json]:
    """Return the attachments of an invoice as they stand. Raises Refused, Transient, Revoked.

    Where this QuickBooks cannot ask by invoice, it is asked for what was attached since an instant.
    """
    where = f"AttachableRef.EntityRef.Type = 'Invoice' AND AttachableRef.EntityRef.Value = {literal(invoice)}"
    try:
        rows = list(client.rows("Attachable", where))
    except errors.Refused as error:
        if error.code not in _NOT_FILTERABLE:
            raise
        changed = "MetaData.LastUpdatedTime"
        rows = list(client.rows("Attachable", f"{changed} >= {literal(since)}", order=changed))
    return [row for row in rows if invoice in invoices_of(row)]


def invoices_of(row: Json) -> list[str]:
    """Return the ids of what an attachment hangs at; anything but an invoice as an empty text."""
    refs = row.get("AttachableRef")
    found = [ref.get("EntityRef") for ref in refs if isinstance(ref, dict)] if isinstance(refs, list) else []
    return [
        str(one.get("value")) if str(one.get("type")).casefold() == "invoice" else ""
        for one in found
        if isinstance(one, dict)
    ]


def read(client: QuickBooks, attachment: str) -> Json | None:
    """Read one attachment; None when it is gone. Raises Refused, Transient, Revoked."""
    try:
        row = client.get(f"attachable/{attachment}").get("Attachable")
    except errors.Refused as error:
        if error.code in _GONE or error.status == _NOT_FOUND:
            return None
        raise
    return row if isinstance(row, dict) else None


def remove(client: QuickBooks, row: Json) -> Unsent | None:
    """Take an attachment away as it was read; None once it is gone. Raises Revoked."""
    body = {key: value for key, value in row.items() if not key.endswith("Uri")}
    try:
        answer = client.post("attachable", params={"operation": "delete"}, body=body)
    except errors.Transient as error:
        return Uncertain(words=error.words, vendor_request_id=error.vendor_request_id)
    try:
        told: Any = answer.json()
    except errors.Transient:
        told = answer.text
    fault = faults.fault_in(told)
    gone = fault is not None and fault.code in _GONE
    if gone or (fault is None and answer.ok):
        return None
    found = faults.verdict(answer.status, fault, vendor_request_id=answer.vendor_request_id)
    if isinstance(found, faults.Disconnected):
        raise errors.Revoked(found.words, answer.vendor_request_id)
    return found
