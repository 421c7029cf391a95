"""What a movement of client money asks of the books: its number, texts, customer, and what a partner sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from syncapp.core.documents import Allocation, Client, Funds, Matter, Payment, TrustRow
from syncapp.core.ledger import PaymentDraft, TrustCheckDraft, TrustJournalDraft
from syncapp.core.planning.payments import plan_payment
from syncapp.core.planning.standing import Invoice, Standing
from syncapp.core.planning.trust.plan import plan_leg
from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Problem
from tests.core.test_trust_wall import BOOK, DAY, PAIRS
from trust.nouns import Movement

OTHER = Matter(id=9, number="00009", client_id=2)
TWO = replace(
    BOOK,
    clients={**BOOK.clients, 2: Client(id=2, name="Brown & Co.")},
    matters={**BOOK.matters, 9: OTHER},
)


def moved(amount: int = 500, *, ledgers: tuple[tuple[str, int], ...] = (), **facts: Any) -> Movement:
    """A deposit of matter 1, unless told otherwise."""
    base: dict[str, Any] = {"subject": "bank_transactions/900", "day": DAY, "kind": "deposit"}
    return Movement(amount=amount, ledgers=ledgers or (("matters/1", amount),), **base | facts)


def planned(one: Movement, book: Any = BOOK) -> TrustJournalDraft:
    answer = plan_leg("IOLTA", one, book)
    assert isinstance(answer, Answer), answer
    (wanted,) = answer.wanted
    assert isinstance(wanted.draft, TrustJournalDraft)
    return wanted.draft


@pytest.mark.parametrize(
    ("subject", "check", "number"),
    [
        ("bank_transactions/900", "", "T900"),
        ("bank_transactions/900", "1043", "1043-T900"),
        ("payments/70/trust", "1044", "1044-P70"),
        ("payments/70/into", "", "P70B"),
        ("bank_transactions/54749459281", "123456789012", "56789012-T54749459281"),
    ],
)
def test_the_number_holds_check_and_id_within_21_characters(subject: str, check: str, number: str) -> None:
    draft = planned(moved(subject=subject, check=check))

    assert draft.number == number
    assert len(draft.number) <= 21


def test_where_matters_have_no_customers_the_client_is_named_and_the_matter_stands_in_the_text() -> None:
    flat = replace(BOOK, options=replace(BOOK.options, matters_as="none"))

    (line,) = planned(moved(payee="Ada", text="Retainer"), flat).ledgers

    assert (line.customer, line.ledger) == ("contacts/1", "matters/1")
    assert line.memo == "Matter 00001. Deposit into trust: Ada, Retainer"


def test_what_lies_before_the_start_or_is_left_to_the_feed_asks_for_nothing() -> None:
    feed = replace(BOOK, pairs={"iolta": replace(PAIRS["iolta"], post=frozenset({"disbursement"}))})
    for one, book in [(moved(day=date(2025, 12, 31)), BOOK), (moved(), feed)]:
        answer = plan_leg("IOLTA", one, book)
        assert isinstance(answer, Answer)
        assert not answer.wanted
        assert answer.skipped


def test_an_account_that_is_not_set_up_or_waits_for_its_opening_holds() -> None:
    waits = replace(BOOK, pairs={"iolta": replace(PAIRS["iolta"], waits="The opening is not agreed.")})
    codes = []
    for account, book in [("Other", BOOK), ("IOLTA", waits)]:
        answer = plan_leg(account, moved(), book)
        assert isinstance(answer, Problem)
        codes.append(answer.code)
    assert codes == ["trust_not_set_up", "trust_opening"]


def test_a_transfer_from_one_client_to_another_posts_and_asks_a_partner() -> None:
    def answer(taker: str) -> Answer:
        ledgers = (("matters/1", -700), (taker, 700))
        found = plan_leg("IOLTA", moved(0, ledgers=ledgers, kind="transfer"), TWO)
        assert isinstance(found, Answer)
        return found

    assert not answer("matters/2").alarms
    other = answer("matters/9")
    assert [alarm.code for alarm in other.alarms] == ["trust_between_clients"]
    assert "from matter 00001 of Harbor Mills Inc. to matter 00009 of Brown & Co." in other.alarms[0].words
    assert [wanted.draft.total for wanted in other.wanted] == [700]  # type: ignore[union-attr]


def paid(matter: int, **facts: Any) -> Payment:
    """A payment of a bill of matter 1 out of trust, with the money of a matter."""
    part = Allocation(id=1, bill_id=7, amount=500, day=DAY, matter_id=1, client_id=1)
    row = TrustRow(id=3, bank_account="IOLTA", amount=-500, matter_id=matter)
    base: dict[str, Any] = {"id": 70, "day": DAY, "currency": "USD", "client_id": 1, "allocations": (part,)}
    out = {"source_account": "IOLTA", "bank_account": "Operating Checking", "trust_rows": (row,)}
    return Payment(funds=Funds.TRUST, **base | out | facts)


def test_the_operating_leg_lands_in_the_account_that_the_pair_names() -> None:
    owed = Invoice(subject="bills/7", customer="matters/1", total=500, room=500, matter_id=1)

    def answer(payment: Payment, book: Any = TWO) -> Answer | Problem:
        return plan_payment(payment, book, lambda _: Standing(invoices=(owed,)))

    own, other = answer(paid(1)), answer(paid(9))
    assert isinstance(own, Answer)
    assert isinstance(other, Answer)
    (wanted,) = own.wanted
    assert isinstance(wanted.draft, PaymentDraft)
    assert (wanted.draft.account, wanted.draft.customer, wanted.draft.day) == ("6", "matters/1", DAY)
    assert not own.alarms
    assert [alarm.code for alarm in other.alarms] == ["trust_between_clients"]
    nowhere = replace(TWO, pairs={"iolta": replace(PAIRS["iolta"], operating="")})
    held, gone = answer(paid(1), nowhere), answer(paid(1, source_account="Other", trust_rows=()))
    assert isinstance(held, Problem)
    assert isinstance(gone, Problem)
    assert (held.code, gone.code) == ("operating_not_named", "trust_not_set_up")
    assert isinstance(answer(paid(1, day=DAY - timedelta(days=1))), Answer)


CHECKS = replace(BOOK, pairs={"iolta": replace(PAIRS["iolta"], checks=True)})


def test_what_is_paid_out_is_a_check_where_the_firm_says_so() -> None:
    spent = planned(moved(-500, kind="disbursement", payee=" Clerk:  of Court ", check="1043"), CHECKS)
    back = planned(moved(-500, kind="refund", payee="Somebody"), CHECKS)
    nobody = planned(moved(-500, kind="disbursement"), CHECKS)

    assert isinstance(spent, TrustCheckDraft)
    assert isinstance(back, TrustCheckDraft)
    assert isinstance(nobody, TrustCheckDraft)
    assert (spent.payee, spent.payee_name) == ("payees/clerk - of court", "Clerk - of Court")
    assert back.payee == "contacts/1"
    assert nobody.payee == ""
    assert (
        spent.entry()
        == planned(moved(-500, kind="disbursement", payee=" Clerk:  of Court ", check="1043")).entry()
    )


@pytest.mark.parametrize(
    "one",
    [
        moved(500),
        moved(500, kind="disbursement"),
        moved(-500, kind="bill_payment"),
        moved(-500, kind="deposit", returns="bank_transactions/8"),
        moved(-500, kind="disbursement", ledgers=(("matters/1", -600), ("contacts/1", 100))),
        moved(0, kind="disbursement", ledgers=(("matters/1", -500), ("contacts/1", 500))),
    ],
    ids=["in", "void", "bill", "returned", "two-signs", "nothing"],
)
def test_all_else_stays_a_journal_entry(one: Movement) -> None:
    assert type(planned(one, CHECKS)) is TrustJournalDraft


def test_what_stands_keeps_its_form_whatever_the_firm_says_now() -> None:
    one = moved(-500, kind="disbursement", payee="Clerk")
    for book, checks, form in [(BOOK, True, TrustCheckDraft), (CHECKS, False, TrustJournalDraft)]:
        answer = plan_leg("IOLTA", one, book, checks=checks)
        assert isinstance(answer, Answer)
        assert type(answer.wanted[0].draft) is form
