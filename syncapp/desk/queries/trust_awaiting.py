"""Trust entries that wait for approval, each as it would post. Asked inside a scope of the firm."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mapping import queries as mapping
from syncapp.core import codec
from syncapp.core.ledger import TrustJournalDraft
from syncapp.desk.queries.trust import name_of
from syncapp.pipeline.trust import approvals
from trust.queries import ledgers as ledger_names

if TYPE_CHECKING:
    from accounts.models import Firm, User
    from syncapp.records.models import Hold
    from trust.models import TrustApproval


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One trust entry that waits for approval, with its debits and credits; minor units."""

    hold: Hold
    amount: int
    print: str
    lines: list[dict[str, Any]]
    have: list[TrustApproval]
    needed: int
    why_not: str


def awaiting(firm: Firm, user: User) -> list[Waiting]:
    """List the trust entries that wait for approval, with why this person may not give it."""
    return [_awaited(firm, hold, user) for hold in approvals.waiting(firm.pk)]


def _awaited(firm: Firm, hold: Hold, user: User) -> Waiting:
    facts = hold.facts
    return Waiting(
        hold=hold,
        amount=int(facts["amount"]),
        print=facts["print"],
        lines=_lines(hold),
        have=approvals.given(firm.pk, hold),
        needed=int(facts["needed"]),
        why_not=approvals.why_not(firm, hold, user),
    )


def _lines(hold: Hold) -> list[dict[str, Any]]:
    """Return the debits and credits of an entry that waits, by the names of the books and of the ledgers."""
    kept = hold.facts.get("entry")
    if not kept or hold.case.books_id is None:
        return []
    draft = codec.from_json(TrustJournalDraft, json.loads(kept))
    chart = mapping.chart(hold.case.books_id)
    lines = draft.entry()
    names = ledger_names.names(hold.firm_id, [line.ledger for line in lines if line.ledger])
    return [
        {
            "account": name_of(chart, line.account),
            "name": names.get(line.ledger, ""),
            "memo": line.memo,
            "debit_minor": max(line.amount, 0),
            "credit_minor": max(-line.amount, 0),
        }
        for line in lines
    ]
