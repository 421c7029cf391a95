"""The card of each cause that is known, by its code. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncapp.desk.cards.bills import BILLS, NUMBER_TAKEN
from syncapp.desk.cards.company import COMPANY
from syncapp.desk.cards.deposited import DEPOSITED
from syncapp.desk.cards.hands import CLOSED, CLOSED_FOR_GOOD, HANDS, ROUNDED, TAXED, TAXED_STILL
from syncapp.desk.cards.names import NAMES
from syncapp.desk.cards.nouns import Card, Way
from syncapp.desk.cards.payments import COUNTED_STILL, PAYMENTS
from syncapp.desk.cards.trust import TRUST
from syncapp.desk.cards.undone import UNDONE

__all__ = ["CARDS", "Card", "Way", "card_of"]

CARDS: dict[str, Card] = {
    **BILLS,
    **NAMES,
    **PAYMENTS,
    **DEPOSITED,
    **HANDS,
    **TRUST,
    **COMPANY,
    **UNDONE,
}


def card_of(code: str, facts: Mapping[str, Any]) -> Card | None:
    """Return the card of a cause, by what is known of it; None for one that none was written for."""
    if code == "duplicate_number" and facts.get("same") != "yes":
        return NUMBER_TAKEN
    if code in {"changed_in_books", "posted_differs"} and facts.get("closed"):
        return CLOSED if facts.get("correction") else CLOSED_FOR_GOOD
    if code == "posted_differs" and facts.get("tax"):
        return TAXED_STILL if facts.get("kept_tax") else TAXED
    if code == "posted_differs" and facts.get("rounding"):
        return ROUNDED
    if code == "returned_not_removed" and facts.get("part"):
        return COUNTED_STILL
    return CARDS.get(code)
