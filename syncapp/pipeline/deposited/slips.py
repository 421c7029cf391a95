"""The deposit that holds a payment: opened, and put together again with the payment as it is now.

A deposit of several lines is changed, the other lines word for word as they are; one that holds nothing else
is taken back and made anew (qbo/API.md section 8.10: a deposit has at least one line, and no void).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncapp.core import codec
from syncapp.core.books import BookObject
from syncapp.core.ledger import DepositDraft, ObjectKind, SlipDraft
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.pipeline.context import Context, draft_of
from syncapp.records.models import BookRow, Link

if TYPE_CHECKING:
    from datetime import date

    from syncapp.pipeline.deposited.asking import Part

type Slip = SlipDraft | DepositDraft


def taken_back(context: Context, subject: str, deposit: str) -> DepositDraft | None:
    """Return a deposit that was taken back to be made anew, as it stood; None for any other."""
    links = Link.objects.filter(firm_id=context.firm_id, books_id=context.books_id, subject=subject)
    link = links.filter(remote_id=deposit, live=False).first()
    draft = draft_of(link.object_kind, link.content) if link is not None and link.content else None
    return draft if isinstance(draft, DepositDraft) else None


def wanted_of(answer: Answer) -> Wanted | None:
    """Return the deposit that a wish makes for its own payments; None for one payment of its own."""
    return next((one for one in answer.wanted if isinstance(one.draft, DepositDraft)), None)


def subject_of(answer: Answer, parts: list[Part]) -> str:
    """Return the subject of the deposit that holds the payments of a wish."""
    own = wanted_of(answer)
    return own.subject if own is not None else f"{parts[0].subject}/redeposit"


def standing(context: Context, answer: Answer, parts: list[Part], deposit: str) -> Slip | None:
    """Return a deposit as it stands; None when it cannot be put together again from what is known of it."""
    own = wanted_of(answer)
    link = context.links.get(context.subject_of.get((ObjectKind.DEPOSIT.value, deposit), ""))
    if link is not None:
        draft = draft_of(link.object_kind, link.content or {})
        mine = link.subject == subject_of(answer, parts)
        return draft if mine and isinstance(draft, SlipDraft | DepositDraft) else None
    rows = BookRow.objects.filter(firm_id=context.firm_id, books_id=context.books_id, kind="deposit")
    row = rows.filter(remote_id=deposit).first() if own is None else None
    seen = codec.from_json(BookObject, row.data) if row is not None else None
    if seen is None or seen.day is None or not seen.rows or sum(r.amount for r in seen.rows) != seen.total:
        return None
    return _read(context, seen, seen.day, [part for part in parts if part.deposit == deposit])


def _read(context: Context, seen: BookObject, day: date, held: list[Part]) -> Slip:
    """Read somebody's deposit: as one of ours where it holds only payments of one wish."""
    draft = held[0].standing
    if {row.source for row in seen.rows} <= {f"Payment:{part.link.remote_id}" for part in held}:
        return DepositDraft(
            day=day,
            bank=seen.account,
            undeposited=context.book.undeposited,
            payments=tuple(part.subject for part in held),
            amounts=tuple(part.standing.amount for part in held),
            currency=draft.currency,
            memo=draft.memo,
        )
    return SlipDraft(
        day=day,
        bank=seen.account,
        undeposited=context.book.undeposited,
        rows=seen.rows,
        currency=draft.currency,
    )


def after(context: Context, answer: Answer, parts: list[Part], held: list[Part]) -> Slip | None:
    """Return the deposit with the payments changed and put back; None where that is not safe.

    It must be one deposit, in open books, of payments that still wait in Undeposited Funds.
    """
    deposit, through = held[0].deposit, context.book.company.closed_through
    waits = all(part.wanted.account == context.book.undeposited for part in held)
    if not waits or any(part.deposit != deposit for part in held):
        return None
    stands = standing(context, answer, parts, deposit)
    days = [part.standing.day for part in held] + [part.wanted.day for part in held]
    if stands is None or (through is not None and min(*days, stands.day) <= through):
        return None
    return together(answer, stands, parts)


def together(answer: Answer, stands: Slip, parts: list[Part]) -> Slip:
    """Return a deposit with the payments of a wish as they are wanted."""
    own = wanted_of(answer)
    if own is not None and isinstance(own.draft, DepositDraft):
        return own.draft
    by = {part.subject: part.wanted.amount for part in parts}
    if isinstance(stands, DepositDraft):
        amounts = (by.get(s, a) for s, a in zip(stands.payments, stands.amounts, strict=True))
        return DepositDraft(
            day=stands.day,
            bank=stands.bank,
            undeposited=stands.undeposited,
            payments=stands.payments,
            amounts=tuple(amounts),
            currency=stands.currency,
            memo=stands.memo,
        )
    for part in parts:
        stands = stands.holding(f"Payment:{part.link.remote_id}", part.wanted.amount)
    return stands
