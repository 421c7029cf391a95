"""What a parameter of a Clio list may ask of a record (API.md appendix A)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from syncapp.emulators.clio.model import World

type Test = Callable[[World, Any, str], bool]


def same(name: str) -> Test:
    """Equal to an attribute; `null` finds what has none."""
    return lambda _, x, v: getattr(x, name) is None if v == "null" else str(getattr(x, name)) == v


def equal(*names: str) -> dict[str, Test]:
    """Filters that are named as the attributes that they compare."""
    return {name: same(name) for name in names}


def unread(*names: str) -> dict[str, Test]:
    """Known parameters that change nothing here."""
    return dict.fromkeys(names, ignored)


def within(name: str) -> Test:
    """The id is one of several."""
    return lambda _, x, v: not getattr(x, name) if v == "null" else v in map(str, getattr(x, name))


def flag(name: str) -> Test:
    """Equal to a boolean attribute."""
    return lambda _, x, v: bool(getattr(x, name)) is yes(v)


def yes(value: str) -> bool:
    """A boolean of the query string."""
    return value.lower() in ("true", "1")


def contains(*names: str) -> Test:
    """The text is part of an attribute, whatever the case."""
    return lambda _, x, v: any(v.lower() in str(getattr(x, n) or "").lower() for n in names)


def after(name: str) -> Test:
    """On or after a day."""
    return lambda _, x, v: getattr(x, name) is not None and getattr(x, name) >= date.fromisoformat(v[:10])


def before(name: str) -> Test:
    """On or before a day."""
    return lambda _, x, v: getattr(x, name) is not None and getattr(x, name) <= date.fromisoformat(v[:10])


def ignored(_: World, __: Any, ___: str) -> bool:
    """A known parameter that changes nothing here."""
    return True
