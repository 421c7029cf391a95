"""What a refund may be of: a retainer, or what the payments of the client leave unapplied (decision 0018)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, Sum

from syncapp.core.documents import Money
from syncapp.core.ledger import CreditMemoDraft, EntryLine, PaymentDraft
from syncapp.core.planning.payments import root_of
from syncapp.core.planning.refunds import Refundable, Rest
from syncapp.core.planning.wanted import client_subject
from syncapp.pipeline.context import Context
from syncapp.records import anew
from syncapp.records.models import BookRow, Document, PostedLine

PAYMENTS, MONEYS = "payments/", "bank_transactions/"
_OURS = {"Check", "Expense", "Purchase", "JournalEntry"}  # how a payment names a refund that it pays


def found(context: Context, money: Money) -> Refundable:
    """Return what the books hold for a client that a refund may be of, without what it took itself."""
    if money.trust or money.client_id is None or money.amount >= 0:
        return Refundable()
    own = f"{MONEYS}{money.id}"
    client, others = client_subject(money.client_id), Counter[str]()
    stands: EntryLine | None = None
    for subject, _, line in on_receivables(context):
        if subject.removesuffix("/card") == own:
            stands = line
        elif root_of(line.customer, context.book) == client:
            others[line.customer] += line.amount
    return Refundable(
        retainer=_retainer_held(context, money), rests=_rests(context, client, others), stands=stands
    )


def on_receivables(context: Context) -> Iterator[tuple[str, int, EntryLine]]:
    """Give each refund of a payment that stands, or is on its way: subject, document, line on receivables."""
    receivable = context.book.receivable
    for subject, content, document in _contents(context, context.movements):
        lines = [line for line in content.get("lines") or [] if line.get("account") == receivable]
        draft = context.content(subject) if lines else None
        for line in draft.entry() if draft is not None else ():
            if line.account == receivable:
                yield subject, document, line


def wake(context: Context, batch: Iterable[Document]) -> None:
    """Plan anew the refunds of clients whose payments were just settled: their rest may be another now.

    In a writing scope, before movements of money are settled.
    """
    refunds = list(on_receivables(context))
    if not refunds:
        return
    subjects = {subject for row in batch for subject in context.own[row.pk] | context.coming[row.pk]}
    named = (_customers(content) for _, content in _raw(context, subjects))
    clients = {root_of(customer, context.book) for each in named for customer in each}
    rows = {document for _, document, line in refunds if root_of(line.customer, context.book) in clients}
    anew.plan(Document.objects.filter(firm_id=context.firm_id, pk__in=rows))


def _contents(context: Context, subjects: Iterable[str]) -> Iterator[tuple[str, dict[str, Any], int]]:
    for subject, content in _raw(context, sorted(subjects)):
        stands = context.waiting.get(subject) or context.links.get(subject)
        yield subject, content, (stands.document_id if stands is not None else 0) or 0


def _raw(context: Context, subjects: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for subject in subjects:
        posting, link = context.waiting.get(subject), context.links.get(subject)
        content = (posting.draft if posting is not None else None) or (link.content if link else None)
        if content:
            yield subject, content


def _customers(content: dict[str, Any]) -> set[str]:
    lines = (line.get("customer") or "" for line in content.get("lines") or [] if isinstance(line, dict))
    return {one for one in (content.get("customer") or "", *lines) if one}


@dataclass(slots=True)
class _Paid:
    """What stands of one payment: by customer what it leaves open, in minor units, and its objects."""

    day: date
    name: str
    open: Counter[str] = field(default_factory=Counter)
    subjects: list[str] = field(default_factory=list)


def _rests(context: Context, client: str, refunded: Counter[str]) -> tuple[Rest, ...]:
    """Return what payments leave unapplied by customer; what was refunded is taken from the oldest."""
    paid = _paid(context, client)
    shown = _shown(context, paid)
    parts: dict[str, list[tuple[date, str, int]]] = defaultdict(list)
    for key, one in sorted(paid.items(), key=lambda item: (item[1].day, item[0])):
        for customer, amount in sorted(one.open.items()):
            left = max(min(amount, shown.get(key, amount)), 0)
            taken = min(left, refunded[customer])
            refunded[customer] -= taken
            if left > taken:
                parts[customer].append((one.day, one.name, left - taken))
    return tuple(Rest(customer=customer, parts=tuple(each)) for customer, each in parts.items())


def _paid(context: Context, client: str) -> dict[str, _Paid]:
    """Return what stands of each payment of a client, with what corrects it or takes it back."""
    found: dict[str, _Paid] = {}
    paid = {one for one in (*context.links, *context.waiting) if one.startswith(PAYMENTS)}
    for subject, content, document in _contents(context, paid):
        names = {root_of(one, context.book) for one in _customers(content)}
        draft = context.content(subject) if client in names else None
        if draft is None or document in context.undoing.open:
            continue
        base = "/".join(subject.split("/")[:2])
        one = found.setdefault(base, _Paid(day=date.max, name=""))
        if isinstance(draft, PaymentDraft | CreditMemoDraft) and draft.day < one.day:
            called = getattr(draft, "reference", "") or base.partition("/")[2]
            one.day, one.name = draft.day, f"payment {called} of {draft.day:%-d %b %Y}"
        if isinstance(draft, PaymentDraft):
            one.subjects += [subject] if draft.amount else []
            apart = (part for part in draft.applications if not f"{part.subject}/".startswith(f"{base}/"))
            one.open[draft.customer] -= sum(part.amount for part in apart)
        for line in draft.entry():
            if line.account == context.book.receivable and root_of(line.customer, context.book) == client:
                one.open[line.customer] -= line.amount
    return {base: one for base, one in found.items() if max(one.open.values(), default=0) > 0 and one.name}


def _shown(context: Context, paid: dict[str, _Paid]) -> dict[str, int]:
    """Return what the books themselves show unapplied, of payments that nothing is on its way for.

    A hand may have applied the rest there. What pays a refund of ours is the rest that was refunded.
    """
    links = context.links
    known = {
        base: {links[subject].remote_id for subject in one.subjects if subject in links}
        for base, one in paid.items()
        if one.subjects and not context.waiting.keys() & set(one.subjects)
    }
    if not known:
        return {}
    ids = {context.links[subject].remote_id for subject, _, _ in on_receivables(context) if subject in links}
    rows = BookRow.objects.filter(
        firm_id=context.firm_id, books_id=context.books_id, kind="payment", deleted=False,
        remote_id__in=set().union(*known.values()),
    )  # fmt: skip
    left = {row.remote_id: row.balance + sum(amount for _, amount in linked(row, ids)) for row in rows}
    return {base: sum(left[key] for key in keys) for base, keys in known.items() if keys <= left.keys()}


def linked(payment: BookRow, refunds: Collection[str]) -> Iterator[tuple[str, int]]:
    """Give what of a payment of the books pays some refunds: their ids there, and minor units."""
    for target, amount in payment.data.get("links") or []:
        entity, _, key = target.partition(":")
        if entity in _OURS and key in refunds and amount:
            yield key, amount


def _retainer_held(context: Context, money: Money) -> int:
    """Return what the books hold for a client in the retainer liability, in minor units."""
    liability = context.book.options.retainer_account
    if liability is None or money.client_id is None:
        return 0
    subjects = [client_subject(money.client_id)]
    subjects += [f"matters/{m.id}" for m in context.book.matters.values() if m.client_id == money.client_id]
    lines = PostedLine.objects.filter(
        firm_id=context.firm_id, account=liability.id, customer__in=subjects, entry__books_id=context.books_id
    )
    own_subject = f"{MONEYS}{money.id}"
    mine = lines.filter(Q(entry__subject=own_subject) | Q(entry__subject__startswith=f"{own_subject}/"))
    held, own = (rows.aggregate(total=Sum("minor"))["total"] or 0 for rows in (lines, mine))
    return int(own - held)  # what it took itself, when it was posted, was there for it
