"""Every code of a Problem that the product can raise, read from its sources."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator

from tests.house.sources import name_of, python_files, tree_of

FOLDERS = ("syncapp", "mapping", "trust")
MAKERS = {"Problem": "code", "Sentence": 0, "_wrong_type": 0, "_at_clio": 1, "problem": 0}
WRITTEN = {  # codes that are put together, with all that they come to
    "inactive_{}": ("account", "item", "class", "location"),
    "{}_not_read": ("client", "matter"),
    "mixed_{}": ("locations", "classes"),
}


def raised() -> dict[str, str]:
    """Each code with one place that raises it."""
    found: dict[str, str] = {}
    for file in python_files(*FOLDERS):
        name = name_of(file)
        if "/emulators/" in name or "/migrations/" in name:
            continue
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.Call):
                for code in _codes(node, name):
                    found.setdefault(code, f"{name}:{node.lineno}")
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
                found |= _paired(node, name)
    return found


def _paired(node: ast.Assign, name: str) -> dict[str, str]:
    """Read `code, cause = "trust_between_clients", ...`."""
    targets = node.targets[0]
    if not isinstance(targets, ast.Tuple) or not isinstance(node.value, ast.Tuple):
        return {}
    return {
        str(value.value): f"{name}:{node.lineno}"
        for target, value in zip(targets.elts, node.value.elts, strict=True)
        if isinstance(target, ast.Name) and target.id == "code" and isinstance(value, ast.Constant)
    }


def _codes(node: ast.Call, name: str) -> Iterator[str]:
    called = getattr(node.func, "id", getattr(node.func, "attr", ""))
    where = MAKERS.get(called)
    if where is None:
        return
    given: ast.expr | None
    if isinstance(where, int):
        given = node.args[where] if len(node.args) > where else None
    else:
        given = next((word.value for word in node.keywords if word.arg == where), None)
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        yield given.value
    elif isinstance(given, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in given.values]
        pattern = "".join(str(part) for part in parts)
        yield from (pattern.format(word) for word in WRITTEN[pattern])
    elif isinstance(given, ast.Name | ast.Attribute) and ast.unparse(given).split(".")[-1].isupper():
        module = importlib.import_module(name.removesuffix(".py").replace("/", "."))
        found: object = module
        for part in ast.unparse(given).split("."):
            found = getattr(found, part)
        yield str(found)
