"""JSON answers as the XML that comes back when `Accept: application/json` is not sent (API.md 2)."""

# ruff: noqa: E501  markup stands in whole elements

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from syncapp.emulators.wire import loads


def as_xml(text: str) -> str:
    """An `IntuitResponse` with the same members; references become text with a name attribute."""
    body = loads(text)
    time = quoteattr(str(body.pop("time", "")))
    inner = "".join(_element(name, value) for name, value in body.items())
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}<IntuitResponse xmlns="http://schema.intuit.com/finance/v3" time={time}>{inner}</IntuitResponse>'


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, dict):
        if "value" in value and set(value) <= {"value", "name"}:
            label = f" name={quoteattr(str(value['name']))}" if "name" in value else ""
            return f"<{name}{label}>{escape(str(value['value']))}</{name}>"
        return f"<{name}>{''.join(_element(k, v) for k, v in value.items())}</{name}>"
    if value is None:
        return ""
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{escape(shown)}</{name}>"
