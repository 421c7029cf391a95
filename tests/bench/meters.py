"""Meters round the emulators: which calls reach a vendor, and how much of the time is the vendor's own."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

type Wsgi = Callable[..., Iterable[bytes]]


@dataclass(slots=True, kw_only=True)
class Meter:
    """Stands before one vendor and counts. `cpu` and `wall` are seconds inside the vendor's program."""

    app: Wsgi
    calls: Counter[str] = field(default_factory=Counter)
    cpu: float = 0.0
    wall: float = 0.0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Pass one call on."""
        self.calls[sort_of(environ["REQUEST_METHOD"], environ["PATH_INFO"])] += 1
        cpu, wall = time.thread_time(), time.perf_counter()
        try:
            return list(self.app(environ, start_response))
        finally:
            self.cpu += time.thread_time() - cpu
            self.wall += time.perf_counter() - wall

    def take(self) -> Meter:
        """Return what was counted so far and begin again at nothing."""
        past = Meter(app=self.app, calls=self.calls, cpu=self.cpu, wall=self.wall)
        self.calls, self.cpu, self.wall = Counter(), 0.0, 0.0
        return past

    @property
    def total(self) -> int:
        """Return how many calls there were."""
        return sum(self.calls.values())


def sort_of(method: str, path: str) -> str:
    """Name a call as the vendors' limits tell them apart: sign-in, batch, read or write."""
    if "/oauth" in path or "/tokens" in path or "openid" in path:
        return "sign-in"
    if path.endswith("/batch"):
        return "batch"
    return "read" if method == "GET" or path.endswith("/query") else "write"
