"""What a hand moved in the closed books, or made more or less: entries in the open period bring it back.

A payment or journal entry on other accounts is moved back by a journal entry. What a payment is short of is a
payment of its own on the same invoices. One that was made more, or put on other invoices or another customer,
is charged again there by a journal entry, and its credit pays the invoices that lack it (`recharged`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from syncapp.core.ledger import (
    Application,
    CreditMemoDraft,
    Draft,
    EntryLine,
    InvoiceDraft,
    JournalDraft,
    PaymentDraft,
)
from syncapp.core.planning import corrections as core
from syncapp.core.planning.corrections import correction_subject, is_correction, open_day
from syncapp.core.planning.invoices import NUMBER_LIMIT
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import taking
from syncapp.pipeline.settling import recharged
from syncapp.pipeline.settling.amended import APPLY, corrections_of_money, ever_corrected, payers
from syncapp.records.models import Document, Link

type Moved = PaymentDraft | JournalDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """An entry as a hand left it, with what corrects it and what applied those corrections, by subject.

    `position` is which correction would be next.
    """

    stands: Moved
    corrected: Mapping[str, Moved] = field(default_factory=dict)
    applying: Mapping[str, PaymentDraft] = field(default_factory=dict)
    position: int = 1

    @property
    def earlier(self) -> tuple[Moved, ...]:
        """Return what corrects it."""
        return tuple(self.corrected.values())

    @property
    def applied(self) -> tuple[PaymentDraft, ...]:
        """Return what applied those corrections."""
        return tuple(self.applying.values())

    @property
    def all(self) -> tuple[Moved, ...]:
        """Return all that stands of it and moves accounts."""
        return (self.stands, *self.earlier)


def payments(context: Context, row: Document, answer: Answer) -> Answer:
    """Want what brings back a payment of the closed books that a person took as it stands."""
    return _brought_back(context, row, answer, PaymentDraft)


def journals(context: Context, row: Document, answer: Answer) -> Answer:
    """Want what brings back a journal entry of the closed books, or posts once more what is gone of them."""
    again = tuple(taking.dated_anew(context, one, _once_more) for one in answer.wanted)
    return _brought_back(context, row, replace(answer, wanted=again), JournalDraft)


def _once_more(draft: Draft, day: date) -> Draft | None:
    return core.posted_again(draft, day=day) if isinstance(draft, JournalDraft) else None


def _brought_back(context: Context, row: Document, answer: Answer, form: type[Moved]) -> Answer:
    through = context.book.company.closed_through
    if through is None or not any(key.startswith(taking.SUBJECT) for key in context.choices):
        return answer
    for subject, stands, name in _standing(context, row, answer, form, through):
        asked = next((one.draft for one in answer.wanted if one.subject == subject), None)
        if not isinstance(stands, form) or not alike(asked, stands):
            continue
        said = taking.days(context, subject)
        stood = _applied_again(context, asked, stood_as(context, subject, stands))
        day = open_day(said[1] if said else through, through)
        number = f"{name[: NUMBER_LIMIT - 4]}-K{stood.position}"
        words = f"Correction of {stands.kind.value} {name} of {stands.day.isoformat()}"
        more = taking.corrects(context, subject) >= stood.position
        draft = missing(context, asked, stood, day=day, number=number, words=words) if more else None
        if draft is None and _differs(context, asked, stood):
            continue  # Clio has changed it since: that is asked as any change of closed books is
        if isinstance(draft, JournalDraft) and isinstance(stands, JournalDraft):
            _wake(context, subject)
        answer = _with(answer, subject, asked, stood, draft)
    return answer


def _wake(context: Context, charged: str) -> None:
    """Plan anew what pays an entry: what the client owes by it stands on its correction from now on."""
    links = (context.links.get(payer) for payer, _, _ in payers(context, charged))
    context.woken |= {link.document_id for link in links if link is not None and link.document_id is not None}


def _standing(
    context: Context, row: Document, answer: Answer, form: type[Moved], through: date
) -> Iterator[tuple[str, Moved, str]]:
    """Give what stands of a document in the closed books as a hand left it, and the name it goes by.

    What was corrected and then taken out stands once more as it was left, beside what corrects it.
    """
    told = set()
    for link in context.standing(row):
        stands = draft_of(link.object_kind, link.content or {})
        closed = taking.days(context, link.subject) is not None and not is_correction(link.subject)
        if closed and isinstance(stands, form) and stands.day <= through:
            told.add(link.subject)
            yield link.subject, stands, _name(stands) or link.remote_id
    for one in answer.wanted:
        left = once_more(context, one.subject, one.draft) if isinstance(one.draft, form) else None
        if left is not None and one.subject not in told:
            yield one.subject, left, _name(left)


def _name(stands: Moved) -> str:
    return getattr(stands, "number", "") or getattr(stands, "reference", "")


def once_more(context: Context, subject: str, asked: Moved) -> Moved | None:
    """Return what a hand took out although it was corrected: as it was left, dated as it was shown.

    None of what stands as it was, or was never corrected.
    """
    said, link = taking.days(context, subject), context.links.get(subject)
    if said is None or is_correction(subject) or not any(corrections_of_money(context, subject)):
        return None
    rows = Link.objects.filter(firm_id=context.firm_id, books_id=context.books_id, subject=subject)
    last = link or rows.order_by("-generation").first()
    left = draft_of(last.object_kind, last.content) if last is not None and last.content else None
    if not isinstance(left, PaymentDraft | JournalDraft):
        return None
    if link is not None:
        return left if left.day == said[1] else None
    if isinstance(left, JournalDraft) and isinstance(asked, JournalDraft):
        return replace(left, day=said[1], number=asked.number, memo=asked.memo)
    return replace(left, day=said[1], memo=asked.memo)


def _applied_again(context: Context, asked: Draft | None, stood: Stood) -> Stood:
    """Apply the credit of a correction once more where a hand took out what applied it."""
    for subject, entry in stood.corrected.items():
        apply = subject + APPLY
        said = taking.days(context, apply)
        if said is None or apply in stood.applying:
            continue
        if not (isinstance(asked, PaymentDraft) and isinstance(entry, JournalDraft)):
            continue
        again = recharged.applied(asked, stood.all, stood.applied, entry=entry, subject=subject)
        if again is not None:
            stood = replace(stood, applying={**stood.applying, apply: replace(again, day=said[1])})
    return stood


def _differs(context: Context, asked: Draft | None, stood: Stood) -> bool:
    """Tell whether what stands with its corrections is not what is asked."""
    if back(context, asked, stood.all):
        return True
    lacks = recharged.lacking(asked, stood.all, stood.applied) if isinstance(asked, PaymentDraft) else {}
    return any(amount > 0 for amount in lacks.values())


def _with(answer: Answer, base: str, asked: Draft | None, stood: Stood, draft: Moved | None) -> Answer:
    """Want an entry as it stands with all that corrects it, and the next correction."""
    told = [Wanted(subject=base, draft=stood.stands)]
    for standing in (stood.corrected, stood.applying):
        told += [Wanted(subject=subject, draft=one) for subject, one in standing.items()]
    if draft is not None:
        subject = correction_subject(base, stood.position)
        told.append(Wanted(subject=subject, draft=draft))
        if isinstance(asked, PaymentDraft) and isinstance(draft, JournalDraft):
            applied = recharged.applied(asked, stood.all, stood.applied, entry=draft, subject=subject)
            told += [Wanted(subject=subject + APPLY, draft=applied)] if applied is not None else []
    named = {one.subject for one in told}
    rest = tuple(one for one in answer.wanted if one.subject not in named)
    return replace(answer, wanted=(*rest, *told))


def alike(asked: object, stands: Moved) -> bool:
    """Tell whether an entry only stands elsewhere, on another day, or with more or less than is asked."""
    if isinstance(asked, PaymentDraft) and isinstance(stands, PaymentDraft):
        told = replace(asked, account=stands.account, day=stands.day, amount=stands.amount, memo=stands.memo)
        return replace(told, applications=stands.applications, customer=stands.customer) == stands
    return isinstance(asked, JournalDraft) and isinstance(stands, JournalDraft)


def lines(
    context: Context, link: Link, posted: Draft, stands: Draft, *, asked: Draft | None, day: date
) -> list[tuple[str, int, str]] | None:
    """Return the lines of what would bring an entry back: account, minor units, customer of a receivable.

    None where no entry can; none of them where all accounts agree. An entry that pays other invoices moves
    what they leave open, and is wanted where its accounts agree. `asked` is what a payment is to be, told of
    one that was brought back before.
    """
    if isinstance(posted, InvoiceDraft | CreditMemoDraft) and isinstance(stands, type(posted)):
        made: Iterable[Draft] = core.corrections(stands, (), posted, number=posted.number, day=day)
    elif isinstance(posted, Moved.__value__) and isinstance(stands, Moved.__value__):
        stood = stood_as(context, link.subject, stands)
        # What was posted has been corrected by what stands; but what pays other invoices is told as a whole.
        whole, wanted = (stood, asked) if stood.applied else (Stood(stands=stands), posted)
        draft = missing(context, wanted, whole, day=day, number="", words="")
        if draft is None:
            return None if wanted is None or back(context, wanted, whole.all) else []
        made = [draft]
    else:
        return None
    return told(context, made)


def told(context: Context, made: Iterable[Draft]) -> list[tuple[str, int, str]]:
    """Return the lines of entries: account, minor units, customer of a receivable."""
    return [
        (context.place(line), line.amount, line.customer if line.account == context.book.receivable else "")
        for one in made
        for line in one.entry()
        if line.amount
    ]


def missing(
    context: Context, asked: object, stood: Stood, *, day: date, number: str, words: str
) -> Moved | None:
    """Return what brings what stands to what is asked; None where they agree, or no entry can say it."""
    apart = back(context, asked, stood.all)
    if apart and all(line.account != context.book.receivable for line in apart):
        return _journal(apart, stood, day=day, number=number, words=words)
    if isinstance(asked, PaymentDraft):
        short = _short(asked, stood, day=day, words=words) if apart else None
        if short is not None and not back(context, asked, (*stood.all, short)):
            return short
        charged = recharged.lines(context, asked, apart, stood.all, stood.applied)
        return _journal(charged, stood, day=day, number=number, words=words) if charged else None
    return _journal(apart, stood, day=day, number=number, words=words) if apart else None


def _journal(apart: Iterable[EntryLine], stood: Stood, *, day: date, number: str, words: str) -> JournalDraft:
    told = tuple(replace(line, memo=line.memo or words) for line in apart)
    memo, currency = f"{words}, in a closed period", stood.stands.currency
    return JournalDraft(number=number, day=day, lines=told, memo=memo, currency=currency)


def _short(asked: PaymentDraft, stood: Stood, *, day: date, words: str) -> PaymentDraft | None:
    """Return the payment of what a payment is short of, on the invoices where it lacks."""
    mine = [one for one in stood.all if isinstance(one, PaymentDraft)]
    lacks = recharged.lacking(asked, mine, ())
    parts = tuple(Application(subject=s, kind=kind, amount=a) for (s, kind), a in lacks.items() if a)
    amount = asked.amount - sum(one.amount for one in mine)
    same = {(one.account, one.customer) for one in mine} == {(asked.account, asked.customer)}
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


def stood_as(context: Context, base: str, stands: Moved) -> Stood:
    """Return an entry as it stands with its corrections, in order."""
    found = dict(corrections_of_money(context, base))
    apply = {subject + APPLY: context.content(subject + APPLY) for subject in found}
    applying = {subject: one for subject, one in apply.items() if isinstance(one, PaymentDraft)}
    return Stood(stands=stands, corrected=found, applying=applying, position=position(context, base))


def position(context: Context, base: str) -> int:
    """Return which correction of an entry would be next, counted from 1."""
    return len(ever_corrected(context, base)) + 1
