"""Twins: what the bank feed, or a hand, has put into the books already is not posted a second time.

A twin has the movement's trust bank and amount, lies at most five days from it, and bears its check number
where both have one. It is never changed by us: a person deletes it in the books, and the movement then posts
with its client, or says that they are two.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts import audit
from accounts.models import User
from syncapp.core.ledger import TrustBankLine, TrustJournalDraft
from syncapp.core.money import spoken
from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.context import Context
from syncapp.records.models import BookChoice, BookRow, Case

CODE = "trust_twin"
TWO = "two"  # a person's answer: two movements, both are to stand
DAYS = timedelta(days=5)
KINDS = {
    "check": "check",
    "deposit": "deposit",
    "journal": "journal entry",
    "expense": "expense",
    "transfer": "transfer",
    "sales_receipt": "sales receipt",
    "refund_receipt": "refund receipt",
}
NOT_ASKED = "Say that they are two movements, or delete the one in QuickBooks."


def held(context: Context, answer: Answer) -> Problem | None:
    """Say which twin keeps an entry of client money from being posted; None when there is none."""
    for wanted in answer.wanted:
        draft, subject = wanted.draft, wanted.subject
        if not isinstance(draft, TrustJournalDraft) or not draft.banks or "/amendment/" in subject:
            continue
        if subject in context.links or subject in context.waiting:
            continue
        for line in draft.banks:
            for row in _twins(context, draft, line):
                if context.choices.get(_asked(subject)) != _told(row.kind, row.remote_id):
                    return _problem(context, subject, draft, row)
    return None


def _twins(context: Context, draft: TrustJournalDraft, line: TrustBankLine) -> list[BookRow]:
    """Return what the books have beside us of one bank, amount and time, the nearest day first."""
    rows: QuerySet[BookRow] = BookRow.objects.filter(
        firm_id=context.firm_id,
        books_id=context.books_id,
        kind__in=list(KINDS),
        deleted=False,
        voided=False,
        day__range=(draft.day - DAYS, draft.day + DAYS),
        data__lines__contains=[{"account": line.account, "amount": line.amount}],
    )
    starts = [pair.start for pair in context.book.pairs.values() if pair.bank == line.account]
    found = [
        row
        for row in rows.order_by("day", "pk")
        if (row.kind, row.remote_id) not in context.subject_of
        and row.day is not None
        and all(row.day >= start for start in starts)  # what lies before the start is in the opening
        and _same_check(draft, row)
    ]
    return sorted(found, key=lambda row: abs((row.day or draft.day) - draft.day))


def _same_check(draft: TrustJournalDraft, row: BookRow) -> bool:
    """Tell whether the check numbers agree, as far as both sides have one."""
    check, dash, _ = draft.number.rpartition("-")  # `1042-T77`: the check's and Clio's own
    return row.kind != "check" or not dash or not row.number or row.number == check


def _asked(subject: str) -> str:
    return f"twin of {subject}"


def _told(kind: str, remote_id: str) -> str:
    return f"{TWO}:{kind}:{remote_id}"[:40]


def _problem(context: Context, subject: str, draft: TrustJournalDraft, row: BookRow) -> Problem:
    currency, day = context.book.company.currency, row.day or draft.day
    noun = f"{KINDS[row.kind]} {row.number}".strip()
    amount = spoken(abs(draft.banks[0].amount), currency)
    bank = context.book.chart.accounts.get(draft.banks[0].account)
    where = f" in “{bank.name}”" if bank is not None else ""
    return Problem(
        code=CODE,
        fix=Fix.BOOKS,
        cause=subject,
        title=f"QuickBooks has {amount} of client money already, from the bank feed or by hand.",
        words=f"QuickBooks has a {noun} of {amount}{where}, dated {day.day} {day:%b %Y}, that Tieout did not "
        "make. If it is this movement, delete it there, and this posts with its client. If it is another "
        "one, say so here, and this posts beside it.",
        facts={"subject": subject, "kind": row.kind, "books_id": row.remote_id, "number": row.number},
    )


def answer(case: Case, said: str, by: User, now: datetime) -> str | None:
    """Keep that a twin is another movement; a sentence when that was not said. In a writing scope."""
    if said != TWO:
        return NOT_ASKED
    subject = case.facts["subject"]
    told = _told(case.facts["kind"], case.facts["books_id"])
    BookChoice.objects.update_or_create(
        firm_id=case.firm_id,
        books=case.books,
        subject=_asked(subject),
        defaults={"answer": told, "by": by, "at": now},
    )
    audit.record(
        firm_id=case.firm_id,
        actor=by,
        verb="case.twin_is_another",
        obj=case,
        text=case.title[:300],
        after={"subject": subject, "answer": told},
        now=now,
    )
    return None
