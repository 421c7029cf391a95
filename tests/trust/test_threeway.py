"""The three-way of one trust account: what agrees, what does not, and which item it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.trust.months import MONTH, banked, changed, facts, moved, without
from trust.threeway import What, Witness, compare


def test_five_equal_figures_are_equal_and_may_be_signed() -> None:
    found = compare(facts())

    assert found.equal
    assert found.signable
    assert found.differences == ()
    assert found.statement == found.adjusted_bank == found.books_bank == found.books_liability == 635_000
    assert found.ledgers_positive == found.tieout_lines == 635_000
    assert [(one.key, one.balance, one.last_day) for one in found.ledgers] == [
        ("matters/1", 380_000, date(2026, 9, 15)),
        ("matters/2", 175_000, date(2026, 9, 28)),
        ("matters/3", 80_000, date(2026, 9, 22)),
    ]


def test_what_is_outstanding_adjusts_the_bank_and_is_no_difference() -> None:
    found = compare(facts(bank=banked(without="5")))

    assert found.statement == 660_000
    assert [one.check for one in found.outstanding_checks] == ["1042"]
    assert found.adjusted_bank == 635_000
    assert found.signable


def test_without_a_statement_nothing_is_signed() -> None:
    found = compare(facts(bank=None))

    assert found.tied
    assert not found.equal
    assert not found.signable
    assert found.adjusted_bank is None


def test_a_held_disbursement_is_the_item_that_explains_the_difference() -> None:
    """SCENARIOS, bookkeeper 8: the gap is traced to the disbursement that waits in the queue."""
    rest = without("5")
    found = compare(
        facts(
            tieout=rest, books=rest, bank=banked(rest),
            held={"bank_transactions/5": "Its matter is not in the books."},
        )
    )  # fmt: skip

    assert not found.equal
    assert found.held == -25_000
    [item] = found.differences
    assert (item.kind, item.amount, item.ledger, item.day) == (
        What.HELD, -25_000, "matters/2", date(2026, 9, 28),
    )  # fmt: skip
    assert item.reason == (
        "Check 1042 of $250.00, 28 Sep 2026, to Court reporter waits: Its matter is not in the books."
    )


def test_the_three_way_gap_of_the_bookkeeper_is_traced_to_what_the_queue_holds() -> None:
    """SCENARIOS, bookkeeper 8, to the figure: 182,450.00 at the bank, 250.00 held since 28 September."""
    held = moved("2291", 28, -25_000, "matters/87", check="1066")
    rest = (
        moved("1", 3, 18_245_000, "matters/87"),
        moved("3", 29, 250_000, "matters/12"),
        moved("4", 20, -630_000, "matters/87", check="1065"),
    )
    bank = banked(rest, without="3 4")
    waits = {held.subject: "Its matter is not in the books."}
    found = compare(facts(clio=(*rest, held), tieout=rest, books=rest, bank=bank, held=waits))

    assert found.statement == 18_245_000
    assert sum(one.amount for one in found.outstanding_deposits) == 250_000
    assert sum(one.amount for one in found.outstanding_checks) == -630_000
    assert found.adjusted_bank == found.books_bank == found.books_liability == 17_865_000
    assert found.ledgers_positive == 17_840_000
    assert [(one.kind, one.amount, one.ledger) for one in found.differences] == [
        (What.HELD, -25_000, "matters/87"),
    ]

    released = (*rest, held)
    found = compare(
        facts(clio=released, tieout=released, books=released, bank=banked(released, without="3 4 2291"))
    )

    assert sum(one.amount for one in found.outstanding_checks) == -655_000
    assert {found.adjusted_bank, found.books_bank, found.books_liability, found.ledgers_positive} == {
        17_840_000
    }
    assert found.signable


def test_a_ledger_below_zero_is_listed_apart_and_never_netted() -> None:
    month = (*MONTH, moved("6", 29, -100_000, "matters/3"))
    found = compare(facts(clio=month, tieout=month, books=month, bank=banked(month)))

    assert found.ledgers_positive == 555_000
    assert found.ledgers_negative == -20_000
    assert found.books_bank == found.adjusted_bank == found.tieout_lines == 535_000
    assert not found.equal
    [item] = found.differences
    assert (item.kind, item.amount, item.ledger, item.day) == (
        What.NEGATIVE, -20_000, "matters/3", date(2026, 9, 29),
    )  # fmt: skip


def test_two_amounts_that_changed_places_are_named_although_every_total_ties() -> None:
    month = (*MONTH, moved("6", 9, 200_100, "matters/1"))
    swapped = tuple(
        replace(
            one, amount=400_100 - one.amount, ledgers=((one.ledgers[0][0], 400_100 - one.amount),)
        ) if one.subject.endswith(("/2", "/6")) else one
        for one in month
    )  # fmt: skip
    found = compare(facts(clio=month, tieout=month, books=swapped, bank=banked(month)))

    assert found.equal
    assert not found.signable
    assert {(one.kind, one.subjects[0], one.ledger) for one in found.differences} == {
        (What.SWAP, "bank_transactions/2", "matters/2"),
        (What.SWAP, "bank_transactions/6", "matters/1"),
    }


def test_offsetting_errors_on_two_clients_are_named_although_the_total_ties() -> None:
    wrong = changed("1", amount=510_000)
    wrong = tuple(
        replace(one, amount=190_000, ledgers=(("matters/2", 190_000),)) if one.subject.endswith("/2") else one
        for one in wrong
    )
    found = compare(facts(tieout=wrong, books=wrong, bank=banked()))

    posting = [one for one in found.differences if one.between == (Witness.CLIO, Witness.TIEOUT)]
    assert {(one.kind, one.amount, one.ledger) for one in posting} == {
        (What.OFFSET, -10_000, "matters/1"),
        (What.OFFSET, 10_000, "matters/2"),
    }
    assert found.equal
    assert not found.signable


def test_the_right_total_on_the_wrong_matter_names_both_ledgers() -> None:
    wrong = changed("4", ledgers=(("matters/1", 80_000),))
    found = compare(facts(books=wrong))

    assert found.equal
    [item] = found.differences
    assert (item.kind, item.amount, item.ledger, item.other_ledger) == (
        What.LEDGER, 80_000, "matters/3", "matters/1",
    )  # fmt: skip


def test_the_right_total_on_the_wrong_date_is_named() -> None:
    found = compare(facts(books=changed("4", day=date(2026, 9, 12))))

    assert found.equal
    [item] = found.differences
    assert (item.kind, item.effect, item.day) == (What.DATE, 0, date(2026, 9, 22))


def test_a_date_in_the_next_month_opens_a_gap_that_it_explains() -> None:
    found = compare(facts(books=changed("4", day=date(2026, 10, 2))))

    assert found.tieout_lines - found.books_bank == 80_000
    [item] = found.differences
    assert (item.kind, item.effect, item.bank_effect) == (What.DATE, 80_000, 80_000)


@pytest.mark.parametrize(
    ("changes", "kind", "key"),
    [
        ({"tieout": without("4"), "books": without("4")}, What.NOT_POSTED, "4"),
        ({"clio": without("4")}, What.REMOVED, "4"),
        ({"books": without("4")}, What.NOT_IN_BOOKS, "4"),
        ({"books": changed("4", amount=81_000)}, What.AMOUNT, "4"),
        ({"books": changed("4", amount=81_000, ledgers=(("matters/3", 80_000),))}, What.AMOUNT, "4"),
    ],
)
def test_each_kind_of_drift_is_one_item(changes: dict[str, object], kind: What, key: str) -> None:
    found = compare(facts(**changes))

    assert not found.equal
    kinds = [(one.kind, one.subjects) for one in found.differences if one.kind is not What.UNEXPLAINED]
    assert kinds == [(kind, (f"bank_transactions/{key}",))]
