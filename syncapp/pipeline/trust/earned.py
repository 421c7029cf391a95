"""What is earned and not moved, drawn up after each run; payments outside the signed lists are cases.

Clio is not stopped: a payment from trust that no signed line covers has happened and is recorded (DESIGN
section 9, d), and the partner is told. Who signs no lists is told nothing.
"""

from __future__ import annotations

from datetime import date, datetime

from syncapp.core.money import spoken
from syncapp.core.planning.trust.entries import named
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import queue
from syncapp.pipeline.context import Context
from syncapp.pipeline.trust.dips import document_of
from trust.actions import earned
from trust.lists import Outside
from trust.models import TrustPair

CODE = "trust_outside_list"
ENDED = "the payment is not outside the signed lists any more"


def run(context: Context, pair: TrustPair, today: date, now: datetime) -> list[queue.Verdict]:
    """Keep what is earned in one account; alarm on payments outside its lists. In a writing scope."""
    found = earned.refresh(pair=pair, today=today, now=now)
    by_payment: dict[str, list[Outside]] = {}
    for one in found.signed.outside:
        by_payment.setdefault(one.recorded.subject, []).append(one)
    verdicts = []
    for subject, parts in by_payment.items():
        document = document_of(pair, subject, [])
        if document is not None:
            verdicts.append(queue.Verdict(document=document, alarms=(_alarm(context, pair, parts),)))
    return verdicts


def _alarm(context: Context, pair: TrustPair, parts: list[Outside]) -> Problem:
    """Return the alarm of one payment, whose parts of several ledgers or bills are told together."""
    first = parts[0].recorded
    total = sum(one.amount for one in parts)
    day = f"{first.day:%-d %b %Y}"
    told = " ".join(f"{one.words} It was taken from {_whose(context, one)}." for one in parts)
    return Problem(
        code=CODE,
        fix=Fix.LOOK,
        cause=f"{pair.pk} {first.subject}",
        title=f"{spoken(total, context.book.company.currency)} left {pair.clio_account} on {day} outside the "
        "signed list of transfers.",
        words=f"{told} Show it to the partner; if it was not earned, put it back and correct the payment in "
        "Clio.",
        facts={
            "account": pair.clio_account,
            "ledger": first.ledger,
            "amount": str(total),
            "bill": str(first.bill),
            "since": first.day.isoformat(),
        },
    )


def _whose(context: Context, one: Outside) -> str:
    ledger = one.recorded.ledger
    return named(ledger, context.book) if ledger else "a ledger that Clio does not name"
