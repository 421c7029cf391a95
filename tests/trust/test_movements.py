"""What one document of Clio does to each trust account, told from its links."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from syncapp.core.documents import Allocation, Funds, Matter, Money, Payment, TrustRow
from syncapp.core.problems import Problem
from trust import rules
from trust.nouns import Movement

DAY = date(2026, 4, 3)
IOLTA = "IOLTA"
MATTERS = {key: Matter(id=key, number=f"0000{key}", client_id=key // 10) for key in (51, 52, 61, 62)}


def money(amount: int, **facts: Any) -> Money:
    """A row of the trust account that no allocation explains."""
    base: dict[str, Any] = {"id": 900, "day": DAY, "currency": "USD", "trust": True, "bank_account": IOLTA}
    return Money(amount=amount, **base | facts)


def payment(amount: int = 5000, *, funds: Funds = Funds.TRUST, **facts: Any) -> Payment:
    """A payment of one bill of matter 51, out of trust unless told otherwise."""
    part = Allocation(id=1, bill_id=7, amount=amount, day=DAY, matter_id=51, client_id=5)
    base: dict[str, Any] = {"id": 70, "day": DAY, "currency": "USD", "client_id": 5, "allocations": (part,)}
    out = {"source_account": IOLTA, "bank_account": "Operating"} if funds is Funds.TRUST else {}
    return Payment(funds=funds, **base | out | facts)


def only(told: dict[str, Movement] | Problem, account: str = IOLTA) -> Movement:
    assert isinstance(told, dict)
    assert list(told) == [account]
    return told[account]


@pytest.mark.parametrize(
    ("row", "ledger", "kind"),
    [
        (money(10000, client_id=5, matter_id=51), "matters/51", "deposit"),
        (money(10000, client_id=5), "contacts/5", "deposit"),
        (money(-2500, matter_id=61, counterparty="Court clerk"), "matters/61", "disbursement"),
        (money(-2500, matter_id=61, word="Trust Refund"), "matters/61", "refund"),
        (money(12, word="trust_interest"), "trust/interest", "interest"),
        (money(-12, word="trust_interest", description="To the programme"), "trust/interest", "interest"),
        (money(-1500, word="bank_charge"), "trust/firm", "bank_charge"),
        (money(1500, word="bank_charge"), "trust/firm", "bank_charge"),
        (money(-99, description="LawPay"), "trust/firm", "fee"),
        (money(-99, matter_id=51, description="Card fee"), "matters/51", "fee"),
        (money(-99, matter_id=51, description="Wire fee"), "matters/51", "bank_charge"),
        (money(-9900, matter_id=51, description="Filing fee"), "matters/51", "disbursement"),
    ],
)
def test_a_row_moves_the_ledger_that_its_links_name(row: Money, ledger: str, kind: str) -> None:
    found = only(rules.movements(row, MATTERS))

    assert (found.subject, found.day, found.kind) == ("bank_transactions/900", DAY, kind)
    assert found.amount == row.amount
    assert found.ledgers == ((ledger, row.amount),)


def test_whose_money_moved_is_never_guessed() -> None:
    for row in (
        money(10000),
        money(-10000, word="Trust Disbursement"),
        money(5, client_id=5, bank_account=""),
    ):
        told = rules.movements(row, MATTERS)
        assert isinstance(told, Problem)
        assert told.code == "trust_untold"
    unseen = rules.movements(money(5, matter_id=99), MATTERS)
    assert isinstance(unseen, Problem)
    assert unseen.code == "matter_not_read"


def test_what_the_set_up_says_names_the_ledger_of_a_row_without_one() -> None:
    row = money(10000, counterparty="Ash & Birch LLP")

    by_set_up = rules.Known(single={"iolta": "contacts/6"})
    own = rules.Known(firm=frozenset({"ash & birch llp"}))

    assert only(rules.movements(row, MATTERS, by_set_up)).ledgers == (("contacts/6", 10000),)
    assert only(rules.movements(row, MATTERS, own)).ledgers == (("trust/firm", 10000),)
    interest = money(12, word="trust_interest")
    assert only(rules.movements(interest, MATTERS, by_set_up)).ledgers == (("contacts/6", 12),)


def test_what_is_gone_or_operating_moves_nothing() -> None:
    for row in (money(5, client_id=5, gone=True), money(5, client_id=5, trust=False), money(0, client_id=5)):
        assert rules.movements(row, MATTERS) == {}
    assert rules.movements(payment(funds=Funds.OUTSIDE, bank_account="Operating"), MATTERS) == {}
    assert rules.movements(payment(allocations=()), MATTERS) == {}


def test_the_two_rows_of_a_transfer_are_one_movement_of_nothing() -> None:
    out = money(-700, id=1, client_id=5, matter_id=51, word="Matter Transfer")
    into = money(700, id=2, client_id=6, matter_id=61, word="Matter Transfer")

    told, problems = rules.all_movements([into, out], MATTERS)

    assert not problems
    (found,) = told[IOLTA]
    assert (found.subject, found.amount, found.kind) == ("bank_transactions/1", 0, "transfer")
    assert found.ledgers == (("matters/51", -700), ("matters/61", 700))


def test_a_transfer_needs_no_word_where_both_rows_say_the_same() -> None:
    out = money(-700, id=1, matter_id=51, word="Überweisung", description="Between matters")
    into = replace(out, id=2, amount=700, matter_id=52)

    assert only(rules.movements(out, MATTERS, transfers=rules.transfers_of([out, into]))).amount == 0
    loose = replace(into, reference="1043")
    assert only(rules.movements(out, MATTERS, transfers=rules.transfers_of([out, loose]))).amount == -700


def test_transfers_of_which_several_fit_are_held_unless_their_client_tells() -> None:
    rows = [
        money(sign * 700, id=key, client_id=client, matter_id=matter, word="Matter Transfer")
        for key, sign, client, matter in [(1, -1, 5, 51), (2, 1, 5, 52), (3, -1, 6, 61), (4, 1, 6, 62)]
    ]
    told, problems = rules.all_movements(rows, MATTERS)
    assert not problems
    assert [m.ledgers for m in told[IOLTA]] == [
        (("matters/51", -700), ("matters/52", 700)),
        (("matters/61", -700), ("matters/62", 700)),
    ]

    told, problems = rules.all_movements([replace(row, client_id=None) for row in rows], MATTERS)
    assert not told
    assert {problem.code for problem in problems} == {"trust_untold"}


def test_a_transfer_between_accounts_is_a_movement_of_each() -> None:
    out = money(-700, id=1, matter_id=51, word="Bank Transfer")
    into = money(700, id=2, matter_id=51, word="Bank Transfer", bank_account="Escrow")

    told, problems = rules.all_movements([out, into], MATTERS)

    assert not problems
    assert [(m.amount, m.kind) for m in told[IOLTA]] == [(-700, "transfer")]
    assert [(m.amount, m.kind) for m in told["Escrow"]] == [(700, "transfer")]


def test_a_payment_from_trust_takes_the_money_of_the_matter_that_its_row_names() -> None:
    row = TrustRow(id=3, bank_account=IOLTA, amount=-5000, client_id=6, matter_id=61)

    by_row = only(rules.movements(payment(trust_rows=(row,), reference="Check 1043"), MATTERS))
    by_allocation = only(rules.movements(payment(), MATTERS))

    assert (by_row.subject, by_row.kind, by_row.check) == ("payments/70/trust", "bill_payment", "1043")
    assert by_row.ledgers == (("matters/61", -5000),)
    assert by_allocation.ledgers == (("matters/51", -5000),)


def test_a_paid_trust_request_is_a_deposit_once() -> None:
    row = TrustRow(id=3, bank_account=IOLTA, amount=9000, client_id=5, matter_id=52)
    into = payment(funds=Funds.OUTSIDE, into_trust=True, bank_account=IOLTA, trust_rows=(row,))
    unnamed = payment(funds=Funds.OUTSIDE, trust_rows=(row,))

    for paid in (into, unnamed):
        found = only(rules.movements(paid, MATTERS))
        assert (found.amount, found.kind) == (5000, "deposit")  # the rest of the row is a row of its own
        assert found.ledgers == (("matters/52", 5000),)


def test_a_payment_from_one_trust_account_into_another_moves_both() -> None:
    told = rules.movements(payment(into_trust=True, bank_account="Escrow"), MATTERS)

    assert isinstance(told, dict)
    assert {name: movement.amount for name, movement in told.items()} == {IOLTA: -5000, "Escrow": 5000}
    assert len({movement.subject for movement in told.values()}) == 2


@pytest.mark.parametrize(
    ("reference", "number"),
    [
        ("1043", "1043"),
        ("Check 1043", "1043"),
        ("chk #001043", "1043"),
        ("No. 7", "7"),
        ("ACH 88", ""),
        ("", ""),
    ],
)
def test_a_check_number_is_told_from_any_other_reference(reference: str, number: str) -> None:
    assert rules.check_number(reference) == number
