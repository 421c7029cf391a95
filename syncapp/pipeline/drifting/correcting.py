"""What a hand changed in the closed books: the entry stays as it stands, and one of its own corrects it.

An invoice or credit that was changed is taken as it stands; the road of closed periods (`corrections`) then
proposes the entry of the difference, which a person approves. A payment or journal entry that was put on
other accounts is moved back, what a payment is short of is a payment of its own (`moved`), and what is gone
is posted once more in the open period. QuickBooks takes no change of what its closed books hold (qbo/API.md
section 11, row 5).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from syncapp.core.ledger import (
    Application,
    CreditMemoDraft,
    DiscountLine,
    Draft,
    EntryLine,
    InvoiceDraft,
    JournalDraft,
    PaymentDraft,
    SaleLine,
)
from syncapp.core.planning import reversing
from syncapp.core.planning.corrections import correction_subject, is_correction, open_day
from syncapp.pipeline import queue
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import drift, hands, taking
from syncapp.pipeline.drifting.drift import Place
from syncapp.pipeline.settling import amended, moved
from syncapp.pipeline.ties import entries
from syncapp.records.models import BookRow, Link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User

BEYOND = "No entry of its own can say the difference: put it right in QuickBooks, or accept it with a reason."


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What would correct an entry of the closed books, dated `day`.

    `stands` is how it stands there, None when it is gone; `amounts` are minor units by account.
    """

    day: date
    amounts: dict[str, int]
    stands: Draft | None = None


def offered(
    context: Context, verdicts: list[queue.Verdict], rows: dict[Place, BookRow], now: datetime
) -> list[queue.Verdict]:
    """Say on each alarm of a changed entry what keeps it from being put back, and what would correct it."""
    return [
        replace(one, alarms=tuple(_told(context, alarm, rows, now) for alarm in one.alarms))
        for one in verdicts
    ]


def _told(context: Context, alarm: Any, rows: dict[Place, BookRow], now: datetime) -> Any:
    place = _place(alarm.facts.get("place", ""))
    link, through = _link(context, place), context.book.company.closed_through
    if alarm.code not in {hands.CHANGED, hands.OTHERWISE} or link is None or through is None:
        return alarm
    if not _closed(link, rows.get(place), through):
        return alarm
    found = offer(context, link, rows.get(place), now=now)
    why = f"It lies in the books that are closed through {through:%-d %b %Y}."
    told = {"closed": "yes", "fixed": why if found is not None else f"{why} {BEYOND}"}
    if found is not None:
        lines = [drift.shown_line(context, key, sum_) for key, sum_ in found.amounts.items()]
        told |= {"correction": json.dumps(lines), "correction_day": found.day.isoformat()}
        told |= {"again": "yes"} if found.stands is None else {}
        told |= {"approve": "yes"} if isinstance(found.stands, InvoiceDraft | CreditMemoDraft) else {}
    return replace(alarm, facts=dict(alarm.facts) | told)


def _place(named: str) -> Place:
    kind, _, remote_id = named.partition(":")
    return kind, remote_id


def _link(context: Context, place: Place) -> Link | None:
    return context.links.get(context.subject_of.get(place, ""))


def _closed(link: Link, row: BookRow | None, through: date) -> bool:
    day = getattr(draft_of(link.object_kind, link.content or {}), "day", None)
    days = [day, row.day if row is not None and not row.deleted else None]
    return any(one is not None and one <= through for one in days)


def offer(context: Context, link: Link, row: BookRow | None, *, now: datetime) -> Offer | None:
    """Return what would correct an entry of the closed books; None where no entry of ours can."""
    posted, through = draft_of(link.object_kind, link.content or {}), context.book.company.closed_through
    if through is None or is_correction(link.subject) or link.subject.startswith(reversing.BOOKS):
        return None
    day = open_day(drift.today(context, now), through)
    stands: Draft | None = None
    if row is None or row.deleted or row.voided:
        if not _free(context, link.subject, posted):
            return None
    else:
        stands = standing(context, posted, row)
        if stands is None or entries.difference(stands, row, context):
            return None  # something else of it differs too
    amounts = {context.place(line): 0 for line in posted.entry()}
    for line in posted.entry():
        amounts[context.place(line)] += line.amount
    for line in stands.entry() if stands is not None else ():
        amounts[line.account] = amounts.get(line.account, 0) - line.amount
    amounts = {key: amount for key, amount in amounts.items() if amount}
    return Offer(day=day, amounts=amounts, stands=stands) if amounts else None


