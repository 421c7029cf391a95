"""Minimum balances and evergreen retainers: which clients are to be asked for money. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from syncapp.core.money import spoken
from trust.lists.nouns import Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What a client agreed to keep in trust: below `minimum` it is filled up to `evergreen`."""

    minimum: int
    evergreen: int = 0

    @property
    def target(self) -> int:
        """Return up to where it is filled."""
        return max(self.minimum, self.evergreen)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUp:
    """A ledger below its minimum; `ask` is what fills it up."""

    held: Held
    level: Level
    ask: int
    step: str


def top_ups(held: Iterable[Held], levels: Mapping[str, Level]) -> list[TopUp]:
    """List the ledgers below their minimum, the greatest need first."""
    found = [
        TopUp(
            held=one,
            level=levels[one.key],
            ask=levels[one.key].target - one.balance,
            step=f"Send {one.shown} a trust request in Clio for "
            f"{spoken(levels[one.key].target - one.balance)}: {spoken(one.balance)} is held, "
            f"{spoken(levels[one.key].minimum)} was agreed.",
        )
        for one in held
        if one.key in levels and one.balance < levels[one.key].minimum
    ]
    return sorted(found, key=lambda each: (-each.ask, each.held.key))
