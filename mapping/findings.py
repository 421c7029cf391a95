"""What a check of the mapping or of the company found. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """`blocks` stops posting, `warns` lets it go on, `good` is a check that passed."""

    BLOCKS = "blocks"
    WARNS = "warns"
    GOOD = "good"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found: what it is, what it does to the books, and the place to mend it.

    `rule` is the position of the mapping rule it is about, 0 for none.
    """

    code: str
    severity: Severity
    title: str
    effect: str = ""
    where: str = ""
    rule: int = 0
