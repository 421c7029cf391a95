"""Matching a trust account with its bank: of itself, by a person, undone, and what stays outstanding."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts import audit
from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from tests import cast
from tests.cast import House
from tests.trust import world
from tests.trust.ledgers import day, line
from trust.actions import matches as actions
from trust.models import LearnedPayee, Match, Reconciliation, TrustPair
from trust.queries import matches as queries
from trust.signing.states import State

pytestmark = pytest.mark.django_db
LATER = cast.NOW + timedelta(days=30)


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha")


@pytest.fixture
def pair(alpha: House) -> TrustPair:
    return world.pair(alpha)


def matched(pair: TrustPair, *, now: Any = cast.NOW) -> int:
    with firm_scope(write=pair.firm_id):
        return actions.match_certain(pair=pair, now=now)


def by_hand(pair: TrustPair, house: House, lines: list[str], keys: list[str], *, learn: bool = False) -> Any:
    with firm_scope(write=pair.firm_id):
        return actions.match_by_hand(
            pair=pair, lines=lines, subjects=keys, learn=learn, actor=house.bookkeeper, now=cast.NOW
        )


def undone(pair: TrustPair, house: House, one: Match, *, now: Any = LATER) -> bool:
    with firm_scope(write=pair.firm_id):
        return actions.undo(match=one, why="It was another deposit", actor=house.bookkeeper, now=now)


def lists(pair: TrustPair, number: int, *, known_at: Any = None) -> tuple[list[int], list[int], list[int]]:
    """Amounts of deposits in transit, of unpaid checks, and of lines without an entry."""
    with firm_scope(write=None, reads=[pair.firm_id]):
        deposits, checks = queries.outstanding(pair, day(number), known_at=known_at)
        lines = queries.sides(pair, known_at=known_at).on(day(number)).unmatched
    return [one.amount for one in deposits], [one.amount for one in checks], [one.amount for one in lines]


def sentences(pair: TrustPair) -> list[str]:
    with firm_scope(write=None, reads=[pair.firm_id]):
        return [audit.sentence(event) for event in AuditEvent.objects.filter(verb__startswith="trust.")]


def test_september_is_matched_and_what_is_left_is_outstanding(alpha: House, pair: TrustPair) -> None:
    world.booked(pair, "1", day(0), 500_000)
    check = world.booked(pair, "2", day(4), -120_000, check="1041")
    world.booked(pair, "3", day(27), -25_000, check="1042")
    world.booked(pair, "4", day(28), 80_000)
    world.bank(pair, [line("L1", 1, 500_000), line("L2", 20, -120_000, check="1041"), line("L3", 25, -1_500)])

    assert matched(pair) == 2
    assert lists(pair, 29) == ([80_000], [-25_000], [-1_500])
    assert lists(pair, 10) == ([], [-120_000], [])
    with firm_scope(write=None, reads=[pair.firm_id]):
        assert queries.is_matched(firm_id=pair.firm_id, subjects=[check, "books/check:3"]) == {check}
        assert [len(one.movements) for one in queries.matches(pair, day(29))] == [1, 1]
    assert sentences(pair) == ["Tieout matched 2 bank lines with the entries of IOLTA"]
    assert matched(pair) == 0


def test_a_match_by_hand_must_tie_and_is_made_once(alpha: House, pair: TrustPair) -> None:
    one = world.booked(pair, "1", day(0), 30_000)
    two = world.booked(pair, "2", day(0), 20_000)
    world.bank(pair, [line("L1", 3, 50_000)])

    assert "differ by $200.00" in by_hand(pair, alpha, ["L1"], [one])
    assert by_hand(pair, alpha, ["L1"], []) == actions.NOTHING
    assert isinstance(by_hand(pair, alpha, ["L1"], [one, two]), Match)
    assert by_hand(pair, alpha, ["L1"], [one, two]) == actions.TAKEN
    assert lists(pair, 9) == ([], [], [])
    assert sentences(pair)[0] == "Alpha bookkeeper matched $500.00 of IOLTA by hand"


def test_a_suggestion_is_taken_as_it_was_seen(alpha: House, pair: TrustPair) -> None:
    world.booked(pair, "1", day(0), 50_000)
    world.booked(pair, "2", day(0), 50_000)
    world.bank(pair, [line("L1", 1, 50_000), line("L2", 1, 50_000)])
    assert matched(pair) == 0

    with firm_scope(write=pair.firm_id):
        keys = [one.key for one in queries.proposals(pair, queries.sides(pair), day(29)).suggested]
        known: dict[str, Any] = {"pair": pair, "day": day(29), "actor": alpha.bookkeeper, "now": LATER}
        assert len(keys) == 2
        assert actions.accept(keys=[*keys, "made up"], **known) == actions.TAKEN
        assert actions.accept(keys=[], **known) == actions.TAKEN
        assert actions.accept(keys=keys, **known) == 2
        assert actions.accept(keys=keys, **known) == actions.TAKEN
    assert lists(pair, 9) == ([], [], [])


def test_a_line_of_a_signed_month_is_matched_and_undone_only_after_reopening(
    alpha: House, pair: TrustPair
) -> None:
    """DESIGN section 9, rule e: periods lock."""
    one = world.booked(pair, "1", day(0), 30_000)
    world.booked(pair, "2", day(0), 20_000)
    two = world.booked(pair, "3", day(1), 70_000)
    world.bank(pair, [line("L1", 3, 30_000), line("L2", 3, 90_000)])
    by_hand(pair, alpha, ["L1"], [one])
    with firm_scope(write=pair.firm_id):
        Reconciliation.objects.create(
            firm=alpha.firm, pair=pair, month=day(0), state=State.SIGNED.value, changed_at=cast.NOW
        )
        made = Match.objects.get()
        words = actions.undo_by_hand(match=made, why="", actor=alpha.bookkeeper, now=LATER)

    assert words == "September 2026 is prepared or signed. Reopen it first, with a reason."
    assert by_hand(pair, alpha, ["L2"], ["books/journal:2", two]) == words
    assert lists(pair, 9)[2] == [90_000]


def test_undoing_frees_both_sides_and_the_past_stays_as_it_was_known(alpha: House, pair: TrustPair) -> None:
    world.booked(pair, "1", day(0), 50_000)
    world.bank(pair, [line("L1", 1, 50_000)])
    matched(pair)
    with firm_scope(write=None, reads=[pair.firm_id]):
        one = Match.objects.get()

    assert undone(pair, alpha, one)
    assert not undone(pair, alpha, one)

    assert lists(pair, 9) == ([50_000], [], [50_000])
    assert lists(pair, 9, known_at=cast.NOW) == ([], [], [])
    assert lists(pair, 9, known_at=cast.NOW - timedelta(days=1)) == ([50_000], [], [50_000])
    assert "undid the match of $500.00 of IOLTA: It was another deposit" in sentences(pair)[0]


def test_what_a_person_has_undone_is_not_matched_again_of_itself(alpha: House, pair: TrustPair) -> None:
    key = world.booked(pair, "1", day(0), 50_000)
    world.bank(pair, [line("L1", 1, 50_000)])
    matched(pair)
    with firm_scope(write=None, reads=[pair.firm_id]):
        one = Match.objects.get()
    undone(pair, alpha, one)

    assert matched(pair, now=LATER) == 0
    assert lists(pair, 9) == ([50_000], [], [50_000])
    assert isinstance(by_hand(pair, alpha, ["L1"], [key]), Match)


def test_a_match_whose_entry_is_gone_from_the_books_frees_its_line(alpha: House, pair: TrustPair) -> None:
    key = world.booked(pair, "1", day(0), 50_000)
    world.bank(pair, [line("L1", 1, 50_000)])
    matched(pair)

    world.unbooked(pair, key)
    world.booked(pair, "2", day(1), 50_000)

    assert matched(pair, now=LATER) == 1
    assert lists(pair, 9) == ([], [], [])
    assert any(actions.GONE in sentence for sentence in sentences(pair))


def test_what_a_person_taught_is_used_named_and_stopped(alpha: House, pair: TrustPair) -> None:
    """Two equal deposits a month: the text alone does not say whose, until a person says it once."""
    ann, bob = (
        world.booked(pair, n, day(0), 50_000, payee=p) for n, p in (("1", "Ann Smith"), ("2", "Bob Jones"))
    )
    text = "LOCKBOX 0042 NORTHSIDE"
    world.bank(pair, [line("L1", 1, 50_000, text=text), line("L2", 1, 50_000, text="DEPOSIT")])
    assert matched(pair) == 0
    by_hand(pair, alpha, ["L1"], [ann], learn=True)
    assert matched(pair) == 1  # the other has no rival any more

    world.booked(pair, "3", day(30), 50_000, payee="Ann Smith")
    world.booked(pair, "4", day(30), 50_000, payee="Bob Jones")
    world.bank(
        pair, [line("L3", 31, 50_000, text="LOCKBOX 0043 NORTHSIDE"), line("L4", 31, 50_000)], opening=100_000
    )
    assert matched(pair, now=LATER) >= 1

    with firm_scope(write=pair.firm_id):
        rule = LearnedPayee.objects.get()
        (use,) = rule.uses.all()
        assert (rule.words, rule.payee, use.how) == ("lockbox northside", "Ann Smith", "rule")
        assert [part.key for part in use.parts.order_by("pk")] == ["L3", "books/journal:3"]
        assert actions.stop_rule(rule=rule, actor=alpha.bookkeeper, now=LATER)
        assert queries.rules(pair) == []
    assert (
        sentences(pair)[0]
        == "Alpha bookkeeper stopped reading the bank's text “lockbox northside” as Ann Smith"
    )
    assert bob


def test_a_text_that_is_taught_anew_means_the_last_one(alpha: House, pair: TrustPair) -> None:
    one = world.booked(pair, "1", day(0), 10_000, payee="Ann Smith")
    two = world.booked(pair, "2", day(1), 20_000, payee="Bob Jones")
    three = world.booked(pair, "3", day(2), 30_000, payee="Carl Lee")
    world.bank(
        pair,
        [
            line("L1", 0, 10_000, text="NORTHSIDE 1"),
            line("L2", 1, 20_000, text="NORTHSIDE 2"),
            line("L3", 2, 30_000),
        ],
    )

    by_hand(pair, alpha, ["L1"], [one], learn=True)
    by_hand(pair, alpha, ["L2"], [two], learn=True)
    by_hand(pair, alpha, ["L3"], [three], learn=True)  # the bank says nothing, so nothing is learned

    with firm_scope(write=None, reads=[pair.firm_id]):
        assert [(rule.words, rule.payee) for rule in queries.rules(pair)] == [
            (frozenset({"northside"}), "bob jones")
        ]
