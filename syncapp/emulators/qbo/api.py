"""The v3 API of one company: objects, query, batch, change data capture, reports (API.md 2 to 7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Request, Response

from syncapp.emulators.faults import Fault, Faults, perform
from syncapp.emulators.qbo import attaching, changes, query, reports, writing
from syncapp.emulators.qbo.company import ENTITIES, PACIFIC, Company, Obj
from syncapp.emulators.qbo.errors import Refused, gateway, missing, throttled
from syncapp.emulators.qbo.xml import as_xml
from syncapp.emulators.wire import Answer, ConnectionDropped, body_json, dumps, loads

NAMES = {name.lower(): name for name in ENTITIES}
BATCH_ITEMS = 30


@dataclass(slots=True)
class Speech:
    """How QuickBooks words a planned fault (faults.Dialect)."""

    co: Company

    def throttled(self, *, retry_after: int | None) -> Answer:
        """429, type SERVICE."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return Answer(envelope(self.co, {"Fault": throttled()}), status=429, headers=headers)

    def server_error(self, *, status: int) -> Answer:
        """10000 SystemFault."""
        return Answer(envelope(self.co, {"Fault": _system()}), status=status)

    def expired_token(self) -> Answer:
        """401 of the gateway."""
        millis = int(self.co.clock.now().timestamp() * 1000)
        status, body = gateway("3200", "Token expired", millis=millis)
        return Answer(body, status=status)

    def fault_200(self, *, args: dict[str, Any]) -> Answer:
        """HTTP 200 with a Fault: the transient 6000 that may hide a saved object (API.md 11.17)."""
        text = args.get("text", "An unexpected error occurred. Please wait a few minutes and try again")
        fault = Refused(str(args.get("code", "6000")), f"Business Validation Error: {text}").fault()
        return Answer(envelope(self.co, {"Fault": fault}))


def _system(detail: str = "System Failure Error: unexpected") -> Obj:
    return Refused("10000", detail, element="SystemFailureError", kind="SystemFault").fault()


def envelope(co: Company, body: Obj) -> Obj:
    """A body with its `time`, with offset (API.md 2)."""
    return {**body, "time": co.clock.now().astimezone(PACIFIC).isoformat(timespec="milliseconds")}


def operation_of(request: Request, path: str) -> str:
    """The name under which faults are planned: `create invoice`, `update payment`, `query`, `GET invoice`."""
    first = path.split("/", maxsplit=1)[0].lower()
    if first in ("query", "batch", "cdc") or request.method == "GET":
        return first if first in ("query", "batch", "cdc") else f"GET {first}"
    if request.args.get("include") == "void":
        return f"void {first}"
    given = request.args.get("operation", "").lower()
    if given in ("delete", "void"):
        return f"{given} {first}"
    try:
        return f"update {first}" if body_json(request).get("Id") else f"create {first}"
    except (ValueError, AttributeError):
        return f"create {first}"


