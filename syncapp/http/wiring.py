"""What the shell sets once for the whole process: the guard, mounted hosts, the time scale, listeners."""

from __future__ import annotations

import ipaddress
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

import httpx

from syncapp.http.errors import ForbiddenCallError


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call as logs, metrics and metered counts see it. `path` has no query; `ms` are milliseconds.

    `status` is 0 when no answer came.
    """

    provider: str
    method: str
    path: str
    status: int
    ms: int
    vendor_request_id: str = ""
    kind: str = ""


class _Wiring:
    """The state of this module; one per process."""

    def __init__(self) -> None:
        self.time_scale = 1.0
        self.guards: dict[str, Callable[[], bool]] = {}
        self.listeners: list[Callable[[Call], None]] = []
        self.mounted: dict[str, httpx.Client] = {}
        self.clients: dict[tuple[int, bool], httpx.Client] = {}
        self.lock = threading.Lock()


_wiring = _Wiring()


def configure(*, time_scale: float) -> None:
    """Divide every time-out and wait, and multiply every budget, by `time_scale` (DESIGN section 10)."""
    if time_scale <= 0:
        raise ValueError("the time scale must be above zero")
    _wiring.time_scale = float(time_scale)


def time_scale() -> float:
    """Return the time scale of this process."""
    return _wiring.time_scale


def forbid_when(predicate: Callable[[], bool], sentence: str) -> None:
    """Refuse every call while `predicate()` is true, with ForbiddenCallError(sentence)."""
    _wiring.guards[sentence] = predicate


def allow_again(sentence: str) -> None:
    """Forget the guard of this sentence."""
    _wiring.guards.pop(sentence, None)


def check_allowed() -> None:
    """Raise ForbiddenCallError when a registered guard says so."""
    for sentence, forbidden in _wiring.guards.items():
        if forbidden():
            raise ForbiddenCallError(sentence)


def on_call(callback: Callable[[Call], None]) -> Callable[[], None]:
    """Tell `callback` of every call made; returns a function that stops it."""
    _wiring.listeners.append(callback)

    def stop() -> None:
        if callback in _wiring.listeners:
            _wiring.listeners.remove(callback)

    return stop


def tell(call: Call) -> None:
    """Tell every listener of one call."""
    for listener in list(_wiring.listeners):
        listener(call)


def mount(base_url_prefix: str, transport: httpx.BaseTransport) -> None:
    """Route every address below this prefix to `transport`, e.g. an `httpx.WSGITransport`."""
    _wiring.mounted[base_url_prefix.rstrip("/")] = _client(transport=transport)


def mount_wsgi(base_url_prefix: str, app: Callable[..., object]) -> None:
    """Route every address below this prefix to a WSGI program in this process."""
    mount(base_url_prefix, httpx.WSGITransport(app=app))  # type: ignore[arg-type]


def unmount_all() -> None:
    """Forget every mounted prefix."""
    _wiring.mounted.clear()


def client_for(url: str) -> tuple[httpx.Client, bool]:
    """Return the client that reaches `url`, and whether it is a mounted one.

    Connections are pooled per host in one client per process: a forked worker opens its own.
    """
    for prefix, client in _wiring.mounted.items():
        if url == prefix or url.startswith((prefix + "/", prefix + "?")):
            return client, True
    key = (os.getpid(), _is_local(url))
    with _wiring.lock:
        if key not in _wiring.clients:
            _wiring.clients[key] = _client(trust_env=not key[1])
        return _wiring.clients[key], False


def _client(*, transport: httpx.BaseTransport | None = None, trust_env: bool = False) -> httpx.Client:
    # One client serves many firms, so it must never keep a cookie.
    no_cookies = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    limits = httpx.Limits(max_connections=50, max_keepalive_connections=20, keepalive_expiry=30)
    return httpx.Client(
        transport=transport,
        trust_env=trust_env,
        cookies=no_cookies,
        limits=limits,
        follow_redirects=False,
        headers={"User-Agent": "Tieout"},
    )


def _is_local(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
