"""What the bank corrects, calls by name or never sees, and what is outstanding on a day, story by story.

The law of what is outstanding stands in `test_matching_laws.py`.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.trust.ledgers import day, entry, line, only
from trust.matching import Group, How, match, standing


def test_a_check_matched_in_october_was_outstanding_in_september() -> None:
    lines = [line("L1", 34, -25010), line("L2", 2, 60000)]
    entries = [
        entry("bank_transactions/1", 0, -25010),
        entry("bank_transactions/2", 1, 40000),
        entry("bank_transactions/3", 31, 20000),
    ]
    groups = [
        Group(lines=("L1",), movements=("bank_transactions/1",)),
        Group(lines=("L2",), movements=("bank_transactions/2", "bank_transactions/3")),
    ]

    then, later = standing(groups, lines, entries, day(29)), standing(groups, lines, entries, day(40))

    assert [(one.subject, one.amount) for one in then.checks] == [("bank_transactions/1", -25010)]
    assert then.deposits == ()
    assert [(one.id, one.amount) for one in then.unmatched] == [
        ("L2", 20000)
    ]  # what the books get in October
    assert (later.outstanding, later.unmatched) == ((), ())


def test_what_the_bank_read_wrong_and_put_right_is_one_entry() -> None:
    check = entry("bank_transactions/1", 0, -20510, check="1042")
    read = [
        line("L1", 2, -25010, check="1042"),
        line("L2", 5, 4500, reference="1042", text="ENCODING ERROR CORRECTION"),
    ]
    paid_in = entry("bank_transactions/2", 0, 53400)
    typed = [line("L3", 1, 54300, text="DEPOSIT"), line("L4", 4, -900, text="DEPOSIT CORRECTION")]

    found = match([*read, *typed], [check, paid_in])

    assert [(one.lines, one.movements) for one in found.automatic] == [(("L1", "L2"), (check.subject,))]
    assert [(one.lines, one.movements) for one in found.suggested] == [(("L3", "L4"), (paid_in.subject,))]


@pytest.mark.parametrize(
    ("text", "kind", "certain"),
    [
        ("RETURNED DEPOSITED ITEM", "disbursement", False),
        ("WIRE TRANSFER FEE", "disbursement", False),
        ("WIRE TRANSFER FEE", "bank_charge", True),
        ("CHECK PAID", "disbursement", True),
    ],
)
def test_what_the_bank_calls_a_fee_or_a_return_is_no_payment_of_that_amount(
    text: str, kind: str, certain: bool
) -> None:
    booked = replace(entry("bank_transactions/1", 0, -2500), kind=kind)

    found = match([line("L1", 2, -2500, text=text)], [booked])

    assert bool(found.automatic) is certain
    assert found.suggested == ()


def test_what_the_feed_entered_in_the_books_is_the_bank_s_fee() -> None:
    found = match([line("L1", 2, -2500, text="WIRE TRANSFER FEE")], [entry("books/journal:7", 2, -2500)])

    assert only(found).certain


def test_a_check_is_not_surely_the_payment_that_names_somebody_else() -> None:
    found = match(
        [line("L1", 2, -2500, text="ACH HARBOR TITLE")],
        [entry("bank_transactions/1", 0, -2500, check="1042", payee="County Clerk")],
    )

    assert not only(found).certain


def test_the_checks_of_one_day_are_one_slip() -> None:
    checks = [
        entry("bank_transactions/1", 0, 10000, check="77"),
        entry("bank_transactions/2", 0, 20000, check="2041"),
        entry("bank_transactions/3", 0, 777),
    ]

    assert set(only(match([line("L1", 1, 30000, text="DEPOSIT")], checks)).movements) == {
        "bank_transactions/1",
        "bank_transactions/2",
    }


def test_a_check_and_its_void_need_no_bank_line() -> None:
    written = replace(entry("bank_transactions/1", 0, -100, check="1042"), ledgers=(("matters/7", -100),))
    voided = replace(entry("bank_transactions/2", 20, 100, check="1042"), ledgers=(("matters/7", 100),))
    another = replace(voided, ledgers=(("matters/8", 100),))

    assert only(match([], [written, voided])).certain
    assert only(match([], [written, voided])).reasons == ("Check 1042 and its void",)
    assert not only(match([], [written, another])).certain


def test_a_void_of_a_check_that_was_paid_is_left_to_a_person() -> None:
    entries = [
        entry("bank_transactions/1", 0, -100, check="1042"),
        entry("bank_transactions/2", 20, 100, check="1042"),
    ]

    found = match([line("L1", 3, -100, check="1042")], entries)

    assert only(found).movements == ("bank_transactions/1",)


def test_an_entry_and_its_later_reversal_cancel_each_other() -> None:
    entries = [entry("bank_transactions/1", 0, 5000), entry("bank_transactions/1/amendment/1", 30, -5000)]

    assert only(match([], entries)).how is How.CANCELED


def test_a_voided_check_and_its_reversal_are_not_outstanding() -> None:
    entries = [entry("bank_transactions/1", 0, -100, check="9"), entry("bank_transactions/2", 20, 100)]
    groups = [Group(lines=(), movements=("bank_transactions/1", "bank_transactions/2"))]

    assert standing(groups, [], entries, day(10)).checks == (entries[0],)
    assert standing(groups, [], entries, day(20)).outstanding == ()


def test_what_was_changed_after_it_was_matched_shows_by_how_much() -> None:
    lines, entries = [line("L1", 1, 5000)], [entry("bank_transactions/1", 0, 5600)]
    groups = [Group(lines=("L1",), movements=("bank_transactions/1",))]

    left = standing(groups, lines, entries, day(9))

    assert [(one.subject, one.amount) for one in left.outstanding] == [("bank_transactions/1", 600)]
    assert left.unmatched == ()
