"""What a rule may answer to which cause, by the words of the firm file. Pure.

Only what the card of the cause itself offers for many at once (`alike`), and nothing of client money.
"""

from __future__ import annotations

from collections.abc import Mapping

LONGEST_NAME, MOST = 80, 40
WAYS: Mapping[tuple[str, str], str] = {
    ("duplicate_number", "renumber"): "A number that another invoice bears: post under a number of its own",
    ("duplicate_number", "link"): "A number that the same invoice bears: link the two",
    ("posted_differs", "untax"): "A tax that QuickBooks adds by itself: have it add none",
    ("closed_correction", "approve"): "A change in a closed period: correct it in the open period",
}
