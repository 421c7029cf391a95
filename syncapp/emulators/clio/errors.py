"""Clio's error answers. Names for 404, 412, 422 and 429 are not published: they are switches."""

from __future__ import annotations

from typing import Any

from syncapp.emulators.clio.switches import Switches
from syncapp.emulators.wire import Answer


class ApiError(Exception):
    """An answer in Clio's error shape."""

    def __init__(self, status: int, kind: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.kind, self.message, self.headers = status, kind, message, headers or {}

    def answer(self) -> Answer:
        """`{"error": {"type", "message"}}` (API.md section 2)."""
        return Answer({"error": {"type": self.kind, "message": self.message}}, self.status, self.headers)


def no_token() -> ApiError:
    """401 as measured without a token."""
    return ApiError(401, "UnauthorizedError", "User is not authorized")


def bad_token() -> Answer:
    """401 as measured with a bad token: `error` is a string here."""
    text = "The access token provided is expired, revoked, malformed or invalid for other reasons."
    return Answer(
        {"error": "invalid_token", "error_description": text},
        401,
        {"WWW-Authenticate": f'Bearer realm="Clio", error="invalid_token", error_description="{text}"'},
    )


def not_found(switches: Switches) -> ApiError:
    """404."""
    return ApiError(404, switches.type_404, "The record was not found.")


def refused(switches: Switches, message: str) -> ApiError:
    """422."""
    return ApiError(422, switches.type_422, message)


class ClioDialect:
    """How Clio words planned faults."""

    def __init__(self, switches: Any) -> None:
        self._switches = switches

    def throttled(self, *, retry_after: int | None) -> Answer:
        """429 with `Retry-After` (API.md section 3)."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return ApiError(429, self._switches().type_429, "Rate limit exceeded.", headers).answer()

    def server_error(self, *, status: int) -> Answer:
        """A page of the proxy, not JSON."""
        return Answer(
            text="<html><body>Something went wrong</body></html>",
            status=status,
            content_type="text/html; charset=utf-8",
        )

    def expired_token(self) -> Answer:
        """The 401 of a dead token."""
        return bad_token()

    def fault_200(self, *, args: dict[str, Any]) -> Answer:
        """Clio documents none; the plan may ask for any body."""
        return Answer(args.get("body", {"data": None}))
