"""What an auditor tests beside the figures: duties apart, firm money in client money, hands in the books.

Pure. Amounts are signed minor units, negative out of the account.
"""

from __future__ import annotations

from trust.controls.firm_money import Sort, sort_of
from trust.controls.nouns import Hand, Hit, Shared

__all__ = ["Hand", "Hit", "Shared", "Sort", "sort_of"]
