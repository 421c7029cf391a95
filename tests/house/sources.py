"""Our own files, as the house rules read them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("accounts", "mapping", "syncapp", "trust")


@cache
def python_files(*folders: str) -> list[Path]:
    """Return our Python files below the folders, migrations left out."""
    found = (file for folder in folders for file in sorted((ROOT / folder).rglob("*.py")))
    return [file for file in found if "migrations" not in file.parts]


def name_of(file: Path) -> str:
    """Return a file's path as the lists of exceptions name it."""
    return file.relative_to(ROOT).as_posix()


@cache
def tree_of(file: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(file.read_text(encoding="utf-8"))


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` of an attribute chain, or nothing for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def calls(file: Path) -> list[tuple[str, int]]:
    """Return the dotted name and the line of every call; a call without arguments by `name()` too."""
    made = [node for node in ast.walk(tree_of(file)) if isinstance(node, ast.Call)]
    bare = [node for node in made if not node.args and not node.keywords]
    return [
        *((dotted(node.func), node.lineno) for node in made),
        *((f"{dotted(node.func)}()", node.lineno) for node in bare),
    ]
