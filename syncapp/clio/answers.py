"""What Clio's answers say: rows, the next page, one record, or why not (clio/API.md section 2)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from syncapp.http import redact
from syncapp.http.errors import Transient
from syncapp.http.wire import Response

type Row = dict[str, Any]


HIDES = "Clio does not show"


def refusal(status: int, what: str) -> str:
    """Say what an answer that is none of use means for who connected."""
    if status == HTTPStatus.FORBIDDEN:
        return (
            f"{HIDES} {what} to the person who connected. Give that person the billing, accounts "
            f"and reports roles in Clio, or connect as an administrator."
        )
    if status == HTTPStatus.GONE:
        return "Clio has retired the way Tieout talks to it."
    if status == HTTPStatus.NOT_FOUND:
        return f"Clio knows no {what} at this address."
    return f"Clio refused the question about {what} (HTTP {status})."


def rows(body: object, answer: Response) -> list[Row]:
    """Return the rows of one page. Raises Transient when there are none to read."""
    found = body.get("data") if isinstance(body, dict) else None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise Transient("Clio's answer could not be read.", answer.vendor_request_id, status=answer.status)
    return found


def next_page(body: Any) -> str | None:
    """Return the address of the page behind this one."""
    meta = body.get("meta")
    paging = meta.get("paging") if isinstance(meta, dict) else None
    following = paging.get("next") if isinstance(paging, dict) else None
    return following if isinstance(following, str) and following else None


def data[T](answer: Response, kind: type[T]) -> T:
    """Return what one answer is about. Raises Transient when that cannot be read."""
    body = answer.json()
    found = body.get("data") if isinstance(body, dict) else None
    if not isinstance(found, kind):
        raise Transient("Clio's answer could not be read.", answer.vendor_request_id, status=answer.status)
    return found


def error(answer: Response) -> tuple[str, str]:
    """Read either error body: `{"error": {"type", "message"}}` or OAuth's `{"error": "…"}`."""
    try:
        body = answer.json()
    except Transient:
        return "", redact.text(answer.text[:300])
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, dict):
        return str(error.get("type") or ""), redact.text(str(error.get("message") or ""))
    if isinstance(error, str):
        return error, redact.text(str(body.get("error_description") or ""))
    return "", ""
