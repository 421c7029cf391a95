"""A conversation with one vendor on behalf of one connection: retries of reads, refresh, pace, hooks.

Writes are never retried here: what became of an unanswered write is found out by looking (DESIGN section 7).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import stamina
import structlog

from syncapp.http import redact
from syncapp.http.errors import Refused, Revoked, Transient
from syncapp.http.pace import Pace
from syncapp.http.wire import Response, dumps, retry_after
from syncapp.http.wiring import (
    Call,
    allow_again,
    check_allowed,
    client_for,
    configure,
    forbid_when,
    mount,
    mount_wsgi,
    on_call,
    tell,
    time_scale,
    unmount_all,
)

__all__ = [
    "Call",
    "Response",
    "Session",
    "allow_again",
    "configure",
    "forbid_when",
    "mount",
    "mount_wsgi",
    "on_call",
    "single_try",
    "time_scale",
    "unmount_all",
]

_log = structlog.get_logger(__name__)

type Params = Mapping[str, str | int | Sequence[str | int]]

_ATTEMPTS = 6
_PATIENCE = 180.0  # seconds of waiting in all before a read gives up
_LONGEST_RETRY_AFTER = 120.0
_SHORTEST_TIMEOUT = 1.0  # a scaled time-out must still leave the machine time to answer
_SHORTEST_ON_THE_WIRE = 5.0  # and another process, which has its own work, more of it
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    ConnectionRefusedError,
)

_attempts: ContextVar[int] = ContextVar("attempts", default=_ATTEMPTS)


@contextmanager
def single_try() -> Iterator[None]:
    """Let each read of the block be tried once only: a probe of a vendor that was in trouble."""
    before = _attempts.set(1)
    try:
        yield
    finally:
        _attempts.reset(before)


class Session:
    """Calls to one vendor. `timeout` is in seconds; `token(force)` returns a bearer token.

    A forced token is a refreshed one. `provider` is the vendor's name as people know it,
    `path_shown` what logs show where the path itself is a secret.
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = 60,
        headers: Mapping[str, str] | None = None,
        pace: Pace | None = None,
        token: Callable[[bool], str] | None = None,
        provider: str = "",
        path_shown: str = "",
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.provider = provider or urlsplit(base_url).netloc
        self._timeout = timeout
        self._headers = dict(headers or {})
        self._pace = pace
        self._token = token
        self._path_shown = path_shown

    def request(
        self,
        method: str,
        path_or_url: str,
        *,
        params: Params | None = None,
        json: object = None,
        data: Mapping[str, str] | None = None,
        content: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        idempotent: bool | None = None,
        kind: str = "",
        timeout: float | None = None,
    ) -> Response:
        """Make one call and return its answer, whatever its status below 500 but 401 and 429.

        `idempotent` says that it may be sent again (default: GET and HEAD). `kind` names the budget it also
        counts in. Query values keep literal braces, which Clio wants (clio/API.md section 2).
        Raises Transient (no answer, 5xx, 429), Revoked (401 after a refresh), ForbiddenCallError.
        """
        check_allowed()
        retry = method.upper() in {"GET", "HEAD"} if idempotent is None else idempotent
        url = self._url(path_or_url, params)
        body: dict[str, Any] = {}
        if json is not None:
            body["content"] = dumps(json)
            headers = {"Content-Type": "application/json", **(headers or {})}
        elif data is not None:
            body["data"] = dict(data)
        elif content is not None:
            body["content"] = content
        sent_with = dict(headers or {})
        call = _Prepared(method.upper(), url, body, sent_with, kind, timeout or self._timeout)
        return self._patiently(call) if retry else self._authorised(call)

    def _patiently(self, call: _Prepared) -> Response:
        """Repeat a read that met a busy or broken vendor, within bounds."""
        scale = time_scale()
        tries = 0

        def wait_before_next(error: Exception) -> bool | float:
            nonlocal tries
            tries += 1
            if not isinstance(error, Transient):
                return False
            if error.retry_after is None:
                return True
            if error.retry_after > _LONGEST_RETRY_AFTER:
                return False
            # A vendor under the same time scale may have shrunk the figure already: grow towards it.
            return min(error.retry_after, error.retry_after / scale * 2.0 ** (tries - 1))

        waits = {
            "wait_initial": 0.5 / scale,
            "wait_max": 20 / scale,
            "wait_jitter": 0.5 / scale,
        }
        for attempt in stamina.retry_context(
            wait_before_next, attempts=_attempts.get(), timeout=_PATIENCE, **waits
        ):
            with attempt:
                answer = self._authorised(call)
                if answer.says_json:
                    answer.json()  # a body that broke off is asked for again, like no answer at all
                return answer
        raise AssertionError("unreachable")

    def _authorised(self, call: _Prepared) -> Response:
        if self._token is None:
            return self._once(call, None)
        answer = self._once(call, self._token(False))
        if answer.status != HTTPStatus.UNAUTHORIZED:
            return answer
        answer = self._once(call, self._token(True))
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise Revoked(
                f"{self.provider} no longer accepts this connection.",
                answer.vendor_request_id,
            )
        return answer

    def _once(self, call: _Prepared, token: str | None) -> Response:
        if self._pace:
            self._pace.take(call.kind)
        headers = {**self._headers, **call.headers}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        started = time.perf_counter()
        try:
            answer = self._send(call, headers)
        except Transient as error:
            self._tell(call, error.status, started, error.vendor_request_id)
            raise
        self._tell(call, answer.status, started, answer.vendor_request_id)
        if self._pace:
            self._pace.heard(answer.headers)
        self._refuse_busy(answer)
        return answer

    def _send(self, call: _Prepared, headers: dict[str, str]) -> Response:
        client, mounted = client_for(call.url)
        shortest = _SHORTEST_TIMEOUT if mounted else _SHORTEST_ON_THE_WIRE
        patience = max(shortest, call.timeout / time_scale())
        started = time.perf_counter()
        try:
            raw = client.request(call.method, call.url, headers=headers, timeout=patience, **call.body)
            answer = Response(
                raw.status_code,
                {k.lower(): v for k, v in raw.headers.items()},
                raw.text,
                raw.content,
                self.provider,
            )
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Refused(f"The address of {self.provider} is not usable.", code="address") from error
        except (httpx.HTTPError, OSError) as error:
            left = not isinstance(error, _NEVER_LEFT)
            words = "gave no answer" if left else "could not be reached"
            raise Transient(f"{self.provider} {words}.", sent=left) from error
        if mounted and time.perf_counter() - started > patience:
            # A program in this process cannot be interrupted; its late answer is none.
            raise Transient(f"{self.provider} gave no answer in time.")
        return answer

    def _refuse_busy(self, answer: Response) -> None:
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            seconds = retry_after(answer.headers)
            if self._pace and seconds is not None:
                self._pace.rest(min(seconds, _LONGEST_RETRY_AFTER))
            words = f"{self.provider} asks to wait."
            raise Transient(
                words,
                answer.vendor_request_id,
                retry_after=seconds or 60.0,
                sent=False,
                status=429,
            )
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            words = f"{self.provider} has a fault of its own (HTTP {answer.status})."
            seconds = retry_after(answer.headers)
            raise Transient(
                words,
                answer.vendor_request_id,
                retry_after=seconds,
                status=answer.status,
                body=answer.text,
            )

    def _tell(self, call: _Prepared, status: int, started: float, request_id: str) -> None:
        made = Call(
            provider=self.provider,
            method=call.method,
            path=self._path_shown or redact.text(urlsplit(call.url).path),
            status=status,
            ms=round((time.perf_counter() - started) * 1000),
            vendor_request_id=request_id,
            kind=call.kind,
        )
        went_well = HTTPStatus.OK <= status < HTTPStatus.BAD_REQUEST
        _log.log(logging.INFO if went_well else logging.WARNING, "vendor call", **asdict(made))
        tell(made)

    def _url(self, path_or_url: str, params: Params | None) -> str:
        absolute = path_or_url.startswith(("http://", "https://"))
        if absolute and not _same_origin(path_or_url, self.base_url) and self._token is not None:
            # A page link must never carry the token to another host.
            raise Refused(
                f"{self.provider} answered with an address of another host.",
                code="foreign_address",
            )
        url = path_or_url if absolute else f"{self.base_url}/{path_or_url.lstrip('/')}"
        if not params:
            return url
        query = urlencode(dict(params), doseq=True, safe="{},()", quote_via=quote)
        return f"{url}{'&' if '?' in url else '?'}{query}"


@dataclass(frozen=True, slots=True)
class _Prepared:
    method: str
    url: str
    body: dict[str, Any]
    headers: dict[str, str]
    kind: str
    timeout: float


def _same_origin(one: str, other: str) -> bool:
    a, b = urlsplit(one), urlsplit(other)
    return (a.scheme, a.hostname, a.port) == (b.scheme, b.hostname, b.port)
