"""Ledgers of client money below zero: each alarms at once, with matter, amount, cause and since when.

What happened is recorded whatever it broke (DESIGN section 9, d). While a ledger is below zero each further
payment out of it alarms in the same case. The case ends by itself when the ledger is made good, with what
made it good; that it was below zero stays written down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from syncapp.core.money import spoken
from syncapp.core.planning.trust.dips import Dip, dips
from syncapp.core.planning.trust.entries import named
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import queue
from syncapp.pipeline.context import Context
from syncapp.pipeline.trust import dip_rows
from syncapp.records.models import Document, Hold
from trust.models import LedgerDip, TrustPair
from trust.nouns import Movement

CODE = "trust_negative"
MADE_GOOD = "the ledger is not below zero any more"
MOST = 40  # further payments of one ledger that alarm
_KINDS = {"bank_transactions": "money", "payments": "payment", "trust_openings": "opening"}


def run(context: Context, pair: TrustPair, moved: Sequence[Movement], now: datetime) -> list[queue.Verdict]:
    """Keep what is new of one account's dips; return the alarms of what is below zero. In a writing scope."""
    found = dips(moved)
    dip_rows.keep_returns(pair, moved, now)
    first = dip_rows.keep(context, pair, moved, found, now)
    by_subject = {one.subject: one for one in moved}
    verdicts: dict[int, queue.Verdict] = {}
    for dip in found:
        if dip.until is not None:
            continue
        case = _case(context, pair, dip, by_subject, first[dip.ledger, dip.subject])
        for subject in (dip.subject, *dip.further[:MOST]):
            document = document_of(pair, subject, moved)
            if document is None or document.pk in verdicts:
                continue  # a document that takes two ledgers down has the case of the first
            words = case.words
            if subject != dip.subject:
                words = _further(context, pair, dip, by_subject[subject])
            alarm = Problem(
                code=CODE, fix=case.fix, cause=case.cause, title=case.title, facts=case.facts, words=words
            )
            verdicts[document.pk] = queue.Verdict(document=document, alarms=(alarm,))
    return list(verdicts.values())


def document_of(pair: TrustPair, subject: str, moved: Sequence[Movement]) -> Document | None:
    """Return the document that took a ledger below zero; for what lay before the start, the first one."""
    resource, _, key = subject.partition("/")
    if resource not in _KINDS:
        later = next((one.subject for one in moved if one.subject.partition("/")[0] in _KINDS), "")
        return document_of(pair, later, moved) if later else None
    rows = Document.objects.filter(firm_id=pair.firm_id, kind=_KINDS[resource])
    return rows.filter(source_id=int(key.partition("/")[0])).first()


def ended(hold: Hold) -> str:
    """Say what made the ledger of an alarm good: the end of its words. In a reading scope."""
    rows = LedgerDip.objects.filter(
        firm_id=hold.firm_id,
        pair_id=hold.facts.get("pair", 0),
        ledger=hold.facts.get("ledger", ""),
        subject=hold.facts.get("subject", ""),
    )
    last = rows.order_by("-id").first()
    return f" ({last.cured})" if last is not None and last.cured else ""


def _case(
    context: Context, pair: TrustPair, dip: Dip, by_subject: Mapping[str, Movement], row: int
) -> Problem:
    """Return the case of a ledger below zero, in the words of what took it there."""
    currency, cause = context.book.company.currency, by_subject[dip.subject]
    whose = _sentence(named(dip.ledger, context.book))
    amount, lowest = spoken(-dip.balance, currency), spoken(-dip.lowest, currency)
    return Problem(
        code=CODE,
        fix=Fix.LOOK,
        cause=f"{pair.pk} {dip.ledger}",
        title=f"{whose} is {amount} below zero in {pair.clio_account}.",
        words=f"{whose} is {amount} below zero in {pair.clio_account} since {dip.day:%-d %b %Y}, by "
        f"{_cause(cause, by_subject, currency) or spoken(-dip.lowest, currency)}; at its lowest {lowest}. "
        "Another client's money stands in for it: restore it at once, and record the deposit in Clio.",
        facts={
            "ledger": dip.ledger,
            "account": pair.clio_account,
            "amount": str(dip.balance),
            "lowest": str(dip.lowest),
            "since": dip.day.isoformat(),
            "subject": dip.subject,
            "pair": str(pair.pk),
            "dip": str(row),
        },
    )


def _cause(cause: Movement, by_subject: Mapping[str, Movement], currency: str) -> str:
    """Say what took a ledger below zero: a deposit that came back by the deposit."""
    if not cause.amount and not cause.ledgers:
        return ""
    amount = spoken(abs(cause.amount) or max(abs(part) for _, part in cause.ledgers), currency)
    deposit = by_subject.get(cause.returns)
    told = deposit if deposit is not None else cause
    what = ", ".join(
        part for part in (told.payee, f"check {told.check}" if told.check else "", told.text) if part
    )
    said = f"{amount}{f' ({what})' if what else ''}"
    if deposit is None:
        return said
    return f"the deposit of {said} of {deposit.day:%-d %b %Y}, which the bank returned"


def _further(context: Context, pair: TrustPair, dip: Dip, moved: Movement) -> str:
    whose, currency = named(dip.ledger, context.book), context.book.company.currency
    amount = spoken(-sum(part for key, part in moved.ledgers if key == dip.ledger), currency)
    payee = f" to {moved.payee}" if moved.payee else ""
    return (
        f"{amount} was paid{payee} out of {whose} in {pair.clio_account} on {moved.day:%-d %b %Y}, while it "
        "was below zero: other clients' money paid it. Pay nothing more from it before it is made good."
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
