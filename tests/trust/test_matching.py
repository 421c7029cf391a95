"""Which bank lines are which entries, told one story at a time."""

from __future__ import annotations

import random

import pytest

from tests.bench import matching as bench
from tests.trust.ledgers import entry, line, only
from trust.matching import How, PayeeRule, match


def test_a_check_is_told_by_its_number_however_late_it_clears() -> None:
    lines = [line("L1", 70, -25010, check="0001042"), line("L2", 3, -25010, check="1041")]
    entries = [entry("bank_transactions/1", 0, -25010, check="1042"), entry("bank_transactions/2", 1, -25010)]

    found = match(lines, entries)

    assert [(one.lines, one.movements, one.how) for one in found.automatic] == [
        (("L1",), ("bank_transactions/1",), How.CHECK),
        (("L2",), ("bank_transactions/2",), How.WINDOW),
    ]
    assert found.automatic[0].reasons == ("Check 1042", "70 days after the entry")


def test_a_check_that_was_paid_twice_is_left_to_a_person() -> None:
    lines = [line("L1", 5, -100, check="1042"), line("L2", 9, -100, check="1042")]

    found = match(lines, [entry("bank_transactions/1", 0, -100, check="1042")])

    assert found.automatic == ()
    assert only(found).lines == ("L1",)
    assert "more than once" in only(found).reasons[1]


def test_a_check_paid_for_another_amount_is_pointed_at_and_never_matched() -> None:
    found = match(
        [line("L1", 5, -25010, check="1042")], [entry("bank_transactions/1", 0, -20510, check="1042")]
    )

    assert (found.automatic, found.suggested) == ((), ())
    assert found.near[0].difference == -4500
    assert found.near[0].reason == "Check 1042 was paid for $250.10 and stands here for $205.10."


def test_two_digits_the_wrong_way_are_pointed_at() -> None:
    found = match([line("L1", 1, 54300)], [entry("bank_transactions/1", 0, 53400)])

    assert found.near[0].difference == 900
    assert "another order" in found.near[0].reason


def test_the_payer_s_check_number_on_a_deposit_is_no_contradiction() -> None:
    found = match([line("L1", 1, 5000, check="77")], [entry("bank_transactions/1", 0, 5000, check="1042")])

    assert only(found).certain


def test_two_equal_deposits_are_told_apart_by_who_paid() -> None:
    lines = [
        line("L1", 1, 50000, text="WIRE IN SMITH ANN"),
        line("L2", 1, 50000, text="ACH HARBOR TITLE 8823"),
    ]
    entries = [
        entry("bank_transactions/1", 0, 50000, payee="Harbor Title, LLC"),
        entry("bank_transactions/2", 0, 50000, payee="Ann Smith"),
    ]

    found = match(lines, entries)

    assert {one.lines[0]: one.movements[0] for one in found.automatic} == {
        "L1": "bank_transactions/2",
        "L2": "bank_transactions/1",
    }
    assert {one.how for one in found.automatic} == {How.PAYEE}


def test_two_equal_deposits_that_nothing_tells_apart_are_only_suggested() -> None:
    lines = [line("L1", 11, 50000), line("L2", 11, 50000)]
    entries = [entry("bank_transactions/1", 11, 50000), entry("bank_transactions/2", 11, 50000)]

    found = match(lines, entries)

    assert found.automatic == ()
    assert [one.movements for one in found.suggested] == [("bank_transactions/1",), ("bank_transactions/2",)]


def test_what_a_person_taught_tells_equal_amounts_apart_and_is_named() -> None:
    rule = PayeeRule(id=7, words=frozenset({"lockbox", "northside"}), payee="ann smith", paid_in=True)
    lines = [line("L1", 1, 50000, text="LOCKBOX 0042 NORTHSIDE"), line("L2", 1, 50000, text="DEPOSIT")]
    entries = [
        entry("bank_transactions/1", 0, 50000, payee="Bob Jones"),
        entry("bank_transactions/2", 0, 50000, payee="Ann Smith"),
    ]

    found = match(lines, entries, rules=[rule])

    taught = found.automatic[0]
    assert (taught.lines, taught.movements, taught.how, taught.rule) == (
        ("L1",),
        ("bank_transactions/2",),
        How.RULE,
        7,
    )
    assert taught.reasons[0] == "Learned: this text is Ann Smith"


def test_a_reference_tells_a_wire_from_another_of_its_amount() -> None:
    lines = [line("L1", 1, 5000, reference="REF-10023"), line("L2", 1, 5000)]
    entries = [
        entry("bank_transactions/1", 0, 5000),
        entry("bank_transactions/2", 0, 5000, reference="ref 10023"),
    ]

    found = match(lines, entries)

    assert {one.lines[0]: one.movements[0] for one in found.automatic} == {
        "L1": "bank_transactions/2",
        "L2": "bank_transactions/1",
    }


def test_one_deposit_slip_is_several_receipts() -> None:
    slip = [line("L1", 2, 60000, reference="SLIP 4471")]
    receipts = [
        entry("bank_transactions/1", 1, 10000, reference="slip-4471"),
        entry("bank_transactions/2", 1, 20000, reference="slip-4471"),
        entry("bank_transactions/3", 1, 30000, reference="slip-4471"),
    ]

    sure, likely = match(slip, receipts), match([line("L1", 2, 60000)], receipts)

    assert only(sure).certain
    assert not only(likely).certain
    assert only(sure).how is only(likely).how is How.SEVERAL_ENTRIES
    assert set(only(sure).movements) == set(only(likely).movements) == {one.subject for one in receipts}


def test_one_receipt_may_come_in_two_parts() -> None:
    found = match(
        [line("L1", 1, 7000), line("L2", 2, 3001), line("L3", 2, 4242)],
        [entry("bank_transactions/1", 0, 10001)],
    )

    assert only(found).lines == ("L1", "L2")
    assert only(found).how is How.SEVERAL_LINES
    assert not only(found).certain


def test_a_sum_that_fits_in_two_ways_is_no_suggestion() -> None:
    entries = [
        entry("bank_transactions/1", 0, 100),
        entry("bank_transactions/2", 1, 200),
        entry("bank_transactions/3", 2, 150),
        entry("bank_transactions/4", 3, 150),
    ]

    found = match([line("L1", 3, 300)], entries)

    assert (found.automatic, found.suggested) == ((), ())


def test_a_movement_between_ledgers_has_no_bank_line() -> None:
    found = match([line("L1", 0, 0)], [entry("bank_transactions/1", 0, 0)])

    assert (found.automatic, found.suggested, found.near) == ((), (), ())


@pytest.mark.parametrize("shape", bench.SHAPES)
def test_ten_thousand_lines_against_ten_thousand_entries_take_seconds(shape: str) -> None:
    assert bench.taken(shape).seconds < 15


def test_in_a_year_of_ten_thousand_nothing_certain_is_wrong() -> None:
    lines, entries = bench.a_year(random.Random(7))

    found = match(lines, entries)

    wrong = [
        one
        for one in found.automatic
        if one.lines[0].removeprefix("L") != one.movements[0].removeprefix("bank_transactions/")
    ]
    assert wrong == []
    assert len(found.automatic) >= 9_700
