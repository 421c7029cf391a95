"""Read the environment: every name also as NAME_FILE, every refusal one sentence."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SEAL_KEY_BYTES = 32
MODES = ("production", "demo", "test")


def text(name: str, default: str | None = None) -> str:
    """Return the value of NAME, or the content of the file that NAME_FILE names.

    Raises ImproperlyConfigured when there is neither a value nor a default.
    """
    if path := os.environ.get(f"{name}_FILE"):
        try:
            content = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {path}.") from error
        if not content and default is None:
            raise ImproperlyConfigured(f"{name}_FILE names a file that is empty: {path}.")
        return content or str(default)
    if value := os.environ.get(name, "").strip():
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is missing: set it, or {name}_FILE, in the environment.")
    return default


def listing(name: str, default: str | None = None) -> list[str]:
    """Return a comma-separated value as a list without empty entries."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def whole(name: str, default: str) -> int:
    """Return a whole number of zero or more."""
    value = text(name, default)
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number, but is {value!r}.")
    return int(value)


def mode() -> str:
    """Return what this installation is: production unless TIEOUT_MODE says demo or test."""
    value = text("TIEOUT_MODE", "production")
    if value not in MODES:
        raise ImproperlyConfigured(f"TIEOUT_MODE must be one of {', '.join(MODES)}, but is {value!r}.")
    return value


def address(name: str, default: str | None = None) -> str:
    """Return an http or https address without its trailing slash; an empty default stays empty."""
    value = text(name, default)
    if not value:
        return value
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must be an http or https address, but is {value!r}.")
    return value.rstrip("/")


def is_loopback(url: str) -> bool:
    """Say whether an address leads to this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def origin(url: str) -> str:
    """Return scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def database(name: str, *, pool: bool) -> dict[str, Any]:
    """Return Django's settings of the PostgreSQL that NAME points at."""
    wanted = f"{name} must look like postgresql://user:password@host:5432/database"
    try:
        parts = urlsplit(text(name))
        port = str(parts.port or "")
    except ValueError as error:
        raise ImproperlyConfigured(f"{wanted}.") from error
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/") or not parts.username:
        raise ImproperlyConfigured(f"{wanted}.")
    options: dict[str, object] = dict(parse_qsl(parts.query))
    options.setdefault("connect_timeout", "10")
    if pool:
        options["pool"] = {"min_size": 1, "max_size": 4}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": port,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": pool,  # a pool outlives a restart of the database; its connections do not
        "ATOMIC_REQUESTS": False,
        "OPTIONS": options,
    }


def broker(name: str) -> tuple[str, str]:
    """Return a Redis or Valkey address twice: as redis-py reads it, and as Celery reads it."""
    value = text(name)
    parts = urlsplit(value)
    if parts.scheme in {"redis", "rediss"} and parts.hostname:
        return value, value
    if parts.scheme == "unix" and parts.path:
        number = dict(parse_qsl(parts.query)).get("db", "0")
        return value, f"redis+socket://{parts.path}?virtual_host={number}"
    raise ImproperlyConfigured(f"{name} must look like redis://host:6379/0 or unix:///path/to/socket.")


def seal_keys(name: str) -> dict[str, bytes]:
    """Return key id → 32 bytes; the first entry seals, all of them open."""
    keys: dict[str, bytes] = {}
    for entry in listing(name):
        key_id, _, encoded = entry.partition(":")
        try:
            key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not key_id or len(key) != SEAL_KEY_BYTES or key_id in keys:
            raise ImproperlyConfigured(
                f"{name} must be id:base64url-of-{SEAL_KEY_BYTES}-bytes, several separated by commas, "
                f"each id once; the entry {key_id!r} is not."
            )
        keys[key_id] = key
    if not keys:
        raise ImproperlyConfigured(f"{name} is empty: it needs at least one id:base64url-of-32-bytes.")
    return keys


def time_scale(name: str, vendors: list[str]) -> float:
    """Return what vendor time-outs, leases, waits and budgets are divided by: 1 outside this machine."""
    value = text(name, "1")
    try:
        scale = float(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a number of 1 or more, but is {value!r}.") from error
    if not 1 <= scale <= 10_000:  # noqa: PLR2004 - a bound, not a quantity
        raise ImproperlyConfigured(f"{name} must be between 1 and 10000, but is {value!r}.")
    if scale > 1 and not all(is_loopback(vendor) for vendor in vendors):
        raise ImproperlyConfigured(
            f"{name} above 1 is only for vendors on this machine: set CLIO_BASE_URL, QBO_DISCOVERY_URL "
            "and QBO_API_BASE_URL to local addresses, or leave it out."
        )
    return scale


def mailbox(name: str) -> str:
    """Return the address of a mailbox to be read, or nothing: imaps://user:password@host:993/INBOX.

    Without TLS (imap:) only on this machine.
    """
    value = text(name, "")
    wanted = f"{name} must look like imaps://user:password@host:993/INBOX."
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(wanted) from error
    safe = parts.scheme == "imaps" or (parts.scheme == "imap" and is_loopback(value))
    if value and not (safe and parts.hostname and parts.username and port != 0):
        raise ImproperlyConfigured(wanted)
    return value


def mail_address(name: str, box: str) -> str:
    """Return the address under which a mailbox is reached: its user, unless another is said."""
    value = text(name, unquote(urlsplit(box).username or ""))
    if box and value.count("@") != 1:
        raise ImproperlyConfigured(
            f"{name} must be the address of the mailbox, such as statements@example.com."
        )
    return value


def mail(name: str, *, where: Path, kind: str) -> dict[str, object]:
    """Return Django's mailer: smtp(s)://user:password@host:port, file:///folder or console: .

    Without one, letters are kept as files in `where`: nothing is lost, and none of their links is in a log.
    """
    backends = "django.core.mail.backends"
    if kind == "test":
        return {"BACKEND": f"{backends}.locmem.EmailBackend"}
    value = text(name, f"file://{where}")
    wanted = f"{name} must look like smtp+tls://user:password@host:587, file:///folder or console: ."
    parts = urlsplit(value)
    if parts.scheme == "console":
        # beside the answer of a command, which `--json` leaves to machines
        return {"BACKEND": f"{backends}.console.EmailBackend", "OPTIONS": {"stream": sys.stderr}}
    if parts.scheme == "file" and parts.path:
        return {
            "BACKEND": f"{backends}.filebased.EmailBackend",
            "OPTIONS": {"file_path": unquote(parts.path)},
        }
    try:
        port = parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme]
    except (KeyError, ValueError) as error:
        raise ImproperlyConfigured(wanted) from error
    if not parts.hostname:
        raise ImproperlyConfigured(wanted)
    options = {
        "host": parts.hostname,
        "port": port,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp+tls",
        "timeout": 20,
    }
    return {"BACKEND": f"{backends}.smtp.EmailBackend", "OPTIONS": options}
