"""Which payment in a deposit says something else now, and what may be done about it.

QuickBooks does not let such a payment be changed (6540, qbo/API.md section 9), so it is never changed by
itself and never made a second time: a person chooses between three repairs, each shown with its entry.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from syncapp.core import codec
from syncapp.core.keys import fingerprint
from syncapp.core.ledger import Draft, EntryLine, ObjectKind, PaymentDraft
from syncapp.core.money import spoken
from syncapp.core.planning import returns
from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.deposited import slips
from syncapp.pipeline.settling.barriers import only_relinked, print_of
from syncapp.records.models import Document, Link

CODE = "deposited"
AGAIN, ENTRY, CREDIT = "again", "entry", "credit"
SHOWN = 12  # characters of the fingerprint of what a person saw


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A payment of a document as it is wanted and as it stands; `deposit` is the one that holds it."""

    subject: str
    wanted: PaymentDraft
    standing: PaymentDraft
    link: Link
    deposit: str

    @property
    def gap(self) -> int:
        """Return what it stands for more than it is wanted for, in minor units."""
        return self.standing.amount - self.wanted.amount

    @property
    def differs(self) -> bool:
        """Tell whether it stands otherwise than it is wanted."""
        return self.link.print != print_of(self.wanted)


def subject_of(payment_id: int) -> str:
    """Return the subject under which a person's answer about such a payment is kept."""
    return f"{returns.payment_subject(payment_id)}/deposited"


def parts_of(context: Context, answer: Answer) -> list[Part]:
    """Return the payments of a wish that stand in the books, each with its deposit if it has one."""
    return [part for wanted in answer.wanted if (part := _part(context, wanted.subject, wanted.draft))]


def _part(context: Context, subject: str, wanted: Draft) -> Part | None:
    link = context.links.get(subject)
    if link is None or link.content is None or not isinstance(wanted, PaymentDraft):
        return None
    standing = draft_of(link.object_kind, link.content)
    if not isinstance(standing, PaymentDraft) or not standing.amount:
        return None
    deposit = context.deposited.get(link.remote_id, "")
    return Part(subject=subject, wanted=wanted, standing=standing, link=link, deposit=deposit)


def stuck(context: Context, part: Part) -> bool:
    """Tell whether a payment cannot be changed where it is."""
    moves = context.book.relinks_deposited and only_relinked(part.standing, part.wanted)
    return bool(part.deposit) and part.differs and not moves


def print_of_wish(parts: Sequence[Part]) -> str:
    """Return the fingerprint of what Clio says now: an answer is about that, and about nothing later."""
    return fingerprint([codec.to_json(part.wanted) for part in parts])[:SHOWN]


def question(context: Context, row: Document, answer: Answer, parts: list[Part]) -> Problem:
    """Ask which repair it shall be; without a safe one, say what to do in QuickBooks."""
    held = [part for part in parts if stuck(context, part)]
    first = held[0]
    ways = list(_ways(context, answer, parts, held))
    was, now = (sum(getattr(p, name).amount for p in held) for name in ("standing", "wanted"))
    currency = first.standing.currency
    changed = f"it says {spoken(now, currency)} now" if was != now else "it pays other bills now"
    account = context.book.chart.accounts.get(context.deposit_bank.get(first.deposit, ""))
    return Problem(
        code=CODE,
        fix=Fix.CHOOSE if ways else Fix.BOOKS,
        cause=returns.payment_subject(row.source_id),
        title=f"A payment of {spoken(was, currency)} of {first.standing.day:%-d %b %Y} changed in Clio after "
        f"it was deposited: {changed}.",
        words="This payment is in a QuickBooks deposit and changed in Clio later. "
        + ("Choose the repair." if ways else "Take it out of the deposit in QuickBooks, then try again."),
        facts={
            "for": subject_of(row.source_id),
            "was": str(was),
            "now": str(now),
            "currency": currency,
            "day": first.standing.day.isoformat(),
            "bank": account.name if account else "",
            "payment": first.link.remote_id,
            "print": f"{print_of_wish(parts)}:{first.deposit}:{was - now}",
            "ways": json.dumps(ways) if ways else "",
        },
    )


def _slip(context: Context, deposit: str) -> str:
    """Return the id of the deposit made here that holds a payment; empty for one made in the books."""
    kind, _, key = context.subject_of.get((ObjectKind.DEPOSIT.value, deposit), "").partition("/")
    return key if kind == "deposits" else ""


def _ways(context: Context, answer: Answer, parts: list[Part], held: list[Part]) -> Iterator[dict[str, Any]]:
    """Give the repairs that are safe here, each with the entry that it posts."""
    if (after := slips.after(context, answer, parts, held)) is not None:
        drafts = [*(part.wanted for part in held), after]
        yield {"way": AGAIN, "lines": _lines(context, drafts), "total": after.total}
    part = held[0]
    alone = len(held) == 1 and part.gap > 0 and part.wanted.customer == part.standing.customer
    if not alone:
        return
    bank = context.deposit_bank.get(part.deposit, "")
    if bank:
        yield {"way": ENTRY, "lines": _entry(context, part, bank)}
    liability = context.book.options.retainer_account
    if moves(context, part):
        yield {"way": CREDIT, "lines": _kept(context, part)}
    elif liability is not None:
        yield {"way": CREDIT, "lines": _entry(context, part, liability.id)}


def moves(context: Context, part: Part) -> bool:
    """Tell whether what the payment pays may be changed while it stays in its deposit.

    Nobody documents whether QuickBooks lets it (6540, qbo/API.md sections 7 and 11): it is tried once.
    """
    through = context.book.company.closed_through
    closed = through is not None and part.standing.day <= through
    return context.book.relinks_deposited and not closed


def _entry(context: Context, part: Part, account: str) -> list[dict[str, Any]]:
    entry = returns.part_back(
        part.standing, amount=part.gap, account=account, day=part.standing.day, number="", words=""
    )
    return _lines(context, [entry])


def _kept(context: Context, part: Part) -> list[dict[str, Any]]:
    """Show the payment as it then stands: its money, what it pays, and what is the client's credit."""
    bank = part.standing.account
    money = EntryLine(account=bank, amount=part.standing.amount)
    pays = EntryLine(account=part.standing.receivable, amount=-part.wanted.amount, memo="pays its bills")
    rest = EntryLine(account=part.standing.receivable, amount=-part.gap, memo="the client's credit")
    return [_line(context, one) for one in (money, pays, rest) if one.amount]


def _lines(context: Context, drafts: Sequence[Draft]) -> list[dict[str, Any]]:
    named = {ObjectKind.PAYMENT: "the payment", ObjectKind.DEPOSIT: "the deposit"}
    return [
        _line(context, line, named.get(draft.kind, ""))
        for draft in drafts
        for line in draft.entry()
        if line.amount
    ]


def _line(context: Context, line: EntryLine, memo: str = "") -> dict[str, Any]:
    account = context.book.chart.accounts.get(line.account)
    return {
        "account": account.name if account else line.account,
        "memo": memo or line.memo,
        "debit": max(line.amount, 0),
        "credit": max(-line.amount, 0),
    }
