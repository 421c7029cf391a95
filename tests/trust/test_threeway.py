"""The three-way of one trust account: what agrees, what does not, and which item it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from trust.nouns import BankLine, Movement
from trust.threeway import Bank, Facts, Match, What, Witness, compare

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)


def moved(key: str, day: int, amount: int, ledger: str = "matters/1", **more: str) -> Movement:
    """A movement of one ledger in September 2026, in cents."""
    return Movement(
        subject=f"bank_transactions/{key}", day=date(2026, 9, day), amount=amount,
        ledgers=((ledger, amount),), **more,
    )  # fmt: skip


MONTH = (
    moved("1", 2, 500_000, "matters/1", payee="Ames"),
    moved("2", 9, 200_000, "matters/2", payee="Boyd"),
    moved("3", 15, -120_000, "matters/1", check="1041", payee="County clerk"),
    moved("4", 22, 80_000, "matters/3", payee="Cole"),
    moved("5", 28, -25_000, "matters/2", check="1042", payee="Court reporter"),
)


def line(one: Movement, **changes: object) -> BankLine:
    """The bank's line of a movement."""
    made = BankLine(id=f"line of {one.subject}", day=one.day, amount=one.amount, check=one.check)
    return replace(made, **changes)  # type: ignore[arg-type]


def banked(movements: tuple[Movement, ...] = MONTH, *extra: BankLine, without: str = "") -> Bank:
    """A statement on which all movements have cleared but those `without`, and some lines more."""
    cleared = [one for one in movements if one.subject.split("/")[1] not in without.split()]
    return Bank(
        closing=sum(one.amount for one in cleared) + sum(one.amount for one in extra),
        unmatched=extra,
        outstanding=tuple(one for one in movements if one not in cleared),
        matched=tuple(Match(lines=(line(one),), movements=(one,)) for one in cleared),
    )


def facts(**changes: object) -> Facts:
    """September as everybody agrees on it, with changes."""
    given: dict[str, object] = {
        "account": "IOLTA", "first": FIRST, "last": LAST, "clio": MONTH, "tieout": MONTH, "books": MONTH,
        "bank": banked(),
    }  # fmt: skip
    return Facts(**(given | changes))  # type: ignore[arg-type]


def changed(key: str, **changes: object) -> tuple[Movement, ...]:
    """The month with one movement otherwise; its ledger's amount follows the bank's."""
    made = []
    for one in MONTH:
        if one.subject == f"bank_transactions/{key}":
            one = replace(one, **changes)  # type: ignore[arg-type]  # noqa: PLW2901
            if "amount" in changes and "ledgers" not in changes:
                one = replace(one, ledgers=((one.ledgers[0][0], one.amount),))  # noqa: PLW2901
        made.append(one)
    return tuple(made)


def without(*keys: str) -> tuple[Movement, ...]:
    """The month without some movements."""
    return tuple(one for one in MONTH if one.subject.split("/")[1] not in keys)


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
        "Check 1042 of $250.00, 2026-09-28, to Court reporter waits: Its matter is not in the books."
    )


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
    assert "the deposit of $800.00, 2026-09-22" in item.reason


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
