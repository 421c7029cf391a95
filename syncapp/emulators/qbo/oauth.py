"""OAuth 2: codes, tokens, rotation, revocation (API.md 1)."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from werkzeug.wrappers import Request

from syncapp.emulators.qbo.company import Company
from syncapp.emulators.qbo.errors import gateway
from syncapp.emulators.wire import Answer, Clock, body_form, body_json

ACCESS_SECONDS = 3600
REFRESH_SECONDS = 8_726_400  # the sample's 101 days, rolling
HARD_SECONDS = 5 * 365 * 86_400
GRACE = timedelta(hours=24)


@dataclass(slots=True)
class Grant:
    """One consent: one app, one company."""

    realm: str
    scope: str
    authorised_at: datetime
    alive: bool = True
    refresh: str = ""
    rotated_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(slots=True)
class Code:
    """An authorisation code, good once."""

    realm: str
    redirect_uri: str
    scope: str
    expires_at: datetime
    used: bool = False


@dataclass(slots=True)
class OAuth:
    """All grants of the app."""

    clock: Clock
    client_id: str
    client_secret: str
    companies: dict[str, Company]
    codes: dict[str, Code] = field(default_factory=dict)
    access: dict[str, tuple[Grant, datetime]] = field(default_factory=dict)
    refreshes: dict[str, Grant] = field(default_factory=dict)

    def discovery(self, host: str) -> Answer:
        """The discovery document, every endpoint on this host."""
        root = host.rstrip("/")
        return Answer(
            {
                "issuer": f"{root}/op/v1",
                "authorization_endpoint": f"{root}/connect/oauth2",
                "token_endpoint": f"{root}/oauth2/v1/tokens/bearer",
                "userinfo_endpoint": f"{root}/v1/openid_connect/userinfo",
                "revocation_endpoint": f"{root}/v2/oauth2/tokens/revoke",
                "jwks_uri": f"{root}/op/v1/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": ["openid", "email", "profile", "address", "phone"],
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
                "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
            }
        )

    def consent(self, *, realm: str, redirect_uri: str, scope: str) -> str:
        """A person approved: the code to send back."""
        code = f"AB1{secrets.token_urlsafe(24)}"
        self.codes[code] = Code(realm, redirect_uri, scope, self.clock.now() + timedelta(minutes=10))
        return code

    def issue(self, realm: str, *, scope: str = "com.intuit.quickbooks.accounting") -> dict[str, Any]:
        """A fresh grant without the browser, for tests: the token endpoint's body."""
        return self._tokens(Grant(realm, scope, self.clock.now()), hard=False)

    def disconnect(self, realm: str) -> None:
        """A person disconnected the app inside QuickBooks: tokens are invalid at once."""
        for grant in [*self.refreshes.values(), *(g for g, _ in self.access.values())]:
            if grant.realm == realm:
                grant.alive = False

    def token(self, request: Request) -> Answer:
        """The token endpoint: authorization_code and refresh_token."""
        form = body_form(request)
        if not self._client_known(request, form):
            return Answer({"error": "invalid_client"}, status=401)
        hard = request.headers.get("x-include-refresh-token-hard-expires-in", "").lower() == "true"
        match form.get("grant_type"):
            case "authorization_code":
                return self._exchange(form, hard=hard)
            case "refresh_token":
                return self._refresh(form, hard=hard)
            case _:
                return Answer({"error": "unsupported_grant_type"}, status=400)

    def _client_known(self, request: Request, form: dict[str, str]) -> bool:
        given = (form.get("client_id", ""), form.get("client_secret", ""))
        header = request.headers.get("Authorization", "")
        if header.startswith("Basic "):
            try:
                name, _, secret = base64.b64decode(header[6:]).decode().partition(":")
            except ValueError:
                return False
            given = (name, secret)
        return given == (self.client_id, self.client_secret)

    def _exchange(self, form: dict[str, str], *, hard: bool) -> Answer:
        code = self.codes.get(form.get("code", ""))
        now = self.clock.now()
        if (
            code is None
            or code.used
            or code.expires_at < now
            or code.redirect_uri != form.get("redirect_uri")
        ):
            return _dead()
        code.used = True
        return Answer(self._tokens(Grant(code.realm, code.scope, now), hard=hard))

    def _refresh(self, form: dict[str, str], *, hard: bool) -> Answer:
        token = form.get("refresh_token", "")
        grant = self.refreshes.get(token)
        now = self.clock.now()
        if grant is None or not grant.alive or (grant.expires_at and grant.expires_at < now):
            return _dead()
        if grant.authorised_at + timedelta(seconds=HARD_SECONDS) < now:
            return _dead()
        if token != grant.refresh and not self.companies[grant.realm].switches.old_refresh_token_works:
            return _dead()
        return Answer(self._tokens(grant, hard=hard))

    def _tokens(self, grant: Grant, *, hard: bool) -> dict[str, Any]:
        now = self.clock.now()
        always = self.companies[grant.realm].switches.refresh_rotation == "always"
        if always or grant.rotated_at is None or now - grant.rotated_at >= GRACE:
            grant.refresh = f"RT1-{secrets.token_hex(20)}"
            grant.rotated_at = now
        grant.expires_at = now + timedelta(seconds=REFRESH_SECONDS)
        self.refreshes[grant.refresh] = grant
        access = f"eyJ{secrets.token_urlsafe(48)}"
        self.access[access] = (grant, now + timedelta(seconds=ACCESS_SECONDS))
        body: dict[str, Any] = {
            "token_type": "bearer",
            "expires_in": ACCESS_SECONDS,
            "refresh_token": grant.refresh,
            "x_refresh_token_expires_in": REFRESH_SECONDS,
            "access_token": access,
        }
        if hard:
            spent = int((now - grant.authorised_at).total_seconds())
            body["x_refresh_token_hard_expires_in"] = HARD_SECONDS - spent
        return body

    def revoke(self, request: Request) -> Answer:
        """Revoke by refresh or access token: the connection is dead."""
        try:
            given = body_json(request) if request.mimetype == "application/json" else body_form(request)
        except ValueError:
            given = {}
        form = given if isinstance(given, dict) else {}
        if not self._client_known(request, {str(k): str(v) for k, v in form.items()}):
            return Answer({"error": "invalid_client"}, status=401)
        token = str(form.get("token", ""))
        grant = self.refreshes.get(token) or next(
            (g for t, (g, _) in self.access.items() if t == token), None
        )
        if grant is None:
            return Answer({"error": "invalid_request"}, status=400)
        grant.alive = False
        return Answer({}, status=200)

    def check(self, request: Request, realm: str) -> Answer | None:
        """None when the bearer may use the realm, else the gateway's refusal (API.md 1, 2)."""
        millis = int(self.clock.now().timestamp() * 1000)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if len(token) < 20 or len(token) > 4096:
            detail = "Malformed bearer token: too short or too long"
            status, body = gateway("3200", detail, millis=millis)
            return Answer(body, status=status)
        grant, until = self.access.get(token, (None, None))
        if grant and (not grant.alive or grant.realm != realm):
            status, body = gateway("3100", "", millis=millis)
            return Answer(body, status=status)
        if grant is None or until is None or until <= self.clock.now():
            status, body = gateway("3200", "Token expired", millis=millis)
            return Answer(body, status=status)
        return None


def _dead() -> Answer:
    body = {"error": "invalid_grant", "error_description": "Incorrect or invalid refresh token"}
    return Answer(body, status=400)
