"""Deterministic faults: *the nth call of this operation* goes wrong in a named way (DESIGN section 11)."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from werkzeug.wrappers import Request, Response

from syncapp.emulators.wire import Answer, App, ConnectionDropped, body_json

KINDS = frozenset(
    {
        "slow",
        "refuse",
        "drop_before",
        "drop_after",
        "fault_200",
        "malformed",
        "throttle",
        "server_error",
        "expired_token",
    }
)


@dataclass(slots=True)
class Fault:
    """One planned fault: `times` calls of `operation` from the `nth` on, counted from when it was planned."""

    operation: str
    nth: int
    kind: str
    times: int = 1
    args: dict[str, Any] = field(default_factory=dict)
    seen: int = 0

    def due(self) -> bool:
        """Count one call; true when this call is the one."""
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times

    def as_json(self) -> dict[str, Any]:
        """The fault as the back door shows it."""
        return {
            "operation": self.operation,
            "nth": self.nth,
            "kind": self.kind,
            "times": self.times,
            "seen": self.seen,
            **self.args,
        }


class Dialect(Protocol):
    """How one vendor words what went wrong."""

    def throttled(self, *, retry_after: int | None) -> Answer: ...
    def server_error(self, *, status: int) -> Answer: ...
    def expired_token(self) -> Answer: ...
    def fault_200(self, *, args: dict[str, Any]) -> Answer: ...


class Faults:
    """The plan of faults and a count of every operation."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.plan: list[Fault] = []
        self.fired: list[tuple[str, str]] = []
        self._lock = threading.Lock()

    def add(self, operation: str, nth: int, kind: str, times: int = 1, **args: Any) -> Fault:
        """Plan a fault. Operation as `create invoice`, `batch`, `GET bills`, or `*` for any.

        `slow` takes `seconds` (divided by TIME_SCALE) and `where` (`before` or `after` the work);
        `refuse` takes `status`, `body`, `headers`; `malformed` and `server_error` take `commit`
        (does the work happen: default true and false); `throttle` takes `retry_after`.
        Raises ValueError on an unknown kind.
        """
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind}")
        if nth < 1 or times < 1:
            raise ValueError("calls are counted from 1")
        fault = Fault(operation, nth, kind, times, args)
        with self._lock:
            self.plan.append(fault)
        return fault

    def clear(self) -> None:
        """Forget the plan; counts stay."""
        with self._lock:
            self.plan.clear()

    def hit(self, *operations: str) -> Fault | None:
        """Count a call under each of its names and give the fault that is due, if any."""
        with self._lock:
            self.calls.update(operations)
            due = [f for f in self.plan if (f.operation == "*" or f.operation in operations) and f.due()]
            if due:
                self.fired.append((due[0].operation, due[0].kind))
            return due[0] if due else None


def perform(
    fault: Fault | None,
    work: Callable[[], Response],
    *,
    dialect: Dialect,
    scale: float = 1,
    sleep: Callable[[float], None] = time.sleep,
) -> Response:
    """Do the work with a fault in its way. Raises ConnectionDropped for the two drops.

    `work` takes the lock itself, so that a slow call does not hold up the others.
    """
    if fault is None:
        return work()
    if fault.kind == "slow":
        return _slow(fault, work, scale=scale, sleep=sleep)
    if fault.kind == "drop_after" or fault.args.get("commit", fault.kind == "malformed"):
        work()
    if fault.kind in ("drop_before", "drop_after"):
        raise ConnectionDropped(fault.operation)
    return _instead(fault, dialect).response()


def _instead(fault: Fault, dialect: Dialect) -> Answer:
    """What is answered in place of the work's own answer."""
    match fault.kind:
        case "malformed":
            return Answer(text=str(fault.args.get("text", '{"unfinished": [1, ')))
        case "server_error":
            return dialect.server_error(status=int(fault.args.get("status", 500)))
        case "refuse":
            headers = {str(k): str(v) for k, v in fault.args.get("headers", {}).items()}
            return Answer(fault.args.get("body", {}), int(fault.args.get("status", 400)), headers)
        case "throttle":
            return dialect.throttled(retry_after=fault.args.get("retry_after"))
        case "expired_token":
            return dialect.expired_token()
        case _:
            return dialect.fault_200(args=fault.args)


def _slow(
    fault: Fault, work: Callable[[], Response], *, scale: float, sleep: Callable[[float], None]
) -> Response:
    seconds = float(fault.args.get("seconds", 1)) / scale
    if fault.args.get("where", "before") == "before":
        sleep(seconds)
        return work()
    response = work()
    sleep(seconds)
    return response


def install(app: App, faults: Faults, *, prefix: str = "/_backdoor") -> None:
    """Let the plan and the clock be set over HTTP: `{prefix}/faults` and `{prefix}/clock`."""

    @app.route(f"{prefix}/faults", methods=("GET", "POST", "DELETE"))
    def plan(request: Request) -> Answer:
        if request.method == "DELETE":
            faults.clear()
        if request.method == "POST":
            given = dict(body_json(request))
            try:
                faults.add(given.pop("operation"), int(given.pop("nth", 1)), given.pop("kind"), **given)
            except (KeyError, ValueError, TypeError) as wrong:
                return Answer({"error": f"This fault cannot be planned: {wrong}"}, status=400)
        shown = [fault.as_json() for fault in faults.plan]
        return Answer({"faults": shown, "calls": dict(faults.calls), "fired": faults.fired})

    @app.route(f"{prefix}/clock", methods=("GET", "POST"))
    def clock(request: Request) -> Answer:
        if request.method == "POST":
            given = body_json(request)
            if "at" in given:
                app.clock.set(datetime.fromisoformat(given["at"]))
            app.clock.advance(seconds=float(given.get("advance", 0)))
        return Answer({"now": app.clock.now().isoformat()})
