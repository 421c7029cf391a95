"""Throttles (API.md 6): 500 a minute per realm, 10 a second per app and realm, 40 batches a minute."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

from syncapp.emulators.wire import Clock

PER_MINUTE, PER_SECOND, BATCHES = 500, 10, 40


@dataclass(slots=True)
class Throttle:
    """Sliding windows. `scale` multiplies every budget (TIME_SCALE)."""

    clock: Clock
    scale: float = 1
    _seen: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))
    refused: int = 0

    def admit(self, realm: str, *, batch: bool) -> bool:
        """Count the call; false when a budget is spent (then it does not count)."""
        now = self.clock.seconds()
        windows = [("minute", 60.0, PER_MINUTE), ("second", 1.0, PER_SECOND)]
        if batch:
            windows.append(("batch", 60.0, BATCHES))
        for name, width, top in windows:
            seen = self._seen[realm, name]
            while seen and seen[0] <= now - width:
                seen.popleft()
            if len(seen) >= top * self.scale:
                self.refused += 1
                return False
        for name, _, _ in windows:
            self._seen[realm, name].append(now)
        return True
