"""The line to QuickBooks: each document meets its own fault on it, once."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx
from werkzeug.wrappers import Request, Response

from syncapp.emulators.qbo.api import Speech
from syncapp.emulators.qbo.errors import Refused
from syncapp.emulators.wire import Answer, App, ConnectionDropped, loads

OUTAGE = 6  # calls that are answered 503 after the first one


class Killed(BaseException):
    """The worker's process is gone: no handler of the product may see it."""


@dataclass(slots=True)
class Act:
    """What happens to one call. `meanwhile` is what somebody does the moment before it is answered."""

    fault: str
    meanwhile: Callable[[], object] | None = None


@dataclass(slots=True)
class Line:
    """Stands before the emulator. `armed`: by number, name or id, what happens to the calls that carry it."""

    app: App
    armed: dict[str, list[Act]] = field(default_factory=dict)
    honours: dict[str, bool] = field(default_factory=dict)  # whose `requestid` QuickBooks honours
    next_read: Act | None = None
    next_token: Act | None = None
    sprung: list[tuple[str, str, str]] = field(default_factory=list)  # what was met, by whom, on which path
    late: list[dict[str, Any]] = field(default_factory=list)
    outage: int = 0
    ended: bool = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one call."""
        while self.late:
            Response.from_app(self.app, self.late.pop(), buffered=True)
        request = Request(environ)
        body = request.get_data(cache=True)
        environ["wsgi.input"] = io.BytesIO(body)
        return self._answer(request, body, environ)(environ, start_response)

    @property
    def speech(self) -> Speech:
        """How the company words its refusals."""
        return Speech(next(iter(self.app.state.companies.values())))

    def _answer(self, request: Request, body: bytes, environ: dict[str, Any]) -> Response:
        if self.outage:
            self.outage -= 1
            return self.speech.server_error(status=503).response()
        act, who = self._act(request, body)
        if act is not None:
            self.sprung.append((act.fault, who, request.path.rsplit("/", 1)[-1]))
            if act.meanwhile is not None:
                act.meanwhile()
        if self.ended and request.method == "POST" and not _reads(request) and not _signs_in(request):
            fault = Refused(
                "6190", "Subscription period has ended or canceled or there was a billing problem"
            )
            return Answer({"Fault": fault.fault()}, status=403).response()
        if act is None:
            return Response.from_app(self.app, environ, buffered=True)
        return self._with(act.fault, environ, body)

    def _act(self, request: Request, body: bytes) -> tuple[Act | None, str]:
        if _signs_in(request):
            act, self.next_token = self.next_token, None
            return act, "token"
        if _reads(request):
            act, self.next_read = self.next_read, None
            return act, "read"
        keys = _keys(body)
        switches = next(iter(self.app.state.companies.values())).switches
        switches.honour_requestid = any(self.honours.get(key, False) for key in keys)
        for key in keys:
            if self.armed.get(key):
                return self.armed[key].pop(0), key
        return None, ""

    def _with(self, fault: str, environ: dict[str, Any], body: bytes) -> Response:
        """Answer with a fault in the way."""

        def work() -> Response:
            return Response.from_app(self.app, {**environ, "wsgi.input": io.BytesIO(body)}, buffered=True)

        match fault:
            case "timeout_before":
                raise httpx.ReadTimeout("no answer")
            case "timeout_after":
                work()
                raise httpx.ReadTimeout("no answer")
            case "timeout_late":
                self.late.append({**environ, "wsgi.input": io.BytesIO(body)})
                raise httpx.ReadTimeout("no answer")
            case "drop_before":
                raise ConnectionDropped(fault)
            case "drop_after":
                work()
                raise ConnectionDropped(fault)
            case "killed_before":
                raise Killed
            case "killed_after":
                work()
                raise Killed
            case _:
                return self._spoken(fault, work)

    def _spoken(self, fault: str, work: Callable[[], Response]) -> Response:
        """Answer something else than the work's own answer."""
        if fault in {"broken_written", "fault200_written", "malformed"}:
            work()
        match fault:
            case "busy" | "busy_bare":
                return self.speech.throttled(retry_after=2 if fault == "busy" else None).response()
            case "broken" | "broken_written":
                return self.speech.server_error(status=500).response()
            case "away":
                self.outage = OUTAGE
                return self.speech.server_error(status=503).response()
            case "fault200" | "fault200_written":
                return self.speech.fault_200(args={}).response()
            case "malformed":
                return Response('{"unfinished": [1, ', content_type="application/json")
            case "truncated":
                whole = work().get_data()
                return Response(whole[: len(whole) // 2], content_type="application/json")
            case "differs":
                shown = work().get_data(as_text=True)
                return Response(re.sub(r'"TotalAmt":[\d.]+', '"TotalAmt":7.77', shown),
                                content_type="application/json")  # fmt: skip
            case "expired":
                return self.speech.expired_token().response()
            case _:
                return work()


def _signs_in(request: Request) -> bool:
    return "/oauth2/" in request.path


def _reads(request: Request) -> bool:
    return request.method == "GET" or request.path.endswith("/query")


def _keys(body: bytes) -> list[str]:
    """Return what a write names: the ids of what it changes, the numbers and names of what it makes."""
    try:
        given = loads(body)
    except ValueError:
        return []
    if not isinstance(given, dict):
        return []
    items = given.get("BatchItemRequest")
    objects = [one for item in items or [] for one in item.values() if isinstance(one, dict)]
    return [
        str(one.get("Id") or one.get("DocNumber") or one.get("DisplayName") or "")
        for one in objects or [given]
    ]
