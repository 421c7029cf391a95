"""What the proof must know of what people did in one history."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from syncapp.emulators.qbo.company import Key, Obj
from tests.stateful import setups


@dataclass(slots=True)
class Said:
    """What people said in Tieout, and entered in the books because Tieout asked for it, or did not."""

    approved: set[tuple[str, int]] = field(default_factory=set)  # trust entries, by subject and cents
    limits: list[int] = field(default_factory=lambda: [setups.LIMIT])
    leaves: bool = False  # what waits for approval at the end is left waiting
    twins: dict[Key, int] = field(default_factory=dict)  # of the feed, with the row of Clio that each is
    hands: dict[Key, tuple[Obj, str]] = field(default_factory=dict)  # as it was; the token after it
    early: list[tuple[Key, str, Decimal, date]] = field(default_factory=list)  # that Clio does not have yet
