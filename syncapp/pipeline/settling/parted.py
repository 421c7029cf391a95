"""A part of a payment that a card processor charged back: it is owed again, the rest pays as before.

The entry of the part waits below zero in Undeposited Funds for the deposit of its payout, and the payment
pays it instead of that much of its invoices. One that QuickBooks lets nobody move, in closed books or in a
deposit, stays as it is: then the entry is what the bill has open. Neither the amount nor the deposit of the
payment changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from syncapp.core.documents import Kind
from syncapp.core.ledger import PaymentDraft
from syncapp.core.money import spoken
from syncapp.core.planning import returns as core
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.context import Context
from syncapp.records.models import Document

SETTLED = "/settled"


def told(context: Context, subject: str) -> Iterator[tuple[str, core.Said]]:
    """Give what was said of each part of the payment of a subject, by the subject of the part's entry.

    A word that was taken back is of nothing.
    """
    for number in count(1):
        said = core.said(context.choices.get(core.said_of_part(subject, number), ""))
        if said is None:
            return
        if said.amount:
            yield core.part_subject(subject, number), said


def owed_again(context: Context, subject: str) -> dict[str, int]:
    """Return the parts of a payment that are owed again, in minor units, by the subjects of their entries."""
    return {key: said.amount for key, said in told(context, subject) if said.won is None}


def entries(context: Context, subject: str) -> set[str]:
    """Return the subjects of all entries that parts of a payment ever had, and what ended a dispute."""
    keys = [key for key, _ in told(context, subject)]
    return {key + end for key in keys for end in ("", core.WON, core.WON + SETTLED)}


def amend(context: Context, row: Document, answer: Answer) -> Answer:
    """Want the entries of the parts that were charged back, and the payment on them."""
    if row.kind != Kind.PAYMENT.value:
        return answer
    asked = {one.subject for one in answer.wanted}
    for one in answer.wanted:
        if isinstance(one.draft, PaymentDraft) and any(told(context, one.subject)):
            answer = _amended(context, row, answer, one, one.draft)
    standing = (link.subject for link in context.standing(row) if link.object_kind == "payment")
    kept = [entries(context, one) for one in standing if one not in asked]  # Clio has it no longer
    return replace(answer, kept=answer.kept.union(*kept))


def _amended(context: Context, row: Document, answer: Answer, one: Wanted, asked: PaymentDraft) -> Answer:
    """Put the parts of one payment into an answer; what Clio still counts of them is an alarm."""
    standing = context.content(one.subject)
    stands = standing.amount if isinstance(standing, PaymentDraft) else asked.amount
    payment, counted = core.less_parts(asked, owed_again(context, one.subject), standing=stands)
    mine = [each for key, said in told(context, one.subject) for each in _entry(context, asked, key, said)]
    stays = isinstance(standing, PaymentDraft) and payment.amount == stands and _fixed(context, one.subject)
    wanted = tuple(each for each in answer.wanted if each is not one)
    if not stays:
        wanted = (*wanted, replace(one, draft=payment))
    return replace(
        answer,
        wanted=(*wanted, *mine),
        kept=answer.kept | ({one.subject} if stays else set()),
        alarms=(*answer.alarms, *((_counted(row, counted, asked.currency),) if counted else ())),
    )


def _fixed(context: Context, subject: str) -> bool:
    """Tell whether QuickBooks lets nobody change what a payment pays: in closed books, or in a deposit."""
    link, standing = context.links.get(subject), context.content(subject)
    through = context.book.company.closed_through
    if isinstance(standing, PaymentDraft) and through is not None and standing.day <= through:
        return True
    inside = link is not None and bool(context.deposited.get(link.remote_id, ""))
    return inside and not context.book.relinks_deposited


def _entry(context: Context, payment: PaymentDraft, key: str, said: core.Said) -> list[Wanted]:
    """Draft the entry of a part, and what gives it back where the dispute was won."""
    if said.day is None:
        return []
    source, number = key.split("/")[1], core.part_number(key)
    card, name = context.book.undeposited, f"CB-{source}-P{number}"
    entry = core.charged_back(
        payment, amount=said.amount, account=card, day=said.day, number=name,
        words="A part charged back by the card processor",
    )  # fmt: skip
    found = [Wanted(subject=key, draft=entry)]
    if said.won is not None:
        given = key + core.WON
        back = core.charged_back(
            payment, amount=-said.amount, account=card, day=said.won, number=f"{name}-W", words="Dispute won"
        )
        ends = core.settled_by(payment, back=key, given=given, amount=said.amount, day=said.won)
        found += [Wanted(subject=given, draft=back), Wanted(subject=given + SETTLED, draft=ends)]
    return found


def _counted(row: Document, counted: int, currency: str) -> Problem:
    amount = spoken(counted, currency)
    return Problem(
        code="returned_not_removed",
        fix=Fix.LOOK,
        cause=f"{core.payment_subject(row.source_id)} returned",
        words=f"The card processor charged back {amount} of the payment, and Clio still counts that. "
        f"Lower the payment there by {amount}.",
        amount=counted,
        facts={"part": "yes"},
    )
