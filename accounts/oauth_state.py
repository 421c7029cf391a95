"""The `state` of an OAuth round trip: bound to the session, used once, good for ten minutes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import MutableMapping

LIFE = timedelta(minutes=10)
KEPT = 5
NAME = "connecting"
STRANGE = (
    "This answer does not belong to a connection you started here. Start again from the connections page."
)
LATE = "That took longer than ten minutes. Start again from the connections page."


class SessionLike(Protocol):
    """What is needed of a session."""

    def get(self, key: str, default: Any = None) -> Any: ...
    def __setitem__(self, key: str, value: Any) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What a person set out to connect."""

    provider: str
    firm_id: int
    books_id: int | None
    region: str
    user_id: int | None


def new_state(
    session: SessionLike | MutableMapping[str, Any],
    provider: str,
    firm_id: int,
    books_id: int | None,
    *,
    now: datetime,
    region: str = "",
    user_id: int | None = None,
) -> str:
    """Remember in the session what is being connected and return the `state` to send along."""
    state = secrets.token_urlsafe(32)
    pending = dict(session.get(NAME) or {})
    pending[state] = {
        "provider": provider,
        "firm_id": firm_id,
        "books_id": books_id,
        "region": region,
        "user_id": user_id,
        "at": now.isoformat(),
    }
    session[NAME] = dict(list(pending.items())[-KEPT:])
    return state


def claim_state(
    session: SessionLike | MutableMapping[str, Any], state: str, *, now: datetime
) -> Pending | str:
    """Take a `state` out of the session, once; a sentence when it is not there or too old."""
    pending = dict(session.get(NAME) or {})
    found = pending.pop(state, None)
    session[NAME] = pending
    if found is None:
        return STRANGE
    if now - datetime.fromisoformat(found.pop("at")) > LIFE:
        return LATE
    return Pending(**found)
