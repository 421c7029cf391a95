"""What a command finds around it: the environment, a running demo, or placeholders where none is needed."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
DEMO_FILE = LOCAL / "demo.json"
# These read neither database nor broker nor vendor.
NEEDS_NOTHING = frozenset({"emulate", "help", "--help", "--version", "makemigrations", "collectstatic"})


def secret() -> str:
    """Return a fresh secret for something that lives on this machine only."""
    return secrets.token_urlsafe(32)


def seal_key() -> str:
    """Return a fresh value for SEAL_KEYS."""
    return "local:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def placeholders() -> dict[str, str]:
    """Return a complete environment that leads nowhere: types, migrations and emulators read no more."""
    return {
        "TIEOUT_MODE": "test",
        "PUBLIC_URL": "http://localhost:8000",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "SECRET_KEY": secret(),
        "SEAL_KEYS": seal_key(),
        "DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:1/nowhere",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "CLIO_BASE_URL": "http://clio.localhost",
        "CLIO_CLIENT_ID": "clio-client",
        "CLIO_CLIENT_SECRET": secret(),
        "QBO_DISCOVERY_URL": "http://qbo.localhost/.well-known/openid_configuration",
        "QBO_API_BASE_URL": "http://qbo.localhost",
        "QBO_CLIENT_ID": "qbo-client",
        "QBO_CLIENT_SECRET": secret(),
        "QBO_WEBHOOK_VERIFIER_TOKEN": secret(),
    }


def fill(environ: MutableMapping[str, str], values: dict[str, str]) -> None:
    """Set what neither NAME nor NAME_FILE gives yet."""
    for name, value in values.items():
        if not environ.get(name) and not environ.get(f"{name}_FILE"):
            environ[name] = value


def given(environ: MutableMapping[str, str], name: str) -> bool:
    """Say whether the environment names a value, directly or by a file."""
    return bool(environ.get(name) or environ.get(f"{name}_FILE"))


def needs_nothing(arguments: Sequence[str]) -> bool:
    """Tell whether a command line reads neither database nor broker: also a bank's file of no firm."""
    command, *options = arguments or ["help"]
    of_no_firm = command == "statement" and not any(one.partition("=")[0] == "--firm" for one in options)
    return command in NEEDS_NOTHING or of_no_firm


def prepare(arguments: Sequence[str], environ: MutableMapping[str, str]) -> None:
    """Complete the environment of one command: the running demo's, or placeholders where nothing is read."""
    if needs_nothing(arguments):
        environ["DJANGO_SETTINGS_MODULE"] = "syncapp.local.bare"
        return
    environ.setdefault("DJANGO_SETTINGS_MODULE", "syncapp.settings")
    if given(environ, "DATABASE_URL") or given(environ, "REDIS_URL"):
        return
    if (demo := running_demo()) is not None:
        fill(environ, demo)


def running_demo() -> dict[str, str] | None:
    """Return the environment of the demo that runs from this folder, if one does."""
    try:
        found = json.loads(DEMO_FILE.read_text(encoding="utf-8"))
        os.kill(found["pid"], 0)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    environment: dict[str, str] = found["environment"]
    return environment
