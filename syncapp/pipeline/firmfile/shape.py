"""The shape of values in a firm file: each check returns the canonical form and notes what is wrong.

Canonical values are JSON: text, lists, mappings in the order of the shape, days as ISO text. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_ROWS = 2000
LONGEST_TEXT = 600


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing wrong in a firm file, and where: `books[0].mapping.rules[3].item`."""

    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.words}" if self.place else self.words


type Troubles = list[Trouble]
type Check = Callable[[Any, str, Troubles], Any]


def within(place: str, key: str) -> str:
    """Return the place of a key."""
    return f"{place}.{key}" if place else key


def text(*, empty: bool = False, longest: int = LONGEST_TEXT) -> Check:
    """Take text. A bare number, yes or no in YAML is none: it needs quotes."""

    def check(value: Any, place: str, troubles: Troubles) -> Any:
        if not isinstance(value, str):
            troubles.append(Trouble(place, f'{_shown(value)} is not text; write it in quotes: "{value}"'))
        elif not value.strip() and not empty:
            troubles.append(Trouble(place, "this is empty"))
        elif len(value) > longest:
            troubles.append(Trouble(place, f"this is longer than {longest} characters"))
        return value

    return check


def _shown(value: Any) -> str:
    kinds = {dict: "a group of keys", list: "a list", type(None): "nothing"}
    return kinds.get(type(value), f'"{value}"')


def one_of(*choices: str | int) -> Check:
    """Take one of some words."""
    listed = ", ".join(str(choice) for choice in choices)

    def check(value: Any, place: str, troubles: Troubles) -> Any:
        if value not in choices:
            troubles.append(Trouble(place, f"{_shown(value)} is not known here; it can be {listed}"))
        return value

    return check


def pattern(form: str, words: str) -> Check:
    """Take text of a form, said in words."""

    def check(value: Any, place: str, troubles: Troubles) -> Any:
        if not isinstance(value, str) or not re.fullmatch(form, value):
            troubles.append(Trouble(place, f"{_shown(value)} is not {words}"))
        return value

    return check


def day(value: Any, place: str, troubles: Troubles) -> Any:
    """Take a day."""
    try:
        return value.isoformat() if type(value) is date else date.fromisoformat(_only_text(value)).isoformat()
    except (ValueError, TypeError):
        troubles.append(Trouble(place, f"{_shown(value)} is not a day; write it as 2026-01-31"))
        return value


def _only_text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not text")
    return value


def money(value: Any, place: str, troubles: Troubles) -> Any:
    """Take an amount as text with two decimals."""
    try:
        amount = Decimal(_only_text(value))
        if amount.is_finite() and amount == amount.quantize(Decimal("0.01")):
            return f"{amount:.2f}"
    except (InvalidOperation, TypeError):
        pass
    troubles.append(Trouble(place, f'{_shown(value)} is not an amount in quotes, such as "10000.00"'))
    return value


def truth(value: Any, place: str, troubles: Troubles) -> Any:
    """Take true or false."""
    if not isinstance(value, bool):
        troubles.append(Trouble(place, f"{_shown(value)} is neither true nor false"))
    return value


def time_zone(value: Any, place: str, troubles: Troubles) -> Any:
    """Take the name of a time zone."""
    if not isinstance(value, str) or value not in available_timezones():
        troubles.append(Trouble(place, f"{_shown(value)} is not a time zone, such as America/New_York"))
    return value


def rows(check: Check, *, least: int = 0) -> Check:
    """Take a list."""

    def listed(value: Any, place: str, troubles: Troubles) -> Any:
        if not isinstance(value, list):
            troubles.append(Trouble(place, "this is not a list"))
            return value
        if len(value) < least:
            troubles.append(Trouble(place, "this list is empty"))
        if len(value) > MOST_ROWS:
            troubles.append(Trouble(place, f"this list has more than {MOST_ROWS} rows"))
            return value
        return [check(row, f"{place}[{index}]", troubles) for index, row in enumerate(value)]

    return listed


def keys(
    known: Mapping[str, Check], *, need: tuple[str, ...] = (), also: Check | None = None, empty: bool = True
) -> Check:
    """Take a group of known keys, those of `need` at least; `also` looks at the whole of it last."""

    def check(value: Any, place: str, troubles: Troubles) -> Any:
        if not isinstance(value, dict):
            troubles.append(Trouble(place, f"{_shown(value)} is not a group of keys"))
            return value
        for key in value:
            if key not in known:
                troubles.append(
                    Trouble(within(place, str(key)), f"there is no such key; known are {', '.join(known)}")
                )
        for key in need:
            if key not in value:
                troubles.append(Trouble(within(place, key), "this is missing"))
        if not value and not empty:
            troubles.append(Trouble(place, "this is empty"))
        found = {
            key: each(value[key], within(place, key), troubles) for key, each in known.items() if key in value
        }
        return also(found, place, troubles) if also else found

    return check


def either(word: str, check: Check) -> Check:
    """Take one word, or else what `check` takes."""

    def choose(value: Any, place: str, troubles: Troubles) -> Any:
        if isinstance(value, str):
            return one_of(word)(value, place, troubles)
        return check(value, place, troubles)

    return choose
