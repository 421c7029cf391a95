"""The `fields` parameter: defaults, one level of braces, 400 InvalidFields (API.md section 2)."""

from __future__ import annotations

from dataclasses import dataclass, field

from syncapp.emulators.clio.fieldtable import MAIN
from syncapp.emulators.clio.sidetable import SIDE

NO_ID = ("Discount", "Interest", "LineItemTotals", "TaxSetting", "ActivityDescriptionRate")


class InvalidFields(ValueError):
    """The text is Clio's message; its wording is not published."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The names a kind answers to: plain fields, relations to one, relations to many."""

    plain: frozenset[str]
    one: dict[str, str]
    many: dict[str, str]
    default: tuple[str, ...]

    def relation(self, name: str) -> str | None:
        """The kind that a relation leads to."""
        return self.one.get(name) or self.many.get(name)


@dataclass(slots=True)
class Wanted:
    """What a request asks for of one record, in order; a relation carries what is wanted inside."""

    names: dict[str, Wanted | None] = field(default_factory=dict)


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split())


def _shape(kind: str) -> Shape:
    plain, one, many = MAIN.get(kind) or (SIDE.get(kind, "id"), "", "")
    names = plain.split()
    default: tuple[str, ...] = tuple(n for n in ("id", "etag") if n in names)
    if kind in NO_ID or not default:
        default = tuple(names)
    return Shape(frozenset(names), _pairs(one), _pairs(many), default)


SHAPES: dict[str, Shape] = {kind: _shape(kind) for kind in (*MAIN, *SIDE)}


def defaults(kind: str) -> Wanted:
    """What an answer carries when nothing is asked: `id,etag` for most."""
    return Wanted(dict.fromkeys(SHAPES[kind].default))


def parse(text: str | None, kind: str) -> Wanted:
    """Read a `fields` value for a kind. Raises InvalidFields."""
    if text is None or not text.strip():
        return defaults(kind)
    wanted = Wanted()
    for name, inner in _split(text):
        wanted.names[name] = _one(name, inner, kind, depth=0)
    return wanted


def _one(name: str, inner: str | None, kind: str, *, depth: int) -> Wanted | None:
    shape = SHAPES[kind]
    target = shape.relation(name)
    if target is None:
        if name not in shape.plain or inner is not None:
            raise InvalidFields(f"{name} is not a valid field for {kind}")
        return None
    if inner is None:
        return defaults(target)
    if depth or "{" in inner:
        raise InvalidFields("Only one level of nesting is supported")
    return Wanted({sub: _one(sub, deeper, target, depth=1) for sub, deeper in _split(inner)})


def _split(text: str) -> list[tuple[str, str | None]]:
    """`a,b{c,d}` as [(a, None), (b, "c,d")]."""
    found: list[tuple[str, str | None]] = []
    depth, start, brace = 0, 0, -1
    for i, letter in enumerate(text + ","):
        if letter == "{":
            brace = i if depth == 0 else brace
            depth += 1
        elif letter == "}":
            depth -= 1
        elif letter == "," and depth == 0:
            part = text[start:i]
            if brace >= start:
                if not part.endswith("}"):
                    raise InvalidFields(f"Cannot read {part}")
                found.append((text[start:brace].strip(), text[brace + 1 : i - 1]))
            else:
                found.append((part.strip(), None))
            start = i + 1
        if depth < 0:
            raise InvalidFields("Unbalanced braces")
    if depth or any(not name for name, _ in found):
        raise InvalidFields("Unbalanced braces or an empty name")
    return found
