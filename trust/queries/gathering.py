"""Natural keys and openings: how the witnesses' movements are brought under the same words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from trust.nouns import Movement

if TYPE_CHECKING:
    from trust.models import TrustPair

OPENING = "opening"
CORRECTED = ("/amendment/", "/correction/")  # how the subject of a later correction goes on


def key_of(subject: str) -> str:
    """Return the natural key of what an entry belongs to: a correction belongs to what it corrects."""
    if subject.startswith("trust_openings/"):
        return OPENING
    for mark in CORRECTED:
        subject = subject.partition(mark)[0]
    return subject


def opened(movements: Iterable[Movement], pair: TrustPair) -> list[Movement]:
    """Gather all that lies before the start, and the opening entry, into one movement."""
    ledgers: Counter[str] = Counter()
    amount, rest = 0, []
    for one in movements:
        if one.subject != OPENING and one.day >= pair.start:
            rest.append(one)
            continue
        amount += one.amount
        ledgers.update(dict(one.ledgers))
    before = opening(pair, {key: part for key, part in ledgers.items() if part}, amount)
    return [*before, *rest]


def opening(pair: TrustPair, ledgers: dict[str, int], amount: int | None = None) -> list[Movement]:
    total = sum(ledgers.values()) if amount is None else amount
    if not ledgers and not total:
        return []
    day = pair.start - timedelta(days=1)
    return [Movement(subject=OPENING, day=day, amount=total, ledgers=tuple(sorted(ledgers.items())))]


def until_(movements: Iterable[Movement], until: date | None) -> list[Movement]:
    kept = [one for one in movements if until is None or one.day <= until]
    return sorted(kept, key=lambda one: (one.day, one.subject))
