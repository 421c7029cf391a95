"""Addresses for people without an account: each names its firm, sealed, and only its hash is kept.

Who opens one reads one firm, where its hash stands (docs/decisions/0011); a made-up one costs no query.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets

from accounts import seal

COLUMN = "token"
LONGEST = 400  # characters of a token


def new(firm_id: int, *, table: str) -> str:
    """Return the last part of an address that only we can make, for the rows of a table."""
    sealed = seal.seal(f"{firm_id}:{secrets.token_hex(16)}", table=table, row=0, column=COLUMN)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def firm_of(token: str, *, table: str) -> int | None:
    """Read which firm a token names; None when it is none of ours. Asks nothing of the database."""
    if len(token) > LONGEST:
        return None
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        return int(seal.unseal(sealed, table=table, row=0, column=COLUMN).partition(":")[0])
    except (binascii.Error, ValueError, IndexError, seal.SealBroken):
        return None


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
