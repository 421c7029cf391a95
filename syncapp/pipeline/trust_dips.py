"""Ledgers of client money below zero: each alarms at once, with matter, amount, cause and since when.

What happened is recorded whatever it broke (DESIGN section 9, d). The alarm ends by itself when the ledger is
made good; that it was below zero stays written down.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from syncapp.core.money import spoken
from syncapp.core.planning.trust.dips import Dip, dips
from syncapp.core.planning.trust.entries import named
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import queue
from syncapp.pipeline.context import Context
from syncapp.records.models import Document
from trust.models import LedgerDip, TrustPair
from trust.nouns import Movement
from trust.queries import witnesses

CODE = "trust_negative"
MADE_GOOD = "the ledger is not below zero any more"
_KINDS = {"bank_transactions": "money", "payments": "payment", "trust_openings": "opening"}


def run(context: Context, pair: TrustPair, now: datetime) -> list[queue.Verdict]:
    """Keep what is new of one account's dips; return the alarms of what is below zero. In a writing scope."""
    moved = witnesses.clio(pair)
    found = dips(moved)
    _keep(pair, found, now)
    by_subject = {one.subject: one for one in moved}
    verdicts = []
    for dip in found:
        document = document_of(pair, dip.subject, moved) if dip.until is None else None
        if document is not None:
            alarm = _alarm(context, pair, dip, by_subject[dip.subject])
            verdicts.append(queue.Verdict(document=document, alarms=(alarm,)))
    return verdicts


def _keep(pair: TrustPair, found: Iterable[Dip], now: datetime) -> None:
    """Write down what was not seen before: another depth or another end of a known dip is another row."""
    LedgerDip.objects.bulk_create(
        [
            LedgerDip(
                firm_id=pair.firm_id,
                pair=pair,
                ledger=dip.ledger,
                day=dip.day,
                subject=dip.subject,
                lowest=dip.lowest,
                until=dip.until,
                at=now,
            )
            for dip in found
        ],
        ignore_conflicts=True,
    )


def document_of(pair: TrustPair, subject: str, moved: list[Movement]) -> Document | None:
    """Return the document that took a ledger below zero; for what lay before the start, the first one."""
    resource, _, key = subject.partition("/")
    if resource not in _KINDS:
        later = next((one.subject for one in moved if one.subject.partition("/")[0] in _KINDS), "")
        return document_of(pair, later, moved) if later else None
    rows = Document.objects.filter(firm_id=pair.firm_id, kind=_KINDS[resource])
    return rows.filter(source_id=int(key.partition("/")[0])).first()


def _alarm(context: Context, pair: TrustPair, dip: Dip, cause: Movement) -> Problem:
    currency = context.book.company.currency
    whose = named(dip.ledger, context.book)
    what = ", ".join(
        part for part in (cause.payee, f"check {cause.check}" if cause.check else "", cause.text) if part
    )
    amount, lowest = spoken(-dip.balance, currency), spoken(-dip.lowest, currency)
    return Problem(
        code=CODE,
        fix=Fix.LOOK,
        cause=f"{pair.pk} {dip.ledger}",
        title=f"{whose[:1].upper()}{whose[1:]} is {amount} below zero in {pair.clio_account}.",
        words=f"{whose[:1].upper()}{whose[1:]} is {amount} below zero in {pair.clio_account} since "
        f"{dip.day:%-d %b %Y}, by {spoken(abs(cause.amount) or -dip.lowest, currency)}"
        f"{f' ({what})' if what else ''}; at its lowest {lowest}. Another client's money stands in for it: "
        "restore it at once, and record the deposit in Clio.",
        facts={
            "ledger": dip.ledger,
            "account": pair.clio_account,
            "amount": str(dip.balance),
            "lowest": str(dip.lowest),
            "since": dip.day.isoformat(),
            "subject": dip.subject,
        },
    )
