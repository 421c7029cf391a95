"""What an entry that a page shows comes to. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SIDES = ("debit_minor", "credit_minor")


def of(lines: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Add up both sides of an entry; a line has one of them, or both with a zero."""
    kept = list(lines)
    return {side: sum(line.get(side, 0) for line in kept) for side in SIDES}
