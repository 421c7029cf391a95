"""Documents and plans as JSON values and back, by their own types. No code per class."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints


def to_json(value: Any) -> Any:
    """Return a value of dataclasses, tuples, dates, decimals and enums as plain JSON values.

    Fields that hold their default are left out, so that a new field with a default keeps old fingerprints.
    """
    if is_dataclass(value) and not isinstance(value, type):
        tag = {"is": type(value).__name__}
        return tag | {f.name: to_json(v) for f in fields(value) if (v := getattr(value, f.name)) != f.default}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple | list | frozenset):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_json(item) for key, item in value.items()}
    return value


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def from_json[T](cls: type[T], data: Any) -> T:
    """Rebuild an instance of `cls` from what `to_json` gave. Raises TypeError or ValueError if it misfits."""
    return _read(cls, data)  # type: ignore[no-any-return]


def _read(hint: Any, data: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _read_union(get_args(hint), data)
    if origin in (tuple, list):
        return origin(_read(get_args(hint)[0], item) for item in data)
    if origin is dict:
        return {key: _read(get_args(hint)[1], item) for key, item in data.items()}
    if is_dataclass(hint):
        known = _hints(hint)  # type: ignore[arg-type]
        return hint(**{k: _read(known[k], v) for k, v in data.items() if k in known})  # type: ignore[operator]
    if hint is date:
        return date.fromisoformat(data)
    if hint is Decimal:
        return Decimal(data)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(data)
    return data


def _read_union(options: tuple[Any, ...], data: Any) -> Any:
    if data is None and type(None) in options:
        return None
    named = {getattr(option, "__name__", ""): option for option in options if option is not type(None)}
    if isinstance(data, dict) and data.get("is") in named:
        return _read(named[data["is"]], data)
    if len(named) != 1:
        raise TypeError(f"cannot tell which of {sorted(named)} this is")
    return _read(next(iter(named.values())), data)
