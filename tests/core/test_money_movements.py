"""Money without a bill: what is wanted of it balances, and client money is held."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from syncapp.core.documents import Money
from syncapp.core.planning.facts import Book
from syncapp.core.planning.moneys import plan_money
from syncapp.core.planning.refunds import Refundable
from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Problem
from tests.core.test_planning_laws import CALM, DAY, TRUST, books


@CALM
@given(books(), st.integers(-100_000, 100_000), st.booleans(), st.integers(0, 50_000))
def test_money_without_a_bill_balances_and_trust_is_held(
    book: Book, amount: int, trust: bool, held: int
) -> None:
    money = Money(
        id=1, day=DAY, currency="USD", amount=amount, trust=trust, bank_account="Operating Checking",
        client_id=1,
    )  # fmt: skip

    answer = plan_money(money, book, found=Refundable(retainer=held))

    if trust:
        assert isinstance(answer, Problem)
        assert answer.code == "trust_not_set_up"
    if isinstance(answer, Answer):
        for wanted in answer.wanted:
            assert sum(line.amount for line in wanted.draft.entry()) == 0
            assert not {line.account for line in wanted.draft.entry()} & TRUST
            assert amount >= 0 or -amount <= held
