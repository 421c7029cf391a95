"""What the permission matrix names in an address of matching: one thing of the given firm each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.tenancy import firm_scope
from tests import cast
from tests.trust import world
from tests.trust.ledgers import day, line
from trust.actions import matches as actions
from trust.models import LearnedPayee, Match

if TYPE_CHECKING:
    from tests.cast import House
    from trust.models import TrustPair


def _matched(house: House) -> TrustPair:
    """Set up an account in which a person has matched a line and taught whose it is."""
    pair = world.pair(house)
    key = world.booked(pair, "1", day(0), 50_000, payee="Ann Smith")
    world.bank(pair, [line("L1", 1, 50_000, text="LOCKBOX NORTHSIDE"), line("L2", 2, -1_500)])
    with firm_scope(write=house.firm.pk):
        made = actions.match_by_hand(
            pair=pair, lines=["L1"], subjects=[key], learn=True, actor=house.bookkeeper, now=cast.NOW
        )
    assert isinstance(made, Match), made
    return pair


def an_account(house: House) -> dict[str, Any]:
    """Name a trust account with a statement."""
    return {"pair_id": _matched(house).pk}


def a_match(house: House) -> dict[str, Any]:
    """Name a match."""
    pair = _matched(house)
    with firm_scope(write=None, reads=[house.firm.pk]):
        return {"match_id": Match.objects.get(pair=pair).pk}


def a_learned_payee(house: House) -> dict[str, Any]:
    """Name what a person taught."""
    pair = _matched(house)
    with firm_scope(write=None, reads=[house.firm.pk]):
        return {"rule_id": LearnedPayee.objects.get(pair=pair).pk}
