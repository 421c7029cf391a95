"""How an address names a month."""

from __future__ import annotations


class Month:
    """A month as `2026-09`, which no other word of an address is."""

    regex = r"\d{4}-\d{2}"

    def to_python(self, value: str) -> str:
        """Return the text; the view finds the month or answers that there is none."""
        return value

    def to_url(self, value: str) -> str:
        """Return the text."""
        return value