class Api:
    """Answers one request of one company."""

    def __init__(self, co: Company, faults: Faults, lock: Any, *, scale: float) -> None:
        self.co, self.faults, self.lock, self.scale = co, faults, lock, scale

    def answer(self, request: Request, path: str) -> Response:
        """The whole way of a request that was let in: faults, replay, work, replay memory, XML."""
        operation = operation_of(request, path)
        fault = self.faults.hit(operation)

        def work() -> Response:
            with self.lock:
                return self.work(request, path, operation)

        response = perform(fault, work, dialect=Speech(self.co), scale=self.scale)
        wants_json = "application/json" in request.headers.get("Accept", "")
        if response.is_json and not wants_json:  # API.md 2: without the header XML comes back
            return Response(
                as_xml(response.get_data(as_text=True)), response.status, mimetype="application/xml"
            )
        return response

    def work(self, request: Request, path: str, operation: str) -> Response:
        """Do what the request asks, or repeat the answer of its `requestid`."""
        request_id = request.args.get("requestid", "") if request.method == "POST" else ""
        try:
            if len(request_id) > 50:
                raise Refused("2130", f"Invalid Request Id Format : {request_id}", element="requestid")
            if request_id and path != "batch" and (kept := self._kept(request_id)):
                return kept
            body = self._dispatch(request, path, request_id)
            status = 200
        except Refused as refused:
            body, status = {"Fault": refused.fault()}, refused.status
        answer = Answer(envelope(self.co, body), status=status)
        if status == 200 and "Fault" not in body:
            self._meter(operation, body)
            if request_id and path != "batch":
                self.co.replies[request_id, ""] = (status, dumps(answer.body))
        return answer.response()

    def _kept(self, request_id: str) -> Response | None:
        """The stored answer to a repeated requestid (API.md 4); whether it dedupes is a switch."""
        if not self.co.switches.honour_requestid or (request_id, "") not in self.co.replies:
            return None
        status, text = self.co.replies[request_id, ""]
        return Answer(text=text, status=status).response()

    def _meter(self, operation: str, body: Obj) -> None:
        """CorePlus: successful reads (API.md 6); a batch counts each query in it."""
        if operation == "batch":
            self.co.reads["query"] += sum("QueryResponse" in one for one in body.get("BatchItemResponse", []))
        elif operation in ("query", "cdc") or operation.startswith("GET"):
            self.co.reads[operation] += 1

    def _dispatch(self, request: Request, path: str, request_id: str) -> Obj:
        parts = path.split("/")
        first = parts[0].lower()
        if first == "query":
            text = request.args.get("query") or _text(request)
            return {"QueryResponse": query.run(self.co, text)}
        if first == "batch" and request.method == "POST":
            return self._batch(_object(request), request_id)
        if first == "upload" and request.method == "POST":
            return attaching.upload(self.co, request)
        if first == "cdc":
            return changes.since(
                self.co, request.args.get("entities", ""), request.args.get("changedSince", "")
            )
        if first == "reports" and len(parts) == 2 and request.method == "GET":
            return reports.run(self.co, parts[1], dict(request.args))
        entity = NAMES.get(first)
        if entity is None or len(parts) > 2:
            raise Refused(
                "10000", f"System Failure Error: Could not find resource for relative : {path}", status=501
            )
        if request.method == "GET":
            return self._read(entity, parts)
        options = _options(request)
        return self.write(entity, _object(request), request.args.get("operation", ""), options)

    def _read(self, entity: str, parts: list[str]) -> Obj:
        identity = parts[1] if len(parts) == 2 else "1"
        if entity in ("CompanyInfo", "Preferences"):
            identity = "1"
        if not identity.isdigit():
            raise Refused("2030", f"Invalid ID : {identity}", element="Id")
        return {entity: writing.view(self.co, entity, identity)}

    def write(self, entity: str, given: Obj, operation: str, include: frozenset[str]) -> Obj:
        """One write, with the void quirks of API.md 7. Raises Refused."""
        if entity == attaching.ENTITY:
            take = attaching.delete if operation.lower() == "delete" else attaching.create
            return {entity: take(self.co, given)}
        act = writing.Act(include=include) if include else writing.API
        if "void" in include and operation in ("update", ""):
            if entity not in writing.VOID_BY_UPDATE:
                raise _no_void()
            return {entity: writing.void(self.co, entity, given, act)}
        match operation.lower():
            case "void":
                return self._void(entity, given, act)
            case "delete":
                return {entity: writing.delete(self.co, entity, given, act)}
            case "" | "update" | "create":
                make = (
                    writing.update
                    if given.get("Id") or entity in ("Preferences", "CompanyInfo")
                    else writing.create
                )
                return {entity: make(self.co, entity, given, act)}
            case other:
                raise Refused("500", f"Operation {other} is not supported.", element="Operation")

    def _void(self, entity: str, given: Obj, act: writing.Act) -> Obj:
        match entity:
            case "Invoice":
                return {entity: writing.void(self.co, entity, given, act)}
            case "JournalEntry":  # seen live: 200 and nothing happens (API.md 7)
                return {"BatchItemResponse": []}
            case "Bill":  # seen live: 200 with a SystemFault (API.md 7)
                return {"Fault": _system("System Failure Error: java.lang.UnsupportedOperationException")}
            case _:
                raise _no_void()

    def _batch(self, given: Obj, request_id: str) -> Obj:
        """Up to 30 independent items, each with its own result (API.md 4)."""
        items = given.get("BatchItemRequest") or []
        if len(items) > BATCH_ITEMS:
            raise Refused("1040", f"Batch size exceeds limit : at most {BATCH_ITEMS} items")
        if request_id and (len(request_id) > 36 or any(len(str(i.get("bId", ""))) > 10 for i in items)):
            raise Refused("2130", f"Invalid Request Id Format : {request_id}", element="requestid")
        return {"BatchItemResponse": [self._item(item, request_id) for item in items]}

    def _item(self, item: Obj, request_id: str) -> Obj:
        key = (request_id, str(item.get("bId", "")))
        if request_id and self.co.switches.honour_requestid and key in self.co.replies:
            return dict(loads(self.co.replies[key][1]))
        fault, work = self._item_work(item)
        try:
            result = self._item_result(fault, work)
        except Refused as refused:
            return {"bId": item.get("bId"), "Fault": refused.fault()}
        answer = {"bId": item.get("bId"), **result}
        if request_id and "Fault" not in answer:
            self.co.replies[key] = (200, dumps(answer))
        return answer

    def _item_work(self, item: Obj) -> tuple[Fault | None, Callable[[], Obj]]:
        if "Query" in item:
            return None, lambda: {"QueryResponse": query.run(self.co, str(item["Query"]))}
        entity = next((name for name in item if name in ENTITIES), "")
        operation = str(item.get("operation", ""))
        include = frozenset(str(item.get("optionsData", "")).split(",")) - {""}
        if not entity:
            return None, lambda: _refuse(missing("operation"))
        verb = "void" if "void" in include else operation
        fault = self.faults.hit(f"{verb} {entity.lower()}")
        return fault, lambda: self.write(entity, dict(item[entity]), operation, include)

    def _item_result(self, fault: Fault | None, work: Callable[[], Obj]) -> Obj:
        """Answer an item with its planned fault: a drop ends the whole answer, any other is its Fault."""
        if fault is None or fault.kind in ("slow", "malformed"):
            return work()
        if fault.kind == "drop_after" or fault.args.get("commit"):
            work()
        if fault.kind.startswith("drop"):
            raise ConnectionDropped(fault.operation)
        if fault.kind == "refuse" and "Fault" in fault.args.get("body", {}):
            return {"Fault": fault.args["body"]["Fault"]}
        return {"Fault": Speech(self.co).fault_200(args=fault.args).body["Fault"]}


def _no_void() -> Refused:
    return Refused("500", "Operation void is not supported.", element="Operation")


def _refuse(refused: Refused) -> Obj:
    raise refused


def _options(request: Request) -> frozenset[str]:
    return frozenset(request.args.get("include", "").split(",")) - {""}


def _text(request: Request) -> str:
    try:
        return request.get_data().decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("500", "Unsupported Operation : The text is not UTF-8.") from None


def _object(request: Request) -> Obj:
    try:
        given = body_json(request)
    except UnicodeDecodeError:
        raise Refused("500", "Unsupported Operation : The text is not UTF-8.") from None
    except ValueError as wrong:
        raise Refused("2010", f"Request could not be read : {wrong}") from None
    if not isinstance(given, dict):
        raise Refused("2010", "Request could not be read : an object is expected")
    return given
