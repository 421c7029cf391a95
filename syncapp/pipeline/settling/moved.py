"""What a hand moved to other accounts in the closed books: an entry of its own moves it back.

A payment or journal entry whose clients owe what they owed by it as it was posted; what else was changed no
entry between accounts could say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from syncapp.core.ledger import EntryLine, JournalDraft, PaymentDraft
from syncapp.core.planning.corrections import correction_subject, is_correction, open_day
from syncapp.core.planning.invoices import NUMBER_LIMIT
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import taking
from syncapp.records.models import Document, Link

type Moved = PaymentDraft | JournalDraft


def amend(context: Context, row: Document, answer: Answer, through: date) -> Answer:
    """Want what moves back an entry of the closed books that a person took as it stands."""
    for link in context.standing(row):
        said = taking.days(context, link.subject)
        stands = draft_of(link.object_kind, link.content or {})
        asked = next((one.draft for one in answer.wanted if one.subject == link.subject), None)
        if said is None or is_correction(link.subject) or getattr(stands, "day", through) > through:
            continue
        if not isinstance(stands, PaymentDraft | JournalDraft) or not alike(asked, stands):
            continue
        earlier = _earlier(context, link)
        subjects = [correction_subject(link.subject, n + 1) for n in range(len(earlier))]
        kept = answer.kept | {link.subject, *subjects}
        rest = tuple(one for one in answer.wanted if one.subject not in kept)
        lines = back(context, asked, (stands, *earlier))
        if lines:
            name = getattr(stands, "number", "") or getattr(stands, "reference", "") or link.remote_id
            number = f"{name[: NUMBER_LIMIT - 4]}-K{len(earlier) + 1}"
            words = f"Correction of {stands.kind.value} {name} of {stands.day.isoformat()}"
            draft = JournalDraft(
                number=number,
                day=open_day(said[1], through),
                lines=tuple(replace(line, memo=words) for line in lines),
                memo=f"{words}, in a closed period",
                currency=stands.currency,
            )
            rest += (Wanted(subject=correction_subject(link.subject, len(earlier) + 1), draft=draft),)
        answer = replace(answer, wanted=rest, kept=kept)
    return answer


def alike(asked: object, stands: Moved) -> bool:
    """Tell whether an entry only stands on other accounts, or another day, than is asked."""
    if isinstance(asked, PaymentDraft) and isinstance(stands, PaymentDraft):
        return replace(asked, account=stands.account, day=stands.day) == stands
    return isinstance(asked, JournalDraft) and isinstance(stands, JournalDraft)


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


def _earlier(context: Context, link: Link) -> tuple[JournalDraft, ...]:
    found: list[JournalDraft] = []
    while isinstance(one := context.content(correction_subject(link.subject, len(found) + 1)), JournalDraft):
        found.append(one)
    return tuple(found)
