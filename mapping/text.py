"""A mapping as text: what a person reads before publishing it, and what the audit log keeps. Pure."""

from __future__ import annotations

from difflib import ndiff
from typing import TYPE_CHECKING, Any

from mapping import options as choices
from mapping.words import LINE_WORDS, WHEN_WORDS
from syncapp.core.documents import LineKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mapping.rules import RuleRow


LINES = {line.value for line in LineKind}


def said_when(when: Mapping[str, str]) -> str:
    """Say a rule's conditions: `line is time, practice area is Litigation`."""
    parts = [
        f"{word.lower()} is {_value(key, when[key])}" for key, word in WHEN_WORDS.items() if key in when
    ] + [f"{key} is {value}" for key, value in when.items() if key not in WHEN_WORDS]
    return ", ".join(parts) or "every line"


def _value(key: str, value: str) -> str:
    if key == "line" and value in LINES:
        return LINE_WORDS[LineKind(value)]
    return value or "empty"


def said_rule(rule: RuleRow) -> str:
    """Say a rule in one line, without its position."""
    chosen = [
        f"{word} “{text}”"
        for word, text in (
            ("product", rule.item),
            ("account", rule.account),
            ("class", rule.class_id),
            ("location", rule.location),
        )
        if text
    ]
    return f"When {said_when(rule.when)}: {', '.join(chosen) or 'nothing'}"


def lines(raw: Mapping[str, Any], rules: Sequence[RuleRow]) -> list[str]:
    """Write a mapping as lines of text: rules in order, the fallback, then each option with its value."""
    fallback = choices.fallback(raw)
    return [
        *[said_rule(rule) for rule in rules],
        f"Otherwise: product “{fallback}”" if fallback else "Otherwise: hold the line",
        *[
            f"{place}: {value}"
            for place, value in _flat("", {k: v for k, v in raw.items() if k != "fallback"})
        ],
    ]


def _flat(place: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [
            row
            for key, inner in sorted(value.items())
            for row in _flat(f"{place} {key}".strip().replace("_", " "), inner)
        ]
    if isinstance(value, list):
        return [row for n, inner in enumerate(value, start=1) for row in _flat(f"{place} {n}", inner)]
    return [(place, "" if value is None else str(value))]


def difference(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str]]:
    """Return the lines that changed: (`-`, line) was there, (`+`, line) will be."""
    return [(row[0], row[2:]) for row in ndiff(list(before), list(after)) if row[0] in "+-"]
