"""A deposit that came back: whose money is short, since when, what became of it, and the note."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.trust.test_lists import ago, check, put
from trust import jurisdictions
from trust.lists import original_of, shortage_note, shortages
from trust.nouns import Movement


def history() -> list[Movement]:
    return [
        put("bank_transactions/1", 300_000, 20, reference="118"),
        check("1042", 120_000, 15, payee="Clerk"),
        put("bank_transactions/3", -300_000, 10, reference="118"),
    ]


def test_a_returned_deposit_leaves_the_spent_part_short_until_the_firm_restores_it() -> None:
    told = history()

    short = shortages(told[2], told)[0]
    cured = shortages(told[2], [*told, put("bank_transactions/4", 120_000, 9)])[0]

    assert short.original is told[0]
    assert (short.lowest, short.standing, short.restored) == (120_000, 120_000, None)
    assert short.since == ago(10)
    assert (cured.lowest, cured.standing, cured.restored) == (120_000, 0, ago(9))


def test_one_made_good_on_the_same_day_is_told_too() -> None:
    told = [*history(), put("bank_transactions/4", 120_000, 10)]

    short = shortages(told[2], told)[0]

    assert (short.lowest, short.standing, short.restored) == (120_000, 0, ago(10))


def test_what_is_paid_from_a_short_ledger_is_a_case_of_its_own() -> None:
    told = [*history(), check("1050", 5_000, 8, payee="Expert"), put("b", 130_000, 5), check("1051", 100, 3)]

    short = shortages(told[2], told)[0]

    assert [one.check for one in short.further] == ["1050"]
    assert short.lowest == 125_000


def test_a_return_that_the_ledger_can_bear_leaves_nothing_short() -> None:
    told = [put("bank_transactions/0", 500_000, 30), *history()]

    assert shortages(told[3], told) == []


def test_the_deposit_that_came_back_is_found_by_its_reference_else_only_when_nothing_else_fits() -> None:
    back = put("r", -300_000, 10, reference="118")
    named = put("a", 300_000, 20, reference="118")
    other = put("b", 300_000, 12)
    foreign = put("c", 300_000, 12, ledger="matters/2")

    assert original_of(back, [other, named, foreign]) is named
    assert original_of(back, [other, foreign]) is other
    assert original_of(back, [other, put("d", 300_000, 14)]) is None
    assert original_of(back, [put("e", 300_000, 101, reference="118")]) is None


@given(
    amounts=st.lists(st.tuples(st.integers(-400, 400), st.integers(0, 12)), max_size=12),
    back=st.integers(1, 400),
    day=st.integers(0, 12),
)
def test_a_shortage_is_told_exactly_when_the_return_leaves_the_ledger_below_zero(
    amounts: list[tuple[int, int]], back: int, day: int
) -> None:
    told = [put(f"m{i}", amount, at) for i, (amount, at) in enumerate(amounts) if amount]
    returned = put("back", -back, day)
    told.append(returned)
    before = sum(m.amount for m in told if m.day <= returned.day)

    found = shortages(returned, told)

    assert bool(found) is (before < 0)
    for one in found:
        assert one.lowest >= -before > 0
        assert (one.standing > 0) is (one.restored is None)


def test_the_note_bears_the_facts_and_the_rule_of_the_place_with_its_source() -> None:
    told = [*history(), check("1050", 5_000, 8, payee="Expert")]
    short = shortages(told[2], told)[0]

    note = shortage_note(
        short, jurisdictions.of("FL"), firm="Ash & Birch LLP", account="IOLTA …7725", name="00087-Carter"
    )

    assert "$3,000.00" in note
    assert "$1,250.00 below zero" in note
    assert "$50.00 to Expert" in note
    assert jurisdictions.of("FL").rule("shortage").words in note
    assert "Source: " in note
