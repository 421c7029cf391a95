"""Which payment is which charge, and what a bank's line is made of: nothing doubtful is decided here."""

from __future__ import annotations

from datetime import date, timedelta

from syncapp.core.payouts import Charge, Grouping, Receipt, group, of_bank_line

DAY = date(2026, 11, 12)


def charge(number: int, amount: int, *, reference: str = "", chosen: str = "", days: int = 0) -> Charge:
    return Charge(
        id=number, day=DAY + timedelta(days=days), amount=amount, reference=reference, chosen=chosen
    )


def receipt(key: str, amount: int, *, reference: str = "", days: int = 0) -> Receipt:
    return Receipt(key=key, day=DAY + timedelta(days=days), amount=amount, reference=reference)


def keys(found: Grouping) -> dict[int, str]:
    return {number: one.key for number, one in found.found.items()}


def test_equal_charges_and_as_many_equal_payments_are_each_other() -> None:
    charges = [charge(1, 200_000), charge(2, 150_000), charge(3, 150_000)]
    receipts = [receipt("a", 150_000), receipt("b", 200_000), receipt("c", 150_000)]

    found = group(charges, receipts)

    assert keys(found) == {1: "b", 2: "a", 3: "c"}
    assert not found.doubtful
    assert not found.missing


def test_of_more_payments_than_charges_a_person_says_which() -> None:
    receipts = [receipt("a", 150_000), receipt("b", 150_000)]

    found = group([charge(1, 150_000)], receipts)
    said = group([charge(1, 150_000, chosen="b")], receipts)

    assert [one.key for one in found.doubtful[1]] == ["a", "b"]
    assert keys(said) == {1: "b"}


def test_a_reference_tells_two_equal_payments_apart() -> None:
    receipts = [receipt("a", 150_000, reference="R-1"), receipt("b", 150_000, reference="r-2 ")]

    assert keys(group([charge(1, 150_000, reference="R-2")], receipts)) == {1: "b"}


def test_another_amount_or_another_week_explains_nothing() -> None:
    receipts = [receipt("a", 150_001), receipt("b", 150_000, days=-8)]

    assert group([charge(1, 150_000)], receipts).missing == (1,)


def test_a_bank_line_is_its_receipts_less_the_fee() -> None:
    receipts = [receipt("a", 200_000), receipt("b", 150_000), receipt("c", 150_000), receipt("d", 999)]

    (way,) = of_bank_line(receipts, day=DAY, amount=485_500, fee=14_500)
    assert sorted(way) == ["a", "b", "c"]
    assert len(of_bank_line(receipts, day=DAY, amount=335_500, fee=14_500)) == 2  # either of two
    assert of_bank_line(receipts, day=DAY, amount=485_501, fee=14_500) == []
    assert of_bank_line(receipts, day=DAY - timedelta(days=1), amount=485_500, fee=14_500) == []
