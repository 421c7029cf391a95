"""Keeps within a vendor's rate limits before the vendor has to say so.

One `Pace` serves one connection, whose work is leased to one worker at a time. It counts real calls in a
sliding window, so that no window of the vendor's, fixed or rolling, ever sees more than the limit.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from syncapp.http.errors import Transient


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `limit` calls in `per_seconds`; `kind` names the calls it counts, empty counts all."""

    limit: int
    per_seconds: float
    kind: str = ""


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
    never tied up.
    """

    def __init__(
        self,
        limit: int,
        per_seconds: float,
        *more: Budget,
        time_scale: float = 1,
        longest_wait: float = 120,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._windows = [_Window(item, time_scale) for item in (Budget(limit, per_seconds), *more)]
        self._scale = time_scale
        self._longest = longest_wait
        self._clock, self._wall, self._sleep = clock, wall, sleep
        self._rest_until = 0.0
        self._lock = threading.Lock()

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
                self._sleep(need)
                waited += need
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
                until = min(max(0.0, (reset - self._wall()) / self._scale), first.per_seconds)
                self._rest_until = max(self._rest_until, self._clock() + until)

    def rest(self, seconds: float) -> None:
        """Send nothing for this long: the vendor answered 429."""
        with self._lock:
            self._rest_until = max(self._rest_until, self._clock() + seconds / self._scale)

    def _counting(self, kind: str) -> list[_Window]:
        return [window for window in self._windows if window.kind in {"", kind}]

    def _need(self, kind: str) -> float:
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
