"""Every cause that the product can raise has its card on the exception page (issue 5, point 2)."""

from __future__ import annotations

from syncapp.desk.cards import CARDS
from tests.house.codes import raised


def test_every_cause_that_can_be_raised_has_its_card() -> None:
    codes = raised()
    assert len(codes) > 100
    missing = {code: where for code, where in codes.items() if code not in CARDS}
    assert not missing, f"write a card in syncapp/desk/cards: {missing}"
    assert not set(CARDS) - set(codes), "nothing raises these any more"
