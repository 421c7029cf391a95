"""Intuit's OAuth: one consent is one company, and the callback names it (qbo/API.md section 1)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from syncapp.http import oauth
from syncapp.http.oauth import Authority, Tokens

__all__ = ["Authority", "Callback", "DeniedError", "Tokens", "authority", "callback", "exchange"]


class DeniedError(ValueError):
    """The browser came back without consent. `words` is for the person who tried."""

    def __init__(self, words: str, *, code: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """What the browser brought back: the code, good once, and the company that was chosen."""

    code: str = field(repr=False)
    realm: str


def authority(*, discovery_url: str, client_id: str, client_secret: str) -> Authority:
    """Return Intuit's authority by its discovery document. Raises Transient or Refused."""
    return oauth.quickbooks(discovery_url=discovery_url, client_id=client_id, client_secret=client_secret)


def callback(address: str, *, state: str) -> Callback:
    """Read the address that the browser was sent back to. Raises DeniedError, in words for the person."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    if not state or not hmac.compare_digest(query.get("state", "").encode(), state.encode()):
        raise DeniedError(
            "This answer does not belong to your request. Start the connection again.", code="state"
        )
    if error := query.get("error", ""):
        words = {
            "access_denied": "QuickBooks was not connected: the permission was not given.",
            "invalid_scope": "QuickBooks does not give this installation access to accounting.",
        }
        raise DeniedError(words.get(error, f"QuickBooks was not connected ({error[:60]})."), code=error)
    code, realm = query.get("code", ""), query.get("realmId", "")
    if not code or not realm.isdigit():
        raise DeniedError(
            "QuickBooks did not say which company it connected. Start again.", code="incomplete"
        )
    return Callback(code=code, realm=realm)


def exchange(authority: Authority, *, answer: Callback, redirect_uri: str) -> Tokens:
    """Exchange the code for tokens, once only. Raises Revoked, Refused, Transient."""
    return oauth.exchange(authority, code=answer.code, redirect_uri=redirect_uri)
