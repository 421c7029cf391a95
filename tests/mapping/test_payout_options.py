"""Where a processor's fees go, and how long a receipt may wait: never client money, never income."""

from __future__ import annotations

import pytest

from mapping.options import names_used, resolve
from syncapp.core.books import Account, Chart
from syncapp.core.planning.facts import AGED_AFTER

CHART = Chart(
    accounts={
        "1": Account(id="1", name="Merchant Fees", type="Expense"),
        "2": Account(id="2", name="Legal Fees", type="Income"),
        "3": Account(id="3", name="IOLTA", type="Bank", subtype="TrustAccounts"),
    }
)
START = {"start": dict.fromkeys(("bills", "payments", "credits"), "2026-01-01")}


def test_fees_go_to_the_expense_that_is_named() -> None:
    raw = START | {"payouts": {"fees": "Merchant Fees", "aged_after": 3}}

    found = resolve(raw, CHART, pins={})

    assert found.options.fee_account == CHART.accounts["1"]
    assert found.options.aged_after == 3
    assert not found.problems
    assert ("payouts.fees", "account", "Merchant Fees") in names_used(raw, [])


@pytest.mark.parametrize(
    ("name", "code"),
    [("Legal Fees", "fees_to_expense"), ("IOLTA", "trust_wall"), ("Gone", "missing_in_books")],
)
def test_fees_go_nowhere_else(name: str, code: str) -> None:
    found = resolve(START | {"payouts": {"fees": name}}, CHART, pins={})

    assert found.options.fee_account is None
    assert found.options.aged_after == AGED_AFTER
    assert [problem.code for problem in found.problems] == [code]
