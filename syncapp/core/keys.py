"""Names of things, made from what they are, so that a retry is the same thing."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import UUID, uuid5

POSTINGS = UUID("5d0f3d4a-6b0e-5a0e-9f57-7a3b8f6c2d11")
TRACE_MARK = "tieout:"


def fingerprint(value: Any) -> str:
    """Return the SHA-256 of a JSON value in its canonical form."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def posting_key(*, books: str, subject: str, generation: int, verb: str, print_: str) -> str:
    """Name one operation on one ledger object.

    `subject` is the natural key of what it stands for (`bills/99`), `generation` counts its objects (a bill
    approved again after its invoice was voided is a second one), `print_` is the fingerprint of the wanted
    content: a changed document is a new version, never the old key.
    """
    return str(uuid5(POSTINGS, f"{books}|{subject}|{generation}|{verb}|{print_}"))


def request_id(key: str) -> str:
    """Return the vendor's idempotency parameter: at most 36 characters (qbo/API.md section 4)."""
    return key


def trace(key: str) -> str:
    """Return the mark that our entries carry in the books' private note, found again by looking."""
    return TRACE_MARK + key.replace("-", "")[:20]


def retry_id(key: str, retries: int) -> str:
    """Return the request id of a later try: what follows a clear refusal of the vendor is another request."""
    return str(uuid5(POSTINGS, f"{key}|{retries}")) if retries else key
