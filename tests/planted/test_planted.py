"""Causes that an independent planter hides in random firms are classified, each with the right proposal."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.planted import hands, held, money, refused, whole
from tests.planted.measured import one_firm

FOLDER = Path(__file__).parent
PLANTER = ("firms.py", "held.py", "hands.py", "files.py", "money.py", "refused.py", "whole.py")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "plants",
    [
        [
            *(held.inactive_item, held.unmapped_area, held.same_number_other_invoice, held.name_of_two),
            *(hands.invoice_voided, hands.typed_payment, hands.typed_journal, money.credit_over),
        ],
        [refused.refused_invoice(refused.INVOICE[7]), refused.stale, hands.payment_deleted],
        [*whole.MIXED],
        [whole.tax_total],
        [whole.by_rule],
    ],
    ids=["nine at once", "refused", "of several records", "the tax engine", "a rule"],
)
def test_causes_are_classified_each_in_its_own_case_with_its_proposal(plants: Sequence[Any]) -> None:
    score = one_firm(77, plants)

    assert not score.misses, "\n".join(score.misses)
    assert score.found == score.planted
    assert score.named == score.right > 0
    assert score.planted.total() >= len(plants)


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
