"""Secrets at rest: AES-256-GCM bound to table, row and column, with key ids, so that keys can be rotated."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class SealBroken(Exception):
    """A sealed value does not open: its key is gone, or it was moved or changed."""


def _first() -> tuple[str, bytes]:
    return next(iter(settings.SEAL_KEYS.items()))


def _bound(table: str, row: int, column: str, key_id: str) -> bytes:
    return "\x00".join((table, str(row), column, key_id)).encode()


def seal(secret: str, *, table: str, row: int, column: str) -> bytes:
    """Seal a secret for one row and column with the first key."""
    key_id, key = _first()
    nonce = os.urandom(NONCE_BYTES)
    body = AESGCM(key).encrypt(nonce, secret.encode(), _bound(table, row, column, key_id))
    name = key_id.encode()
    return bytes([len(name)]) + name + nonce + body


def key_id_of(sealed: bytes) -> str:
    """Return the id of the key that a value was sealed with."""
    value = bytes(sealed)
    return value[1 : 1 + value[0]].decode()


def unseal(sealed: bytes, *, table: str, row: int, column: str) -> str:
    """Open a sealed secret. Raises SealBroken when its key is gone or it belongs to another row or column."""
    value = bytes(sealed)
    if not value:
        raise SealBroken("There is no secret here.")
    key_id = key_id_of(value)
    key: bytes | None = settings.SEAL_KEYS.get(key_id)
    if key is None:
        raise SealBroken(f"The seal key {key_id} is not among SEAL_KEYS.")
    start = 1 + value[0]
    nonce, body = value[start : start + NONCE_BYTES], value[start + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, _bound(table, row, column, key_id)).decode()
    except InvalidTag:
        raise SealBroken("A sealed secret was moved or changed.") from None


def needs_rotation(sealed: bytes) -> bool:
    """Say whether a value is sealed with another key than the first."""
    return bool(sealed) and key_id_of(sealed) != _first()[0]
