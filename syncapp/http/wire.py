"""The wire form of what goes out and comes back: exact JSON, waits, answers."""

from __future__ import annotations

import email.utils
import json as json_module
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from syncapp.http.errors import Transient

_REQUEST_ID_HEADERS = ("intuit_tid", "x-request-id", "xero-correlation-id")
_MARK = f"number:{secrets.token_hex(16)}:"  # unguessable: a text from outside must never pass for a number


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: `headers` have lower-case names, `provider` is the vendor's name as people know it."""

    status: int
    headers: Mapping[str, str]
    text: str
    content: bytes = b""
    provider: str = ""
    _decoded: list[Any] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def ok(self) -> bool:
        """Tell whether the vendor did what was asked."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def vendor_request_id(self) -> str:
        """Return what the vendor's support asks for, or an empty text."""
        return next(
            (self.headers[name] for name in _REQUEST_ID_HEADERS if self.headers.get(name)),
            "",
        )

    @property
    def says_json(self) -> bool:
        """Tell whether the vendor did what was asked and calls what came JSON."""
        return self.ok and bool(self.text.strip()) and "json" in self.headers.get("content-type", "").lower()

    def json(self) -> Any:
        """Decode the body, once, with fractions as Decimal. Raises Transient when it is not JSON."""
        try:
            if not self._decoded:
                decoded = json_module.loads(self.text, parse_float=Decimal, parse_constant=_no_constant)
                self._decoded.append(decoded)
            return self._decoded[0]
        except (ValueError, RecursionError) as error:
            words = f"{_whose(self.provider)} answer could not be read."
            raise Transient(words, self.vendor_request_id, status=self.status) from error


def _whose(provider: str) -> str:
    if not provider:
        return "The vendor's"
    return f"{provider}'" if provider.endswith("s") else f"{provider}'s"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a `Retry-After` (or Clio's older `Retry-At`) header: a number or a date."""
    value = headers.get("retry-after") or headers.get("retry-at")
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError):
        return None


def dumps(value: object) -> str:
    """Write JSON; a Decimal becomes a number with exactly its digits, never a binary float."""
    marked = json_module.dumps(
        value, default=_mark, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    )
    parts = marked.split(f'"{_MARK}')
    return parts[0] + "".join(part.replace('"', "", 1) for part in parts[1:])


def _mark(value: object) -> str:
    if isinstance(value, Decimal) and value.is_finite():
        return f"{_MARK}{value:f}"
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
