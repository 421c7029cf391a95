"""Faults that somebody hid among the witnesses are all found, and little else is named."""

from __future__ import annotations

import pytest

from tests.bench.planted import FAULTS, measure, seen
from tests.bench.planter import History, history
from trust.threeway import ThreeWay

TIES = {"offsetting", "swapped_amounts", "swapped_clients", "shifted_by_hand"}


def test_every_planted_fault_is_found_and_nearly_nothing_else_is_named() -> None:
    score = measure()

    assert score.planted.total() >= 300
    assert set(score.planted) == set(score.found)
    assert score.missed == []
    right, named = score.precision
    assert right * 100 >= named * 99, score.false


@pytest.mark.parametrize("seed", range(8))
def test_a_history_on_which_all_agree_is_equal_and_names_nothing(seed: int) -> None:
    found = seen(history(seed))

    assert found.equal
    assert found.signable
    assert found.differences == ()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_one_fault_alone_is_named_alone(fault: object) -> None:
    made, found = _with(fault)

    assert made.planted
    named = [frozenset((*one.subjects, *one.lines)) for one in found.differences]
    for _, items in made.planted:
        assert any(items & one for one in named)
    every = frozenset(item for _, items in made.planted for item in items)
    assert all(one & every for one in named), [one.reason for one in found.differences]


@pytest.mark.parametrize("name", sorted(TIES))
def test_what_hides_behind_equal_totals_keeps_the_month_from_being_signed(name: str) -> None:
    fault = next(one for one in FAULTS if one.__name__ == name)
    _, found = _with(fault)

    assert found.adjusted_bank == found.books_bank
    assert found.differences
    assert not found.signable


def _with(fault: object) -> tuple[History, ThreeWay]:
    for seed in range(50, 60):
        made = history(seed)
        fault(made)  # type: ignore[operator]
        if made.planted:
            return made, seen(made)
    raise AssertionError("no history had room for this fault")
