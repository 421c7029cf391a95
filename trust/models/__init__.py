"""What trust keeps: pairs, statements, matches, reconciliations and their signatures."""

from __future__ import annotations

from trust.models.pairs import KINDS, MOVEMENTS, TrustPair
from trust.models.statements import Statement, StatementFile, StatementLine, StatementProfile

__all__ = [
    "KINDS",
    "MOVEMENTS",
    "Statement",
    "StatementFile",
    "StatementLine",
    "StatementProfile",
    "TrustPair",
]
