"""What a person may answer of a movement of client money and a row of the books, and where it is kept."""

from __future__ import annotations

TWO = "two"  # two movements, both are to stand
SAME = "same"  # it is this movement: its ledger is named on it
POST = "post"  # Tieout posts this one, although its kind is left to the feed


def asked(subject: str, row: str = "") -> str:
    """Return under which subject a person's answer about a movement, or about it and one row, is kept."""
    return f"twin of {subject} {row}".strip()
