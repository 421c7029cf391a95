"""The Clio emulator as a WSGI program: `/oauth`, `/api/v4`, the back door and the pages for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from werkzeug.wrappers import Request, Response

from syncapp.emulators import faults as planned
from syncapp.emulators.clio import backdoor, oauth, pages
from syncapp.emulators.clio.api import Api
from syncapp.emulators.clio.errors import ClioDialect
from syncapp.emulators.clio.hooks import Hooks
from syncapp.emulators.clio.limits import Limits
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.world import year
from syncapp.emulators.wire import App, Clock


@dataclass(slots=True, kw_only=True)
class State:
    """What a test may look at: the firms of this server, the grants, the webhooks, the plan of faults."""

    firms: dict[int, World]
    grants: oauth.Grants
    now: Callable[[], datetime]
    faults: planned.Faults = field(default_factory=planned.Faults)
    limits: Limits = field(default_factory=Limits)
    hooks: Hooks = field(default_factory=Hooks)

    @property
    def world(self) -> World:
        """The first firm."""
        return next(iter(self.firms.values()))


def create_app(
    world: World | Iterable[World] | None = None,
    *,
    clock: Clock | None = None,
    time_scale: float | None = 1,
    client_id: str = "clio-client",
    client_secret: str = "clio-secret",  # noqa: S107
    redirect_uris: Iterable[str] = (),
) -> App:
    """One server with one firm or several (the consent page asks which). Without a world: the seeded year.

    `redirect_uris`: the registered addresses; none given means any (for tests).
    """
    app = App(clock=clock, scale=time_scale)
    worlds = [world] if isinstance(world, World) else list(world or [year()])
    for firm in worlds:
        firm.run_from(app.clock.now)
    state = State(
        firms={w.account_id: w for w in worlds},
        grants=oauth.Grants(client_id, client_secret, list(redirect_uris)),
        now=app.clock.now,
        limits=Limits(scale=app.time_scale),
    )
    app.state = state
    state.hooks.watch(state.firms.values())
    oauth.install(app)
    _serve_api(app, state)
    planned.install(app, state.faults)
    backdoor.install(app)
    pages.install(app)
    return app


def _serve_api(app: App, state: State) -> None:
    """Routes below /api/v4: the planned fault, then the work, then webhooks if the switch says so."""
    api = Api(app, state)
    dialect = ClioDialect(lambda: state.world.switches)

    @app.route("/api/v4/<path:path>", methods=("GET", "POST", "PATCH", "PUT", "DELETE"), locked=False)
    def call(request: Request, path: str) -> Response:
        """One API call, with the planned fault in its way; the work takes the lock."""
        name = path.removesuffix(".json")
        resource = "/".join("{id}" if part.isdigit() else part for part in name.split("/"))
        fault = state.faults.hit(f"{request.method} {resource}", request.method, resource)

        def work() -> Response:
            with app.lock:
                return api.answer(request, name).response()

        return planned.perform(fault, work, dialect=dialect, scale=app.time_scale)

    def deliver(_: Request, __: Response) -> None:
        """Send what waits, outside the lock, when the switch says so."""
        if state.hooks.queue and state.world.switches.deliver_at_once:
            state.hooks.flush(state.firms)

    app.after.append(deliver)
