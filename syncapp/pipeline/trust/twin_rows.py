"""Which rows of the books a movement of client money may be, and which movements a row may be.

A twin has the movement's trust bank and amount, lies at most five days from it, and bears its check number
where both have one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from syncapp.core import codec
from syncapp.core.documents import Kind, Money, Payment
from syncapp.core.ledger import TrustJournalDraft
from syncapp.core.planning.trust.pairs import Pair, account_key
from syncapp.core.problems import Problem
from syncapp.pipeline.context import Context
from syncapp.pipeline.trust.twin_answers import TWO, asked
from syncapp.pipeline.trust.twin_words import KINDS, key_of
from syncapp.records.models import BookLine, BookRow, Document
from trust.nouns import Movement

DAYS = timedelta(days=5)
type Teller = Callable[[Context, Money | Payment], dict[str, Movement] | Problem]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A movement as it is looked for in the books. Minor units, positive into the bank."""

    subject: str
    bank: str
    amount: int
    day: date
    check: str = ""


def of_movement(moved: Movement, pair: Pair) -> Sought:
    """Return what is looked for before a movement that Clio tells is named or posted."""
    return Sought(
        subject=moved.subject, bank=pair.bank, amount=moved.amount, day=moved.day, check=moved.check
    )


def of_draft(subject: str, draft: TrustJournalDraft) -> list[Sought]:
    """Return what is looked for before an entry is posted, one for each line of its banks."""
    check, dash, _ = draft.number.rpartition("-")  # `1042-T77`: the check's and Clio's own
    return [
        Sought(
            subject=subject,
            bank=line.account,
            amount=line.amount,
            day=draft.day,
            check=check if dash else "",
        )
        for line in draft.banks
    ]


def find(context: Context, sought: Sought) -> list[BookRow]:
    """Return what the books have beside us of one bank, amount and time, the nearest day first.

    What a person said to be another movement is left out.
    """
    on_bank = BookLine.objects.filter(
        firm_id=context.firm_id,
        books_id=context.books_id,
        account=sought.bank,
        minor=sought.amount,
        row__day__range=(sought.day - DAYS, sought.day + DAYS),
    )
    rows = BookRow.objects.filter(
        pk__in=on_bank.values("row_id"),
        firm_id=context.firm_id,
        kind__in=list(KINDS),
        deleted=False,
        voided=False,
    )
    starts = [pair.start for pair in context.book.pairs.values() if pair.bank == sought.bank]
    answers = said(context, sought.subject)
    found = [
        row
        for row in rows.order_by("day", "pk")
        if row.day is not None
        and (row.kind, row.remote_id) not in context.subject_of
        and all(row.day >= start for start in starts)  # what lies before the start is in the opening
        and same_check(row, sought.check)
        and answers.get(key_of(row)) != TWO
        and not _spoken_for(context, row)
    ]
    return sorted(found, key=lambda row: apart(row, sought.day))


def _spoken_for(context: Context, row: BookRow) -> bool:
    """Tell whether an operation on its way names another movement's ledger on a row, or made it.

    What got no clear answer is known by its number: it bears the practice system's id.
    """
    return any(
        one.object_kind == row.kind
        and (
            one.remote_id == row.remote_id if one.remote_id else bool(row.number) and one.number == row.number
        )
        for one in context.waiting.values()
    )


def apart(row: BookRow, day: date) -> timedelta:
    """Return how far a row lies from a day."""
    return abs((row.day or day) - day)


def same_check(row: BookRow, check: str) -> bool:
    """Tell whether the check numbers agree, as far as both sides have one."""
    numbered = row.kind == "check" or (row.kind == "expense" and row.number.isdigit())
    return not numbered or not check or not row.number or _plain(row.number) == _plain(check)


def bears(row: BookRow, check: str) -> bool:
    """Tell whether a row bears the movement's own check number."""
    return bool(check and row.number) and row.kind in {"check", "expense"} and same_check(row, check)


def _plain(number: str) -> str:
    return number.strip().lstrip("0")


def rivals(
    context: Context, row: BookRow, moved: Movement, account: str, *, tell: Teller
) -> Iterator[Movement]:
    """Give the other movements that a row may be: told by Clio, in the same trust account, and not posted."""
    day = row.day or moved.day
    documents = Document.objects.filter(
        firm_id=context.firm_id,
        kind__in=[Kind.MONEY.value, Kind.PAYMENT.value],
        day__range=(day - DAYS, day + DAYS),
    )
    alike = Q(amount__in=[moved.amount, -moved.amount]) | Q(data__trust_rows__0__isnull=False)
    for document in documents.filter(alike).exclude(data={}).order_by("day", "source_id"):
        told = tell(context, reading := _reading(document))
        if isinstance(told, Problem):  # nobody can say whose it is
            told = _untold(reading)
        for name, one in told.items():
            mine = account_key(name) == account_key(account) and one.amount == moved.amount
            if mine and one.subject != moved.subject and _may_be(context, row, one):
                yield one


def _reading(document: Document) -> Money | Payment:
    if document.kind == Kind.MONEY.value:
        return codec.from_json(Money, document.data)
    return codec.from_json(Payment, document.data)


def _may_be(context: Context, row: BookRow, one: Movement) -> bool:
    free = not context.stands(one.subject) and said(context, one.subject).get(key_of(row)) != TWO
    return free and apart(row, one.day) <= DAYS and same_check(row, one.check)


def _untold(reading: Money | Payment) -> dict[str, Movement]:
    if isinstance(reading, Money):
        account, amount, subject = reading.bank_account, reading.amount, f"bank_transactions/{reading.id}"
    elif reading.into_trust:
        account, amount, subject = reading.bank_account, reading.amount, f"payments/{reading.id}/into"
    else:
        account, amount, subject = reading.source_account, -reading.amount, f"payments/{reading.id}/trust"
    return {account: Movement(subject=subject, day=reading.day, amount=amount)}


def said(context: Context, subject: str) -> dict[str, str]:
    """Return what people said of a movement and the rows that it may be."""
    mark = f"{asked(subject)} "
    return {key[len(mark) :]: told for key, told in context.choices.items() if key.startswith(mark)}
