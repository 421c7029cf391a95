"""A signature stands for figures: the hash, the states, what moved, who may sign, what is drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trust.september import AT, LAST, LEDGERS, SEPTEMBER
from trust import jurisdictions
from trust.signing import duties, states
from trust.signing.changes import changes
from trust.signing.draw import draw
from trust.signing.figures import Figures, kept, restored
from trust.signing.states import Act, Event, State, standing

DAY = LAST


def event(number: int, act: Act, *, by: int = 1, digest: str = "", answers: int | None = None) -> Event:
    return Event(id=number, act=act, by=by, at=AT, digest=digest, answers=answers)


AMOUNTS = st.integers(min_value=-(10**12), max_value=10**12)
FIGURE = st.one_of(
    st.tuples(st.sampled_from(["statement", "adjusted_bank", "books_bank", "books_liability"]), AMOUNTS),
    st.tuples(st.just("tieout_lines"), AMOUNTS),
    st.tuples(st.sampled_from(["equal", "signable"]), st.booleans()),
)


@given(FIGURE)
def test_the_hash_changes_exactly_when_a_figure_does(figure) -> None:
    name, value = figure

    other = replace(SEPTEMBER, **{name: value})

    assert (other.digest == SEPTEMBER.digest) == (value == getattr(SEPTEMBER, name))
    assert (changes(SEPTEMBER, other) == []) == (other.digest == SEPTEMBER.digest)


@given(st.integers(0, 1), AMOUNTS.filter(bool))
def test_a_ledger_that_moves_against_another_changes_the_hash(which, amount) -> None:
    moved = [replace(one, balance=one.balance + (amount if at == which else -amount))
             for at, one in enumerate(LEDGERS)]  # fmt: skip

    other = replace(SEPTEMBER, ledgers=tuple(moved))

    assert sum(one.balance for one in moved) == sum(one.balance for one in LEDGERS)
    assert other.digest != SEPTEMBER.digest
    assert {change.label for change in changes(SEPTEMBER, other)} >= {
        "Ledger 00001 Ash",
        "Ledger 00002 Birch",
    }


@pytest.mark.parametrize(
    "other",
    [
        replace(SEPTEMBER, checks=()),
        replace(SEPTEMBER, deposits=(replace(SEPTEMBER.deposits[0], day=date(2026, 9, 29)),)),
        replace(SEPTEMBER, checks=(replace(SEPTEMBER.checks[0], check="1043"),)),
        replace(SEPTEMBER, held=SEPTEMBER.deposits),
        replace(SEPTEMBER, ledgers=(replace(LEDGERS[0], last_day=DAY), LEDGERS[1])),
        replace(SEPTEMBER, currency="CAD"),
        replace(SEPTEMBER, last=date(2026, 9, 29)),
    ],
)
def test_every_part_of_the_figures_is_in_the_hash(other) -> None:
    assert other.digest != SEPTEMBER.digest


def test_a_name_that_changes_is_no_figure_that_moved() -> None:
    named = replace(SEPTEMBER, ledgers=(replace(LEDGERS[0], name="Ash & Sons"), LEDGERS[1]), files=())

    assert named.digest == SEPTEMBER.digest
    assert changes(SEPTEMBER, named) == []


def test_what_is_kept_is_read_back_whole() -> None:
    assert restored(kept(SEPTEMBER)) == SEPTEMBER
    assert restored(kept(SEPTEMBER)).digest == SEPTEMBER.digest


def test_a_month_is_prepared_and_then_signed() -> None:
    prepared = [event(1, Act.PREPARED, digest=SEPTEMBER.digest)]
    signed = [*prepared, event(2, Act.SIGNED, by=2, digest=SEPTEMBER.digest)]

    assert standing([]).state is State.OPEN
    assert not standing([]).locked
    assert standing(prepared).state is State.PREPARED
    assert states.why_not_sign(standing(prepared), SEPTEMBER, seen=SEPTEMBER.digest) == ""
    assert standing(signed).state is State.SIGNED
    assert standing(signed).locked


def test_a_question_returns_the_month_and_stops_the_signature_until_it_is_answered() -> None:
    prepared = event(1, Act.PREPARED, digest=SEPTEMBER.digest)
    asked = standing([prepared, event(2, Act.ASKED, by=2)])
    answered = standing([prepared, event(2, Act.ASKED, by=2), event(3, Act.ANSWERED, answers=2)])

    assert asked.state is State.ASKED
    assert "question" in states.why_not_sign(asked, SEPTEMBER, seen=SEPTEMBER.digest)
    assert answered.state is State.PREPARED
    assert states.why_not_sign(answered, SEPTEMBER, seen=SEPTEMBER.digest) == ""


def test_a_figure_that_moves_suspends_and_asks_again_from_the_start() -> None:
    history = [
        event(1, Act.PREPARED, digest=SEPTEMBER.digest),
        event(2, Act.SIGNED, by=2, digest=SEPTEMBER.digest),
    ]
    later = replace(SEPTEMBER, books_bank=75_00, equal=False, signable=False)

    assert states.moved(standing(history), later)
    suspended = standing([*history, event(3, Act.SUSPENDED, digest=later.digest)])
    assert suspended.state is State.SUSPENDED
    assert suspended.locked
    assert "first" in states.why_not_sign(suspended, SEPTEMBER, seen=SEPTEMBER.digest)

    again = [
        *history,
        event(3, Act.SUSPENDED, digest=later.digest),
        event(4, Act.PREPARED, digest=SEPTEMBER.digest),
        event(5, Act.SIGNED, by=2, digest=SEPTEMBER.digest),
    ]
    assert standing(again).state is State.SIGNED


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (replace(SEPTEMBER, statement=None, equal=False, signable=False), "statement"),
        (replace(SEPTEMBER, equal=False, signable=False), "do not agree"),
        (replace(SEPTEMBER, signable=False, obstacles=("A check is stale.",)), "Explain"),
    ],
)
def test_nobody_submits_what_does_not_tie(figures, words) -> None:
    assert words in states.why_not_prepare(standing([]), figures, explanation="")


def test_what_stands_in_the_way_may_be_explained_but_not_signed_over() -> None:
    stale = replace(SEPTEMBER, signable=False, obstacles=("A check is stale.",))
    prepared = standing([event(1, Act.PREPARED, digest=stale.digest)])

    assert states.why_not_prepare(standing([]), stale, explanation="The payee was called.") == ""
    assert states.why_not_sign(prepared, stale, seen=stale.digest) == "A check is stale."


def test_nobody_signs_figures_that_the_page_did_not_show() -> None:
    prepared = standing([event(1, Act.PREPARED, digest=SEPTEMBER.digest)])

    assert "moved" in states.why_not_sign(prepared, SEPTEMBER, seen="0" * 64)


def test_reopening_needs_a_reason_and_unlocks() -> None:
    signed = standing(
        [event(1, Act.PREPARED, digest="a"), event(2, Act.SIGNED, digest="a"), event(3, Act.ASKED)]
    )

    assert states.why_not_reopen(signed, reason=" ") != ""
    assert states.why_not_reopen(signed, reason="The bank sent a corrected statement.") == ""
    assert not standing([event(1, Act.PREPARED, digest="a"), event(2, Act.REOPENED)]).locked


def test_duties_are_kept_apart_where_the_rule_demands_it_and_explained_elsewhere() -> None:
    strict, texas = jurisdictions.STRICT, jurisdictions.of("TX")
    carolina = jurisdictions.of("NC")

    assert duties.signing(person=1, preparer=1, rules=strict).refused
    assert duties.signing(person=1, preparer=1, rules=texas).reason
    assert duties.signing(person=2, preparer=1, rules=strict) == duties.Separation()
    assert duties.preparing(person=1, check_signers={1}, rules=carolina).refused
    assert duties.preparing(person=1, check_signers={1}, rules=texas).reason
    assert duties.preparing(person=2, check_signers={1}, rules=carolina) == duties.Separation()


def test_a_deputy_signs_on_the_named_days_and_on_no_other() -> None:
    standin = duties.Standin(absent=1, deputy=2, first=date(2026, 10, 1), last=date(2026, 10, 14))

    def asked(person: int, day: int) -> duties.Signer:
        today = date(2026, 10, day)
        return duties.signer(person=person, named={1}, standins=[standin], today=today)

    assert asked(1, 20) == duties.Signer()
    assert asked(2, 1).deputy_for == 1
    assert asked(2, 14).deputy_for == 1
    assert asked(2, 15).refused
    assert asked(3, 2).refused
    assert duties.signer(person=3, named=(), standins=[], today=DAY) == duties.Signer()


@given(st.text(min_size=1, max_size=20), st.lists(st.text(min_size=1, max_size=9), max_size=40, unique=True))
def test_the_same_seed_draws_the_same_transactions(seed, subjects) -> None:
    drawn = draw(seed, subjects)

    assert drawn == draw(seed, reversed(subjects))
    assert len(drawn) == min(3, len(subjects))
    assert set(drawn) <= set(subjects)


def test_every_rule_names_its_source_and_date_or_says_that_it_is_general_knowledge() -> None:
    assert [one.code for one in jurisdictions.ALL] == [
        *("ABA", "CA", "NY", "TX", "FL", "IL", "NJ", "NC", "WA", "ON", "EW"),
    ]
    for place in (*jurisdictions.ALL, jurisdictions.STRICT):
        assert [rule.key for rule in place.rules] == list(jurisdictions.LABELS)
        for rule in place.rules:
            assert rule.sources or rule.general, (place.code, rule.key)
            assert "Noted" in rule.provenance
            if rule.key in jurisdictions.VALUES:
                assert rule.value in jurisdictions.VALUES[rule.key], (place.code, rule.key)


@pytest.mark.parametrize(
    ("code", "years"),
    [("ABA", 5), ("CA", 5), ("NY", 7), ("TX", 5), ("FL", 6), ("IL", 7), ("NJ", 7), ("NC", 6), ("WA", 7),
     ("ON", 10), ("EW", 6), ("", 7), ("nowhere", 7)],
)  # fmt: skip
def test_records_are_kept_as_each_place_demands(code, years) -> None:
    assert jurisdictions.of(code).keep_years == years


@pytest.mark.parametrize("code", ["CA", "NC", "NJ", "EW", "ABA", "NY"])
def test_what_no_page_was_found_for_is_shown_as_such(code) -> None:
    assert any("no page was found" in rule.provenance for rule in jurisdictions.of(code).rules)


def test_the_strictest_is_at_least_as_strict_as_every_place() -> None:
    for place in jurisdictions.ALL:
        assert place.value("reconcile") == jurisdictions.STRICT.value("reconcile") == "month"
        for key in ("preparer", "check_signer"):
            assert jurisdictions.STRICT.value(key) == "apart"


def may(act: Act, stands: states.Standing, now: Figures) -> bool:
    refused = {
        Act.PREPARED: states.why_not_prepare(stands, now, explanation=""),
        Act.SIGNED: states.why_not_sign(stands, now, seen=now.digest),
        Act.ASKED: states.why_not_ask(stands),
        Act.ANSWERED: "" if stands.questions else "no question",
        Act.REOPENED: states.why_not_reopen(stands, reason="A reason."),
        Act.SUSPENDED: "" if states.moved(stands, now) else "nothing moved",
    }
    return refused[act] == ""


@given(st.lists(st.sampled_from([*Act, 0, 1, 100_00]), max_size=30))
def test_whatever_happens_no_signature_stands_over_a_figure_that_moved(steps) -> None:
    history: list[Event] = []
    figures = SEPTEMBER
    for step in [*steps, Act.SUSPENDED]:  # as every run ends
        stands = standing(history)
        if isinstance(step, int):
            figures = replace(figures, tieout_lines=figures.tieout_lines + step)
        elif may(step, stands, figures):
            answers = stands.questions[0] if step is Act.ANSWERED else None
            history.append(event(len(history) + 1, step, digest=figures.digest, answers=answers))

        after = standing(history)
        if after.signed:
            assert after.prepared is not None
            assert after.signed.digest == after.prepared.digest
    assert standing(history).digest in {"", figures.digest}
