"""OAuth 2.0 in the two dialects: Clio's (credentials in the form) and Intuit's (Basic, discovery, scope).

Facts: clio/API.md section 1, qbo/API.md section 1.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from syncapp.http import redact
from syncapp.http.errors import Refused, Revoked, Transient
from syncapp.http.session import Session
from syncapp.http.wire import Response

QBO_SCOPE = "com.intuit.quickbooks.accounting"
_HARD_EXPIRY = {"x-include-refresh-token-hard-expires-in": "true"}
_TIMEOUT = 60.0
_UNSTATED_LIFETIME = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What an exchange or a refresh gave; lifetimes in seconds, None where the vendor states none."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_in: int
    refresh_expires_in: int | None = None
    hard_expires_in: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """One vendor's authorisation server and our registration with it.

    `basic` puts the credentials in an Authorization header, else they go into the form.
    """

    provider: str
    authorize_url: str
    token_url: str
    revoke_url: str
    client_id: str
    client_secret: str = field(repr=False)
    basic: bool = False
    scope: str = ""
    authorize_extra: Mapping[str, str] = field(default_factory=dict)
    token_headers: Mapping[str, str] = field(default_factory=dict)


def clio(*, host: str, client_id: str, client_secret: str) -> Authority:
    """Return Clio's authority at a region's host root: no scope, a decline comes back to us."""
    root = host.rstrip("/")
    return Authority(
        provider="Clio",
        authorize_url=f"{root}/oauth/authorize",
        token_url=f"{root}/oauth/token",
        revoke_url=f"{root}/oauth/deauthorize",
        client_id=client_id,
        client_secret=client_secret,
        authorize_extra={"redirect_on_decline": "true"},
    )


_discovered: dict[str, Mapping[str, str]] = {}
_discovering = threading.Lock()


def quickbooks(*, discovery_url: str, client_id: str, client_secret: str) -> Authority:
    """Return Intuit's authority; its addresses come from the discovery document, read once per process.

    Raises Transient or Refused when the document cannot be read.
    """
    with _discovering:
        if discovery_url not in _discovered:
            _discovered[discovery_url] = _discover(discovery_url)
    document = _discovered[discovery_url]
    return Authority(
        provider="QuickBooks",
        authorize_url=document["authorization_endpoint"],
        token_url=document["token_endpoint"],
        revoke_url=document["revocation_endpoint"],
        client_id=client_id,
        client_secret=client_secret,
        basic=True,
        scope=QBO_SCOPE,
        token_headers=_HARD_EXPIRY,
    )


def forget_discovery() -> None:
    """Read the discovery documents again at the next use."""
    _discovered.clear()


def _discover(url: str) -> Mapping[str, str]:
    answer = _session(url, "QuickBooks").request("GET", url, headers={"Accept": "application/json"})
    if not answer.ok:
        raise Refused(
            "QuickBooks' discovery document is not there.",
            status=answer.status,
            code="discovery",
        )
    document = answer.json()
    names = ("authorization_endpoint", "token_endpoint", "revocation_endpoint")
    if not isinstance(document, dict) or not all(isinstance(document.get(name), str) for name in names):
        raise Transient(
            "QuickBooks' discovery document could not be read.",
            answer.vendor_request_id,
        )
    return {name: document[name] for name in names}


def authorize_url(authority: Authority, *, redirect_uri: str, state: str) -> str:
    """Return the address at which a person allows us in; `state` ties the answer to the session."""
    params = {
        "client_id": authority.client_id,
        "response_type": "code",
        **({"scope": authority.scope} if authority.scope else {}),
        "redirect_uri": redirect_uri,
        "state": state,
        **authority.authorize_extra,
    }
    return f"{authority.authorize_url}?{urlencode(params, quote_via=quote)}"


def exchange(authority: Authority, *, code: str, redirect_uri: str) -> Tokens:
    """Exchange the code of a callback for tokens; sent once only, since a second one may void the first.

    Raises Revoked (code used or expired), Refused (our registration), Transient.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
    }
    return _tokens(_post(authority, form), provider=authority.provider, kept="")


def refresh(authority: Authority, *, refresh_token: str) -> Tokens:
    """Return fresh tokens; an answer without a refresh token keeps the old one (Clio never rotates).

    Store the result before using it: QuickBooks rotates the refresh token. Never retried here.
    Raises Revoked (a person must connect again), Refused (our registration), Transient.
    """
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return _tokens(_post(authority, form), provider=authority.provider, kept=refresh_token)


def revoke(authority: Authority, *, access: str, refresh: str = "") -> None:
    """Give the authorisation back. One that is gone already is no error. Raises Transient, Refused."""
    session = _session(authority.revoke_url, authority.provider)
    if authority.basic:
        answer = session.request(
            "POST",
            authority.revoke_url,
            json={"token": refresh or access},
            headers=_headers(authority),
        )
    else:
        answer = session.request(
            "POST",
            authority.revoke_url,
            data={"token": access},
            headers={"Authorization": f"Bearer {access}"},
        )
    if answer.ok:
        return
    code, detail = _words(answer)
    if answer.status in {400, 401} and code != "invalid_client":
        return
    raise _refused(authority.provider, answer, code, detail)


def _post(authority: Authority, form: dict[str, str]) -> Response:
    if not authority.basic:
        form = {
            **form,
            "client_id": authority.client_id,
            "client_secret": authority.client_secret,
        }
    session = _session(authority.token_url, authority.provider)
    answer = session.request("POST", authority.token_url, data=form, headers=_headers(authority))
    if answer.ok:
        return answer
    code, detail = _words(answer)
    if code == "invalid_grant":
        raise Revoked(
            f"{authority.provider} no longer accepts this connection. Connect again.",
            answer.vendor_request_id,
        )
    raise _refused(authority.provider, answer, code, detail)


def _refused(provider: str, answer: Response, code: str, detail: str) -> Refused:
    words = f"{provider} did not accept the connection."
    if code in {"invalid_client", "unauthorized_client"}:
        words = f"{provider} does not accept this installation's client id and secret."
    return Refused(words, answer.vendor_request_id, status=answer.status, code=code, detail=detail)


def _headers(authority: Authority) -> dict[str, str]:
    headers = {"Accept": "application/json", **authority.token_headers}
    if authority.basic:
        pair = f"{authority.client_id}:{authority.client_secret}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    return headers


def _words(answer: Response) -> tuple[str, str]:
    """Return OAuth's error code and its redacted description; the status alone tells nothing."""
    try:
        body = answer.json()
    except Transient:
        return "", redact.text(answer.text[:200])
    if not isinstance(body, dict):
        return "", ""
    return str(body.get("error") or ""), redact.text(str(body.get("error_description") or ""))


def _tokens(answer: Response, *, provider: str, kept: str) -> Tokens:
    body = answer.json()
    access = body.get("access_token") if isinstance(body, dict) else None
    if not isinstance(access, str) or not access:
        raise Transient(f"The answer of {provider} could not be read.", answer.vendor_request_id)
    rotated = body.get("refresh_token")
    return Tokens(
        access=access,
        refresh=rotated if isinstance(rotated, str) and rotated else kept,
        expires_in=_seconds(body.get("expires_in")) or _UNSTATED_LIFETIME,
        refresh_expires_in=_seconds(body.get("x_refresh_token_expires_in")),
        hard_expires_in=_seconds(body.get("x_refresh_token_hard_expires_in")),
    )


def _seconds(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _session(url: str, provider: str) -> Session:
    parts = urlsplit(url)
    return Session(f"{parts.scheme}://{parts.netloc}", timeout=_TIMEOUT, provider=provider)
