"""A clock that only the test moves: waiting costs nothing, and a history that is played again is the same."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import grants
from syncapp.emulators.wire import Clock
from syncapp.http.pace import Pace
from syncapp.pipeline import vendors

NOON = datetime(2026, 11, 16, 17, tzinfo=UTC)  # after the last day of every seeded world
STEP = timedelta(milliseconds=1)


class Virtual:
    """The time of a history. Asking takes a millisecond; sleeping takes what it says, at once."""

    def __init__(self) -> None:
        self.at = NOON
        self.slept = 0.0

    def now(self) -> datetime:
        """The present instant, in UTC."""
        self.at += STEP
        return self.at

    def seconds(self) -> float:
        """The present instant as seconds that only grow."""
        return (self.now() - NOON).total_seconds()

    def wall(self) -> float:
        """The present instant as Unix time."""
        return self.now().timestamp()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept += max(seconds, 0)
        self.at += timedelta(seconds=max(seconds, 0))

    def back(self, at: datetime = NOON) -> None:
        """Begin again at an instant."""
        self.at, self.slept = at, 0.0


def _defaults(function: Any) -> dict[str, Any]:
    """What a function takes where nothing is given."""
    found: dict[str, Any] = function.__kwdefaults__
    return found


@contextmanager
def ruling() -> Iterator[Virtual]:
    """Rule the product's clock, its waits and both vendors' clocks. Django's and Python's own go on."""
    clock = Virtual()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(timezone, "now", clock.now)
        patched.setattr(time, "sleep", clock.sleep)
        patched.setattr(Clock, "now", lambda _self: clock.now())
        patched.setattr(Clock, "seconds", lambda _self: clock.seconds())
        patched.setitem(_defaults(grants.access_token), "sleep", clock.sleep)
        for opening in (vendors.open_clio, vendors.open_books):
            patched.setitem(_defaults(opening), "clock", clock.now)
        waits = {"clock": clock.seconds, "wall": clock.wall, "sleep": clock.sleep}
        for name, stand_in in waits.items():
            patched.setitem(_defaults(Pace.__init__), name, stand_in)
        yield clock
