"""What only Clio's screens can do, as JSON for tests in other processes: `POST /_backdoor/do`.

`{"do": "record_payment", "bills": [5], "amount": "100.00", "account": 1}`; the account may be left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Request

from syncapp.emulators.clio.desk import ACTIONS, do
from syncapp.emulators.clio.fieldspec import SHAPES, Wanted
from syncapp.emulators.clio.model import NoSuchRecord, Record, Refused, World
from syncapp.emulators.clio.oauth import first_user
from syncapp.emulators.clio.render import show
from syncapp.emulators.wire import Answer, App, body_json


def install(app: App) -> None:
    """Routes below /_backdoor; faults and clock are installed by `faults.install`."""
    routes: list[tuple[str, tuple[str, ...], Callable[[App, Request], Answer]]] = [
        ("", ("GET",), _help),
        ("/do", ("POST",), _do),
        ("/switches", ("GET", "POST"), _switches),
        ("/planted", ("GET",), _planted),
        ("/calls", ("GET", "DELETE"), _calls),
        ("/token", ("POST",), _token),
        ("/hooks", ("GET", "POST"), _hooks),
        ("/hide", ("POST",), _hide),
        ("/revoke", ("POST",), _revoke),
    ]
    for rule, methods, handler in routes:
        app.route(f"/_backdoor{rule}", methods=methods)(_with(app, handler))


def _with(app: App, handler: Callable[[App, Request], Answer]) -> Callable[[Request], Answer]:
    def call(request: Request) -> Answer:
        try:
            return handler(app, request)
        except (Refused, NoSuchRecord, KeyError, TypeError, ValueError) as no:
            return Answer({"error": f"{no}"}, status=400)

    return call


def firm(app: App, given: dict[str, Any]) -> World:
    """The firm that `account` names, else the first."""
    wanted = given.pop("account", None)
    world: World = app.state.world if wanted is None else app.state.firms[int(wanted)]
    return world


def whole(world: World, record: Any) -> Any:
    """Everything Clio would show of a record, or of several."""
    if isinstance(record, list):
        return [whole(world, each) for each in record]
    if not isinstance(record, Record):
        return record
    if record.kind not in SHAPES:
        parts = getattr(record, "allocation_ids", [])
        return {"id": record.id, "kind": record.kind, "allocation_ids": parts}
    shape = SHAPES[record.kind]
    names = dict.fromkeys(sorted(shape.plain))
    return {"kind": record.kind} | show(world, record, Wanted(dict(names)), record.kind)


def _help(app: App, _: Request) -> Answer:
    firms = {i: w.account_name for i, w in app.state.firms.items()}
    return Answer({"firms": firms, "actions": sorted(ACTIONS)})


def _do(app: App, request: Request) -> Answer:
    given = dict(body_json(request))
    world = firm(app, given)
    return Answer({"data": whole(world, do(world, given.pop("do"), **given))})


def _switches(app: App, request: Request) -> Answer:
    given = dict(body_json(request)) if request.method == "POST" else {}
    return Answer(firm(app, given).switches.change(given))


def _planted(app: App, request: Request) -> Answer:
    world = firm(app, dict(request.args.items()))
    return Answer(
        [{"kind": p.kind, "resource": p.resource, "id": p.id, "note": p.note} for p in world.planted]
    )


def _calls(app: App, request: Request) -> Answer:
    if request.method == "DELETE":
        app.state.faults.calls.clear()
    return Answer(dict(app.state.faults.calls))


def _token(app: App, request: Request) -> Answer:
    """An access token without the browser, for tools."""
    world = firm(app, dict(body_json(request)) if request.get_data() else {})
    access, refresh = app.state.grants.issue(world, first_user(world), now=app.state.now())
    return Answer({"access_token": access, "refresh_token": refresh})


def _hooks(app: App, request: Request) -> Answer:
    hooks, done = app.state.hooks, None
    if request.method == "POST":
        match body_json(request).get("do"):
            case "flush":
                done = hooks.flush(app.state.firms)
            case "drop":
                done = hooks.drop()
            case "double":
                hooks.double()
            case "reorder":
                hooks.reorder()
            case other:
                raise Refused(f"There is no {other}.")
    waiting = [{"webhook_id": d.webhook_id, "event": d.event, "url": d.url} for d in hooks.queue]
    return Answer({"waiting": waiting, "delivered": len(hooks.delivered), "result": done})


def _hide(app: App, request: Request) -> Answer:
    given = dict(body_json(request))
    world = firm(app, given)
    world.hidden_contacts = {int(i) for i in given["contacts"]}
    return Answer({"contacts": sorted(world.hidden_contacts)})


def _revoke(app: App, _: Request) -> Answer:
    """The firm takes the application away: every token dies."""
    app.state.grants.tokens.clear()
    app.state.grants.refresh.clear()
    return Answer({"revoked": True})
