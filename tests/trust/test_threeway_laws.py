"""Laws of the three-way: whatever the witnesses say, the items that are named sum to each gap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trust.nouns import BankLine, Movement
from trust.threeway import Bank, Facts, Match, ThreeWay, What, Witness, compare

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
BANKED = Witness.BANK

amounts = st.integers(-100_000, 100_000).filter(bool) | st.sampled_from([10_000, -10_000])
days = st.integers(-20, 20).map(lambda apart: LAST + timedelta(days=apart))
ledgers = st.sampled_from(["matters/1", "matters/2", "contacts/3", "trust/firm"])


@st.composite
def movements(draw: st.DrawFn, prefix: str, most: int = 8) -> tuple[Movement, ...]:
    """Some movements of a few ledgers around the end of September, transfers among them."""
    found = []
    for number in range(draw(st.integers(0, most))):
        amount, ledger = draw(amounts), draw(ledgers)
        parts: tuple[tuple[str, int], ...] = ((ledger, amount),)
        if draw(st.booleans()) and (other := draw(ledgers)) != ledger:
            parts = ((ledger, amount), (other, -amount))
        found.append(
            Movement(
                subject=f"{prefix}/{number}", day=draw(days), amount=sum(part for _, part in parts),
                ledgers=tuple(sorted(parts)),
            )
        )  # fmt: skip
    return tuple(found)


def _other_amount(one: Movement, by: int) -> Movement:
    key, amount = one.ledgers[0]
    return replace(one, amount=one.amount + by, ledgers=((key, amount + by), *one.ledgers[1:]))


CHANGES: dict[str, Callable[[Movement], list[Movement]]] = {
    "as it is": lambda one: [one],
    "lost": lambda one: [],
    "another amount": lambda one: [_other_amount(one, 900)],
    "less": lambda one: [_other_amount(one, -900)],
    "one side": lambda one: [replace(one, amount=one.amount + 500)],
    "later": lambda one: [replace(one, day=one.day + timedelta(days=7))],
    "another ledger": lambda one: [replace(one, ledgers=(("matters/9", one.amount),))],
    "in two parts": lambda one: [one, replace(_other_amount(one, 700), day=one.day + timedelta(days=9))],
}


@st.composite
def retold(draw: st.DrawFn, said: tuple[Movement, ...], extra: str) -> tuple[Movement, ...]:
    """What the next witness makes of it: most as it is, some otherwise, some of its own."""
    told = [part for one in said for part in CHANGES[draw(st.sampled_from(sorted(CHANGES)))](one)]
    return (*told, *draw(movements(extra, most=3)))


def in_balance(said: tuple[Movement, ...]) -> tuple[Movement, ...]:
    """Our own entries always balance: the bank is what the ledgers are."""
    return tuple(replace(one, amount=sum(part for _, part in one.ledgers)) for one in said)


@st.composite
def histories(draw: st.DrawFn) -> Facts:
    """Three witnesses that stray from each other, and a bank that has seen some of it and more."""
    clio = draw(movements("clio"))
    tieout = in_balance(draw(retold(clio, "tieout")))
    books = draw(retold(tieout, "books"))
    return Facts(account="IOLTA", first=FIRST, last=LAST, clio=clio, tieout=tieout, books=books)


@st.composite
def with_a_bank(draw: st.DrawFn) -> Facts:
    """The same with a statement: of what should stand on the bank some has cleared."""
    facts = draw(histories())
    mine = {one.subject for one in facts.tieout}
    stands = [*facts.tieout, *(one for one in facts.books if one.subject not in mine)]
    cleared: list[Movement] = []
    waiting: list[Movement] = []
    for one in stands:
        if one.day <= LAST and one.amount:
            (cleared if draw(st.booleans()) else waiting).append(one)
    extra = [
        BankLine(id=f"extra {number}", day=LAST - timedelta(days=number), amount=amount)
        for number, amount in enumerate(draw(st.lists(amounts, max_size=4)))
    ]
    lines = [BankLine(id=str(number), day=one.day, amount=one.amount) for number, one in enumerate(cleared)]
    bank = Bank(
        closing=sum(one.amount for one in (*lines, *extra)),
        unmatched=tuple(extra),
        outstanding=tuple(waiting),
        matched=tuple(
            Match(lines=(line,), movements=(one,)) for line, one in zip(lines, cleared, strict=True)
        ),
    )
    return replace(facts, bank=bank)


def gap(found: ThreeWay, first: Witness, second: Witness) -> int:
    """What the items between two witnesses sum to."""
    return sum(one.effect for one in found.differences if one.between == (first, second))


@given(histories())
def test_the_items_between_clio_and_tieout_sum_to_their_gap(facts: Facts) -> None:
    found = compare(facts)

    assert found.ledgers_positive - found.tieout_lines == gap(found, Witness.CLIO, Witness.TIEOUT)


@given(histories())
def test_the_items_between_tieout_and_the_books_sum_to_both_gaps(facts: Facts) -> None:
    found = compare(facts)

    assert found.tieout_lines - found.books_liability == gap(found, Witness.TIEOUT, Witness.BOOKS_LIABILITY)
    assert found.tieout_lines - found.books_bank == sum(one.bank_effect for one in found.differences)


@given(with_a_bank())
def test_the_items_at_the_bank_sum_to_its_gap_and_leave_no_rest(facts: Facts) -> None:
    found = compare(facts)

    assert found.adjusted_bank is not None
    assert not [one for one in found.differences if one.kind is What.UNEXPLAINED]
    mine = {one.subject for one in facts.tieout}
    strayed = [
        one for one in found.differences
        if one.between[0] is Witness.TIEOUT and (one.subjects[0] in mine or one.kind is What.TWIN)
    ]  # fmt: skip
    explained = sum(one.effect for one in found.differences if one.between[0] is BANKED)
    explained += sum(one.bank_effect for one in strayed)
    assert found.adjusted_bank - found.books_bank == explained


@given(movements("clio"))
def test_witnesses_that_say_the_same_are_told_no_difference_but_a_ledger_below_zero(
    said: tuple[Movement, ...],
) -> None:
    found = compare(Facts(account="IOLTA", first=FIRST, last=LAST, clio=said, tieout=said, books=said))

    assert {one.kind for one in found.differences} <= {What.NEGATIVE}
    assert found.tied == (not found.differences)
    assert found.books_bank == found.books_liability == found.tieout_lines
    assert found.tieout_lines == found.ledgers_positive + found.ledgers_negative


@given(with_a_bank())
def test_what_is_equal_is_one_figure_and_what_may_be_signed_has_nothing_in_the_way(facts: Facts) -> None:
    found = compare(facts)

    if found.equal:
        assert found.adjusted_bank == found.books_bank == found.books_liability == found.tieout_lines
        assert not found.ledgers_negative
    assert found.signable is (found.equal and not found.obstacles)


@given(with_a_bank(), st.randoms())
def test_the_order_of_what_is_told_changes_nothing(facts: Facts, random: object) -> None:
    def mixed[T](rows: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(sorted(rows, key=lambda _: random.random()))  # type: ignore[attr-defined]

    other = replace(facts, clio=mixed(facts.clio), books=mixed(facts.books))

    assert compare(other).differences == compare(facts).differences
