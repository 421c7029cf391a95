"""An entry of ours as a hand left it in the books, read as what might have been posted; or why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from syncapp.core.ledger import (
    Application,
    CreditMemoDraft,
    DiscountLine,
    Draft,
    EntryLine,
    InvoiceDraft,
    JournalDraft,
    ObjectKind,
    PaymentDraft,
    SaleLine,
)
from syncapp.core.planning.corrections import RECEIVABLE
from syncapp.pipeline.context import Context
from syncapp.pipeline.ties import entries
from syncapp.records.models import BookRow

OTHERS = (
    "It pays or uses something now that Tieout did not post. Take it off that in QuickBooks; then this can "
    "be corrected, or ends by itself."
)
STRANGER = (
    "It stands on a customer now that is no client's here. Put it on the client's customer in QuickBooks, or "
    "link that customer; then this can be corrected."
)
WALLED = (
    "It stands on an account that holds client money now, and no entry of the firm's own money may touch "
    "that. Put it right in QuickBooks."
)
BEYOND = "No entry of its own can say the difference: put it right in QuickBooks, or accept it with a reason."

_KINDS = {name: kind for kind, name in entries.TARGETS.items()}


def read(context: Context, posted: Draft, row: BookRow) -> Draft | str:
    """Read an entry of ours as it stands now; a sentence where it has what no entry of ours could correct."""
    if isinstance(posted, PaymentDraft):
        return _payment(context, posted, row)
    if isinstance(posted, JournalDraft):
        return _journal(context, posted, row)
    if isinstance(posted, InvoiceDraft | CreditMemoDraft):
        return _sale(context, posted, row)
    return BEYOND


def _lines(context: Context, row: BookRow) -> list[EntryLine] | str:
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
    if any(line.account in context.walled for line in lines):
        return WALLED
    untold = any(not line.account for line in lines) or sum(line.amount for line in lines) != 0
    return BEYOND if untold else lines


def _journal(context: Context, posted: JournalDraft, row: BookRow) -> Draft | str:
    lines = _lines(context, row)
    if isinstance(lines, str):
        return lines
    receivable = context.book.receivable
    if any(line.customer not in context.links for line in lines if line.account == receivable):
        return STRANGER
    return replace(posted, day=row.day or posted.day, lines=tuple(_as_posted(context, posted, lines)))


def _as_posted(context: Context, posted: JournalDraft, lines: list[EntryLine]) -> Iterator[EntryLine]:
    """Name the lines of a journal entry as those that were posted: QuickBooks keeps no product on them."""
    named = any(line.memo == RECEIVABLE for line in posted.lines)
    whose = {line.customer for line in posted.lines}
    items: dict[str, set[str]] = {}
    for line in posted.lines:
        items.setdefault(line.account, set()).add(line.item)
    for one in lines:
        if one.account == context.book.receivable:
            yield replace(one, memo=RECEIVABLE) if named else one
            continue
        sold = items.get(one.account, set())
        customer = one.customer or (next(iter(whose)) if len(whose) == 1 else "")
        yield replace(one, item=next(iter(sold)) if len(sold) == 1 else "", customer=customer)


def _payment(context: Context, posted: PaymentDraft, row: BookRow) -> Draft | str:
    lines = _lines(context, row)
    if isinstance(lines, str):
        return lines
    customer = context.customer(row.customer)
    applied = list(_applied(context, row))
    if any(one is None for one in applied):
        return OTHERS
    if customer not in context.links:
        return STRANGER
    if any(line.amount < 0 and line.account != posted.receivable for line in lines):
        return BEYOND
    return replace(
        posted,
        customer=customer,
        day=row.day or posted.day,
        account=next((line.account for line in lines if line.amount > 0), posted.account),
        amount=row.total,
        applications=tuple(one for one in applied if one is not None),
    )


def _applied(context: Context, row: BookRow) -> Iterator[Application | None]:
    """Give what a payment pays or uses now; None for what is not ours."""
    for target, amount in row.data.get("links") or []:
        entity, _, remote_id = str(target).partition(":")
        if (kind := _KINDS.get(entity)) is None:
            continue  # the deposit that it lies in
        subject = context.subject_of.get((kind.value, remote_id))
        if subject is None:
            yield None
        elif int(amount):
            yield Application(subject=subject, kind=ObjectKind(kind), amount=int(amount))


def _sale(context: Context, posted: InvoiceDraft | CreditMemoDraft, row: BookRow) -> Draft | str:
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
            return BEYOND
    if customer not in context.links:
        return STRANGER
    if len(discounts) > 1 or not sold:
        return BEYOND
    return replace(
        posted,
        customer=customer,
        number=row.number or posted.number,
        day=row.day or posted.day,
        lines=tuple(sold),
        discount=discounts[0] if discounts else None,
    )
