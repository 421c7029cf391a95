"""The three-way: five witnesses of one trust account, and the items that explain where they differ. Pure."""

from __future__ import annotations

from trust.threeway.compare import balances, compare
from trust.threeway.nouns import (
    Bank,
    Difference,
    Facts,
    LedgerBalance,
    Limits,
    Match,
    ThreeWay,
    What,
    Witness,
)
from trust.threeway.outstanding import bank_side

__all__ = [
    "Bank",
    "Difference",
    "Facts",
    "LedgerBalance",
    "Limits",
    "Match",
    "ThreeWay",
    "What",
    "Witness",
    "balances",
    "bank_side",
    "compare",
]
