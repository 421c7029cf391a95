"""The bank in the three-way: lines that nobody booked, other amounts, twins, and what is overdue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.trust.months import FIRST, MONTH, banked, changed, facts, line, without
from trust.nouns import BankLine, Movement
from trust.threeway import Match, What, Witness, compare


def test_what_a_bank_feed_entered_again_is_a_twin_and_not_on_its_way_to_the_bank() -> None:
    twin = replace(MONTH[3], subject="books/Deposit:77", day=date(2026, 9, 23), ledgers=(("", 80_000),))
    books = (*MONTH, twin)
    bank = banked()
    found = compare(facts(books=books, bank=replace(bank, outstanding=(twin,))))

    assert found.outstanding_deposits == ()
    assert found.adjusted_bank == 635_000
    assert found.books_bank == 715_000
    [item] = found.differences
    assert (item.kind, item.subjects) == (What.TWIN, ("books/Deposit:77",))


def test_a_fee_that_the_books_took_from_trust_touches_one_side_only() -> None:
    fee = Movement(subject="books/Purchase:5", day=date(2026, 9, 30), amount=-2_500)
    bank = banked((*MONTH, fee))
    found = compare(facts(books=(*MONTH, fee), bank=bank))

    assert found.books_bank - found.books_liability == -2_500
    [item] = found.differences
    assert (item.kind, item.bank_effect, item.effect) == (What.ONE_SIDED, 2_500, 0)


@pytest.mark.parametrize(
    ("text", "amount", "check", "kind"),
    [
        ("MONTHLY SERVICE FEE", -1_500, "", What.BANK_FEE),
        ("INTEREST PAID", 412, "", What.BANK_INTEREST),
        ("RETURNED ITEM", -80_000, "", What.RETURNED),
        ("CHECK 1041", -120_000, "1041", What.TWICE_AT_BANK),
        ("WIRE", 77_700, "", What.ONLY_AT_BANK),
    ],
)
def test_a_line_without_a_movement_says_what_it_is(text: str, amount: int, check: str, kind: What) -> None:
    extra = BankLine(id="extra", day=date(2026, 9, 29), amount=amount, check=check, text=text)
    found = compare(facts(bank=banked(MONTH, extra)))

    assert not found.equal
    [item] = found.differences
    assert (item.kind, item.effect, item.lines) == (kind, amount, ("extra",))


@pytest.mark.parametrize(("check", "cleared"), [("1042", -25_900), ("", -52_000)])
def test_a_check_that_cleared_for_another_amount_is_one_item(check: str, cleared: int) -> None:
    """By its number, or by the same digits in another order."""
    extra = BankLine(id="wrong", day=date(2026, 9, 30), amount=cleared, check=check, text="CHECK")
    found = compare(facts(bank=banked(MONTH, extra, without="5")))

    [item] = found.differences
    assert (item.kind, item.effect) == (What.OTHER_AMOUNT, cleared + 25_000)
    assert found.outstanding_checks == ()


def test_a_line_that_the_books_date_in_the_next_month_is_named() -> None:
    late = replace(MONTH[3], day=date(2026, 10, 1))
    month = (*without("4"), late)
    early = line(late, day=date(2026, 9, 30))
    bank = banked(without("4"), early)
    bank = replace(bank, matched=(*bank.matched, Match(lines=(early,), movements=(late,))))
    found = compare(facts(clio=month, tieout=month, books=month, bank=bank))

    [item] = found.differences
    assert (item.kind, item.subjects, item.effect) == (
        What.EARLIER_AT_BANK, ("bank_transactions/4",), 80_000,
    )  # fmt: skip


def test_an_overdue_deposit_and_a_stale_check_keep_it_from_being_signed() -> None:
    old = replace(MONTH[2], day=FIRST - timedelta(days=170), subject="opening/1041")
    month = (*without("3"), old)
    found = compare(facts(clio=month, tieout=month, books=month, bank=banked(month, without="4 1041")))

    assert found.equal
    assert {(one.kind, one.subjects) for one in found.differences} == {
        (What.LATE_DEPOSIT, ("bank_transactions/4",)),
        (What.STALE_CHECK, ("opening/1041",)),
    }
    assert not found.signable


def test_a_statement_that_does_not_follow_the_last_one_leaves_a_rest_that_is_named() -> None:
    bank = banked()
    found = compare(facts(bank=replace(bank, closing=bank.closing + 80_000)))

    [item] = found.differences
    assert (item.kind, item.amount) == (What.UNEXPLAINED, 80_000)
    assert "the deposit of $800.00, 22 Sep 2026" in item.reason


def test_an_entry_that_was_taken_back_and_made_anew_stands_once() -> None:
    back = replace(MONTH[3], amount=-80_000, ledgers=(("matters/3", -80_000),))
    anew = replace(MONTH[3], amount=81_000, ledgers=(("matters/3", 81_000),))
    right = changed("4", amount=81_000)
    month = (*MONTH, back, anew)
    found = compare(facts(clio=right, tieout=month, books=right, bank=banked(right)))

    assert found.signable


def test_a_correction_dated_later_is_a_named_item_of_the_month_and_none_of_the_next() -> None:
    """DESIGN section 9 e: what is signed is not changed, the correction is dated the day of the change."""
    right = changed("4", amount=81_000)
    later = replace(MONTH[3], day=date(2026, 10, 6), amount=1_000, ledgers=(("matters/3", 1_000),))
    posted = (*MONTH, later)
    september = compare(facts(clio=right, tieout=posted, books=posted))
    october = compare(
        facts(clio=right, tieout=posted, books=posted, first=date(2026, 10, 1), last=date(2026, 10, 31))
    )

    [item] = september.differences
    assert (item.kind, item.effect) == (What.DATE, 1_000)
    assert [one.kind for one in october.differences if one.between[0] is Witness.CLIO] == []
