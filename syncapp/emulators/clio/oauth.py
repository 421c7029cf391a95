"""OAuth 2.0 as Clio Manage does it (API.md section 1)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Request

from syncapp.emulators.clio.errors import bad_token
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import User
from syncapp.emulators.clio.page import page
from syncapp.emulators.wire import Answer, App, body_form, html, redirect

CODE_LIFE = timedelta(minutes=10)


@dataclass(slots=True)
class Token:
    """An access token: whose firm and whose eyes, until when, and the refresh token it came from."""

    account_id: int
    user_id: int | None
    expires_at: datetime
    refresh: str
    region: str


@dataclass(slots=True)
class Code:
    """An authorization code, usable once for ten minutes."""

    account_id: int
    user_id: int | None
    redirect_uri: str
    expires_at: datetime


@dataclass(slots=True)
class Grants:
    """Every code, access token and refresh token that was given."""

    client_id: str
    client_secret: str
    redirect_uris: list[str] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    refresh: dict[str, tuple[int, int | None]] = field(default_factory=dict)

    def issue(
        self, world: World, user_id: int | None, *, now: datetime, refresh: str = ""
    ) -> tuple[str, str]:
        """A new access token, with a new refresh token unless one is given."""
        access = f"{world.account_id}-{secrets.token_urlsafe(24)}"
        kept = refresh or secrets.token_urlsafe(24)
        life = timedelta(seconds=world.switches.expires_in)
        self.tokens[access] = Token(world.account_id, user_id, now + life, kept, world.switches.region)
        self.refresh[kept] = (world.account_id, user_id)
        return access, kept


def first_user(world: World) -> int | None:
    """The account owner, else the first user."""
    users = sorted(world.all(User), key=lambda u: (not u.account_owner, u.id))
    return users[0].id if users else None


def install(app: App) -> None:
    """Routes below /oauth."""
    app.route("/oauth/authorize", methods=("GET", "POST"))(lambda r: _authorize(app.state, r))
    app.route("/oauth/token", methods=("POST",))(lambda r: _token(app.state, r))
    app.route("/oauth/deauthorize", methods=("POST",))(lambda r: _deauthorize(app.state, r))


def _authorize(state: Any, request: Request) -> Answer:
    asked = {**request.args.to_dict(), **body_form(request)}
    grants: Grants = state.grants
    target = asked.get("redirect_uri", "")
    wrong = asked.get("client_id") != grants.client_id or asked.get("response_type") != "code"
    if wrong or not target or (grants.redirect_uris and target not in grants.redirect_uris):
        return html(
            page("This request cannot be granted", "<p>Client, response type or address is wrong.</p>"),
            status=400,
        )
    if request.method == "GET":
        return html(page("Let an application use this firm", _consent(state, asked)))
    echo = {"state": asked["state"]} if "state" in asked else {}
    if asked.get("decision") != "approve":
        if asked.get("redirect_on_decline") == "true":
            return _back(target, {"error": "access_denied", **echo})
        return html(page("Declined", "<p>The application was given nothing.</p>"))
    world = state.firms[int(asked.get("account") or next(iter(state.firms)))]
    user = int(asked["user"]) if asked.get("user") else first_user(world)
    code = secrets.token_urlsafe(16)
    grants.codes[code] = Code(world.account_id, user, target, state.now() + CODE_LIFE)
    return _back(target, {"code": code, **echo})


def _back(target: str, values: dict[str, str]) -> Answer:
    return redirect(f"{target}{'&' if '?' in target else '?'}{urlencode(values)}")


def _consent(state: Any, asked: dict[str, str]) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in asked.items()
    )
    firms = "".join(
        f'<option value="{i}">{escape(w.account_name)} ({i})</option>' for i, w in state.firms.items()
    )
    return (
        f"<p>The application asks to read and change the records of a firm.</p>"
        f'<form method="post" action="/oauth/authorize">{hidden}'
        f'<p><label for="account">Firm</label> <select id="account" name="account">{firms}</select></p>'
        '<p><button name="decision" value="approve">Approve</button> '
        '<button class="quiet" name="decision" value="deny">Deny</button></p></form>'
    )


def _token(state: Any, request: Request) -> Answer:
    form, grants = body_form(request), state.grants
    if (form.get("client_id"), form.get("client_secret")) != (grants.client_id, grants.client_secret):
        return _refuse("invalid_client", "Client authentication failed.", 401)
    if form.get("grant_type") == "authorization_code":
        return _exchange(state, form)
    if form.get("grant_type") == "refresh_token":
        known = grants.refresh.get(form.get("refresh_token", ""))
        if known is None:
            return _refuse("invalid_grant", "The refresh token is invalid, expired or revoked.")
        world = state.firms[known[0]]
        access, _ = grants.issue(world, known[1], now=state.now(), refresh=form["refresh_token"])
        return _given(access, world)
    return _refuse("unsupported_grant_type", "The grant type is not supported.")


def _exchange(state: Any, form: dict[str, str]) -> Answer:
    code = state.grants.codes.pop(form.get("code", ""), None)
    if code is None or code.expires_at <= state.now() or code.redirect_uri != form.get("redirect_uri"):
        return _refuse("invalid_grant", "The authorization code is invalid, expired or was used.")
    world = state.firms[code.account_id]
    access, refresh = state.grants.issue(world, code.user_id, now=state.now())
    return _given(access, world, refresh)


def _given(access: str, world: World, refresh: str | None = None) -> Answer:
    """No `refresh_token` in the answer to a refresh: the old one stays (API.md section 1)."""
    body: dict[str, Any] = {
        "token_type": "bearer",
        "access_token": access,
        "expires_in": world.switches.expires_in,
    }
    return Answer(body | ({"refresh_token": refresh} if refresh else {}))


def _refuse(kind: str, text: str, status: int = 400) -> Answer:
    return Answer({"error": kind, "error_description": text}, status)


def _deauthorize(state: Any, request: Request) -> Answer:
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    token = state.grants.tokens.get(bearer) if scheme.lower() == "bearer" else None
    if token is None or body_form(request).get("token") not in (bearer, None):
        return bad_token()
    del state.grants.tokens[bearer]
    if state.firms[token.account_id].switches.refresh_dies_on_deauthorize:
        state.grants.refresh.pop(token.refresh, None)
        dead = [k for k, t in state.grants.tokens.items() if t.refresh == token.refresh]
        for key in dead:
            del state.grants.tokens[key]
    return Answer(text="")
