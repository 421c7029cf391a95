"""What a vendor hands out when a person authorises us, with its ends as instants. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from syncapp.http import oauth


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """An access token with its end, and what renews it. `refresh` None means: keep the one you have.

    `hard_expires_at` is when no refresh will help any more (qbo/API.md section 1).
    """

    access: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    expires_at: datetime
    refresh_expires_at: datetime | None = None
    hard_expires_at: datetime | None = None


def stamped(tokens: oauth.Tokens | Tokens, *, now: datetime) -> Tokens:
    """Turn the lifetimes of an answer (seconds from now) into instants."""
    if isinstance(tokens, Tokens):
        return tokens

    def after(seconds: int | None) -> datetime | None:
        return None if seconds is None else now + timedelta(seconds=seconds)

    return Tokens(
        access=tokens.access,
        refresh=tokens.refresh or None,
        expires_at=now + timedelta(seconds=tokens.expires_in),
        refresh_expires_at=after(tokens.refresh_expires_in),
        hard_expires_at=after(tokens.hard_expires_in),
    )


class GrantUnusable(Exception):
    """A grant cannot be used until a person acts: the words say what happened."""

    def __init__(self, words: str, *, state: str) -> None:
        super().__init__(words)
        self.words = words
        self.state = state


class GrantBusy(Exception):
    """Another worker is refreshing and has not finished in time; try again later."""
