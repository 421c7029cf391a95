"""Every step of the delivery × every fault, told once more, with what it comes to."""

from __future__ import annotations

import os

from django.db import transaction

from syncapp.local import testing
from tests.table.test_table import told
from tests.table.words import STEPS, cells, matrix, named


def rows() -> str:
    """Tell every row in a database of its own and return the table as Markdown, ✗ where it does not tie."""
    failed: set[tuple[str, str, bool]] = set()
    for step in STEPS:
        whole = transaction.atomic()
        whole._from_testcase = True  # type: ignore[attr-defined]  # what is told is undone, as a test's is
        with testing.clone(f"table_{os.getpid()}"), whole:
            wrong = told(step)
            transaction.set_rollback(True)
        for cell in [cell for cell in cells() if cell[0] == step]:
            if wrong.get("") or wrong.get(named(cell[1], honoured=cell[2])):
                failed.add(cell)
    return matrix(frozenset(failed))


def figures() -> str:
    """Return the table."""
    return rows()
