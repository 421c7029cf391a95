"""Documents and plans as JSON values and back, by their own types. No code per class.

What a class looks like is worked out once: thousands of documents are read in a run.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

type Reader = Callable[[Any], Any]

_PLAIN = frozenset({str, int, bool, float, type(None)})


def to_json(value: Any) -> Any:
    """Return a value of dataclasses, tuples, dates, decimals and enums as plain JSON values.

    Fields that hold their default are left out, so that a new field with a default keeps old fingerprints.
    """
    cls = type(value)
    if cls in _PLAIN:
        return value
    if (known := _defaults(cls)) is not None:  # type: ignore[arg-type]
        found = {"is": cls.__name__}
        for name, default in known:
            if (v := getattr(value, name)) != default:
                found[name] = to_json(v)
        return found
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


def from_json[T](cls: type[T], data: Any) -> T:
    """Rebuild an instance of `cls` from what `to_json` gave. Raises TypeError or ValueError if it misfits."""
    return _reader(cls)(data)  # type: ignore[arg-type, no-any-return]


@cache
def _defaults(cls: type) -> tuple[tuple[str, Any], ...] | None:
    """Return the fields of a dataclass with their defaults; None for any other class."""
    return tuple((f.name, f.default) for f in fields(cls)) if is_dataclass(cls) else None


@cache
def _reader(hint: Any) -> Reader:
    """Return what reads a value of one type."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _union(get_args(hint))
    if origin in (tuple, list):
        each = _reader(get_args(hint)[0])
        return lambda data: origin(map(each, data))
    if origin is dict:
        value = _reader(get_args(hint)[1])
        return lambda data: {key: value(item) for key, item in data.items()}
    if is_dataclass(hint) and isinstance(hint, type):
        return _dataclass(hint)
    if hint is date:
        return date.fromisoformat
    if hint is Decimal or (isinstance(hint, type) and issubclass(hint, Enum)):
        return hint
    return _as_it_is


def _as_it_is(data: Any) -> Any:
    return data


def _dataclass(cls: type) -> Reader:
    known: dict[str, Reader] = {}

    def read(data: Any) -> Any:
        if not known:  # a class may name itself
            known.update({name: _reader(hint) for name, hint in get_type_hints(cls).items()})
        return cls(**{key: known[key](value) for key, value in data.items() if key in known})

    return read


def _union(options: tuple[Any, ...]) -> Reader:
    optional = type(None) in options
    readers = {
        getattr(option, "__name__", ""): _reader(option) for option in options if option is not type(None)
    }
    only = next(iter(readers.values())) if len(readers) == 1 else None

    def read(data: Any) -> Any:
        if data is None and optional:
            return None
        if only is not None:
            return only(data)
        if isinstance(data, dict) and data.get("is") in readers:
            return readers[data["is"]](data)
        raise TypeError(f"cannot tell which of {sorted(readers)} this is")

    return read
