"""What changes an entry of client money that stays as it is: a later entry of the difference, and no other.

An entry that is matched to a bank line, or lies in a closed or signed period, is never changed or taken out
(DESIGN section 9, e); one that is free is still never deleted, but reversed on its own date.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from syncapp.core.ledger import ObjectKind, TrustBankLine, TrustJournalDraft, TrustLedgerLine
from syncapp.core.planning.trust.entries import NUMBER_LIMIT

MARK = "/amendment/"
AGAIN = "-K"  # behind the number of an entry that is posted once more

type _Line = tuple[str, str, str, str]  # account, ledger (empty on the bank's line), customer, own account


def amendment_subject(base: str, position: int) -> str:
    """Return the subject of the n-th later entry of a movement, counted from 1."""
    return f"{base}{MARK}{position}"


def is_amendment(subject: str) -> bool:
    """Tell whether a subject is a later entry of a movement."""
    return MARK in subject


def base_of(subject: str) -> str:
    """Return the movement that a later entry belongs to; any other subject is its own."""
    return subject.partition(MARK)[0]


def in_place(
    base: TrustJournalDraft,
    earlier: Iterable[TrustJournalDraft],
    wanted: TrustJournalDraft | None,
    *,
    fixed: bool,
) -> bool:
    """Tell whether an entry itself is changed: it is free, of the same form, and was never amended."""
    if wanted is None or wanted.kind is not base.kind:
        return False
    return not list(earlier) and (not fixed or wanted == base)


def amendments(
    base: TrustJournalDraft,
    earlier: Iterable[TrustJournalDraft],
    wanted: TrustJournalDraft | None,
    *,
    day: date,
    first: int = 0,
) -> list[TrustJournalDraft]:
    """Draft what brings an entry with its later ones to what is wanted; nothing when they agree.

    Each draft stays within one trust account, also when the movement went over to another. `first` is the
    position of the first one, after the earlier ones unless it is given.
    """
    before = list(earlier)
    position = first or len(before) + 1
    signed = [(base, -1), *((draft, -1) for draft in before), *([(wanted, 1)] if wanted else [])]
    sums: dict[str, dict[_Line, int]] = {}
    for draft, sign in signed:
        lines = sums.setdefault(draft.ledgers[0].account, {})
        for line in draft.entry():
            key = (line.account, line.ledger, line.customer, line.below)
            lines[key] = lines.get(key, 0) + sign * line.amount
    drafts: list[TrustJournalDraft] = []
    for lines in sums.values():
        if any(lines.values()):
            drafts.append(_draft(base, lines, day, position + len(drafts)))
    return drafts


def posted_again(draft: TrustJournalDraft, *, day: date) -> TrustJournalDraft:
    """Return an entry that a hand took out of the books, posted once more in the open period.

    It says of which one it is. A check keeps its number, by which the bank knows it.
    """
    number = draft.number
    if draft.kind is not ObjectKind.CHECK:
        number = f"{number[: NUMBER_LIMIT - len(AGAIN)]}{AGAIN}"
    text = f"{draft.number} of {draft.day.isoformat()} once more, which was taken out of the books"
    return replace(draft, number=number, day=day, memo=f"{text}. {draft.memo}"[:1000])


def _draft(base: TrustJournalDraft, lines: dict[_Line, int], day: date, position: int) -> TrustJournalDraft:
    suffix = f"-K{position}"
    text = f"Later correction of {base.number} of {base.day.isoformat()}"
    rows = [(key, amount) for key, amount in lines.items() if amount]
    return TrustJournalDraft(
        number=base.number[: NUMBER_LIMIT - len(suffix)] + suffix,
        day=day,
        banks=tuple(
            TrustBankLine(account=account, amount=amount, memo=text)
            for (account, ledger, _, _), amount in rows
            if not ledger
        ),
        ledgers=tuple(
            TrustLedgerLine(
                account=account, ledger=ledger, customer=customer, amount=amount, memo=text, below=below
            )
            for (account, ledger, customer, below), amount in rows
            if ledger
        ),
        memo=f"{text}. {base.memo}"[:1000],
        currency=base.currency,
    )
