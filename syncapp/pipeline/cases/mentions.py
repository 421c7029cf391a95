"""Whom a comment names: @ and an address, the part before its @, a whole name, or a first name. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SAID = re.compile(r"(?<![\w.@])@([\w.+-]+(?:@[\w.-]+\w)?)")
END = r"(?!\w)"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be named."""

    id: int
    name: str
    email: str

    @property
    def called(self) -> tuple[str, ...]:
        """Return what the person is called, the longest first."""
        local = self.email.partition("@")[0]
        return tuple(word for word in (self.email, self.name, local, self.name.partition(" ")[0]) if word)


def named(text: str, people: Iterable[Person]) -> list[int]:
    """Return the ids of the people whom a text names; two of one first name are both named."""
    return [person.id for person in people if any(_names(text, word) for word in person.called)]


def strangers(text: str, people: Sequence[Person]) -> list[str]:
    """Return what stands after an @ and names nobody."""
    known = {word.casefold() for person in people for word in person.called}
    firsts = {word.partition(" ")[0] for word in known}
    said = (match.rstrip(".") for match in SAID.findall(text))
    return [word for word in said if word.casefold() not in known | firsts]


def _names(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w.@])@{re.escape(word)}{END}(?!@\w)", text, re.IGNORECASE) is not None
