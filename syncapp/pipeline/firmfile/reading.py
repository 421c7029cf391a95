"""Reading and writing the text of a firm file. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml

from mapping.rules import RuleRow
from syncapp.pipeline.firmfile.schema import FILE
from syncapp.pipeline.firmfile.shape import Trouble

LONGEST_FILE = 2_000_000
MAPPING_KEYS = ("rules", "fallback")


class Unreadable(Exception):
    """A firm file with something wrong in it; nothing of it was applied."""

    def __init__(self, troubles: list[Trouble]) -> None:
        super().__init__("\n".join(str(trouble) for trouble in troubles))
        self.troubles = troubles


class _Loader(yaml.SafeLoader):
    """YAML without keys given twice, of which the first would be lost in silence."""


def _once(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} is not text", key_node.start_mark
            )
        if key in found:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key “{key}” is given twice", key_node.start_mark
            )
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _once)


def read(text: str) -> dict[str, Any]:
    """Read a firm file to its canonical form. Raises Unreadable with every trouble and its place."""
    if len(text) > LONGEST_FILE:
        raise Unreadable([Trouble("", "the file is too long to be a firm file")])
    try:
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        at = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise Unreadable([Trouble(at, str(error.problem or "this is not YAML"))]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unreadable([Trouble("", f"this is not YAML: {error}")]) from error
    troubles: list[Trouble] = []
    found = FILE(data, "", troubles)
    if troubles:
        raise Unreadable(troubles)
    return found  # type: ignore[no-any-return]


class _Dumper(yaml.SafeDumper):
    """YAML as a person would write it: lists set in, no anchors."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's own
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow, False)


def write(data: dict[str, Any]) -> str:
    """Write a canonical form as the text of a firm file; the same form gives the same text."""
    return yaml.dump(
        _days(data),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=10_000,
    )


def _days(data: dict[str, Any]) -> dict[str, Any]:
    """Return the form with its days as days, which YAML writes without quotes."""
    books = [
        {
            **entry,
            **(
                {"start": {kind: date.fromisoformat(day) for kind, day in entry["start"].items()}}
                if "start" in entry
                else {}
            ),
            **({"trust": [_dated(pair, "start") for pair in entry["trust"]]} if "trust" in entry else {}),
        }
        for entry in data.get("books", [])
    ]
    people = [_dated(_dated(_dated(person, "until"), "from"), "to") for person in data.get("people", [])]
    return {**data, **({"people": people} if "people" in data else {}), "books": books}


def _dated(row: dict[str, Any], key: str) -> dict[str, Any]:
    return {**row, key: date.fromisoformat(row[key])} if key in row else row


def mapping_of(entry: dict[str, Any]) -> tuple[dict[str, Any], tuple[RuleRow, ...]]:
    """Split a `books` entry into the options and the rules that the mapping keeps."""
    options = {
        key: value for key, value in entry.items() if key not in {"name", "ledger", "mapping"} and value
    }
    mapping = entry.get("mapping", {})
    if "fallback" in mapping:
        options["fallback"] = mapping["fallback"]
    rows = tuple(
        RuleRow(
            position=position,
            when=dict(row.get("when", {})),
            item=row.get("item", ""),
            account=row.get("account", ""),
            class_id=row.get("class", ""),
            location=row.get("location", ""),
        )
        for position, row in enumerate(mapping.get("rules", []), start=1)
    )
    return options, rows


def entry_of(
    *, name: str, ledger: str, options: dict[str, Any], rules: tuple[RuleRow, ...]
) -> dict[str, Any]:
    """Join options and rules to a `books` entry, its keys in the file's order."""
    listed = [_row(rule) for rule in rules]
    mapping = {
        **({"rules": listed} if listed else {}),
        **({"fallback": options["fallback"]} if "fallback" in options else {}),
    }
    order = (
        "start",
        "customers",
        "invoices",
        "mapping",
        "deposits",
        "payouts",
        "retainers",
        "openings",
        "rounding",
        "trust",
    )
    parts = {**options, "mapping": mapping}
    entry = {"name": name, "ledger": ledger}
    return {**entry, **{key: parts[key] for key in order if parts.get(key)}}


def _row(rule: RuleRow) -> dict[str, Any]:
    chosen = {"item": rule.item, "account": rule.account, "class": rule.class_id, "location": rule.location}
    return {
        **({"when": rule.when} if rule.when else {}),
        **{key: text for key, text in chosen.items() if text},
    }
