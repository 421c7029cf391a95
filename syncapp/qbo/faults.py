"""What a refusal of QuickBooks means: was anything written, and may it be sent again.

A pure table over qbo/API.md sections 2, 6 and 9. Faults come in two casings, in XML, and with HTTP 200. The
words of each refusal for people are in `complaints`.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from syncapp.core.books import NotSent, Refused, Uncertain
from syncapp.qbo.complaints import problem
from syncapp.qbo.shapes import Json

__all__ = ["Disconnected", "Fault", "fault_in", "problem", "verdict"]

_THROTTLE_WAIT = 60.0  # seconds; no Retry-After is documented (API.md section 6)
_LIST_LOCK_WAIT = 5.0
_CLOSED_SHOP_WAIT = 300.0

_THROTTLED = frozenset({"3001"})
_SIGNED_OUT = frozenset({"100", "110", "3200", "3202"})
_DISCONNECTED = frozenset({"120", "3100"})
_COMPANY_AWAY = frozenset({"130", "140", "150"})
ENDED = "QuickBooks takes nothing: the company's subscription has ended or was not paid."
_ENDED = frozenset({"6190"})
_ENDED_TEXT = ("subscription period has ended", "subscription period ended")
_NOT_LET_IN = frozenset({402, 403, 407})  # without a fault: the gateway speaks, not the company
_PERHAPS_WRITTEN = frozenset({"600", "10000", "10100", "10200"})
_UNCLEAR_STATUS = frozenset({408, 409, 425})
_ERROR_CODE = re.compile(r"errorCode=0*(\d+)")
_XML_ERROR = re.compile(r"<(?:\w+:)?Error\b([^>]*)>(.*?)</(?:\w+:)?Error>", re.DOTALL | re.IGNORECASE)
_XML_FAULT = re.compile(r"<(?:\w+:)?Fault\b([^>]*)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One error of a fault. `code` has no leading zeros, `words` is the vendor's Message."""

    code: str
    words: str = ""
    detail: str = ""
    element: str = ""
    type: str = ""

    @property
    def sentence(self) -> str:
        """Return the more telling of message and detail."""
        return self.detail or self.words or f"code {self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected:
    """The connection no longer reaches the company: a person must connect again. Nothing was written."""

    words: str
    vendor_request_id: str = ""


Verdict = Refused | Uncertain | NotSent | Disconnected


def fault_in(body: Any) -> Fault | None:
    """Return the first error of an answer, or None when it carries none.

    `body` is the decoded JSON (either casing) or the text of an answer that is not JSON.
    """
    if isinstance(body, str):
        return _in_text(body)
    if not isinstance(body, dict):
        return None
    fault = body.get("Fault", body.get("fault"))
    if not isinstance(fault, dict):
        return None
    errors = fault.get("Error", fault.get("error"))
    first = errors[0] if isinstance(errors, list) and errors else errors
    return _error(first if isinstance(first, dict) else {}, str(fault.get("type") or ""))


def _in_text(text: str) -> Fault | None:
    try:
        decoded = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return _in_xml(text)
    return fault_in(decoded) if isinstance(decoded, dict) else None


def _in_xml(text: str) -> Fault | None:
    fault = _XML_FAULT.search(text)
    if not fault:
        return None
    kind = _attributes(fault.group(1)).get("type", "")
    error = _XML_ERROR.search(text)
    if not error:
        return _error({}, kind)
    parts: Json = {name.lower(): value for name, value in _attributes(error.group(1)).items()}
    for name in ("Message", "Detail"):
        inner = re.search(rf"<(?:\w+:)?{name}\b[^>]*>(.*?)</", error.group(2), re.DOTALL | re.IGNORECASE)
        parts[name] = html.unescape(inner.group(1)) if inner else ""
    return _error(parts, kind)


def _attributes(text: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in re.findall(r'([\w:]+)="([^"]*)"', text)}


def _error(error: Json, kind: str) -> Fault:
    words = str(error.get("Message", error.get("message")) or "")
    code = str(error.get("code", error.get("Code")) or "").strip().lstrip("0")
    if not code and (found := _ERROR_CODE.search(words)):
        code = found.group(1)
    detail = str(error.get("Detail", error.get("detail")) or "")
    return Fault(code=code, words=words, detail=detail, element=str(error.get("element") or ""), type=kind)


def verdict(status: int, fault: Fault | None, *, vendor_request_id: str = "") -> Verdict:
    """Judge an answer that is not the object asked for, by HTTP status and fault.

    What was certainly not read is NotSent, a clear no is Refused, everything else Uncertain: it may have been
    written (DESIGN section 7, point 4).
    """
    tid = vendor_request_id
    code = fault.code if fault else ""
    if status == 429 or code in _THROTTLED:  # noqa: PLR2004 - HTTP's own number
        return NotSent(words="QuickBooks asks to wait.", retry_after=_THROTTLE_WAIT, vendor_request_id=tid)
    if code in _DISCONNECTED:
        return Disconnected(
            words="QuickBooks no longer lets this connection into the company.", vendor_request_id=tid
        )
    if code in _SIGNED_OUT or status == 401:  # noqa: PLR2004
        return NotSent(words="QuickBooks did not accept the sign-in.", vendor_request_id=tid)
    if fault is None:
        return _without_fault(status, tid)
    return _with_fault(status, fault, tid)


def _with_fault(status: int, fault: Fault, tid: str) -> Verdict:
    text = f"{fault.words} {fault.detail}".casefold()
    if fault.code in _COMPANY_AWAY:
        words = "QuickBooks has this company locked for the moment."
        return NotSent(words=words, retry_after=_CLOSED_SHOP_WAIT, vendor_request_id=tid)
    if fault.code in _ENDED or any(part in text for part in _ENDED_TEXT):
        return NotSent(words=ENDED, vendor_request_id=tid)
    if "one name at a time" in text:
        words = "QuickBooks was busy with another name."
        return NotSent(words=words, retry_after=_LIST_LOCK_WAIT, vendor_request_id=tid)
    unsupported = "unsupportedoperation" in text
    system = fault.type.casefold() == "systemfault" or fault.code in _PERHAPS_WRITTEN
    if (system or "wait a few minutes" in text or status >= 500) and not unsupported:  # noqa: PLR2004
        return Uncertain(
            words=f"QuickBooks did not say whether it is done: {fault.sentence}", vendor_request_id=tid
        )
    return Refused(
        code=fault.code, words=fault.words, detail=fault.detail, element=fault.element, vendor_request_id=tid
    )


def _without_fault(status: int, tid: str) -> Verdict:
    if status in _NOT_LET_IN:
        words = f"QuickBooks does not let Tieout in (HTTP {status})."
        return NotSent(words=words, vendor_request_id=tid)
    if 400 <= status < 500 and status not in _UNCLEAR_STATUS:  # noqa: PLR2004 - HTTP's own ranges
        return Refused(
            code=f"http-{status}", words=f"QuickBooks answered HTTP {status}.", vendor_request_id=tid
        )
    said = f"HTTP {status}" if status >= 300 else "without the record"  # noqa: PLR2004
    words = f"QuickBooks answered {said}."
    return Uncertain(words=words, vendor_request_id=tid)