def _free(context: Context, subject: str, posted: Draft) -> bool:
    """Tell whether what is gone can be posted once more: nothing else in the books rests on it."""
    if isinstance(posted, PaymentDraft):
        return bool(posted.amount)
    corrected = context.content(correction_subject(subject, 1)) is not None
    return isinstance(posted, InvoiceDraft) and not corrected and not any(amended.payers(context, subject))


def _moved(context: Context, posted: PaymentDraft | JournalDraft, row: BookRow) -> Draft | None:
    """Read a payment or journal entry that a hand moved or made smaller; None where more was changed."""
    lines = [
        EntryLine(
            account=str(line["account"]),
            amount=int(line["amount"]),
            customer=context.customer(line["customer"]) if line.get("customer") else "",
            class_id=line.get("class_id") or "",
            location=line.get("location") or "",
        )
        for line in row.data.get("lines") or []
    ]
    untold = any(not line.account or line.account in context.walled for line in lines)
    if untold or sum(line.amount for line in lines) != 0:
        return None
    day = row.day or posted.day
    if isinstance(posted, JournalDraft):
        stands: PaymentDraft | JournalDraft = replace(posted, day=day, lines=tuple(lines))
    else:
        into = next((line.account for line in lines if line.amount > 0), "")
        stands = replace(posted, day=day, account=into, amount=row.total)
        stands = replace(stands, applications=tuple(_applied(context, posted, row)))
    draft = moved.missing(context, posted, (stands,), day=day, number="", words="")
    return stands if draft is not None else None


def _applied(context: Context, posted: PaymentDraft, row: BookRow) -> Iterator[Application]:
    """Give what a payment still pays of what it was posted for."""
    pays = {str(target): int(amount) for target, amount in row.data.get("links") or []}
    for part in posted.applications:
        link = context.links.get(part.subject)
        amount = pays.get(f"{entries.TARGETS.get(part.kind, '')}:{link.remote_id}", 0) if link else 0
        if amount:
            yield replace(part, amount=amount)


def standing(context: Context, posted: Draft, row: BookRow) -> Draft | None:
    """Read an entry of ours as it stands now; None where it has what no entry of ours could correct."""
    if isinstance(posted, PaymentDraft | JournalDraft):
        return _moved(context, posted, row)
    if not isinstance(posted, InvoiceDraft | CreditMemoDraft):
        return None
    customer = context.customer(row.customer)
    sign = -1 if isinstance(posted, InvoiceDraft) else 1
    sold: list[SaleLine] = []
    discounts: list[DiscountLine] = []
    for line in row.data.get("lines") or []:
        account, amount, item = str(line["account"]), sign * int(line["amount"]), line.get("item") or ""
        class_id = line.get("class_id") or ""
        if item:
            sold.append(SaleLine(item=item, account=account, amount=amount, class_id=class_id))
        elif account and account != posted.receivable and amount < 0:
            discounts.append(DiscountLine(account=account, amount=-amount, class_id=class_id))
        elif account != posted.receivable and amount:
            return None
    if len(discounts) > 1 or not sold or customer not in context.links:
        return None
    return replace(
        posted,
        customer=customer,
        number=row.number or posted.number,
        day=row.day or posted.day,
        lines=tuple(sold),
        discount=discounts[0] if discounts else None,
    )


def take(context: Context, place: Place, row: BookRow | None, *, by: User, now: datetime) -> str | None:
    """Take an entry as it stands, for its correction to be proposed; a sentence when there is none.

    In a writing scope.
    """
    link = _link(context, place)
    found = offer(context, link, row, now=now) if link is not None else None
    if link is None or found is None:
        return BEYOND
    was = getattr(draft_of(link.object_kind, link.content or {}), "day", found.day)
    taking.take(link, found.stands, now=now)
    taking.keep_day(link, was=was, day=found.day, by=by, now=now)
    return None
