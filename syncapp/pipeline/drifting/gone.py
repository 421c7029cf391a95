"""What a hand took out of the closed books is posted once more; what paid or applied it is put on it again.

When an invoice or a credit goes, QuickBooks takes its payments off it and keeps them: their money is the
client's credit (qbo/API.md section 7, "unlink payments/credits first"; a Payment's link is a line of its own,
section 8.7). A payment of the open period is put on it again, and what applied a credit of the closed books
is made once more: it moves no money. Money received in the closed books QuickBooks lets nobody move by
program (section 11, row 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from syncapp.core.ledger import CreditMemoDraft, Draft, InvoiceDraft, JournalDraft, PaymentDraft
from syncapp.core.money import spoken
from syncapp.core.planning.corrections import base_of, is_correction, numbered_again
from syncapp.core.planning.invoices import NUMBER_LIMIT
from syncapp.pipeline.context import Context
from syncapp.pipeline.drifting import drift, taking
from syncapp.pipeline.drifting.as_it_stands import BEYOND
from syncapp.pipeline.drifting.drift import Place
from syncapp.pipeline.settling import amended, moved
from syncapp.records import anew
from syncapp.records.models import BookChoice, BookRow, Document, Link

if TYPE_CHECKING:
    from accounts.models import User

type Rows = Mapping[Place, BookRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """A payment that paid, or applied, what is gone. `fixed` is one that QuickBooks lets nobody change."""

    link: Link
    draft: PaymentDraft
    row: BookRow | None
    fixed: bool
    amount: int  # of what is gone, in minor units


def is_gone(posted: Draft, row: BookRow | None) -> bool:
    """Tell whether nothing of an entry stands: what only applied a credit is gone when it applies nothing."""
    if row is None or row.deleted or row.voided:
        return True
    return isinstance(posted, PaymentDraft) and not posted.amount and not row.data.get("links")


def refusal(posted: Draft) -> str:
    """Say why what is gone cannot be posted once more; empty when it can."""
    ours = PaymentDraft | InvoiceDraft | CreditMemoDraft | JournalDraft
    return "" if isinstance(posted, ours) else BEYOND


def followers(context: Context, subject: str, rows: Rows) -> list[Follower]:
    """Return what paid or applied something of ours, as it stands in the books now."""
    through = context.book.company.closed_through
    found = []
    for payer, draft, amount in amended.payers(context, subject):
        link = context.links.get(payer)
        if link is None:
            continue
        row = rows.get((link.object_kind, link.remote_id))
        days = (draft.day, row.day if row is not None and row.day else draft.day)
        closed = through is not None and min(days) <= through
        held = link.remote_id in context.deposited and not context.book.relinks_deposited
        found.append(Follower(link=link, draft=draft, row=row, fixed=closed or held, amount=amount))
    return found


def resting(context: Context, subject: str) -> list[Link]:
    """Return what paid or applied something of ours."""
    return [one.link for one in followers(context, subject, {})]


def around(context: Context, link: Link) -> Rows:
    """Read an entry, and what paid or applied it, as they stand in the books. In a scope."""
    mine = [link, *resting(context, link.subject)]
    rows = BookRow.objects.filter(firm_id=context.firm_id, books_id=context.books_id)
    found = rows.filter(remote_id__in=[one.remote_id for one in mine])
    return {(row.kind, row.remote_id): row for row in found}


def told(context: Context, link: Link, posted: Draft, rows: Rows) -> str:
    """Say what becomes of the payments and credits of what is posted once more; empty when it had none."""
    mine = followers(context, link.subject, rows)
    number = _number(context, link, posted)
    back = [one for one in mine if not one.fixed or not one.draft.amount]
    stays = [one for one in mine if one.fixed and one.draft.amount]
    words = [put_on_it(back, again=" again")] if back else []
    if stays:
        one = len(stays) == 1
        words.append(
            f"{_named(stays)} {'stays' if one else 'stay'} the client's credit: QuickBooks lets no program "
            f"change {'it' if one else 'them'}. Tick {number} on {'it' if one else 'each of them'} there"
            + (
                "."
                if isinstance(posted, JournalDraft)
                else f"; or have {'it' if one else 'each of them'} corrected too, which is asked next."
            )
        )
    return " ".join(words)


def put_on_it(some: list[Follower], *, again: str = "") -> str:
    """Say which payments and credits are put on an entry; empty of none."""
    return f"{_named(some)} {'is' if len(some) == 1 else 'are'} put on it{again}." if some else ""


def _number(context: Context, link: Link, posted: Draft) -> str:
    """Return the number under which something is posted once more: a correction is the next one."""
    if not is_correction(link.subject):
        return numbered_again(getattr(posted, "number", ""))
    base = context.content(base_of(link.subject))
    return (
        f"{getattr(base, 'number', '')[: NUMBER_LIMIT - 4]}-K{moved.position(context, base_of(link.subject))}"
    )


def _named(some: Iterable[Follower]) -> str:
    """Name payments by amount and day, and credits by what of them was applied."""
    parts = [
        f"the {'payment' if one.draft.amount else 'credit'} of {spoken(one.amount, one.draft.currency)} of "
        f"{one.draft.day:%-d %b %Y}"
        for one in some
    ]
    text = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    return f"{text[0].upper()}{text[1:]}"


def put_back(context: Context, link: Link, rows: Rows, *, day: date, by: User, now: datetime) -> None:
    """Have what paid or applied something that is posted once more put on it again. In a writing scope."""
    planned: set[int] = set()
    for one in followers(context, link.subject, rows):
        if one.fixed and one.draft.amount:
            continue
        of_correction = is_correction(link.subject) or is_correction(one.link.subject)
        if one.fixed or (of_correction and not one.draft.amount):
            taking.take(one.link, None, now=now)
            taking.keep_day(one.link, was=one.draft.day, day=day, by=by, now=now)
        else:
            BookChoice.objects.update_or_create(
                firm_id=context.firm_id,
                books_id=context.books_id,
                subject=drift.subject_of(one.link.object_kind, one.link.remote_id),
                defaults={"answer": f"{drift.RESTORE}:{drift.shape_of(one.row)}", "by": by, "at": now},
            )
        planned.add(one.link.document_id or 0)
    anew.plan(Document.objects.filter(firm_id=context.firm_id, pk__in=planned))
