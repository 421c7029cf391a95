"""Which deposit came back: asked of a person where a return says so and several deposits fit, or none quite.

It has posted meanwhile (DESIGN section 9, d); the answer links the two in the record and in the books' texts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from accounts import audit
from accounts.models import User
from syncapp.core.money import spoken
from syncapp.core.planning.trust.entries import named
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import queue
from syncapp.pipeline.cases import given
from syncapp.pipeline.context import Context
from syncapp.records import anew
from syncapp.records.models import BookChoice, Case, Document
from trust.models import TrustPair
from trust.nouns import Movement
from trust.queries.known import RETURN_OF
from trust.rules.returns import NONE, unsure

CODE = "trust_return_of"
SAID = "it is known which deposit came back"
NOT_ASKED = "Choose one of the deposits, or none of them."


def run(context: Context, pair: TrustPair, moved: Sequence[Movement]) -> list[queue.Verdict]:
    """Return the alarms of returns whose deposit nobody can tell. In a reading scope."""
    asked = unsure(moved, context.known.returns)
    if not asked:
        return []
    ids = {int(subject.split("/")[1]): subject for subject in asked}  # a row of the bank, never a payment
    rows = Document.objects.filter(firm_id=pair.firm_id, kind="money", source_id__in=ids)
    by_subject = {one.subject: one for one in moved}
    return [
        queue.Verdict(
            document=row,
            alarms=(_alarm(context, pair, by_subject[ids[row.source_id]], asked[ids[row.source_id]]),),
        )
        for row in rows
    ]


def _alarm(context: Context, pair: TrustPair, back: Movement, deposits: Sequence[Movement]) -> Problem:
    currency = context.book.company.currency
    amount, whose = spoken(-back.amount, currency), named(back.ledgers[0][0], context.book)
    return Problem(
        code=CODE,
        fix=Fix.LOOK,
        cause=back.subject,
        title=f"A deposit of {amount} into {pair.clio_account} came back, and Clio does not say which.",
        words=f"{amount} left {whose} in {pair.clio_account} on {back.day:%-d %b %Y} as a returned deposit "
        f"({back.text or back.reference or back.payee}). Say which deposit it was.",
        facts={
            "subject": back.subject,
            "rows": json.dumps({one.subject: _shown(one, currency) for one in deposits}),
        },
    )


def _shown(one: Movement, currency: str) -> str:
    mark = f"check {one.check}" if one.check else one.reference
    parts = (f"{one.day:%-d %b %Y}", spoken(one.amount, currency), one.payee, mark, one.text)
    return ", ".join(part for part in parts if part)


def answer(case: Case, said: str, by: User, now: datetime) -> str | None:
    """Keep which deposit came back; a sentence when it was not asked. In a writing scope."""
    subject, rows = case.facts["subject"], json.loads(case.facts["rows"])
    if said != NONE and said not in rows:
        return NOT_ASKED
    about, key = f"{RETURN_OF}{subject}", int(subject.split("/")[1])
    says = f"name it as the return of {rows[said]}" if said in rows else "leave it without its deposit"
    with given.press(case, says=says[:300], by=by, now=now, subjects=[about]):
        BookChoice.objects.update_or_create(
            firm_id=case.firm_id,
            books=case.books,
            subject=about,
            defaults={"answer": said, "by": by, "at": now},
        )
        anew.plan(Document.objects.filter(firm_id=case.firm_id, kind="money", source_id=key))
    audit.record(
        firm_id=case.firm_id,
        actor=by,
        verb="case.deposit_named",
        obj=case,
        text=rows.get(said, "none of those that fit")[:300],
        after={"subject": subject, "answer": said},
        now=now,
    )
    return None
