"""Readers of bank statements: bytes in, a `Reading` or an `Unreadable` out. Pure (TRUST-RULES, formats)."""
