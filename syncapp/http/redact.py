"""Takes secrets out of text and structures before anybody logs, stores or shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

HIDDEN = "[hidden]"
_NAMES = (
    r"access_token|refresh_token|id_token|client_secret|shared_secret|x-hook-secret|x-hook-signature"
    r"|intuit-signature|authorization|password|token|code|cookie|set-cookie"
)
_SECRET_NAME = re.compile(rf"^(?:{_NAMES})$", re.IGNORECASE)
_IN_JSON = re.compile(rf'("(?:{_NAMES})"\s*:\s*")((?:[^"\\]|\\.)*)(")', re.IGNORECASE)
_IN_FORM = re.compile(rf"((?:^|[?&\s;])(?:{_NAMES})=)([^&\s\"'<>]+)", re.IGNORECASE)
_SCHEME = re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE)
_COLON = re.compile(
    r"\b((?:access_token|refresh_token|client_secret|shared_secret|password|x-hook-secret)\s*:\s*)([^\s,;}\"']+)",
    re.IGNORECASE,
)
_LONG_KEY = re.compile(r"\beyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]+)*")


def text(value: str) -> str:
    """Return `value` without bearer tokens, passwords and the values of secret-looking fields."""
    value = _SCHEME.sub(rf"\1 {HIDDEN}", value)
    value = _IN_JSON.sub(rf"\1{HIDDEN}\3", value)
    value = _IN_FORM.sub(rf"\1{HIDDEN}", value)
    value = _COLON.sub(rf"\1{HIDDEN}", value)
    return _LONG_KEY.sub(HIDDEN, value)


def structure(value: object) -> object:
    """Return a copy of a JSON-like structure in which the values of secret fields are hidden.

    A numeric `code` (an error's) is no secret and stays.
    """
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Mapping):
        return {key: _field(str(key), item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [structure(item) for item in value]
    return value


def _field(name: str, value: object) -> object:
    if not _SECRET_NAME.match(name) or value is None or isinstance(value, int):
        return structure(value)
    if name.lower() == "code" and isinstance(value, str) and value.isdigit():
        return value
    return HIDDEN
