"""Writes operations: names one at a time, transactions in batches of 30, and an outcome for each.

Idempotency (qbo/API.md section 4). A call of its own carries its operation's request id as `requestid`. In a
batch QuickBooks tells an item by the batch's `requestid` and its `bId`: the batch's is made from the request
ids of its items in their order, and the bId is the item's place. So the same batch sent again is the same
request, item for item, whether the vendor remembers whole batches or single items; any other composition is a
new request, whose items nothing but the look-up before it keeps from being written twice. That look-up is the
guard (DESIGN section 7, point 5); `requestid` is the second one.

Nothing here is sent twice, with one exception: a batch that was refused as a whole, so that nothing of it was
written, goes again item by item, so that one bad item does not hold the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from syncapp.core.books import Company, NotSent, Operation, Outcome, Posted, Refused, Uncertain
from syncapp.core.ledger import NAME_LISTS
from syncapp.http import errors
from syncapp.http.wire import Response
from syncapp.qbo import faults
from syncapp.qbo.read import UnreadableError
from syncapp.qbo.render import Rendered, UnrenderableError, render
from syncapp.qbo.shapes import Json

if TYPE_CHECKING:
    from syncapp.qbo.client import QuickBooks

BATCH_ITEMS = 30
_BATCHES = UUID("0f6f1c9e-3f0d-5d64-8a53-5a1d1f3f7c02")
_UNKNOWN = Company(id="", name="")


class _Run:
    """The outcomes of one `send`, by the operation's place."""

    def __init__(self, client: QuickBooks, operations: list[Operation]) -> None:
        self.client = client
        self.operations = operations
        self.outcomes: dict[int, Outcome] = {}
        self.rendered: dict[int, Rendered] = {}
        for place, operation in enumerate(operations):
            try:
                self.rendered[place] = render(operation, company=client.known_company or _UNKNOWN)
            except UnrenderableError as error:
                refused = Refused(code=error.code, words=error.words, element=error.element)
                self.outcomes[place] = refused

    def steps(self) -> Iterator[list[int]]:
        """Give the places of each call: names first, alone, then transactions, then what no batch takes."""
        names = [place for place in self.rendered if self.operations[place].kind in NAME_LISTS]
        yield from ([place] for place in names)
        rest = [place for place in self.rendered if place not in set(names)]
        yield from self._batches([place for place in rest if self.rendered[place].batch])
        yield from ([place] for place in rest if not self.rendered[place].batch)

    def _batches(self, places: list[int]) -> Iterator[list[int]]:
        """Cut into batches of 30; two writes of one object never meet in one: its order is not kept."""
        lot: list[int] = []
        touched: set[tuple[str, str]] = set()
        for place in places:
            key = (self.rendered[place].entity, self.operations[place].remote_id)
            if len(lot) == BATCH_ITEMS or (key[1] and key in touched):
                yield lot
                lot, touched = [], set()
            lot.append(place)
            touched.add(key)
        if lot:
            yield lot


def send(client: QuickBooks, operations: list[Operation]) -> list[Outcome]:
    """Write the operations and return their outcomes in the order given.

    The operations of one call must not need each other. When the vendor asks to wait, what has not been sent
    yet stays unsent. Raises Revoked only when nothing has been decided yet, and ForbiddenCallError.
    """
    run = _Run(client, operations)
    stop: NotSent | None = None
    for places in run.steps():
        if stop:
            run.outcomes |= dict.fromkeys(places, stop)
            continue
        try:
            answers = _alone(run, places[0]) if len(places) == 1 else _batch(run, places)
        except errors.Revoked as error:
            if not run.outcomes:
                raise
            answers = _same(places, NotSent(words=error.words, vendor_request_id=error.vendor_request_id))
        run.outcomes |= answers
        last = answers[places[-1]]
        if isinstance(last, NotSent):
            stop = NotSent(words=last.words, retry_after=last.retry_after)
    return [run.outcomes[place] for place in range(len(operations))]


def _same(places: list[int], outcome: Outcome) -> dict[int, Outcome]:
    return dict.fromkeys(places, outcome)


def _alone(run: _Run, place: int) -> dict[int, Outcome]:
    request, operation = run.rendered[place], run.operations[place]
    params = {**request.params, "requestid": operation.request_id}
    try:
        answer = run.client.post(request.path, params=params, body=request.body)
    except errors.Transient as error:
        return {place: _unanswered(error)}
    except errors.Refused as error:
        return {place: _refused(error)}
    return {place: _outcome(run, request, _decoded(answer), answer.status, answer.vendor_request_id)}


