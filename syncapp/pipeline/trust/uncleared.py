"""Bills paid from trust, and transfers between trust accounts, whose money the bank has not moved for days.

Each leg is matched to its own bank line (DESIGN section 9, payment from trust): while the trust leg is not,
the books say that the money is earned, and it still lies with client money.
"""

from __future__ import annotations

from datetime import timedelta

from syncapp.core.money import spoken
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import queue
from syncapp.pipeline.context import Context
from syncapp.records.models import Document
from trust.models import TrustPair
from trust.nouns import Movement
from trust.queries import matches, statements

CODE = "trust_leg_uncleared"
CLEARED = "the bank has it"
DAYS = 10  # that a leg may take to clear
_KINDS = {"bank_transactions": "money", "payments": "payment"}


def run(context: Context, pair: TrustPair) -> list[queue.Verdict]:
    """Return the alarms of one trust account, as far as its statements reach. In a reading scope."""
    last = statements.covered_until(pair)
    if last is None:
        return []
    verdicts = []
    for side in matches.outstanding(pair, last):
        for one in side:
            document = _document(pair, one) if one.day + timedelta(days=DAYS) <= last else None
            if document is not None:
                alarm = _alarm(context, pair, one, f"{last:%-d %b %Y}")
                verdicts.append(queue.Verdict(document=document, alarms=(alarm,)))
    return verdicts


def _document(pair: TrustPair, one: Movement) -> Document | None:
    """Return the document of a movement with two legs; None for any other."""
    if one.kind not in {"bill_payment", "transfer"}:
        return None
    resource, _, key = one.subject.partition("/")
    number = key.partition("/")[0].partition("@")[0]
    rows = Document.objects.filter(firm_id=pair.firm_id, kind=_KINDS.get(resource, ""))
    return rows.filter(source_id=int(number)).first() if number.isdigit() else None


def _alarm(context: Context, pair: TrustPair, one: Movement, last: str) -> Problem:
    amount, account = spoken(abs(one.amount), context.book.company.currency), pair.clio_account
    day = f"{one.day:%-d %b %Y}"
    if one.kind == "bill_payment":
        words = (
            f"A bill was paid with {amount} from {account} on {day}, and the bank's statements to {last} "
            "show no such withdrawal: the money is booked as earned and still lies in trust. Move it at the "
            "bank, or correct the payment in Clio."
        )
    else:
        words = (
            f"{amount} was transferred {'from' if one.amount < 0 else 'into'} {account} on {day}, and the "
            f"bank's statements to {last} do not show it. Move it at the bank, or correct it in Clio."
        )
    return Problem(
        code=CODE,
        fix=Fix.LOOK,
        cause=f"{pair.pk} {one.subject}",
        words=words,
        facts={"account": account, "amount": str(one.amount), "since": one.day.isoformat()},
    )
