"""Minimum balances and evergreen retainers: which clients are to be asked for money. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from syncapp.core.money import spoken
from trust.lists.nouns import Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What a client agreed to keep in trust, in minor units.

    `minimum` stays: no fee is taken from it. What is left after the fees that are due is filled up to
    `evergreen` as soon as it is below the minimum, or below the evergreen level where no minimum is agreed.
    """

    minimum: int
    evergreen: int = 0

    @property
    def target(self) -> int:
        """Return up to where it is filled."""
        return max(self.minimum, self.evergreen)

    @property
    def trigger(self) -> int:
        """Return below what the client is asked."""
        return self.minimum or self.evergreen


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUp:
    """A ledger below its level; `due` are the fees that are due from it, `ask` is what fills it up."""

    held: Held
    level: Level
    due: int
    ask: int
    step: str


def top_ups(
    held: Iterable[Held], levels: Mapping[str, Level], due: Mapping[str, int] | None = None
) -> list[TopUp]:
    """List the ledgers that are below their level once the fees due from them are paid, the neediest first.

    `due` is what is earned and may be taken from each ledger, whether its money suffices or not.
    """
    fees = due or {}
    found = [
        _top_up(one, levels[one.key], fees.get(one.key, 0))
        for one in held
        if one.key in levels and one.balance - fees.get(one.key, 0) < levels[one.key].trigger
    ]
    return sorted(found, key=lambda each: (-each.ask, each.held.key))


def _top_up(one: Held, level: Level, due: int) -> TopUp:
    ask = level.target - one.balance + due
    fees = f" and {spoken(due)} of fees are due" if due else ""
    step = (
        f"Send {one.shown} a trust request in Clio for {spoken(ask)}: {spoken(one.balance)} is held{fees}, "
        f"{spoken(level.trigger)} was agreed."
    )
    return TopUp(held=one, level=level, due=due, ask=ask, step=step)
