"""A deposit that came back: whose money is short, since when, what became of it, and the note."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.trust.test_lists import ago, check, put
from trust import jurisdictions
from trust.lists import shortage_note, shortages
from trust.nouns import Movement
from trust.rules.returns import NONE, returned, returns_of, unsure


def given_(name: str, amount: int, days: int, *, reference: str = "", payee: str = "Carter") -> Movement:
    return replace(put(name, amount, days, reference=reference), kind="deposit", payee=payee)


def back(name: str, amount: int, days: int, *, reference: str = "", text: str = "") -> Movement:
    return replace(put(name, -amount, days, reference=reference), kind="disbursement", text=text)


def history() -> list[Movement]:
    return [
        given_("bank_transactions/1", 300_000, 20, reference="118"),
        check("1042", 120_000, 15, payee="Clerk"),
        back("bank_transactions/1043", 300_000, 10, reference="118"),
    ]


def test_a_returned_deposit_leaves_the_spent_part_short_until_the_firm_restores_it() -> None:
    told = returned(history())
    restored = given_("bank_transactions/1044", 120_000, 9, payee="Ash & Birch LLP")

    (short,) = shortages(told)
    (cured,) = shortages([*told, restored])

    assert short.original is told[0]
    assert (short.lowest, short.standing, short.restored) == (120_000, 120_000, None)
    assert short.since == ago(10)
    assert (cured.lowest, cured.standing, cured.cure, cured.restored) == (120_000, 0, restored, ago(9))


def test_one_made_good_on_the_same_day_is_told_too() -> None:
    (short,) = shortages(returned([*history(), given_("bank_transactions/1044", 120_000, 10)]))

    assert (short.lowest, short.standing, short.restored) == (120_000, 0, ago(10))


def test_what_is_paid_from_a_short_ledger_is_told_with_it() -> None:
    later = [check("1050", 5_000, 8, payee="Expert"), given_("b2000", 130_000, 5), check("1051", 100, 3)]

    (short,) = shortages(returned([*history(), *later]))

    assert [one.check for one in short.further] == ["1050"]
    assert short.lowest == 125_000


def test_a_return_that_the_ledger_can_bear_leaves_nothing_short() -> None:
    assert shortages(returned([given_("bank_transactions/0", 500_000, 30), *history()])) == []


def test_the_deposit_that_came_back_is_found_by_its_reference_else_only_when_nothing_else_fits() -> None:
    named, other = given_("a", 300_000, 20, reference="118"), given_("b", 300_000, 12)
    foreign = replace(given_("c", 300_000, 12), ledgers=(("matters/2", 300_000),))
    by_mark, by_word = (
        back("r", 300_000, 10, reference="118"),
        back("r", 300_000, 10, text="Returned check NSF"),
    )

    assert returns_of([by_mark, other, named, foreign]) == {"r": named}
    assert returns_of([by_word, other, foreign]) == {"r": other}
    assert not returns_of([by_word, other, given_("d", 300_000, 14)]), "two fit: nothing is guessed"
    assert not returns_of([back("r", 300_000, 10), other]), "nothing says that it is a return"
    assert not returns_of([by_mark, given_("e", 300_000, 101, reference="118")]), "no bank returns it so late"
    assert not returns_of([replace(by_mark, payee="Expert"), named]), "our own check bears that number"
    assert not returns_of([replace(by_mark, kind="refund"), named])


def test_what_nobody_can_tell_is_asked_and_the_answer_links_or_leaves_it() -> None:
    one, two = given_("a", 300_000, 20), given_("b", 300_000, 14)
    later, less = given_("c", 300_000, 5), given_("d", 299_999, 12)
    back_ = back("r", 300_000, 10, text="NSF")
    told = returned([one, two, later, less, back_])

    assert unsure(told, {}) == {"r": [two, one]}
    assert returns_of(told, {"r": "a"}) == {"r": one}
    assert not returns_of(told, {"r": NONE})
    assert not unsure(told, {"r": NONE})
    assert not unsure([less, back_], {}), "nothing fits: there is nothing to ask"
    part = replace(back_, amount=-100, ledgers=(("matters/1", -100),))
    assert unsure(returned([one, part]), {}) == {"r": [one]}, "one check of a deposit of several"


def test_a_deposit_comes_back_once() -> None:
    deposit = given_("a", 300_000, 20, reference="118")
    first, second = back("r1", 300_000, 12, reference="118"), back("r2", 300_000, 10, reference="118")

    assert returns_of([deposit, second, first]) == {"r1": deposit}


@given(
    amounts=st.lists(st.tuples(st.integers(-400, 400), st.integers(0, 12)), max_size=12),
    day=st.integers(0, 12),
)
def test_a_shortage_stands_exactly_when_the_ledger_is_below_zero(
    amounts: list[tuple[int, int]], day: int
) -> None:
    told = [put(f"bank_transactions/{i}", amount, at) for i, (amount, at) in enumerate(amounts) if amount]
    until = [one for one in told if one.day <= ago(day)]

    found = shortages(until)

    assert sum(one.standing for one in found) == max(-sum(one.amount for one in until), 0)
    assert all(one.lowest > 0 and (one.standing > 0) is (one.restored is None) for one in found)


def test_the_note_bears_the_facts_the_rule_and_who_is_told_with_their_sources() -> None:
    told = returned([*history(), check("1050", 5_000, 8, payee="Expert")])
    (short,) = shortages(told)
    florida = jurisdictions.of("FL")

    note = shortage_note(short, florida, firm="Ash & Birch LLP", account="IOLTA …7725", name="00087-Carter")

    assert "returned the deposit of $3,000.00" in note
    assert "(118) from Carter" in note
    assert "$1,250.00 below zero" in note
    assert "$50.00 to Expert" in note
    for key in ("shortage", "told"):
        assert florida.rule(key).words in note
        assert florida.rule(key).provenance in note
    restored = given_("bank_transactions/9999", 125_000, 1, payee="Ash & Birch LLP")
    (cured,) = shortages([*told, restored])
    assert "made good" in shortage_note(cured, florida, firm="F", account="A", name="N")


def test_every_place_says_who_is_told_of_a_shortage_or_takes_the_strictest() -> None:
    for place in (*jurisdictions.ALL, jurisdictions.STRICT):
        assert place.rule("told").words
        assert place.rule("told").provenance
