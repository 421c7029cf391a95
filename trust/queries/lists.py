"""What rests or is missing in a trust account on a day: the lists of `trust.lists`, from Clio and bank."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from syncapp.records.models import Document
from trust.lists import (
    Held,
    Resting,
    Shortage,
    StaleCheck,
    dormant,
    shortages,
    stale_checks,
    unidentified,
)
from trust.queries import ledgers, matches, witnesses
from trust.queries.shortages import Key, first_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from trust.models import TrustPair
    from trust.nouns import Movement

NOBODY = ("unidentified", "unknown", "unallocated", "suspense")


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A shortage, its ledger's name and the row of the record that it has a page by (None: not seen yet)."""

    short: Shortage
    name: str
    row: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """All lists of one trust account. What was made good stays listed, for the record."""

    stale: list[StaleCheck]
    dormant: list[Resting]
    unidentified: list[Resting]
    missing: list[Missing]

    @property
    def open(self) -> int:
        """Return how many rows need somebody."""
        short = sum(one.short.standing > 0 for one in self.missing)
        return len(self.stale) + len(self.dormant) + len(self.unidentified) + short

    @property
    def stale_total(self) -> int:
        """Return what the stale checks come to, in minor units."""
        return sum(one.amount for one in self.stale)


def lists_of(pair: TrustPair, as_of: date) -> Lists:
    """Draw up the lists of a trust account as of a day."""
    movements = witnesses.clio(pair, as_of)
    held = holdings(pair.firm_id, movements)
    _, checks = matches.outstanding(pair, as_of)
    nobody = frozenset(key for key, one in held.items() if _nobody(one))
    return Lists(
        stale=stale_checks(checks, as_of=as_of, held=held),
        dormant=[one for one in dormant(held.values(), as_of=as_of) if one.held.key not in nobody],
        unidentified=unidentified(held.values(), as_of=as_of, nobody=nobody),
        missing=_missing(movements, held, first_rows(pair)),
    )


def _nobody(one: Held) -> bool:
    """Tell a client that the firm made for money whose owner it does not know, by its name."""
    words = one.name.casefold().split()
    return one.key.startswith("contacts/") and any(word in words for word in NOBODY)


def holdings(firm_id: int, movements: Sequence[Movement]) -> dict[str, Held]:
    """Return each ledger with its balance, its last day, its name and how its client is reached."""
    balances: Counter[str] = Counter()
    days: dict[str, date] = {}
    for one in movements:
        for key, amount in one.ledgers:
            balances[key] += amount
            days[key] = max(days.get(key, one.day), one.day)
    named = ledgers.names(firm_id, balances)
    reached = _contacts(firm_id)
    owners = {} if not reached else _owners(firm_id)
    return {
        key: Held(
            key=key,
            balance=balance,
            name=named.get(key, ""),
            last_day=days[key],
            contact=reached.get(owners.get(key, key), ""),
        )
        for key, balance in balances.items()
    }


def _contacts(firm_id: int) -> dict[str, str]:
    rows = Document.objects.filter(firm_id=firm_id, kind="client").values_list("source_id", "data")
    told = (
        (f"contacts/{number}", str(data.get("email") or data.get("phone") or "")) for number, data in rows
    )
    return {key: contact for key, contact in told if contact}


def _owners(firm_id: int) -> dict[str, str]:
    rows = Document.objects.filter(firm_id=firm_id, kind="matter").values_list("source_id", "data__client_id")
    return {f"matters/{number}": f"contacts/{client}" for number, client in rows}


def _missing(movements: Sequence[Movement], held: dict[str, Held], seen: dict[Key, int]) -> list[Missing]:
    """Tell what is short now, and what returned deposits left short before; the standing ones first."""
    found = [
        Missing(short=short, name=held[short.ledger].shown, row=seen.get((short.ledger, short.cause.subject)))
        for short in shortages(movements)
        if short.cause is not None and (short.standing or short.original is not None)
    ]
    return sorted(found, key=lambda each: (each.short.restored is not None, each.short.since))
