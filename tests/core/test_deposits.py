"""Where a payment from outside lands: the firm's rules in order, never client money, never by default."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from mapping.rules import HOLD, place
from syncapp.core.books import Chart
from syncapp.core.documents import Funds, Payment
from syncapp.core.planning.deposits import deposit_account
from syncapp.core.planning.facts import Book, DepositRule, Options
from syncapp.core.problems import Problem
from tests.mapping.world import CHART, COMPANY

START = date(2026, 1, 1)
RULES = (
    DepositRule(account="6", bank_account="Operating Checking", method="Check"),
    DepositRule(account="8", bank_account="Held"),
    DepositRule(account="5", bank_account="IOLTA"),
    DepositRule(account="10", bank_account="Old"),
    DepositRule(account="", bank_account="Gone"),
    DepositRule(account="7", method="Cash"),
)


def book(*, chart: Chart = CHART, undeposited: str = "7") -> Book:
    """A set of books whose retainer account "8" is walled off by a trust pair, whatever its type."""
    options = Options(
        start_bills=START,
        start_payments=START,
        start_credits=START,
        deposits=RULES,
        walled=frozenset({"5", "8"}),
    )
    return Book(
        name="1",
        company=COMPANY,
        chart=chart,
        options=options,
        place=partial(place, rules=(), chart=chart, fallback=HOLD),
        version=1,
        undeposited=undeposited,
    )


def landed(bank_account: str, method: str = "") -> Payment:
    return Payment(
        id=1,
        day=START,
        currency="USD",
        funds=Funds.OUTSIDE,
        client_id=1,
        allocations=(),
        bank_account=bank_account,
        method=method,
    )


@pytest.mark.parametrize(
    ("bank_account", "method", "account"),
    [
        ("Operating Checking", "Check", "6"),
        (" operating checking", "CHECK ", "6"),
        ("Operating Checking", "Wire", "7"),
        ("Anywhere", "Cash", "7"),
        ("Other", "", "7"),
        ("", "", "7"),
    ],
)
def test_the_first_fitting_rule_decides_else_undeposited_funds(
    bank_account: str, method: str, account: str
) -> None:
    assert deposit_account(landed(bank_account, method), book()) == account


@pytest.mark.parametrize(
    ("bank_account", "code", "words"),
    [
        ("IOLTA", "trust_wall", "“IOLTA”: that account holds client money"),
        ("Held", "trust_wall", "“Client Retainers”: that account holds client money"),
        ("Old", "inactive_account", "“Old Account” is inactive in QuickBooks"),
        ("Gone", "inactive_account", "payments into “Gone” is missing in QuickBooks"),
    ],
)
def test_a_rule_that_cannot_be_used_holds_and_never_falls_through(
    bank_account: str, code: str, words: str
) -> None:
    found = deposit_account(landed(bank_account, "Cash"), book())

    assert isinstance(found, Problem)
    assert found.code == code
    assert words in found.words


def test_client_money_that_is_inactive_is_still_client_money() -> None:
    accounts = CHART.accounts | {"8": replace(CHART.accounts["8"], active=False)}

    found = deposit_account(landed("Held"), book(chart=replace(CHART, accounts=accounts)))

    assert isinstance(found, Problem)
    assert found.code == "trust_wall"


@pytest.mark.parametrize(
    ("bank_account", "named"), [("Other", "“Other”"), ("", "an account that Clio does not name")]
)
def test_without_undeposited_funds_a_person_chooses(bank_account: str, named: str) -> None:
    found = deposit_account(landed(bank_account), book(undeposited=""))

    assert isinstance(found, Problem)
    assert found.code == "unmapped"
    assert f"payments into {named} land" in found.words
