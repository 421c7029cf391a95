"""What the firm lets a client ledger do: go below zero at once or wait, and rest on money not yet cleared.

The firm file says it (`client_money`): unless it says otherwise what happened posts and alarms (DESIGN
section 9, d), and no deposit waits for anything.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from mapping import queries as mapping
from syncapp.core.money import spoken
from syncapp.core.planning.trust.entries import named
from syncapp.core.planning.trust.rest import Resting, overdrawing, resting
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import queue
from syncapp.pipeline.context import Context
from syncapp.pipeline.trust.dips import document_of
from trust.models import TrustPair
from trust.queries import witnesses
from trust.queries.pairs import pairs

CODE = "trust_uncleared_funds"
CLEARED = "the deposits have cleared"


def said(firm_id: int) -> dict[str, Any]:
    """Return the firm's own rules of client money. In a reading scope."""
    found: dict[str, Any] = mapping.firm_settings(firm_id).get("client_money") or {}
    return found


def overdrawn(*, firm_id: int, books_id: int) -> dict[str, int]:
    """Return the movements that wait because they would take a ledger below zero, with the balance then.

    Empty where the firm lets them post. In a reading scope.
    """
    if said(firm_id).get("below_zero") != "hold":
        return {}
    every = pairs(firm_id, books_id=books_id)
    return {key: balance for pair in every for key, balance in overdrawing(witnesses.clio(pair)).items()}


def run(context: Context, pair: TrustPair, today: date) -> list[queue.Verdict]:
    """Return the alarms of ledgers that rest on deposits not yet cleared. In a reading scope."""
    waits = said(pair.firm_id).get("waiting_days") or {}
    if not waits:
        return []
    moved = witnesses.clio(pair)
    verdicts = []
    for one in resting(moved, waits, today):
        document = document_of(pair, one.subject, moved)
        if document is not None:
            verdicts.append(queue.Verdict(document=document, alarms=(_alarm(context, pair, one),)))
    return verdicts


def _alarm(context: Context, pair: TrustPair, one: Resting) -> Problem:
    whose = named(one.ledger, context.book)
    amount = spoken(one.amount, context.book.company.currency)
    return Problem(
        code=CODE,
        fix=Fix.LOOK,
        cause=f"{pair.pk} {one.ledger} {one.subject}",
        words=f"{whose[:1].upper()}{whose[1:]} rests with {amount} on deposits into {pair.clio_account} that "
        f"have not cleared: they count as cleared from {one.until:%-d %b %Y}. Until then another client's "
        "money may have paid; pay nothing more for it.",
        facts={"ledger": one.ledger, "amount": str(one.amount), "until": one.until.isoformat()},
    )
