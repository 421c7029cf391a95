"""The daily three-way without the bank: what Clio, Tieout and the books have of client money, to the cent.

Each movement that stands otherwise alarms, one case for each trust account; what waits in the queue is told
there already, and a ledger below zero by `dips`. What the feed or a hand enters after we have posted
the same is a case of its own that names both. An alarm ends by itself when the difference is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from syncapp.core.money import spoken
from syncapp.core.planning.trust.plan import LEFT_TO_FEED
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import queue
from syncapp.pipeline.context import draft_of
from syncapp.pipeline.drifting import taking
from syncapp.pipeline.drifting.book_documents import BOOK_ROW, document_of, entity
from syncapp.pipeline.trust import twin_answers, twin_words
from syncapp.pipeline.trust.twin_answers import TWO
from syncapp.pipeline.trust.twin_words import spoken_day
from syncapp.records.models import BookChoice, BookRow, Document, Link
from trust.models import TrustPair
from trust.queries import openings, threeway
from trust.threeway import Difference, What, Witness

CODE = "trust_stray"
LATE = "trust_twin_late"
ENDS = {CODE: "it ties again", LATE: "it stands once again"}  # with which words each ends by itself
_TOLD = frozenset({What.HELD, What.NEGATIVE})
DAY = len("2026-10-31")
_KINDS = {"bank_transactions": "money", "payments": "payment"}


def run(pair: TrustPair, now: datetime) -> list[queue.Verdict]:
    """Return the alarms of one trust account, none while its opening waits. In a writing scope."""
    if openings.waits(pair):
        return []
    found = threeway.as_of(pair, pair.start, date.max, bank=False)
    anew = _dated_anew(pair)
    return [
        queue.Verdict(document=document, alarms=(_twice(pair, one) or _alarm(pair, one, document),))
        for one in found.differences
        if one.kind not in _TOLD and not (one.kind is What.DATE and _known(one, anew))
        for document in _documents(pair, one, now)
        if one.kind is not What.NOT_POSTED or _is_missing(document)
    ]


def _dated_anew(pair: TrustPair) -> frozenset[tuple[str, str]]:
    """Return what a person had posted once more in the open period, with its day in Clio."""
    mine = BookChoice.objects.filter(
        firm_id=pair.firm_id, books_id=pair.books_id, subject__startswith=taking.SUBJECT
    )
    rows = mine.values_list("subject", "answer")
    return frozenset((subject.removeprefix(taking.SUBJECT), days[:DAY]) for subject, days in rows)


def _known(one: Difference, anew: frozenset[tuple[str, str]]) -> bool:
    """Tell whether a movement stands on another day than in Clio because a person had it corrected so."""
    return one.between == (Witness.CLIO, Witness.TIEOUT) and (one.subjects[0], str(one.day)) in anew


def of(verdicts: list[queue.Verdict], code: str) -> list[queue.Verdict]:
    """Return the verdicts whose alarm has a code."""
    return [one for one in verdicts if any(alarm.code == code for alarm in one.alarms)]


def _is_missing(document: Document) -> bool:
    """Tell what should have posted from what is on its way, or is left to the bank feed."""
    return document.settled and document.outcome_words != LEFT_TO_FEED


def _documents(pair: TrustPair, one: Difference, now: datetime) -> Iterator[Document]:
    """Give the documents that a difference is about."""
    for subject in one.subjects:
        resource, _, key = subject.partition("/")
        if resource == "books":
            yield from _of_books(pair, key, one, now)
            continue
        kind = _KINDS.get(resource, "opening")
        number = int(key.partition("/")[0]) if resource in _KINDS else pair.pk
        rows = Document.objects.filter(firm_id=pair.firm_id, kind=kind, source_id=number)
        yield from rows


def _of_books(pair: TrustPair, key: str, one: Difference, now: datetime) -> Iterator[Document]:
    """Give the document that stands for a row of the books: made when the row is first noticed."""
    kind, _, remote_id = key.partition(":")
    rows = BookRow.objects.filter(firm_id=pair.firm_id, books_id=pair.books_id)
    for row in rows.filter(kind=kind, remote_id=remote_id):
        yield document_of(row, amount=one.amount, now=now)


def _twice(pair: TrustPair, one: Difference) -> Problem | None:
    """Name both of a twin that came after our entry; None where it is none, or a person said so."""
    mine = {"firm_id": pair.firm_id, "books_id": pair.books_id}
    key = one.subjects[0].removeprefix("books/")
    kind, _, remote_id = key.partition(":")
    row = BookRow.objects.filter(**mine, kind=kind, remote_id=remote_id).first()
    link = Link.objects.filter(**mine, subject=one.beside, live=True).first() if one.beside else None
    if row is None or link is None or link.content is None:
        return None
    if BookChoice.objects.filter(**mine, subject=twin_answers.asked(one.beside, key), answer=TWO).exists():
        return None
    ours: Any = draft_of(link.object_kind, link.content)
    noun = f"{twin_words.KINDS.get(link.object_kind, link.object_kind)} {ours.number}".strip()
    amount, theirs = spoken(abs(one.amount), ours.currency), twin_words.called(row)
    return Problem(
        code=LATE,
        fix=Fix.LOOK,
        cause=one.beside,
        title=f"The books have {amount} of client money twice.",
        words=f"QuickBooks has {twin_words.one(theirs)} of {amount}, dated {spoken_day(row.day)}, that "
        f"Tieout did not make, beside the {noun}, dated {spoken_day(ours.day)}, which bears the client of "
        f"the same movement in {pair.clio_account}. Delete the {theirs} there, and the books have it once. "
        "If they are two movements, record the second one in Clio.",
        facts={
            "account": pair.clio_account,
            "amount": str(one.amount),
            "subject": one.beside,
            "books_id": f"{entity(kind)}:{remote_id}",
            "ours": f"{entity(link.object_kind)}:{link.remote_id}",
        },
    )


def _alarm(pair: TrustPair, one: Difference, document: Document) -> Problem:
    facts = {
        "account": pair.clio_account,
        "kind": one.kind.value,
        "amount": str(one.amount),
        "ledger": one.ledger,
    }
    if document.kind == BOOK_ROW:
        kind, _, remote_id = one.subjects[0].removeprefix("books/").partition(":")
        facts["books_id"] = f"{entity(kind)}:{remote_id}"
    return Problem(
        code=CODE,
        fix=Fix.LOOK,
        cause=str(pair.pk),
        title=f"{pair.clio_account} does not stand alike in Clio, in Tieout and in the books.",
        words=one.reason,
        facts=facts,
    )
