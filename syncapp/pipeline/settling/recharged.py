"""A payment of the closed books on other invoices or another customer, or of more: how it is brought back.

A journal entry charges again what the payment took too much, and credits what it pays no more; a payment of
nothing applies that credit to the invoices that lack it, as QuickBooks applies a credit (qbo/API.md section
8.7). The credit is its first line: which line a payment uses is left to the ledger there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from syncapp.core.ledger import Application, EntryLine, JournalDraft, ObjectKind, PaymentDraft
from syncapp.core.planning.corrections import RECEIVABLE, is_correction
from syncapp.pipeline.context import Context

type _Targets = Counter[tuple[str, ObjectKind]]


def lacking(
    asked: PaymentDraft, standing: Iterable[PaymentDraft | JournalDraft], applied: Iterable[PaymentDraft]
) -> _Targets:
    """Return what each target lacks of what is asked, in minor units; below zero where it has too much."""
    lacks: _Targets = Counter({(part.subject, part.kind): part.amount for part in asked.applications})
    for one in (*standing, *applied):
        for part in one.applications if isinstance(one, PaymentDraft) else ():
            if not is_correction(part.subject):
                lacks[part.subject, part.kind] -= part.amount
    return lacks


def lines(
    context: Context,
    asked: PaymentDraft,
    apart: Iterable[EntryLine],
    standing: tuple[PaymentDraft | JournalDraft, ...],
    applied: Iterable[PaymentDraft],
) -> list[EntryLine]:
    """Return the lines of the entry, the credit first; none where nothing lacks or is too much.

    `apart` are the lines by which the accounts differ. What lacks and is no invoice no credit can pay.
    """
    receivable = context.book.receivable
    lacks = lacking(asked, standing, applied)
    used = [part for one in standing if isinstance(one, PaymentDraft) for part in one.applications]
    if any(part.kind is ObjectKind.CREDIT_MEMO for part in (*used, *asked.applications)):
        return []  # it uses a credit too
    if any(amount > 0 and kind is not ObjectKind.INVOICE for (_, kind), amount in lacks.items()):
        return []
    credit = sum(amount for amount in lacks.values() if amount > 0)
    others = [line for line in apart if line.account != receivable]
    by_customer: Counter[str] = Counter()
    for line in apart:
        by_customer[line.customer] += line.amount if line.account == receivable else 0
    charged = by_customer[asked.customer] + credit
    by_customer[asked.customer] = max(charged, 0)
    place = EntryLine(account=receivable, amount=0, memo=RECEIVABLE)
    mine = replace(place, customer=asked.customer, amount=min(charged, 0) - credit)
    debits = [replace(place, customer=key, amount=amount) for key, amount in by_customer.items() if amount]
    return [line for line in (mine, *debits, *others) if line.amount]


def applied(
    asked: PaymentDraft,
    standing: tuple[PaymentDraft | JournalDraft, ...],
    before: Iterable[PaymentDraft],
    *,
    entry: JournalDraft,
    subject: str,
) -> PaymentDraft | None:
    """Return the payment of nothing that applies the entry's credit to what lacks; None without one."""
    lacks = lacking(asked, standing, before)
    parts = [Application(subject=s, kind=kind, amount=a) for (s, kind), a in lacks.items() if a > 0]
    credit = sum(-line.amount for line in entry.lines if line.memo == RECEIVABLE and line.amount < 0)
    amount = sum(part.amount for part in parts)
    if not parts or amount > credit:
        return None
    used = Application(subject=subject, kind=ObjectKind.JOURNAL, amount=amount)
    return replace(
        asked, day=entry.day, amount=0, account="", applications=(*parts, used), reference="", method="",
        memo=f"{entry.memo}, applied",
    )  # fmt: skip
