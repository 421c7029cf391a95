"""Planted violations of the wall around client money: refused by the types alone, and by the planner alone.

The third layer, the database, is in test_wall.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from syncapp.core.books import Account, Chart
from syncapp.core.documents import Allocation, Funds, Payment
from syncapp.core.ledger import (
    CheckDraft,
    DepositDraft,
    Draft,
    EntryLine,
    JournalDraft,
    PaymentDraft,
    TrustBankLine,
    TrustJournalDraft,
    TrustLedgerLine,
)
from syncapp.core.planning.customers import Names
from syncapp.core.planning.facts import Book, Options
from syncapp.core.planning.payments import plan_payment
from syncapp.core.planning.standing import Standing
from syncapp.core.planning.trust.pairs import Pair
from syncapp.core.planning.trust.plan import plan_leg
from syncapp.core.planning.wanted import Wanted
from syncapp.core.problems import Problem
from syncapp.pipeline.context import Context
from syncapp.pipeline.settling.barriers import Blocked, check
from tests.core.test_planning_laws import CLIENT, MATTERS
from tests.mapping.world import CHART, COMPANY
from trust.models.pairs import MOVEMENTS
from trust.nouns import Movement

DAY = date(2026, 3, 2)
ROOT = Path(__file__).parents[2]
MORE = [
    Account(id="20", name="Client Funds", type="Other Current Liability", subtype="TrustAccountsLiabilities"),
    Account(id="21", name="Escrow", type="Bank", subtype="TrustAccounts"),
    Account(id="22", name="Escrow Funds", type="Other Current Liability", subtype="TrustAccountsLiabilities"),
]
PAIRS = {
    name.casefold(): Pair(
        clio_account=name, bank=bank, liability=liability, start=date(2026, 1, 1), post=frozenset(MOVEMENTS),
        operating="6",
    )
    for name, bank, liability in [("IOLTA", "5", "20"), ("Escrow", "21", "22")]
}  # fmt: skip
BOOK = Book(
    name="1",
    company=COMPANY,
    chart=Chart(accounts={**CHART.accounts, **{one.id: one for one in MORE}}, items=CHART.items),
    options=Options(start_bills=DAY, start_payments=DAY, start_credits=DAY),
    place=lambda _: pytest.fail("nothing of trust is placed by a rule"),
    version=1,
    receivable="11",
    undeposited="7",
    clients={1: CLIENT},
    matters=MATTERS,
    pairs=PAIRS,
)


def context(book: Book = BOOK) -> Context:
    walled = frozenset(account for pair in book.pairs.values() for account in (pair.bank, pair.liability))
    names = Names.of([], linked=set(), taken=[], clients=[])
    return Context(firm_id=1, books_id=1, book=book, names=names, walled=walled)


def trust(*, bank: str = "5", liability: str = "20", amount: int = 500) -> TrustJournalDraft:
    """An entry of client money between two accounts."""
    return TrustJournalDraft(
        number="T1",
        day=DAY,
        banks=(TrustBankLine(account=bank, amount=amount),),
        ledgers=(
            TrustLedgerLine(account=liability, ledger="matters/1", customer="matters/1", amount=-amount),
        ),
    )


def operating() -> Iterator[Draft]:
    """Every way in which an operating entry could reach client money."""
    for account in ("5", "20"):
        lines = (EntryLine(account=account, amount=500), EntryLine(account="1", amount=-500))
        yield JournalDraft(number="J", day=DAY, lines=lines)
        yield PaymentDraft(
            customer="contacts/1", day=DAY, amount=500, receivable="11", account=account, applications=()
        )
        yield DepositDraft(
            day=DAY, bank=account, undeposited="7", payments=("payments/1",), amounts=(500,), currency="USD"
        )
        yield DepositDraft(
            day=DAY, bank="1", undeposited="7", payments=("payments/1",), amounts=(500,),
            lines=(EntryLine(account=account, amount=87),),
        )  # fmt: skip
        yield CheckDraft(
            number="1", day=DAY, bank=account, payee="contacts/1", lines=(EntryLine(account="8", amount=500),)
        )


def refused(draft: Draft, book: Book = BOOK) -> Problem:
    with pytest.raises(Blocked) as held:
        check(context(book), Wanted(subject="bank_transactions/1", draft=draft))
    return held.value.problem


@pytest.mark.parametrize(
    "accounts",
    [
        {"liability": "1"},  # income
        {"liability": "11"},  # receivables
        {"liability": "7"},  # Undeposited Funds
        {"liability": "6"},  # the operating bank
        {"liability": "8"},  # another liability
        {"bank": "6"},
        {"bank": "7"},
        {"bank": "21"},  # the bank of another trust account
        {"liability": "22"},
        {"bank": "20", "liability": "5"},
        {"liability": "99"},  # one that is not in the books
    ],
)
def test_the_planner_keeps_client_money_within_the_two_accounts_of_one_pair(accounts: dict[str, Any]) -> None:
    assert refused(trust(**accounts)).code == "trust_wall"
    check(context(), Wanted(subject="bank_transactions/1", draft=trust()))


def test_the_planner_refuses_a_pair_whose_accounts_are_of_the_wrong_type() -> None:
    """Whoever got past the set-up: a pair on an income account posts nothing."""
    wrong = {"iolta": replace(PAIRS["iolta"], liability="1")}
    assert refused(trust(liability="1"), replace(BOOK, pairs=wrong)).code == "trust_wall"
    asleep = {**BOOK.chart.accounts, "20": replace(MORE[0], active=False)}
    assert refused(trust(), replace(BOOK, chart=replace(BOOK.chart, accounts=asleep))).code == "trust_wall"


def test_the_planner_keeps_operating_entries_off_client_money() -> None:
    for draft in operating():
        assert refused(draft).code == "trust_wall", draft


def test_a_payment_of_a_bill_never_lands_with_client_money() -> None:
    part = Allocation(id=1, bill_id=7, amount=500, day=DAY, matter_id=1, client_id=1)
    payment = Payment(
        id=70, day=DAY, currency="USD", funds=Funds.OUTSIDE, client_id=1, allocations=(part,),
        bank_account="IOLTA", into_trust=True,
    )  # fmt: skip

    held = plan_payment(payment, BOOK, lambda _: Standing())

    assert isinstance(held, Problem)
    assert held.code == "trust_wall"


@pytest.mark.parametrize(
    ("kind", "ledger"), [("fee", "matters/1"), ("fee", "trust/firm"), ("bank_charge", "contacts/1")]
)
def test_a_fee_taken_from_client_money_is_held_as_what_the_firm_owes(kind: str, ledger: str) -> None:
    moved = Movement(subject="bank_transactions/1", day=DAY, amount=-99, ledgers=((ledger, -99),), kind=kind)

    held = plan_leg("IOLTA", moved, BOOK)

    assert isinstance(held, Problem)
    assert held.code == "firm_owes_trust"
    assert "The firm owes $0.99 to trust" in held.words


def test_an_entry_of_client_money_names_its_ledger_and_balances() -> None:
    line: dict[str, Any] = {"account": "20", "customer": "matters/1", "amount": -500}
    for ledger, amount in [("", 500), ("matters/1", 499)]:
        with pytest.raises(AssertionError):
            TrustJournalDraft(
                number="T1",
                day=DAY,
                banks=(TrustBankLine(account="5", amount=amount),),
                ledgers=(TrustLedgerLine(ledger=ledger, **line),),
            )
    with pytest.raises(AssertionError, match="names no ledger"):
        TrustJournalDraft(number="T1", day=DAY, banks=(), ledgers=())


VIOLATIONS = """
from datetime import date
from syncapp.core.ledger import *
from syncapp.core.ledger import TrustBankLine, TrustJournalDraft, TrustLedgerLine
day, plain = date(2026, 3, 2), EntryLine(account="1", amount=-5)
of_trust = TrustLedgerLine(account="20", ledger="matters/1", customer="matters/1", amount=-5)
TrustJournalDraft(number="1", day=day, banks=(plain,), ledgers=(of_trust,))
TrustJournalDraft(number="1", day=day, banks=(), ledgers=(plain,))
TrustJournalDraft(number="1", day=day, banks=(of_trust,), ledgers=(of_trust,))
TrustJournalDraft(number="1", day=day, lines=(plain,))
JournalDraft(number="1", day=day, lines=(of_trust,))
CheckDraft(number="1", day=day, bank="5", payee="contacts/1", lines=(of_trust,))
TrustLedgerLine(account="20", customer="matters/1", amount=-5)
TrustBankLine(account="5", ledger="matters/1", amount=5)
"""


def test_the_types_refuse_each_mixture_of_client_money_and_other_lines(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(VIOLATIONS)
    wanted = [
        n
        for n, line in enumerate(VIOLATIONS.splitlines(), 1)
        if "(number" in line or line.startswith("Trust")
    ]

    told = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file=", f"--cache-dir={tmp_path}", str(planted)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    found = {int(line.split(":")[1]) for line in told.stdout.splitlines() if ": error:" in line}
    assert found == set(wanted), told.stdout
