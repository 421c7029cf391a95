"""Money without a bill: what is wanted of it balances, and client money is held."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from mapping.rules import place
from syncapp.core.documents import Money
from syncapp.core.ledger import CheckDraft, EntryLine
from syncapp.core.planning.facts import Book, DepositRule, Options
from syncapp.core.planning.moneys import plan_money
from syncapp.core.planning.refunds import Refundable, Rest
from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Problem
from tests.core.test_planning_laws import (
    CALM,
    CLIENT,
    DAY,
    MATTERS,
    RULES,
    START,
    TRUST,
    books,
)
from tests.mapping.world import CHART, COMPANY


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


BOOK = Book(
    name="1", company=COMPANY, chart=CHART, place=partial(place, rules=RULES, chart=CHART, fallback=""),
    version=1, undeposited="7", receivable="11", clients={1: CLIENT}, matters=MATTERS,
    options=Options(
        start_bills=START, start_payments=START, start_credits=START,
        deposits=(DepositRule(account="6", bank_account="Operating Checking"),),
        retainer_account=CHART.accounts["8"],
    ),
)  # fmt: skip


def refund(of: int, found: Refundable) -> Answer | Problem:
    money = Money(
        id=1, day=DAY, currency="USD", amount=-of, trust=False, bank_account="Operating Checking",
        client_id=1, reference="771",
    )  # fmt: skip
    return plan_money(money, BOOK, found=found)


def rest(customer: str, *parts: tuple[date, str, int]) -> Rest:
    return Rest(customer=customer, parts=parts)


def charged(answer: Answer | Problem) -> EntryLine:
    assert isinstance(answer, Answer), answer
    [wanted] = answer.wanted
    assert isinstance(wanted.draft, CheckDraft)
    [line] = wanted.draft.lines
    return line


EARLY, LATE = DAY - timedelta(days=9), DAY - timedelta(days=2)


def test_a_refund_is_of_the_oldest_rest_that_bears_it_and_names_its_payments() -> None:
    one = rest("matters/4", (LATE, "payment C-1", 50_00))
    other = rest("contacts/1", (EARLY, "payment C-2", 30_00), (LATE, "payment C-3", 40_00))

    line = charged(refund(45_00, Refundable(rests=(one, other))))

    assert (line.account, line.customer, line.amount) == (BOOK.receivable, "contacts/1", 45_00)
    assert line.memo == "Refund of payment C-2, payment C-3"
    assert charged(refund(45_00, Refundable(rests=(one,)))).customer == "matters/4"


def test_a_retainer_is_given_back_first_and_a_refund_is_never_split() -> None:
    half = rest("contacts/1", (EARLY, "payment C-2", 30_00))

    liability = BOOK.options.retainer_account
    assert liability is not None
    assert charged(refund(30_00, Refundable(retainer=30_00, rests=(half,)))).account == liability.id
    held = refund(40_00, Refundable(retainer=30_00, rests=(half,)))

    assert isinstance(held, Problem)
    assert held.code == "refund_over_retainer"
    assert "leave $30.00 unapplied" in held.words
    assert "hold $30.00 of retainer" in held.words
    matters = [rest(f"matters/{key}", (EARLY, "payment", 30_00)) for key in (4, 5)]
    held = refund(40_00, Refundable(rests=tuple(matters)))
    assert isinstance(held, Problem)
    assert "$60.00 that payments leave unapplied stand with several matters" in held.words


def test_a_refund_stays_where_it_stands_and_an_alarm_says_when_nothing_bears_it_any_more() -> None:
    stands = EntryLine(account=BOOK.receivable, amount=20_00, customer="contacts/1", memo="Refund of C-9")
    backed = Refundable(retainer=90_00, rests=(rest("contacts/1", (EARLY, "C-9", 20_00)),), stands=stands)

    answer = refund(20_00, backed)
    assert charged(answer) == stands, "a retainer that came since moves nothing"
    assert isinstance(answer, Answer)
    assert answer.alarms == ()

    answer = refund(20_00, Refundable(stands=stands))
    assert charged(answer) == stands
    assert isinstance(answer, Answer)
    assert [alarm.code for alarm in answer.alarms] == ["refund_unbacked"]
