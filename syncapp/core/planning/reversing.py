"""The visible entry that takes another one back where the ledger voids nothing. Pure.

QuickBooks voids invoices and payments, and neither credit memos nor journal entries nor checks (qbo/API.md
section 7): those are turned round by a journal entry of the same day, and stay as they stand.
"""

from __future__ import annotations

from dataclasses import replace

from syncapp.core.ledger import (
    CheckDraft,
    CreditMemoDraft,
    Draft,
    EntryLine,
    JournalDraft,
    ObjectKind,
    PaymentDraft,
)

BOOKS = "books/"
END = "/reversal"
NUMBER = "REV-"
NUMBER_LIMIT = 21  # characters (qbo/API.md section 8.2)
type Reversible = CreditMemoDraft | JournalDraft | CheckDraft


def subject_of(kind: str, remote_id: str) -> str:
    """Return the subject of the entry that reverses an object of the books."""
    return f"{BOOKS}{kind}:{remote_id}{END}"


def place_of(subject: str) -> tuple[str, str] | None:
    """Return kind and id of the object of the books that a reversal is of; None for other subjects."""
    if not subject.startswith(BOOKS) or not subject.endswith(END):
        return None
    kind, _, remote_id = subject.removeprefix(BOOKS).removesuffix(END).partition(":")
    return kind, remote_id


def reversal(draft: Reversible, *, remote_id: str) -> JournalDraft:
    """Return the entry that takes a draft back as it was posted under an id of the books, on its own day."""
    noun = draft.kind.value.replace("_", " ")
    words = f"Reverses {noun} {draft.number or remote_id}"
    return JournalDraft(
        number=f"{NUMBER}{remote_id}",
        day=draft.day,
        currency=draft.currency,
        memo=f"{words}. {draft.memo}"[:1000],
        lines=tuple(_turned(draft, line, words) for line in draft.entry() if line.amount),
    )


def _turned(draft: Reversible, line: EntryLine, words: str) -> EntryLine:
    customer = line.customer or (draft.payee if isinstance(draft, CheckDraft) else "")
    return replace(line, amount=-line.amount, customer=customer, item="", memo=words)


def moved(apply: PaymentDraft, *, to: str) -> PaymentDraft:
    """Return the zero payment of a credit with the credit used up by its reversal, not by an invoice."""
    parts = tuple(
        part if part.kind is ObjectKind.CREDIT_MEMO else replace(part, subject=to, kind=ObjectKind.JOURNAL)
        for part in apply.applications
    )
    return replace(apply, applications=parts)


def numbered_again(draft: Draft, *, times: int) -> Draft:
    """Return a draft under a number of its own where an earlier one under its number stands, reversed."""
    if not isinstance(draft, CreditMemoDraft | JournalDraft | CheckDraft) or not times or not draft.number:
        return draft
    mark = f"-{times + 1}"
    return replace(draft, number=draft.number[: NUMBER_LIMIT - len(mark)] + mark)
