"""What trust keeps: pairs, statements, matches, reconciliations and their signatures."""

from __future__ import annotations

from trust.models.pairs import KINDS, MOVEMENTS, TrustPair

__all__ = ["KINDS", "MOVEMENTS", "TrustPair"]