def _unanswered(error: errors.Transient) -> Outcome:
    """Without an answer it may have been written, unless it certainly never arrived."""
    tid = error.vendor_request_id
    if error.sent:
        return Uncertain(words=error.words, vendor_request_id=tid)
    return NotSent(words=error.words, retry_after=error.retry_after, vendor_request_id=tid)


def _refused(error: errors.Refused) -> Outcome:
    return Refused(
        code=error.code, words=error.words, detail=error.detail, vendor_request_id=error.vendor_request_id
    )


def _decoded(answer: Response) -> Any:
    """Return the JSON of an answer, or its text when it is none."""
    try:
        return answer.json()
    except errors.Transient:
        return answer.text


def _outcome(run: _Run, request: Rendered, body: Any, status: int, tid: str) -> Outcome:
    """Judge one answer or one item: HTTP 200 may carry a fault, or nothing at all (API.md sections 2, 7)."""
    fault = faults.fault_in(body)
    row = body.get(request.entity) if isinstance(body, dict) else None
    if fault is None and status < 300 and isinstance(row, dict):  # noqa: PLR2004 - HTTP's own range
        try:
            return Posted(object=run.client.readable(request.entity, row), vendor_request_id=tid)
        except UnreadableError as error:
            return Uncertain(words=f"QuickBooks' answer cannot be read: {error}", vendor_request_id=tid)
    found = faults.verdict(status, fault, vendor_request_id=tid)
    if isinstance(found, faults.Disconnected):
        raise errors.Revoked(found.words, tid)
    return found


def _batch(run: _Run, places: list[int]) -> dict[int, Outcome]:
    items = [_item(run.rendered[place], number) for number, place in enumerate(places, start=1)]
    ids = "|".join(run.operations[place].request_id for place in places)
    params = {"requestid": str(uuid5(_BATCHES, ids))}
    try:
        answer = run.client.post("batch", params=params, body={"BatchItemRequest": items}, kind="batch")
    except errors.Transient as error:
        return _same(places, _unanswered(error))
    except errors.Refused as error:
        return _same(places, _refused(error))
    body, tid = _decoded(answer), answer.vendor_request_id
    rows = body.get("BatchItemResponse") if isinstance(body, dict) else None
    fault = faults.fault_in(body)
    if fault is None and answer.status < 300 and isinstance(rows, list):  # noqa: PLR2004
        return _items(run, places, rows, tid)
    return _whole(run, places, faults.verdict(answer.status, fault, vendor_request_id=tid))


def _item(request: Rendered, number: int) -> Json:
    return {"bId": str(number), "operation": request.batch, request.entity: request.body}


def _items(run: _Run, places: list[int], rows: list[Any], tid: str) -> dict[int, Outcome]:
    """Read each item's answer by its bId; their order is not promised, and one may be missing."""
    by_bid = {str(row.get("bId")): row for row in rows if isinstance(row, dict)}
    answers: dict[int, Outcome] = {}
    for number, place in enumerate(places, start=1):
        row = by_bid.get(str(number))
        if row is None:
            words = "QuickBooks' answer to the batch leaves this entry out."
            answers[place] = Uncertain(words=words, vendor_request_id=tid)
            continue
        answers[place] = _item_outcome(run, run.rendered[place], row, tid)
    return answers


def _item_outcome(run: _Run, request: Rendered, row: Json, tid: str) -> Outcome:
    """An item that lost its right to the company must not hide what became of the others."""
    try:
        return _outcome(run, request, row, 200, tid)
    except errors.Revoked as error:
        return NotSent(words=error.words, vendor_request_id=tid)


def _whole(run: _Run, places: list[int], found: faults.Verdict) -> dict[int, Outcome]:
    """The batch was refused as one: nothing was written when that is clear, and each may go alone."""
    if isinstance(found, faults.Disconnected):
        raise errors.Revoked(found.words, found.vendor_request_id)
    if not isinstance(found, Refused):
        return _same(places, found)
    answers: dict[int, Outcome] = {}
    for place in places:
        try:
            answers |= _alone(run, place)
        except errors.Revoked as error:
            answers[place] = NotSent(words=error.words, vendor_request_id=error.vendor_request_id)
        if isinstance(last := answers[place], NotSent):
            rest = [other for other in places if other not in answers]
            return answers | _same(rest, NotSent(words=last.words, retry_after=last.retry_after))
    return answers
