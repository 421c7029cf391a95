"""What corrects an entry that lies in a closed period: a new entry of what changed, dated in the open one.

The closed entry is never touched (DESIGN section 9, rule e). What the client owes more is a supplementary
invoice, what he owes less a credit memo; a credit that was taken back is an invoice. Where QuickBooks' sales
forms cannot say it (a discount of the whole bill given or taken back alone), it is a journal entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from syncapp.core.ledger import (
    CreditMemoDraft,
    DiscountLine,
    EntryLine,
    InvoiceDraft,
    JournalDraft,
    PaymentDraft,
    SaleLine,
)
from syncapp.core.planning.invoices import NUMBER_LIMIT

Sale = InvoiceDraft | CreditMemoDraft
Correction = InvoiceDraft | CreditMemoDraft | JournalDraft
Moved = PaymentDraft | JournalDraft
MARK = "/correction/"
AGAIN = "-K"  # behind the number of an invoice that is posted once more
RECEIVABLE = "What the client owes"  # names the receivable line of a correction by journal entry


def correction_subject(base: str, position: int) -> str:
    """Return the subject of the n-th correction of an entry, counted from 1."""
    return f"{base}{MARK}{position}"


def is_correction(subject: str) -> bool:
    """Tell whether a subject is a correction, or the payment that applies one."""
    return MARK in subject


def base_of(subject: str) -> str:
    """Return the subject that a correction corrects; any other subject is its own."""
    return subject.partition(MARK)[0]


def open_day(edited: date, through: date) -> date:
    """Return the day of a correction: the day of the change, or the first open day after the closed ones."""
    return max(edited, through + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class _Place:
    """One form: a customer, a location, and a class where the company keeps one for a whole form."""

    customer: str
    location: str
    class_id: str


@dataclass(frozen=True, slots=True)
class _Line:
    """What is added up within a form. A discount has an account and no item."""

    item: str
    account: str
    class_id: str
    discount: bool


_Row = tuple[_Place, _Line, int]  # minor units; positive is what the client owes
_Sums = dict[_Place, dict[_Line, int]]


def corrections(
    base: Sale,
    earlier: Iterable[Correction],
    wanted: Sale | None,
    *,
    number: str,
    day: date,
) -> list[Correction]:
    """Draft what brings `base` with its earlier corrections to what is wanted; nothing when they agree.

    An entry that is wanted no more, and was never corrected, is taken back line for line.
    """
    before = list(earlier)
    if wanted is None and not before:
        return [_taken_back(base, number=number, day=day)]
    whole = bool(base.class_id or (wanted is not None and wanted.class_id))
    signed = [(base, -1), *((draft, -1) for draft in before), *([(wanted, 1)] if wanted else [])]
    sums: _Sums = {}
    for draft, sign in signed:
        for place, line, amount in _rows(draft, whole=whole):
            lines = sums.setdefault(place, {})
            lines[line] = lines.get(line, 0) + sign * amount
    places = [(place, {k: v for k, v in lines.items() if v}) for place, lines in sums.items()]
    changed = [(place, lines) for place, lines in places if lines]
    drafts = []
    for position, (place, lines) in enumerate(changed):
        suffix = chr(ord("a") + position) if len(changed) > 1 else ""
        drafts.append(_draft(place, lines, base, number=_numbered(number, suffix), day=day))
    return drafts


def _numbered(number: str, suffix: str) -> str:
    return number[: NUMBER_LIMIT - len(suffix)] + suffix


def _rows(draft: Correction, *, whole: bool) -> Iterator[_Row]:
    """Return what a draft charges line by line; `whole` when a form bears one class."""
    if isinstance(draft, JournalDraft):
        for row in draft.lines:
            if row.memo != RECEIVABLE:
                yield _row(
                    row.customer,
                    row.location,
                    row.class_id,
                    row.item,
                    row.account,
                    -row.amount,
                    whole=whole,
                )
        return
    sign = -1 if isinstance(draft, CreditMemoDraft) else 1
    for line in draft.lines:
        class_id, amount = line.class_id or draft.class_id, sign * line.amount
        yield _row(draft.customer, draft.location, class_id, line.item, line.account, amount, whole=whole)
    if draft.discount is not None:
        class_id, amount = draft.discount.class_id or draft.class_id, -sign * draft.discount.amount
        yield _row(draft.customer, draft.location, class_id, "", draft.discount.account, amount, whole=whole)


def _row(
    customer: str, location: str, class_id: str, item: str, account: str, amount: int, *, whole: bool
) -> _Row:
    of_form, of_line = (class_id, "") if whole else ("", class_id)
    return _Place(customer, location, of_form), _Line(item, account, of_line, not item), amount


def _draft(place: _Place, lines: dict[_Line, int], base: Sale, *, number: str, day: date) -> Correction:
    """Draft one correction: an invoice, a credit memo, or where a form cannot say it a journal entry."""
    sales = {key: amount for key, amount in lines.items() if not key.discount}
    discounts = {key: amount for key, amount in lines.items() if key.discount}
    total = sum(lines.values())
    sign = 1 if total >= 0 else -1
    fits = len(discounts) <= 1 and all(-sign * amount > 0 for amount in discounts.values())
    if not sales or not fits:
        return _journal(place, lines, base, number=number, day=day)
    words = f"Correction of {_named(base)}"
    rows = tuple(
        SaleLine(
            item=key.item,
            account=key.account,
            class_id=key.class_id,
            amount=sign * amount,
            role="correction",
            description=words,
        )
        for key, amount in sales.items()
    )
    discount = next(
        (
            DiscountLine(account=k.account, amount=-sign * v, class_id=k.class_id)
            for k, v in discounts.items()
        ),
        None,
    )
    return _form(base, sign, place, rows, discount, number=number, day=day)


def _form(
    base: Sale,
    sign: int,
    place: _Place,
    lines: tuple[SaleLine, ...],
    discount: DiscountLine | None,
    *,
    number: str,
    day: date,
) -> InvoiceDraft | CreditMemoDraft:
    memo = f"Correction of {_named(base)} of {base.day.isoformat()}, in a closed period. {base.memo}"[:1000]
    if sign > 0:
        return InvoiceDraft(
            customer=place.customer,
            number=number,
            day=day,
            due=day,
            receivable=base.receivable,
            lines=lines,
            discount=discount,
            location=place.location,
            class_id=place.class_id,
            memo=memo,
            currency=base.currency,
        )
    return CreditMemoDraft(
        customer=place.customer,
        number=number,
        day=day,
        receivable=base.receivable,
        lines=lines,
        discount=discount,
        location=place.location,
        class_id=place.class_id,
        memo=memo,
        currency=base.currency,
    )


def _taken_back(base: Sale, *, number: str, day: date) -> Correction:
    """Draft the opposite of an entry, line for line."""
    place = _Place(base.customer, base.location, base.class_id)
    sign = -1 if isinstance(base, InvoiceDraft) else 1
    lines = tuple(replace(line, description=line.description or _named(base)) for line in base.lines)
    return _form(base, sign, place, lines, base.discount, number=number, day=day)


def _journal(place: _Place, lines: dict[_Line, int], base: Sale, *, number: str, day: date) -> JournalDraft:
    total = sum(lines.values())
    words = f"Correction of {_named(base)}"
    rows = [
        EntryLine(
            account=key.account,
            amount=-amount,
            customer=place.customer,
            item=key.item,
            class_id=key.class_id or place.class_id,
            location=place.location,
            memo=words,
        )
        for key, amount in lines.items()
    ]
    if total:
        owed = EntryLine(account=base.receivable, amount=total, customer=place.customer, memo=RECEIVABLE)
        rows.insert(0, owed)
    return JournalDraft(
        number=number,
        day=day,
        lines=tuple(rows),
        currency=base.currency,
        memo=f"{words} of {base.day.isoformat()}, in a closed period",
    )


def _named(base: Sale) -> str:
    kind = "invoice" if isinstance(base, InvoiceDraft) else "credit memo"
    return f"{kind} {base.number}"


def owed(draft: Correction) -> int:
    """Return what a correction adds to what the client owes, in minor units; a credit is below zero."""
    if isinstance(draft, JournalDraft):
        return sum(line.amount for line in draft.lines if line.memo == RECEIVABLE)
    return draft.total if isinstance(draft, InvoiceDraft) else -draft.total


def numbered_again(number: str) -> str:
    """Return the number of an entry that is posted once more."""
    return f"{number[: NUMBER_LIMIT - len(AGAIN)]}{AGAIN}"


def posted_again(draft: Sale | Moved, *, day: date) -> Sale | Moved:
    """Return what a hand took out of the closed books, posted once more in the open period.

    It says of which one it is. What was made void keeps its number in the books, so that it has one of its
    own; it is due as it was.
    """
    if isinstance(draft, PaymentDraft):
        what = "Payment" if draft.amount else "Credit applied"
        words = f"{what} of {draft.day.isoformat()} once more, which was taken out of the books"
        return replace(draft, day=day, memo=f"{words}. {draft.memo}"[:1000])
    what = {InvoiceDraft: "Invoice", CreditMemoDraft: "Credit memo"}.get(type(draft), "Entry")
    words = f"{what} {draft.number} of {draft.day.isoformat()} once more, which was taken out of the books"
    return replace(draft, day=day, number=numbered_again(draft.number), memo=f"{words}. {draft.memo}"[:1000])
