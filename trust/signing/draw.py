"""The random review of a quarter: the same seed draws the same transactions for ever. Pure."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

AT_LEAST = 3  # TRUST-RULES: North Carolina, quarterly review of at least three (N2, N3)


def draw(seed: str, subjects: Iterable[str], *, number: int = AT_LEAST) -> list[str]:
    """Return `number` of the subjects, or all where there are fewer, as the seed orders them.

    Each subject's place depends on the seed and on itself alone, so the order in which they are given does
    not matter.
    """
    ordered = sorted(set(subjects), key=lambda one: hashlib.sha256(f"{seed}\n{one}".encode()).digest())
    return ordered[:number]
