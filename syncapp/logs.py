"""Structured logs: JSON lines, colors on a terminal, and never a secret."""

from __future__ import annotations

import logging
import logging.config
import re
import sys
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping

REMOVED = "[removed]"
SECRET_NAMES = re.compile(
    r"authorization|cookie|password|passwd|secret|api_?key|seal_?key|verifier|"
    r"(?:access|refresh|id|csrf\w*|session|bearer)_?(?:token|key)|^tokens?$|^code$",
    re.IGNORECASE,
)
SECRET_TEXT = re.compile(
    r"((?:authorization[\"']?\s*[:=]\s*[\"']?(?:bearer|basic)|bearer|basic)\s+)[\w.~+/=-]+"
    r"|((?:^|[?&\s\"'{,;])(?:code|state|access_token|refresh_token|id_token|client_secret|token|password)"
    r"[\"']?\s*[=:]\s*[\"']?)[^&\s\"',;}]+"
    r"|(://[^/\s:@]+:)[^/\s@]+(?=@)"
    r"|(/(?:webhooks/clio|binder|invitation|accounts/confirm-email|accounts/password/reset/key)/)[\w.:%~-]+"
    r"|(\btieout_\d+_)[\w-]{20,}",
    re.IGNORECASE,
)


def clean(value: object) -> object:
    """Return the value with every secret replaced: by the name of its key, or by its shape in a text."""
    if isinstance(value, dict):
        return {name: REMOVED if _is_secret(str(name), part) else clean(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [clean(part) for part in value]
    if isinstance(value, bytes):
        return clean(value.decode(errors="replace"))
    if isinstance(value, str):
        return SECRET_TEXT.sub(lambda hit: f"{hit[hit.lastindex or 0]}{REMOVED}", value)
    return value


def _is_secret(name: str, part: object) -> bool:
    """Say whether a value is a secret by its name; a number is none: `code` is an answer's status too."""
    return bool(part) and not isinstance(part, int) and SECRET_NAMES.search(name) is not None


def remove_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep secrets out of a log line, tracebacks included; a structlog processor."""
    for name, part in event.items():
        if name.startswith("_"):
            continue
        event[name] = REMOVED if _is_secret(name, part) else clean(part)
    return event


def configure(*, level: str) -> None:
    """Send the standard library's and structlog's lines through one chain to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    logging.config.dictConfig(_standard_library(shared, level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _standard_library(shared: list[Any], level: str) -> dict[str, Any]:
    terminal = sys.stderr.isatty()
    last: Any = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*shared, structlog.stdlib.ExtraAdder()],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    remove_secrets,
                    last,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
            "django.server": {"level": "WARNING"},
            # readers of banks' files write what they cannot read, which is a client's name
            **{name: {"level": "CRITICAL"} for name in ("mt940", "ofxtools", "openpyxl", "pdfminer")},
        },
    }
