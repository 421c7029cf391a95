"""The two dialects of OAuth, told apart by what their servers see."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from syncapp.http import oauth, redact, session
from syncapp.http.errors import Refused, Revoked, Transient

CLIO, INTUIT = "https://clio.test", "https://intuit.test"
DISCOVERY = {
    "authorization_endpoint": f"{INTUIT}/connect",
    "token_endpoint": f"{INTUIT}/bearer",
    "revocation_endpoint": f"{INTUIT}/revoke",
}


class Server:
    """Answers by path; keeps what it was asked."""

    def __init__(self, **answers: tuple[int, object]) -> None:
        self.answers = answers
        self.seen: list[tuple[str, dict[str, Any], str]] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        path = environ["PATH_INFO"]
        self.seen.append((path, environ, environ["wsgi.input"].read().decode()))
        status, body = self.answers[path.rsplit("/", 1)[-1]]
        start(f"{status} X", [("Content-Type", "application/json")])
        return [body.encode() if isinstance(body, str) else json.dumps(body).encode()]


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    oauth.forget_discovery()
    yield
    session.unmount_all()


def clio(**answers: tuple[int, object]) -> tuple[Server, oauth.Authority]:
    server = Server(**answers)
    session.mount_wsgi(CLIO, server)
    return server, oauth.clio(host=CLIO, client_id="id", client_secret="top-secret")


def intuit(**answers: tuple[int, object]) -> tuple[Server, oauth.Authority]:
    server = Server(discovery=(200, DISCOVERY), **answers)
    session.mount_wsgi(INTUIT, server)
    return server, oauth.quickbooks(
        discovery_url=f"{INTUIT}/discovery", client_id="id", client_secret="top-secret"
    )


def test_clio_is_asked_without_a_scope_and_returns_a_decline() -> None:
    url = oauth.authorize_url(clio()[1], redirect_uri="https://us.test/back", state="s&1")

    assert parse_qs(urlsplit(url).query) == {
        "client_id": ["id"],
        "response_type": ["code"],
        "redirect_uri": ["https://us.test/back"],
        "state": ["s&1"],
        "redirect_on_decline": ["true"],
    }


def test_quickbooks_is_asked_for_accounting_at_the_discovered_address_read_once() -> None:
    server, authority = intuit()

    again = oauth.quickbooks(discovery_url=f"{INTUIT}/discovery", client_id="id", client_secret="x")
    url = oauth.authorize_url(authority, redirect_uri="https://us.test/back", state="s")

    assert url.startswith(f"{INTUIT}/connect?")
    assert parse_qs(urlsplit(url).query)["scope"] == ["com.intuit.quickbooks.accounting"]
    assert again.token_url == authority.token_url
    assert len(server.seen) == 1


def test_clio_takes_the_credentials_in_the_form_and_keeps_its_refresh_token() -> None:
    server, authority = clio(token=(200, {"access_token": "a2", "expires_in": 2592000}))

    tokens = oauth.refresh(authority, refresh_token="r1")

    assert (tokens.access, tokens.refresh, tokens.expires_in) == ("a2", "r1", 2592000)
    assert parse_qs(server.seen[0][2])["client_secret"] == ["top-secret"]
    assert "HTTP_AUTHORIZATION" not in server.seen[0][1]


def test_quickbooks_takes_basic_credentials_and_rotates() -> None:
    answer = {
        "access_token": "a2",
        "refresh_token": "r2",
        "expires_in": 3600,
        "x_refresh_token_expires_in": 8726400,
        "x_refresh_token_hard_expires_in": 157680000,
    }
    server, authority = intuit(bearer=(200, answer))

    tokens = oauth.refresh(authority, refresh_token="r1")

    _, environ, body = server.seen[-1]
    assert environ["HTTP_AUTHORIZATION"] == "Basic " + base64.b64encode(b"id:top-secret").decode()
    assert environ["HTTP_X_INCLUDE_REFRESH_TOKEN_HARD_EXPIRES_IN"] == "true"
    assert "top-secret" not in body
    assert tokens.refresh == "r2"
    assert (tokens.refresh_expires_in, tokens.hard_expires_in) == (8726400, 157680000)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"error": "invalid_grant", "error_description": "Incorrect refresh token"}, Revoked),
        (400, {"error": "invalid_client"}, Refused),
        (401, {"error": "invalid_client"}, Refused),
        (400, "<html>", Refused),
        (200, "<html>", Transient),
        (200, {"token_type": "bearer"}, Transient),
        (503, "", Transient),
        (429, "", Transient),
    ],
)
def test_a_dead_connection_and_wrong_credentials_are_told_apart(
    status: int, body: object, error: type[Exception]
) -> None:
    server, authority = intuit(bearer=(status, body))

    with pytest.raises(error):
        oauth.refresh(authority, refresh_token="r1")

    assert len(server.seen) == 2  # discovery, and one try only


def test_revoking_what_is_gone_already_is_no_error() -> None:
    server, authority = clio(deauthorize=(401, {"error": "invalid_token"}))

    oauth.revoke(authority, access="a1")

    assert server.seen[0][1]["HTTP_AUTHORIZATION"] == "Bearer a1"
    assert server.seen[0][2] == "token=a1"


def test_quickbooks_revokes_by_the_refresh_token() -> None:
    server, authority = intuit(revoke=(200, ""))

    oauth.revoke(authority, access="a1", refresh="r1")

    assert json.loads(server.seen[-1][2]) == {"token": "r1"}


def test_nothing_shows_a_secret() -> None:
    tokens = oauth.Tokens(access="AAA-access", refresh="RRR-refresh", expires_in=1)
    shown = f"{tokens!r} {clio()[1]!r}"

    assert "AAA-access" not in shown
    assert "RRR-refresh" not in shown
    assert "top-secret" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abc123SECRETxyz",
        '{"refresh_token": "abc123SECRETxyz", "n": 1}',
        "grant_type=x&client_secret=abc123SECRETxyz&a=b",
        "https://us.test/back?code=abc123SECRETxyz&state=1",
        "failed: access_token: abc123SECRETxyz",
    ],
)
def test_secrets_are_taken_out_of_text(text: str) -> None:
    assert "SECRET" not in redact.text(text)


def test_secrets_are_taken_out_of_structures_and_error_codes_stay() -> None:
    value = {
        "Error": [{"code": "6240", "Message": "duplicate"}],
        "access_token": "SECRET",
        "n": [{"password": "SECRET"}],
    }

    hidden = redact.structure(value)

    assert "SECRET" not in str(hidden)
    assert "6240" in str(hidden)
