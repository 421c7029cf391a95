"""What a card says beside the cause: what it means for the books, and each safe way on. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One safe choice: what the person does, what follows, and whether the entry shown posts then."""

    do: str
    then: str
    posts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """`means` for the books, and the ways on in the order in which they are usually right."""

    means: str
    ways: tuple[Way, ...]


def card(means: str, *ways: tuple[str, str] | tuple[str, str, bool]) -> Card:
    """Write a card: each way as what to do, what follows, and False when nothing posts by it."""
    return Card(means=means, ways=tuple(_way(*way) for way in ways))


def _way(do: str, then: str, posts: bool = True) -> Way:  # noqa: FBT001, FBT002 - how a table is written
    return Way(do=do, then=then, posts=posts)
