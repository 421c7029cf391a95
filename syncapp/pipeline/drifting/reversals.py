"""What somebody typed into the books and a person had reversed: a visible entry with the lines turned round.

The typed one stays as it stands. Both together come to nothing, and are counted so.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from syncapp.core.ledger import EntryLine, JournalDraft
from syncapp.core.planning.reversing import END, NUMBER, place_of, subject_of
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.pipeline.context import Context
from syncapp.records.models import BookRow, Document

REVERSE = "reverse"


@dataclass(slots=True)
class Reversed:
    """What stands reversed: the rows, and what each invoice of ours is owed again by it, in minor units."""

    rows: set[tuple[str, str]] = field(default_factory=set)
    on_invoice: Counter[str] = field(default_factory=Counter)


def standing(context: Context, rows: dict[tuple[str, str], BookRow]) -> Reversed:
    """Return what was reversed of what is not ours."""
    found = Reversed()
    for subject, link in context.links.items():
        place = place_of(subject) if subject.endswith(END) else None
        own = rows.get((link.object_kind, link.remote_id))
        if place is None or own is None or own.deleted:
            continue
        found.rows.add(place)
    for (kind, _), row in rows.items() if found.rows else ():
        if kind == "payment" and not row.deleted and not row.voided:
            found.on_invoice.update(_owed_again(row, found.rows))
    return found


def _owed_again(payment: BookRow, reversed_: set[tuple[str, str]]) -> dict[str, int]:
    """Return by how much each invoice is owed again: the payment itself, or the credit that it applies."""
    by_kind = _applied(payment.data)
    credited = {("credit_memo", key) for key in by_kind["CreditMemo"]}
    if (payment.kind, payment.remote_id) in reversed_ or (not payment.total and credited & reversed_):
        return by_kind["Invoice"]
    return {}


def _applied(data: dict[str, Any]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {"Invoice": {}, "CreditMemo": {}}
    for target, amount in data.get("links") or []:
        kind, _, key = str(target).partition(":")
        if kind in found and amount:
            found[kind][key] = found[kind].get(key, 0) + amount
    return found


def answer(context: Context, row: Document) -> Answer:
    """Want the entry that reverses a row of the books, once a person asked for it."""
    typed = BookRow.objects.filter(
        firm_id=context.firm_id, books_id=context.books_id, pk=row.source_id
    ).first()
    if typed is None:
        return Answer(skipped="It is not in the books any more.")
    subject = subject_of(typed.kind, typed.remote_id)
    chosen, _, days = context.choices.get(subject, "").partition(":")
    day = days.partition(":")[0]
    if chosen != REVERSE:
        return Answer(skipped="It did not come from Clio.")
    standing_ = context.content(subject)
    if isinstance(standing_, JournalDraft):  # as it was approved and posted, whatever became of the other
        return Answer(wanted=(Wanted(subject=subject, draft=standing_),))
    if not typed.data.get("lines"):
        return Answer(skipped="It moves no account that can be moved back.")
    return Answer(wanted=(Wanted(subject=subject, draft=draft(context, typed, date.fromisoformat(day))),))


def draft(context: Context, typed: BookRow, day: date) -> JournalDraft:
    """Return the entry that takes back a row of the books, dated `day`."""
    words = f"Reverses {typed.kind.replace('_', ' ')} {typed.number or typed.remote_id}"
    return JournalDraft(
        number=f"{NUMBER}{typed.remote_id}",
        day=day,
        currency=context.book.company.currency,
        memo=words,
        lines=tuple(turned(typed.data, customer=context.customer, words=words)),
    )


def turned(data: dict[str, Any], *, customer: Any, words: str) -> list[EntryLine]:
    """Return the lines of an object of the books with debit and credit changed."""
    return [
        EntryLine(
            account=line["account"],
            amount=-line["amount"],
            customer=customer(line["customer"]) if line.get("customer") else "",
            class_id=line.get("class_id", ""),
            memo=words,
        )
        for line in data.get("lines") or []
        if line["amount"]
    ]
