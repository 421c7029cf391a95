"""The lists of a trust account, each with the next step: money that rests, money earned, money missing.

Pure: no Django, no I/O, no clock. A list moves nothing and posts nothing (DESIGN section 9, rule b).
"""

from __future__ import annotations

from trust.lists.earned import (
    BillPart,
    Earned,
    Left,
    TransferList,
    Why,
    transfer_list,
)
from trust.lists.levels import Level, TopUp, top_ups
from trust.lists.nouns import Held
from trust.lists.recorded import (
    Checked,
    Followed,
    Outside,
    Recorded,
    SignedLine,
    check_recorded,
    parts_of,
)
from trust.lists.resting import Resting, StaleCheck, dormant, stale_checks, unidentified
from trust.lists.returned import Shortage, shortage_note, shortages

__all__ = [
    "BillPart",
    "Checked",
    "Earned",
    "Followed",
    "Held",
    "Left",
    "Level",
    "Outside",
    "Recorded",
    "Resting",
    "Shortage",
    "SignedLine",
    "StaleCheck",
    "TopUp",
    "TransferList",
    "Why",
    "check_recorded",
    "dormant",
    "parts_of",
    "shortage_note",
    "shortages",
    "stale_checks",
    "top_ups",
    "transfer_list",
    "unidentified",
]
