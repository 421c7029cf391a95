"""The line to both vendors and to the database: what breaks on it, and where the worker dies."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from django.db import connection

from accounts import tenancy
from tests.stateful.clock import Virtual

PASSED_BY = ("django", "contextlib", "accounts.tenancy", "tests.stateful.wire", "psycopg")
READS = ("GET",)
WRITING = {"update", "insert", "delete", "with k"}
OF_POSTGRES = "clock_timestamp()"  # the database's clock, which must be the history's too


class Killed(BaseException):
    """The worker's process is gone: no handler of the product may see it."""


@dataclass(slots=True)
class Broken:
    """A connection that fails: `times` calls of a vendor from the `nth` on.

    `calls` says which count: `any`, `read` or `write`.
    """

    vendor: str
    kind: str
    calls: str = "any"
    nth: int = 1
    times: int = 1
    seen: int = 0

    def due(self, vendor: str, *, read: bool) -> bool:
        """Count one call; true when it is to fail."""
        if vendor != self.vendor or self.calls == ("write" if read else "read"):
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


@dataclass(slots=True)
class Death:
    """Where the worker dies: `before` or `after` the `nth` passage of a point.

    A point is `commit record.run` or `call qbo batch`; its beginning stands for all that begin so.
    """

    point: str
    side: str
    nth: int = 1
    seen: int = 0

    def due(self, point: str, side: str) -> bool:
        """Count one passage; true when the worker dies here."""
        if side != self.side or not point.startswith(self.point):
            return False
        self.seen += 1
        return self.seen == self.nth


class Line:
    """Everything that leaves the worker passes here. A dead worker neither writes nor calls."""

    def __init__(self, clock: Virtual) -> None:
        self.clock = clock
        self.broken: list[Broken] = []
        self.death: Death | None = None
        self.dead = False
        self.working = False  # a worker is at it: nobody else is killed
        self.hit: Counter[str] = Counter()
        self.died: Counter[str] = Counter()
        self.points: Counter[str] = Counter()
        self._scope = ""
        self._committing = ""

    def mend(self) -> None:
        """Nothing is broken any more, and the next worker lives."""
        self.broken.clear()
        self.death, self.dead = None, False

    def passing(self, point: str, side: str) -> None:
        """Die here if this is the place."""
        if side == "before":
            self.points[point] += 1
        if self.working and self.death is not None and self.death.due(point, side):
            self.died[f"{side} {point}"] += 1
            self.dead = True
            raise Killed(f"{side} {point}")

    def failing(self, vendor: str, *, read: bool) -> str:
        """How this call fails, or nothing."""
        due = [one for one in self.broken if one.due(vendor, read=read)]
        if due:
            self.hit[due[0].kind] += 1
        return due[0].kind if due else ""

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Stand between Django and the database (`connection.execute_wrapper`)."""
        if self.dead and not sql.startswith(("ROLLBACK TO", "RELEASE")):
            raise Killed("a dead worker writes nothing")
        if OF_POSTGRES in sql:
            sql = sql.replace(OF_POSTGRES, f"to_timestamp({self.clock.wall()!r})")
        if sql == tenancy.SET:
            self._scope = f"commit {_caller()}" if params[0] else ""
        elif sql == tenancy.END:
            self._committing, self._scope = self._scope, ""
            if self._committing:
                self.passing(self._committing, "before")
        elif self._committing and sql.startswith("RELEASE SAVEPOINT"):
            point, self._committing = self._committing, ""
            answer = execute(sql, params, many, context)
            self.passing(point, "after")
            return answer
        elif tenancy._scope.get() is None and sql.lstrip()[:6].lower() in WRITING:
            point = f"commit {_caller()}"
            self.passing(point, "before")
            answer = execute(sql, params, many, context)
            self.passing(point, "after")
            return answer
        return execute(sql, params, many, context)


def _caller() -> str:
    """The product's function that asked: module and name."""
    frame = sys._getframe(2)
    while frame.f_back is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if not name.startswith(PASSED_BY):
            return f"{name.rpartition('.')[2]}.{frame.f_code.co_name}"
        frame = frame.f_back
    return "?"


class Transport(httpx.BaseTransport):
    """A vendor behind the line."""

    def __init__(self, line: Line, vendor: str, app: Any) -> None:
        self.line, self.vendor, self.inner = line, vendor, httpx.WSGITransport(app=app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Make the call, or not, and lose its answer, or not."""
        if self.line.dead:
            raise Killed("a dead worker calls nobody")
        read = request.method in READS
        point = f"call {self.vendor} {'read' if read else _write(request)}"
        self.line.passing(point, "before")
        kind = self.line.failing(self.vendor, read=read)
        if kind in FAILURES_BEFORE:
            raise FAILURES_BEFORE[kind](kind, request=request)
        answer = self.inner.handle_request(request)
        answer.read()
        if kind == "timeout_after":
            raise httpx.ReadTimeout(kind, request=request)
        self.line.passing(point, "after")
        return answer


FAILURES_BEFORE: dict[str, type[httpx.TransportError]] = {
    "timeout_before": httpx.ReadTimeout,
    "refused": httpx.ConnectError,
    "down": httpx.ConnectError,
    "reset": httpx.RemoteProtocolError,
}
FAILURES = (*FAILURES_BEFORE, "timeout_after")


def _write(request: httpx.Request) -> str:
    last = request.url.path.rstrip("/").rpartition("/")[2]
    return last if "/oauth" not in request.url.path else f"oauth {last}"


@contextmanager
def drawn(line: Line) -> Iterator[Line]:
    """Put the line between the product and its database."""
    with connection.execute_wrapper(line):
        yield line
