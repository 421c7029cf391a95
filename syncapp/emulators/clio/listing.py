"""Lists: filters, orders, cursor and offset paging with full-URL links (API.md section 2)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from werkzeug.datastructures import MultiDict

from syncapp.emulators.clio.derived import DERIVED
from syncapp.emulators.clio.endpoints import Endpoint
from syncapp.emulators.clio.errors import ApiError
from syncapp.emulators.clio.fieldspec import InvalidFields, Wanted, parse
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Contact, Matter
from syncapp.emulators.clio.render import show
from syncapp.emulators.clio.sums import sums

OFFSET_LIMIT = 10_000
STANDARD = {"fields", "limit", "page_token", "offset", "order", "updated_since", "created_since", "ids[]"}


def bad(message: str, kind: str = "ArgumentError") -> ApiError:
    """400; the name `ArgumentError` is unproven (API.md section 2)."""
    return ApiError(400, kind, message)


def wanted_fields(args: MultiDict[str, str], kind: str) -> Wanted:
    """The `fields` of a request. Raises ApiError 400 InvalidFields."""
    try:
        return parse(args.get("fields"), kind)
    except InvalidFields as wrong:
        raise ApiError(400, "InvalidFields", str(wrong)) from None


def answer_list(world: World, endpoint: Endpoint, args: MultiDict[str, str], base_url: str) -> dict[str, Any]:
    """The envelope of a list: `data`, and `meta.paging` with links where there are more pages."""
    wanted = wanted_fields(args, endpoint.kind)
    _known(world, endpoint, args)
    limit = _whole(args, "limit", endpoint.maximum, low=1, high=endpoint.maximum)
    rows = _ordered(world, endpoint, select(world, endpoint, args), args)
    order = args.get("order", endpoint.default_order)
    if "offset" in args or (order != "id(asc)" and endpoint.orders):
        page, links = _by_offset(rows, args, limit)
    else:
        page, links = _by_cursor(rows, args, limit)
    data = [show(world, row, wanted, endpoint.kind) for row in page]
    paging = {name: _link(base_url, args, change) for name, change in links.items()}
    return {"data": data, "meta": {"paging": paging}}


def select(world: World, endpoint: Endpoint, args: MultiDict[str, str]) -> list[Any]:
    """The rows that pass every filter, without order."""
    rows = _source(world, endpoint, args)
    for name in args:
        if name in endpoint.filters:
            test, value = endpoint.filters[name], args[name]
            rows = [row for row in rows if _passes(test, world, row, value, name)]
    if endpoint.ids and "ids[]" in args:
        ids = set(args.getlist("ids[]"))
        rows = [row for row in rows if str(row.id) in ids]
    if "exclude_ids[]" in args:
        ids = set(args.getlist("exclude_ids[]"))
        rows = [row for row in rows if str(row.id) not in ids]
    for param, attribute in (("updated_since", "updated_at"), ("created_since", "created_at")):
        if endpoint.since and param in args:
            since = _instant(args[param], param)
            rows = [r for r in rows if _later(world, getattr(r, attribute), since)]
    return rows


def _source(world: World, endpoint: Endpoint, args: MultiDict[str, str]) -> list[Any]:
    if endpoint.kind in DERIVED:
        return DERIVED[endpoint.kind](world)
    rows = list(world.tables[endpoint.kind].values())
    flags = world.switches
    if endpoint.kind == "Bill" and "state" not in args and not flags.bills_list_includes_removed:
        rows = [b for b in rows if b.state not in ("void", "deleted")]
    if endpoint.kind == "Allocation" and "status" not in args and not flags.allocations_list_includes_voided:
        rows = [a for a in rows if a.voided_at is None]
    if endpoint.kind == "CreditMemo" and not flags.credit_memos_list_includes_voided:
        rows = [c for c in rows if c.voided_at is None]
    if endpoint.kind == "Contact" and not flags.redact_hidden:
        rows = [c for c in rows if c.id not in world.hidden_contacts]
    return rows


def _passes(test: Callable[..., bool], world: World, row: Any, value: str, name: str) -> bool:
    try:
        return test(world, row, value)
    except ValueError:
        raise bad(f"{name} is not valid") from None


def _later(world: World, stamp: datetime, since: datetime) -> bool:
    return stamp >= since if world.switches.updated_since_inclusive else stamp > since


def _known(world: World, endpoint: Endpoint, args: MultiDict[str, str]) -> None:
    known = {"fields", "limit", "page_token", "offset", "exclude_ids[]", *endpoint.filters}
    known |= {"order"} if endpoint.orders else set()
    known |= {"ids[]"} if endpoint.ids else set()
    known |= {"updated_since", "created_since"} if endpoint.since else set()
    strange = [name for name in args if name not in known]
    if strange and world.switches.strict_params:
        raise bad(f"{strange[0]} is not a parameter of {endpoint.path}")


def _ordered(world: World, endpoint: Endpoint, rows: list[Any], args: MultiDict[str, str]) -> list[Any]:
    order = args.get("order", endpoint.default_order)
    name, _, way = order.partition("(")
    if endpoint.orders and (name not in endpoint.orders or way not in ("asc)", "desc)")):
        raise bad(f"order {order} is not valid")
    if name == "id" and endpoint.kind in DERIVED:
        return rows
    rows = sorted(rows, key=lambda row: row.id)
    if endpoint.orders and name != "id":
        rows = sorted(rows, key=lambda row: _sort_key(world, row, name))
    return rows[::-1] if way == "desc)" else rows


def _sort_key(world: World, row: Any, name: str) -> tuple[bool, Any]:
    match name:
        case "client_name":
            value: Any = world.get(Contact, row.client_id).name
        case "matter_display_number":
            value = next((m.display_number for m in world.some(Matter, row.matter_ids)), "")
        case "balance":
            value = sums(world, row).balance
        case "total":
            value = row.amount
        case _:
            value = getattr(row, name, None)
    return (value is None, "" if value is None else value)


def _by_cursor(
    rows: list[Any], args: MultiDict[str, str], limit: int
) -> tuple[list[Any], dict[str, dict[str, str]]]:
    """Pages that start after an id; serial, unlimited, stable while rows come and go."""
    token = _read_token(args.get("page_token"))
    after, back = int(token.get("after", 0)), "before" in token
    ids = [_row_id(row) for row in rows]
    if back:
        earlier = [r for r, i in zip(rows, ids, strict=True) if i < int(token["before"])]
        page, more_before = earlier[-limit:], len(earlier) > limit
        more_after = True
    else:
        rest = [r for r, i in zip(rows, ids, strict=True) if i > after]
        page, more_after, more_before = rest[:limit], len(rest) > limit, after > 0
    links: dict[str, dict[str, str]] = {}
    if page and more_before:
        links["previous"] = {"page_token": _token({"before": _row_id(page[0])})}
    if page and more_after:
        links["next"] = {"page_token": _token({"after": _row_id(page[-1])})}
    return page, links


def _by_offset(
    rows: list[Any], args: MultiDict[str, str], limit: int
) -> tuple[list[Any], dict[str, dict[str, str]]]:
    """Pages by position; at most 10,000 records in all."""
    if "page_token" in args:
        raise bad("page_token cannot be used with this order")
    offset = _whole(args, "offset", 0, low=0, high=OFFSET_LIMIT)
    if offset + limit > OFFSET_LIMIT:
        raise bad("offset paging reaches 10,000 records at most")
    links: dict[str, dict[str, str]] = {}
    if offset:
        links["previous"] = {"offset": str(max(0, offset - limit))}
    if offset + limit < len(rows):
        links["next"] = {"offset": str(offset + limit)}
    return rows[offset : offset + limit], links


def _row_id(row: Any) -> int:
    return int(row["id"] if isinstance(row, dict) else row.id)


def _link(base_url: str, args: MultiDict[str, str], change: dict[str, str]) -> str:
    pairs = [(k, v) for k, v in args.items(multi=True) if k not in change and k != "page_token"]
    query = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in [*pairs, *change.items()])
    return f"{base_url}?{query}"


def _token(content: dict[str, int]) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def _read_token(text: str | None) -> dict[str, Any]:
    if not text:
        return {}
    try:
        content = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return dict(content)
    except (ValueError, TypeError):
        raise bad("page_token is not valid") from None


def _whole(args: MultiDict[str, str], name: str, default: int, *, low: int, high: int) -> int:
    text = args.get(name)
    if text is None:
        return default
    if not text.isdigit() or not low <= int(text) <= high:
        raise bad(f"{name} must be between {low} and {high}")
    return int(text)


def _instant(text: str, name: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise bad(f"{name} is not a valid time") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
