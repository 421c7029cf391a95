"""Rate limits: 50 requests in 60 seconds per access token (API.md section 3)."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

from syncapp.emulators.clio.errors import ApiError
from syncapp.emulators.clio.switches import Switches

WINDOW = 60.0


@dataclass(slots=True)
class Limits:
    """One fixed window per token. `scale` (TIME_SCALE) lets the window's time run faster.

    The headers speak of the vendor's seconds; a client that divides its waits by TIME_SCALE waits rightly.
    """

    scale: float = 1
    windows: dict[str, tuple[float, int]] = field(default_factory=dict)

    def spend(self, token: str, switches: Switches, *, seconds: float) -> dict[str, str]:
        """Count one request and give the headers of its answer. Raises ApiError 429."""
        budget = switches.rate_limit
        length = WINDOW / self.scale
        start, used = self.windows.get(token, (seconds, 0))
        if seconds - start >= length:
            start, used = seconds, 0
        used += 1
        left = (start + length - seconds) * self.scale
        headers = {
            "X-RateLimit-Limit": str(budget),
            "X-RateLimit-Remaining": str(max(0, budget - used)),
            "X-RateLimit-Reset": str(math.ceil(time.time() + left)),
        }
        if not switches.rate_limited:
            return headers
        self.windows[token] = (start, min(used, budget))
        if used > budget:
            wait = {"Retry-After": str(max(1, math.ceil(left)))}
            raise ApiError(429, switches.type_429, "Rate limit exceeded.", headers | wait)
        return headers
