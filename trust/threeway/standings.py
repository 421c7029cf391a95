"""What one witness says of each movement, however many entries it took to say it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from trust.nouns import Movement


@dataclass(frozen=True, slots=True)
class Effect:
    """What a movement does to the bank, and to each ledger that it touches."""

    bank: int
    ledgers: tuple[tuple[str, int], ...]

    @property
    def held(self) -> int:
        """Return what it does to all ledgers together."""
        return sum(amount for _, amount in self.ledgers)

    @property
    def shown(self) -> int:
        """Return the amount that a person reads: the bank's, or what moved between ledgers."""
        return self.bank or self.held or sum(amount for _, amount in self.ledgers if amount > 0)

    @property
    def in_order(self) -> bool:
        """Tell whether its ledgers are told as a sum tells them: each once, by name, none of nothing."""
        if len(self.ledgers) == 1:
            return bool(self.ledgers[0][1])
        keys = [key for key, amount in self.ledgers if amount]
        return keys == sorted(set(keys)) and len(keys) == len(self.ledgers)

    def __bool__(self) -> bool:
        return bool(self.bank or self.ledgers)


NOTHING = Effect(0, ())


@dataclass(frozen=True, slots=True)
class Standing:
    """One movement as one witness has it: its effect on each day, and its newest form for the words."""

    key: str
    days: tuple[tuple[date, Effect], ...]
    form: Movement

    def upto(self, last: date) -> Effect:
        """Return its effect up to a day, that day included."""
        if len(self.days) == 1:
            return self.days[0][1] if self.days[0][0] <= last else NOTHING
        return _sum([effect for day, effect in self.days if day <= last])

    @property
    def whole(self) -> Effect:
        """Return its effect, whenever."""
        return _sum([effect for _, effect in self.days])

    @property
    def day(self) -> date | None:
        """Return its day; None when it stands on several."""
        return self.days[0][0] if len(self.days) == 1 else None


def standings(movements: Iterable[Movement]) -> dict[str, Standing]:
    """Gather movements by natural key. What was taken back on its own day leaves no trace."""
    by_key: dict[str, list[Movement]] = defaultdict(list)
    for movement in movements:
        by_key[movement.subject].append(movement)
    found = {}
    for key, parts in by_key.items():
        if days := _days(parts):
            last = days[-1][0]
            newest = parts[-1] if parts[-1].day == last else _newest(parts, last)
            found[key] = Standing(key, days, newest)
    return found


def _newest(parts: list[Movement], last: date) -> Movement:
    return next((one for one in reversed(parts) if one.day == last), parts[-1])


def _days(parts: list[Movement]) -> tuple[tuple[date, Effect], ...]:
    if len(parts) == 1:
        effect = _sum([Effect(parts[0].amount, parts[0].ledgers)])
        return ((parts[0].day, effect),) if effect else ()
    by_day: dict[date, list[Effect]] = defaultdict(list)
    for one in parts:
        by_day[one.day].append(Effect(one.amount, one.ledgers))
    sums = ((day, _sum(effects)) for day, effects in sorted(by_day.items()))
    return tuple((day, effect) for day, effect in sums if effect)


def _sum(effects: Sequence[Effect]) -> Effect:
    """Add effects up; most movements have one alone, whose ledgers are in order already."""
    if not effects:
        return NOTHING
    if len(effects) == 1 and effects[0].in_order:
        return effects[0]
    bank, ledgers = 0, Counter[str]()
    for effect in effects:
        bank += effect.bank
        for key, amount in effect.ledgers:
            ledgers[key] += amount
    return Effect(bank, tuple(sorted((key, amount) for key, amount in ledgers.items() if amount)))


def total(found: Iterable[Standing], last: date) -> Effect:
    """Return what all of them come to up to a day."""
    return _sum([one.upto(last) for one in found])
