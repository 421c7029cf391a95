"""A record and what is wanted of it, as JSON-ready values: exact numbers, dates, instants with offsets."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from syncapp.emulators.clio.fieldspec import SHAPES, Wanted
from syncapp.emulators.clio.model import Record, World
from syncapp.emulators.clio.values import GETTERS, currency

ZONES = {
    "us": ZoneInfo("America/New_York"),
    "ca": ZoneInfo("America/Toronto"),
    "eu": ZoneInfo("Europe/London"),
    "au": ZoneInfo("Australia/Sydney"),
}


def show(world: World, thing: Any, wanted: Wanted, kind: str) -> dict[str, Any]:
    """The wanted fields of a record or of a plain part of one (a discount, a balance)."""
    if hidden(world, thing):
        return {"id": thing.id, "redacted": True}
    shape, answer = SHAPES[kind], {}
    for name, inner in wanted.names.items():
        value = _value(world, thing, name, kind)
        if inner is None:
            answer[name] = plain(value, world)
        elif name in shape.many:
            answer[name] = [show(world, each, inner, shape.many[name]) for each in value or []]
        else:
            answer[name] = None if value is None else show(world, value, inner, shape.one[name])
    return answer


def hidden(world: World, thing: Any) -> bool:
    """Whether the token may not see it and the redacting switch is on (API.md section 1)."""
    return (
        world.switches.redact_hidden
        and isinstance(thing, Record)
        and thing.kind == "Contact"
        and thing.id in world.hidden_contacts
    )


def _value(world: World, thing: Any, name: str, kind: str) -> Any:
    if isinstance(thing, dict):
        return thing.get(name)
    getter = GETTERS.get(kind, {}).get(name)
    if getter is not None:
        return getter(world, thing)
    if name == "currency" and SHAPES[kind].relation(name):
        return currency(world, thing)
    target = SHAPES[kind].relation(name)
    if target is not None:
        return _related(world, thing, name, target)
    return getattr(thing, name, None)


def _related(world: World, thing: Any, name: str, target: str) -> Any:
    table = "User" if target == "User" else target
    one = getattr(thing, f"{name}_id", None)
    if one is not None:
        return world.tables[table].get(one)
    many = getattr(thing, f"{name.removesuffix('s')}_ids", None)
    return [world.tables[table][i] for i in many if i in world.tables[table]] if many else None


def plain(value: Any, world: World) -> Any:
    """A value as JSON: money as a shortest exact number (1234.5, 100.0), times as ISO 8601."""
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, datetime):
        return value.astimezone(ZONES.get(world.switches.region, ZONES["us"])).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


def number(value: Decimal) -> Decimal:
    """A Decimal that prints like a JSON double: at least one decimal, no trailing zeros."""
    short = value.normalize()
    exponent = short.as_tuple().exponent
    return short if isinstance(exponent, int) and exponent < 0 else short.quantize(Decimal("0.1"))
