"""Keeps which repair a person chose for a payment that changed in its deposit."""

from __future__ import annotations

import json
from datetime import datetime

from accounts import audit
from accounts.models import User
from syncapp.core.money import spoken
from syncapp.pipeline.cases import given
from syncapp.pipeline.deposited.asking import AGAIN, CODE, CREDIT, ENTRY
from syncapp.records.models import BookChoice, Case

LONGEST = 40  # characters of an answer that is kept
STALE = "The payment changed again since this page was opened. Look at the repairs once more, then choose."
TOLD = {
    AGAIN: "open the deposit, change the payment and deposit it again",
    ENTRY: "leave the payment as it is and post an entry of the difference",
    CREDIT: "leave the payment as the bank has it, the rest as the client's credit",
}

__all__ = ["CODE", "answer"]


def answer(case: Case, answer: str, by: User, now: datetime) -> str | None:
    """Keep an answer, `way:print`; return a sentence when it cannot be taken. In a writing scope."""
    way, _, shown = answer.partition(":")
    offered = {one["way"] for one in json.loads(case.facts.get("ways") or "[]")}
    if way not in offered:
        return "Choose one of the repairs."
    if shown != case.facts["print"] or len(answer) > LONGEST:
        return STALE
    with given.press(case, says=TOLD[way], by=by, now=now, subjects=[case.facts["for"]]):
        BookChoice.objects.update_or_create(
            firm_id=case.firm_id,
            books=case.books,
            subject=case.facts["for"],
            defaults={"answer": answer, "by": by, "at": now},
        )
    currency = case.facts["currency"]
    audit.record(
        firm_id=case.firm_id,
        actor=by,
        verb="case.deposited_repaired",
        kind="case",
        id=case.pk,
        text=f"payment of {spoken(int(case.facts['was']), currency)}",
        before={"amount": case.facts["was"]},
        after={"answer": answer, "amount": case.facts["now"], "way": TOLD[way]},
        now=now,
    )
    return None
