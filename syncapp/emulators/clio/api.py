"""One call of the API: who asks, may they, how often, in which version, and what they get."""

from __future__ import annotations

import re
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request

from syncapp.emulators.clio import billpdf, writes
from syncapp.emulators.clio.endpoints import BY_PATH, Endpoint
from syncapp.emulators.clio.errors import ApiError, bad_token, no_token, not_found, refused
from syncapp.emulators.clio.funds import BillingSetting
from syncapp.emulators.clio.listing import answer_list, wanted_fields
from syncapp.emulators.clio.model import NoSuchRecord, Record, Refused, World
from syncapp.emulators.clio.nouns import User
from syncapp.emulators.clio.oauth import Token
from syncapp.emulators.clio.render import show
from syncapp.emulators.wire import Answer, App

if TYPE_CHECKING:
    from syncapp.emulators.clio.app import State

DEFAULT_VERSION = "4.0.13"
SHOW_PARAMS = {"fields"}


class Api:
    """Answers below /api/v4."""

    def __init__(self, app: App, state: State) -> None:
        self.app, self.state = app, state

    def answer(self, request: Request, path: str) -> Answer:
        """The answer to one call, errors included. `path` has no `.json`."""
        headers: dict[str, str] = {}
        try:
            found = self._token(request)
            if isinstance(found, Answer):
                return found
            bearer, token = found
            world = self.state.firms[token.account_id]
            headers |= self.state.limits.spend(bearer, world.switches, seconds=self.app.clock.seconds())
            headers["X-API-VERSION"] = _version(request)
            answer = self._dispatch(request, path, world, token)
        except ApiError as wrong:
            answer = wrong.answer()
        except NoSuchRecord:
            answer = not_found(world.switches).answer()
        except Refused as no:
            answer = refused(world.switches, str(no)).answer()
        if answer.content_type != billpdf.PDF:
            answer.content_type = "application/json; charset=utf-8"
        answer.headers = headers | answer.headers
        return answer

    def _token(self, request: Request) -> Answer | tuple[str, Token]:
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not bearer:
            raise no_token()
        token = self.state.grants.tokens.get(bearer)
        if token is None or token.expires_at <= self.state.now():
            return bad_token()
        if token.region != self.state.firms[token.account_id].switches.region:
            return bad_token()
        return bearer, token

    def _dispatch(self, request: Request, path: str, world: World, token: Token) -> Answer:
        parts = path.strip("/").split("/")
        _permitted(request, world, parts[0])
        if (paper := billpdf.asked(request, world, parts)) is not None:
            return billpdf.answer(world, paper)
        match (request.method, parts):
            case ("GET", ["users", "who_am_i"]):
                return self._one(request, world, world.get(User, token.user_id or 0), "User")
            case ("GET", ["settings", "billing"]):
                return self._one(request, world, world.all(BillingSetting)[0], "BillingSetting")
            case ("GET", [name]) if name in BY_PATH and BY_PATH[name].listed:
                return Answer(answer_list(world, BY_PATH[name], request.args, self._url(request, path)))
            case ("GET", [name, number]) if name in BY_PATH and BY_PATH[name].shown and number.isdigit():
                return self._one(
                    request, world, _record(world, BY_PATH[name], int(number)), BY_PATH[name].kind
                )
            case ("PUT", ["webhooks", number, "activate"]) if number.isdigit():
                return self.state.hooks.activate(world, int(number), request.headers.get("X-Hook-Secret", ""))
            case ("POST", [name]) if name in writes.CREATE:
                made = writes.CREATE[name](self.state, world, token, writes.data(request))
                return self._one(request, world, made, BY_PATH[name].kind, status=201)
            case ("PATCH", [name, number]) if name in writes.CHANGE and number.isdigit():
                record = _record(world, BY_PATH[name], int(number))
                _if_match(request, world, record)
                writes.CHANGE[name](self.state, world, record, writes.data(request))
                return self._one(request, world, record, BY_PATH[name].kind)
            case ("DELETE", [name, number]) if name in writes.DELETE and number.isdigit():
                writes.DELETE[name](world, _record(world, BY_PATH[name], int(number)))
                return Answer(status=204)
        return Answer({"error": {"type": "NotEmulated", "message": f"{request.method} {path}"}}, 501)

    def _one(self, request: Request, world: World, record: Record, kind: str, *, status: int = 200) -> Answer:
        strange = set(request.args) - SHOW_PARAMS
        if strange and world.switches.strict_params:
            raise ApiError(400, "ArgumentError", f"{min(strange)} is not a parameter here")
        wanted = wanted_fields(request.args, kind)
        headers = {"ETag": record.etag, "Last-Modified": format_datetime(record.updated_at, usegmt=True)}
        if request.method == "GET" and _unchanged(request, record):
            return Answer(status=304, headers=headers, text="")
        return Answer({"data": show(world, record, wanted, kind)}, status, headers)

    def _url(self, request: Request, path: str) -> str:
        return f"{request.host_url}api/v4/{path}.json"


def _permitted(request: Request, world: World, resource: str) -> None:
    """403 for what the app's permissions leave out, or let it only read (API.md section 1)."""
    closed = (
        world.switches.forbidden
        if request.method == "GET"
        else (f"{world.switches.forbidden},{world.switches.read_only}")
    )
    if resource in [name.strip() for name in closed.split(",") if name]:
        raise ApiError(403, "ForbiddenError", "User is forbidden from taking that action")


def _record(world: World, endpoint: Endpoint, number: int) -> Any:
    found = world.tables[endpoint.kind].get(number)
    concealed = endpoint.kind == "Contact" and number in world.hidden_contacts
    if found is None or (concealed and not world.switches.redact_hidden):
        raise NoSuchRecord(str(number))
    return found


def _unchanged(request: Request, record: Record) -> bool:
    """If-None-Match by etag, If-Modified-Since by second (API.md section 2)."""
    tags = request.headers.get("If-None-Match", "")
    if tags:
        return record.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    since = request.headers.get("If-Modified-Since", "")
    try:
        return bool(since) and record.updated_at <= parsedate_to_datetime(since)
    except ValueError:
        return False


def _if_match(request: Request, world: World, record: Record) -> None:
    given = request.headers.get("If-Match", "")
    if given and record.etag not in [tag.strip() for tag in given.split(",")]:
        raise ApiError(412, world.switches.type_412, "The record was changed by somebody else.")


def _version(request: Request) -> str:
    """`X-API-VERSION` as given, else the default; 410 for one that does not exist (API.md section 2)."""
    asked = request.headers.get("X-API-VERSION", "")
    if not asked:
        return DEFAULT_VERSION
    if not re.fullmatch(r"4\.0\.([4-9]|1[0-3])", asked):
        raise ApiError(410, "Gone", f"API version {asked} is not available.")
    return asked
