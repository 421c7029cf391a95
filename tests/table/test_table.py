"""Every step of the delivery × every fault: each cell ends tied (issue 3, B2)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from syncapp.local.surroundings import ROOT
from tests.table import calls, local, sends
from tests.table.words import LOCAL, PLACE, cells, matrix, named

CELLS = cells()


@cache
def told(step: str) -> dict[str, list[str]]:
    """The row of a step, told once by the first of its cells: what was not as it must be, by cell."""
    tell: Callable[[str], dict[str, list[str]]] = local.tell if step in LOCAL else sends.tell
    if step in {"lookup", "refresh"}:
        tell = calls.tell
    return tell(step)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("step", "fault", "honoured"),
    [pytest.param(*cell, id=f"{cell[0]}-{named(cell[1], honoured=cell[2])}") for cell in CELLS],
)
def test_a_step_under_a_fault_ends_tied(step: str, fault: str, *, honoured: bool) -> None:
    wrong = told(step)

    assert not wrong.get(named(fault, honoured=honoured), [])
    assert not wrong.get("", [])


def test_the_proof_shows_the_table_as_it_is_tested() -> None:
    shown = PLACE.search((ROOT / "docs" / "proof.md").read_text(encoding="utf-8"))

    assert shown is not None, "docs/proof.md has no place for the table"
    assert shown[1] == matrix(), "write it again: python -m tests.table.words"
