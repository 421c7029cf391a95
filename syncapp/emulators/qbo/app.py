"""The QuickBooks emulator as one WSGI program."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from werkzeug.wrappers import Request, Response

from syncapp.emulators.faults import Faults, install, perform
from syncapp.emulators.qbo import backdoor, pages, seed
from syncapp.emulators.qbo.api import Api, Speech, envelope
from syncapp.emulators.qbo.company import Company
from syncapp.emulators.qbo.errors import gateway, throttled
from syncapp.emulators.qbo.limits import Throttle
from syncapp.emulators.qbo.oauth import OAuth
from syncapp.emulators.wire import Answer, App, Clock, redirect


@dataclass(slots=True)
class State:
    """What the emulator knows: `app.state`."""

    companies: dict[str, Company]
    oauth: OAuth
    faults: Faults
    throttle: Throttle
    clock: Clock
    tids: int = 0
    auto_flush: bool = False
    callers: list[str] = field(default_factory=list)

    def subscribe(self, *, url: str, verifier_token: str) -> None:
        """Where webhooks go, for every company: one app, one endpoint (API.md 5)."""
        for co in self.companies.values():
            co.webhook_url, co.verifier_token = url, verifier_token


def create_app(
    companies: Iterable[Company] | None = None,
    *,
    clock: Clock | None = None,
    time_scale: float | None = None,
    client_id: str = "qbo-client",
    client_secret: str = "qbo-secret",  # noqa: S107  made up, for demonstration
) -> App:
    """Build the emulator; without companies it has one seeded law firm.

    `time_scale` multiplies the rate budgets and divides slow faults (default: TIME_SCALE).
    QBO_WEBHOOK_URL and QBO_WEBHOOK_VERIFIER_TOKEN subscribe to webhooks.
    """
    clock = clock or Clock()
    app = App(clock=clock, scale=time_scale)
    chosen = list(companies) if companies is not None else [seed.law_firm(clock=clock)]
    by_realm = {co.realm: co for co in chosen}
    state = State(
        by_realm,
        OAuth(clock, client_id, client_secret, by_realm),
        Faults(),
        Throttle(clock, app.time_scale),
        clock,
    )
    app.state = state
    if url := os.environ.get("QBO_WEBHOOK_URL"):
        state.subscribe(url=url, verifier_token=os.environ.get("QBO_WEBHOOK_VERIFIER_TOKEN", ""))
    _oauth_routes(app, state)
    _api_routes(app, state)
    install(app, state.faults)
    backdoor.routes(app, state)
    pages.routes(app, state)
    app.after.append(lambda request, response: _headers(state, response))
    app.after.append(lambda request, response: _deliver(state))
    return app


def _deliver(state: State) -> None:
    """Webhooks leave by themselves when the switch says so, whoever made the change."""
    for co in state.companies.values() if state.auto_flush else ():
        backdoor.flush_soon(co)


def _headers(state: State, response: Response) -> None:
    """`intuit_tid` on every answer, the token endpoint's too (API.md 2, 12.1)."""
    state.tids += 1
    response.headers["intuit_tid"] = f"1-{uuid.uuid5(uuid.NAMESPACE_OID, str(state.tids))}"
    response.headers["QBO-Version"] = "1512.462"


def _authorize(state: State, request: Request) -> Answer:
    """The consent page and what a person decided on it (API.md 1)."""
    given = request.form if request.method == "POST" else request.args
    target, back = given.get("redirect_uri", ""), given.get("state", "")
    if given.get("client_id") != state.oauth.client_id or not target or given.get("response_type") != "code":
        return pages.problem("This application is not known, or its request is incomplete.")
    if "com.intuit.quickbooks.accounting" not in given.get("scope", ""):
        return redirect(pages.with_query(target, {"error": "invalid_scope", "state": back}))
    if request.method == "GET":
        return pages.consent(state.companies.values(), dict(request.args.items()))
    if given.get("decision") != "approve":
        return redirect(pages.with_query(target, {"error": "access_denied", "state": back}))
    realm = given.get("realm", "")
    if realm not in state.companies:
        return pages.problem("Choose a company.")
    code = state.oauth.consent(realm=realm, redirect_uri=target, scope=given.get("scope", ""))
    return redirect(pages.with_query(target, {"code": code, "state": back, "realmId": realm}))


def _oauth_routes(app: App, state: State) -> None:
    for document in ("openid_configuration", "openid_sandbox_configuration"):

        @app.route(f"/.well-known/{document}")
        def discovery(request: Request) -> Answer:
            return state.oauth.discovery(request.host_url)

    @app.route("/connect/oauth2", methods=("GET", "POST"))
    def authorize(request: Request) -> Answer:
        return _authorize(state, request)

    @app.route("/oauth2/v1/tokens/bearer", methods=("POST",), locked=False)
    def token(request: Request) -> Response:
        return _planned(app, state, f"token {request.form.get('grant_type', '')}", state.oauth.token, request)

    @app.route("/v2/oauth2/tokens/revoke", methods=("POST",))
    def revoke(request: Request) -> Response:
        return _planned(app, state, "revoke", state.oauth.revoke, request)


def _planned(
    app: App, state: State, operation: str, handler: Callable[[Request], Answer], request: Request
) -> Response:
    """A token call with its planned fault: `token authorization_code`, `token refresh_token`, `revoke`."""

    def work() -> Response:
        with app.lock:
            return handler(request).response()

    speech = Speech(next(iter(state.companies.values())))
    return perform(state.faults.hit(operation), work, dialect=speech, scale=app.time_scale)


def _api_routes(app: App, state: State) -> None:
    @app.route("/v3/company/<realm>/<path:path>", methods=("GET", "POST"), locked=False)
    def company(request: Request, realm: str, path: str) -> Answer | Response:
        refused = state.oauth.check(request, realm)
        if refused is not None:
            return refused
        co = state.companies.get(realm)
        if co is None:
            status, body = gateway("3100", "", millis=int(state.clock.now().timestamp() * 1000))
            return Answer(body, status=status)
        with app.lock:
            admitted = not co.switches.throttle or state.throttle.admit(realm, batch=path == "batch")
        if not admitted:
            return Answer(envelope(co, {"Fault": throttled()}), status=429)
        return Api(co, state.faults, app.lock, scale=app.time_scale).answer(request, path.rstrip("/"))
