"""The thin WSGI layer under both emulators: routes, exact JSON, a clock, a keep-alive server."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

type Json = Any
type Handler = Callable[..., Answer | Response]

_MARK = f"decimal:{secrets.token_hex(8)}:"
_NUMBER = re.compile(f'"{_MARK}([^"]+)"')


def dumps(value: Json) -> str:
    """JSON text in which a `Decimal` is a number literal with exactly its own digits."""
    text = json.dumps(value, default=_mark, ensure_ascii=False, separators=(",", ":"))
    return _NUMBER.sub(r"\1", text)


def _mark(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{_MARK}{value:f}"
    raise TypeError(f"{type(value).__name__} has no JSON form")


def loads(text: str | bytes) -> Json:
    """Decode JSON with every fraction as `Decimal`. Raises ValueError on anything unreadable."""
    return json.loads(text, parse_float=Decimal)


class ConnectionDropped(ConnectionError):
    """The connection dies here: through `httpx.WSGITransport` as an exception, on a socket as a close."""


class Clock:
    """The emulator's time. Runs with the machine until `set`; `advance` moves it in either state."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at = at
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The present instant, always with a zone."""
        return self._at if self._at is not None else datetime.now(UTC) + self._ahead

    def seconds(self) -> float:
        """Seconds for rate windows: run on even while the date is frozen."""
        return time.monotonic() + self._ahead.total_seconds()

    def set(self, at: datetime) -> None:
        """Freeze at an instant that has a zone."""
        if at.tzinfo is None:
            raise ValueError("the clock wants an instant with a zone")
        self._at = at

    def advance(self, *, seconds: float) -> None:
        """Move forward; rate windows and token lifetimes move with it."""
        step = timedelta(seconds=seconds)
        self._ahead += step
        if self._at is not None:
            self._at += step


def time_scale(given: float | None = None) -> float:
    """The factor by which waits shrink and budgets grow: the argument, else TIME_SCALE, else 1."""
    scale = float(os.environ.get("TIME_SCALE", "1")) if given is None else float(given)
    if scale <= 0:
        raise ValueError("TIME_SCALE must be above zero")
    return scale


@dataclass(slots=True)
class Answer:
    """A JSON answer (or, with `text`, any other kind of body)."""

    body: Json = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    text: str | bytes | None = None
    content_type: str = "application/json;charset=UTF-8"

    def response(self) -> Response:
        """The answer as bytes for the wire."""
        content = self.text if self.text is not None else dumps(self.body)
        if self.status == 204:
            content = ""
        return Response(content, status=self.status, headers=self.headers, content_type=self.content_type)


def html(text: str, *, status: int = 200) -> Answer:
    """A page for people."""
    return Answer(text=text, status=status, content_type="text/html; charset=utf-8")


def redirect(location: str, *, status: int = 302) -> Answer:
    """Send the browser elsewhere."""
    return Answer(
        text="", status=status, headers={"Location": location}, content_type="text/html; charset=utf-8"
    )


def body_json(request: Request) -> Json:
    """The request's JSON body, fractions as Decimal. Raises ValueError when it is not JSON in UTF-8."""
    return loads(request.get_data().decode("utf-8"))


def body_form(request: Request) -> dict[str, str]:
    """The last value of each field of a form body."""
    return dict(request.form.items())


class App:
    """A WSGI program: routes to handlers, one lock around each, 501 for what is not emulated.

    Handlers take the request and the route's values. `locked=False` leaves the lock to the handler,
    which a handler that waits (a slow fault) must do itself with `app.lock`.
    """

    def __init__(self, *, clock: Clock | None = None, scale: float | None = None) -> None:
        self.clock = clock or Clock()
        self.time_scale = time_scale(scale)
        self.lock = threading.RLock()
        self.state: Any = None
        self.after: list[Callable[[Request, Response], None]] = []
        self._map = Map(strict_slashes=False, merge_slashes=False)
        self._handlers: dict[str, tuple[Handler, bool]] = {}

    def route(
        self, rule: str, *, methods: Iterable[str] = ("GET",), locked: bool = True
    ) -> Callable[[Handler], Handler]:
        """Register a handler under a werkzeug rule."""

        def register(handler: Handler) -> Handler:
            name = f"{len(self._handlers)}:{rule}"
            self._map.add(Rule(rule, endpoint=name, methods=list(methods)))
            self._handlers[name] = (handler, locked)
            return handler

        return register

    def answer(self, request: Request) -> Response:
        """Run the handler of a request; raises ConnectionDropped when a fault says so."""
        request.get_data(cache=True, parse_form_data=False)
        adapter = self._map.bind_to_environ(request.environ)
        try:
            name, values = adapter.match()
        except (NotFound, MethodNotAllowed):
            what = f"{request.method} {request.path} is not emulated"
            return Answer({"error": "not_emulated", "message": what}, status=501).response()
        except HTTPException as known:
            return Response.force_type(known.get_response(request.environ), request.environ)
        handler, locked = self._handlers[name]
        with self.lock if locked else nullcontext():
            result = handler(request, **values)
        return result.response() if isinstance(result, Answer) else result

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The WSGI entry."""
        request = Request(environ)
        response = self.answer(request)
        for step in self.after:
            step(request, response)
        return response(environ, start_response)


class _KeepAlive(WSGIRequestHandler):
    """HTTP/1.1 with connections kept: safe because `App` reads every request body to its end."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 120

    def run_wsgi(self) -> None:
        """Answer one request and leave the connection open for the next (werkzeug's own closes it)."""
        environ = self.make_environ()
        try:
            response = Response.from_app(self.server.app, environ, buffered=True)
            body = response.get_data()
        except ConnectionError as gone:
            self.connection_dropped(gone, environ)
            return
        except Exception as wrong:  # noqa: BLE001  a bug in an emulator must be seen, and must not hang its client
            self.server.log("error", f"{self.command} {self.path}: {wrong!r}")
            traceback.print_exc()
            response, body = Response("emulator error", status=500), b"emulator error"
        self.send_response(response.status_code)
        for keyword, value in response.headers.items():
            if keyword.lower() != "content-length":
                self.send_header(keyword, value)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:  # who asked for it must hear of it, or sends its next request nowhere
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def connection_dropped(self, error: BaseException, environ: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002  werkzeug's signature
        """Close the socket without an answer."""
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  werkzeug's signature
        """Say nothing: the demo's log belongs to the product."""


def serve(app: App, *, host: str = "127.0.0.1", port: int = 0) -> None:
    """Serve until interrupted, a thread per connection."""
    _server(app, host, port).serve_forever()


def _server(app: App, host: str, port: int) -> BaseWSGIServer:
    return make_server(host, port, app, threaded=True, request_handler=_KeepAlive)


class Running:
    """An emulator on a loopback port in a thread, for tests: `with Running(app) as url`."""

    def __init__(self, app: App, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._server = _server(app, host, port)
        self.url = f"http://{host}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> str:
        """Start to listen; gives the address."""
        self._thread.start()
        return self.url

    def __exit__(self, *_: object) -> None:
        """Stop to listen."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)
