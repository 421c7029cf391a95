"""What a hand moved to other accounts in the closed books, or made smaller: an entry brings it back.

A payment or journal entry on other accounts is moved back by a journal entry, where clients owe what they
owed by it. What a payment is short of is a payment of its own on the same invoices. What else was changed,
neither could say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from syncapp.core.ledger import Application, EntryLine, JournalDraft, PaymentDraft
from syncapp.core.planning.corrections import correction_subject, is_correction, open_day
from syncapp.core.planning.invoices import NUMBER_LIMIT
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import taking
from syncapp.records.models import Document, Link

type Moved = PaymentDraft | JournalDraft


def payments(context: Context, row: Document, answer: Answer) -> Answer:
    """Want what brings back a payment of the closed books that a person took as it stands."""
    return _brought_back(context, row, answer, PaymentDraft)


def journals(context: Context, row: Document, answer: Answer) -> Answer:
    """Want what brings back a journal entry of the closed books that a person took as it stands."""
    return _brought_back(context, row, answer, JournalDraft)


def _brought_back(context: Context, row: Document, answer: Answer, form: type[Moved]) -> Answer:
    through = context.book.company.closed_through
    if through is None or not any(key.startswith(taking.SUBJECT) for key in context.choices):
        return answer
    for link in context.standing(row):
        said = taking.days(context, link.subject)
        stands = draft_of(link.object_kind, link.content or {})
        asked = next((one.draft for one in answer.wanted if one.subject == link.subject), None)
        if said is None or is_correction(link.subject) or getattr(stands, "day", through) > through:
            continue
        if not isinstance(stands, form) or not alike(asked, stands):
            continue
        earlier = _earlier(context, link)
        name = getattr(stands, "number", "") or getattr(stands, "reference", "") or link.remote_id
        day, number = open_day(said[1], through), f"{name[: NUMBER_LIMIT - 4]}-K{len(earlier) + 1}"
        words = f"Correction of {stands.kind.value} {name} of {stands.day.isoformat()}"
        draft = missing(context, asked, (stands, *earlier), day=day, number=number, words=words)
        if draft is None and back(context, asked, (stands, *earlier)):
            continue  # Clio has changed it since, and no entry of its own could say so
        drafts = [stands, *earlier, *([draft] if draft is not None else [])]
        subjects = [link.subject, *(correction_subject(link.subject, n) for n in range(1, len(drafts)))]
        rest = tuple(one for one in answer.wanted if one.subject not in subjects)
        told = (Wanted(subject=key, draft=one) for key, one in zip(subjects, drafts, strict=True))
        answer = replace(answer, wanted=(*rest, *told))
    return answer


def alike(asked: object, stands: Moved) -> bool:
    """Tell whether an entry only stands on other accounts, on another day or with less than is asked."""
    if isinstance(asked, PaymentDraft) and isinstance(stands, PaymentDraft):
        told = replace(asked, account=stands.account, day=stands.day, amount=stands.amount)
        return replace(told, applications=stands.applications) == stands
    return isinstance(asked, JournalDraft) and isinstance(stands, JournalDraft)


def missing(
    context: Context, asked: object, standing: tuple[Moved, ...], *, day: date, number: str, words: str
) -> Moved | None:
    """Return what brings what stands to what is asked; None where they agree, or no entry can say it."""
    lines = back(context, asked, standing)
    if lines and all(line.account != context.book.receivable for line in lines):
        told = tuple(replace(line, memo=words) for line in lines)
        memo, currency = f"{words}, in a closed period", standing[0].currency
        return JournalDraft(number=number, day=day, lines=told, memo=memo, currency=currency)
    return _short(asked, standing, day=day, words=words) if lines else None


def _short(asked: object, standing: Iterable[Moved], *, day: date, words: str) -> PaymentDraft | None:
    """Return the payment of what a payment is short of, on the invoices where it lacks."""
    if not isinstance(asked, PaymentDraft):
        return None
    mine = [one for one in standing if isinstance(one, PaymentDraft)]
    lacks = Counter({(part.subject, part.kind): part.amount for part in asked.applications})
    for one in mine:
        lacks.subtract({(part.subject, part.kind): part.amount for part in one.applications})
    parts = tuple(
        Application(subject=subject, kind=kind, amount=amount)
        for (subject, kind), amount in lacks.items()
        if amount
    )
    amount = asked.amount - sum(one.amount for one in mine)
    same = {one.account for one in mine} == {asked.account}
    if not same or amount <= 0 or any(part.amount < 0 for part in parts):
        return None
    if sum(part.amount for part in parts) > amount:
        return None
    return replace(asked, day=day, amount=amount, applications=parts, memo=f"{words}, in a closed period")


def back(context: Context, asked: object, standing: Iterable[Moved]) -> list[EntryLine]:
    """Return the lines that bring what stands to what is asked; none where they agree."""
    sums: Counter[EntryLine] = Counter()
    signed = [(asked, 1), *((one, -1) for one in standing)]
    for draft, sign in signed:
        for line in draft.entry() if isinstance(draft, PaymentDraft | JournalDraft) else ():
            place = EntryLine(
                account=context.place(line),
                amount=0,
                customer=line.customer if line.account == context.book.receivable else "",
                class_id=line.class_id,
                location=line.location,
            )
            sums[place] += sign * line.amount
    return [replace(place, amount=amount) for place, amount in sums.items() if amount]


def _earlier(context: Context, link: Link) -> tuple[Moved, ...]:
    found: list[Moved] = []
    while isinstance(
        one := context.content(correction_subject(link.subject, len(found) + 1)), JournalDraft | PaymentDraft
    ):
        found.append(one)
    return tuple(found)
