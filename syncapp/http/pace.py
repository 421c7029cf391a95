"""Keeps within a vendor's rate limits before the vendor has to say so.

One `Pace` serves one connection. It counts real calls in a sliding window, so that no window of the vendor's,
fixed or rolling, ever sees more than the limit. Where several processes use one connection, the shell gives a
`Shared` window that they all count in.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from syncapp.http.errors import Transient

_LONGEST_NAP = 5.0  # seconds: who waits for a shared window says that he is still there


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `limit` calls in `per_seconds`; `kind` names the calls it counts, empty counts all."""

    limit: int
    per_seconds: float
    kind: str = ""


class Shared(Protocol):
    """A window that several processes count in."""

    def take(self, budgets: Sequence[Budget], kind: str) -> float:
        """Count one call in every one of these budgets and return 0, or return the seconds to wait."""

    def rest(self, seconds: float) -> None:
        """Let nobody call for so long."""


class _Window:
    """The calls of one budget that still count."""

    def __init__(self, budget: Budget, scale: float) -> None:
        self.kind = budget.kind
        # A shorter window, not a larger budget: the same rate, and no burst that a shrunk window refuses.
        self.per_seconds = budget.per_seconds / scale
        self.limit = max(1, budget.limit)
        self.calls: deque[float] = deque()

    def wait(self, now: float) -> float:
        while self.calls and self.calls[0] <= now - self.per_seconds:
            self.calls.popleft()
        if len(self.calls) < self.limit:
            return 0.0
        return self.calls[len(self.calls) - self.limit] + self.per_seconds - now


class Pace:
    """The budgets of one connection.

    `time_scale` makes the budgets' time run faster and divides waits (DESIGN section 10). `clock` is
    monotonic, `wall` is Unix time for `X-RateLimit-Reset`; they and `sleep` are injectable.
    `longest_wait` is in seconds: a longer wait raises Transient with `sent=False`, so that a worker is
    never tied up. With a `shared` window calls are counted there instead of here, and it is asked at least
    every five seconds.
    """

    def __init__(
        self,
        limit: int,
        per_seconds: float,
        *more: Budget,
        time_scale: float = 1,
        longest_wait: float = 120,
        shared: Shared | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._windows = [_Window(item, time_scale) for item in (Budget(limit, per_seconds), *more)]
        self._scale = time_scale
        self._longest = longest_wait
        self._shared = shared
        self._clock, self._wall, self._sleep = clock, wall, sleep
        self._rest_until = 0.0
        self._lock = threading.Lock()
        self.calls = 0  # calls that really left, repeats included

    def take(self, kind: str = "") -> None:
        """Wait until one call of this kind fits every budget that counts it, and count it."""
        with self._lock:
            waited = 0.0
            while (need := self._need(kind)) > 0:
                if waited + need > self._longest:
                    raise Transient(
                        "The vendor's rate limit is used up.",
                        retry_after=need,
                        sent=False,
                    )
                nap = need if self._shared is None else min(need, _LONGEST_NAP)
                self._sleep(nap)
                waited += nap
            self.calls += 1
            if self._shared is not None:
                return
            now = self._clock()
            for window in self._counting(kind):
                window.calls.append(now)

    def heard(self, headers: Mapping[str, str]) -> None:
        """Learn from an answer's `X-RateLimit-*` headers (clio/API.md section 3); lower-case names."""
        limit = _number(headers.get("x-ratelimit-limit"))
        remaining = _number(headers.get("x-ratelimit-remaining"))
        reset = _number(headers.get("x-ratelimit-reset"))
        first = self._windows[0]
        with self._lock:
            if limit and limit >= 1 and (self._scale == 1 or limit < first.limit):
                first.limit = int(limit)
            if remaining is not None and remaining <= 0 and reset is not None:
                self._rest(min(max(0.0, (reset - self._wall()) / self._scale), first.per_seconds))

    def rest(self, seconds: float) -> None:
        """Send nothing for this long: the vendor answered 429."""
        with self._lock:
            self._rest(seconds / self._scale)

    def _rest(self, seconds: float) -> None:
        self._rest_until = max(self._rest_until, self._clock() + seconds)
        if self._shared is not None:
            self._shared.rest(seconds)

    def _counting(self, kind: str) -> list[_Window]:
        return [window for window in self._windows if window.kind in {"", kind}]

    def _need(self, kind: str) -> float:
        if self._shared is not None:
            counting = self._counting(kind)
            return self._shared.take([Budget(w.limit, w.per_seconds, w.kind) for w in counting], kind)
        now = self._clock()
        return max(
            [
                self._rest_until - now,
                *(window.wait(now) for window in self._counting(kind)),
            ]
        )


def _number(value: str | None) -> float | None:
    try:
        found = float(value or "")
    except ValueError:
        return None
    return found if math.isfinite(found) else None
