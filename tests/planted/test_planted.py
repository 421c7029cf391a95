"""Causes that an independent planter hides in random firms are classified, each with the right proposal."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.planted import held, refused
from tests.planted.measured import Score, mixtures, one_firm

FOLDER = Path(__file__).parent
PLANTER = ("firms.py", "held.py", "hands.py", "files.py", "money.py", "refused.py")


@pytest.mark.django_db
def test_a_mixture_of_causes_is_classified_each_in_its_own_case_with_its_proposal() -> None:
    score = Score()
    for number, plants, switches in (next(mixtures(seed)) for seed in (3, 4)):
        score.add(one_firm(number, plants, **switches))
    score.add(one_firm(77, [*held.HELD[4:7], held.same_number_other_invoice]))
    score.add(one_firm(78, [refused.access_lost]))

    assert not score.misses, "\n".join(score.misses)
    assert score.found == score.planted
    assert score.named == score.right >= 12


def test_the_planter_shares_no_code_with_what_finds() -> None:
    names = set()
    for name in PLANTER:
        for node in ast.walk(ast.parse((FOLDER / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add(node.module or "")

    foreign = {
        name for name in names if name.partition(".")[0] in {"syncapp", "accounts", "mapping", "trust"}
    }
    assert {name for name in foreign if not name.startswith("syncapp.emulators.")} == set()
    assert {name for name in names if name.startswith("tests.")} <= {
        "tests.planted.files",
        "tests.planted.firms",
    }
