"""What a person reads of a movement and its twin in the books, and which answers are offered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from syncapp.core.ledger import TwinDraft
from syncapp.core.money import spoken
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.context import Context
from syncapp.pipeline.trust.twin_answers import POST, SAME, TWO
from syncapp.records.models import BookRow

KINDS = {
    "check": "check",
    "deposit": "deposit",
    "journal": "journal entry",
    "expense": "expense",
    "transfer": "transfer",
    "sales_receipt": "sales receipt",
    "refund_receipt": "refund receipt",
}
CODE = "trust_twin"
CHANGED = "trust_twin_changed"
TITLE = "QuickBooks has {amount} of client money already, from the bank feed or by hand."


def key_of(row: BookRow) -> str:
    """Return how an answer names a row: `check:12`."""
    return f"{row.kind}:{row.remote_id}"


def spoken_day(day: date | None) -> str:
    """Return a day in people's words."""
    return f"{day.day} {day:%b %Y}" if day is not None else "no day"


def called(row: BookRow) -> str:
    """Name a row of the books: `check 1042`."""
    return f"{KINDS.get(row.kind, row.kind)} {row.number}".strip()


def one(words: str) -> str:
    """Put the article before a noun."""
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"


def _stands(context: Context, row: BookRow, bank: str, amount: int) -> str:
    money = spoken(abs(amount), context.book.company.currency)
    account = context.book.chart.accounts.get(bank)
    where = f" in “{account.name}”" if account is not None else ""
    dated = f"dated {spoken_day(row.day)}, that Tieout did not make."
    return f"QuickBooks has {one(called(row))} of {money}{where}, {dated}"


def _problem(
    context: Context,
    subject: str,
    rows: Sequence[BookRow],
    amount: int,
    words: str,
    ways: Sequence[str],
    *,
    left: str = "yes",
) -> Problem:
    """`left` says that the firm leaves such movements to its bank feed."""
    row = rows[0]
    facts = {
        "subject": subject,
        "kind": row.kind,
        "books_id": row.remote_id,
        "number": row.number,
        "ways": ",".join(ways),
        "left": left,
    }
    if len(rows) > 1:
        shown = {key_of(one): f"{called(one)}, dated {spoken_day(one.day)}" for one in rows}
        facts["rows"] = json.dumps(shown)
    return Problem(
        code=CODE,
        fix=Fix.BOOKS,
        cause=subject,
        title=TITLE.format(amount=spoken(abs(amount), context.book.company.currency)),
        words=words,
        facts=facts,
    )


def repeated(
    context: Context, subject: str, row: BookRow, bank: str, amount: int, *, can_name: bool
) -> Problem:
    """Say that what Tieout would post stands in the books already."""
    instead = ", or let Tieout name the client on the one in QuickBooks" if can_name else ""
    words = (
        f"{_stands(context, row, bank, amount)} If it is this movement, delete it there, and this posts with "
        f"its client{instead}. If it is another one, say so here, and this posts beside it."
    )
    ways = [SAME, TWO] if can_name else [TWO]
    return _problem(context, subject, [row], amount, words, ways, left="")


def to_agree(context: Context, subject: str, row: BookRow, bank: str, amount: int, why: str) -> Problem:
    """Ask a person about a row that stands otherwise than client money does."""
    words = (
        f"{_stands(context, row, bank, amount)} {why} If it is this movement, say so: Tieout then puts it on "
        "the trust liability and names its client. If it is another one, say that they are two."
    )
    return _problem(context, subject, [row], amount, words, [SAME, TWO, POST])


def to_enter_anew(context: Context, subject: str, row: BookRow, bank: str, amount: int, why: str) -> Problem:
    """Say that the books have a movement in a form that can be given no ledger."""
    words = (
        f"{_stands(context, row, bank, amount)} {why} Delete it there and let Tieout post this movement, or "
        "enter it there as a check, a deposit or a journal entry on the trust liability: Tieout then names "
        "its client."
    )
    return _problem(context, subject, [row], amount, words, [POST, TWO])


def to_choose(context: Context, subject: str, rows: Sequence[BookRow], bank: str, amount: int) -> Problem:
    """Ask which row a movement is, where more than one may be it, or it is not the only one."""
    first = _stands(context, rows[0], bank, amount)
    which = (
        f"{len(rows)} entries of QuickBooks may be it. Choose the one that it is"
        if len(rows) > 1
        else "Another movement of Clio may be it just as well. Say whether it is this one"
    )
    words = f"{first} {which}; Tieout then names its client."
    return _problem(context, subject, rows, amount, words, [SAME, TWO])


def changed(context: Context, subject: str, standing: TwinDraft, amount: int, row: BookRow | None) -> Problem:
    """Say that Clio and an entry that somebody else made have parted."""
    currency = context.book.company.currency
    shown = standing.banks[0].amount if standing.banks else 0
    noun = f"{KINDS[standing.form.value]} {standing.number}".strip()
    if row is not None:
        lines = row.data.get("lines") or []
        shown = sum(line["amount"] for line in lines if line["account"] == standing.banks[0].account)
    return Problem(
        code=CHANGED,
        fix=Fix.BOOKS,
        cause=subject,
        words=f"Clio says {spoken(abs(amount), currency)}, and the {noun} in QuickBooks, which Tieout did "
        f"not make, says {spoken(abs(shown), currency)}. Correct the one that is wrong: what the bank took "
        "is right.",
        facts={"subject": subject},
    )


def stays(subject: str, standing: TwinDraft, why: str) -> Problem:
    """Say that an entry that somebody else made must be changed, and cannot be."""
    noun = f"{KINDS[standing.form.value]} {standing.number}".strip()
    return Problem(
        code=CHANGED,
        fix=Fix.BOOKS,
        cause=subject,
        words=f"Clio now says something else of the {noun} in QuickBooks, which Tieout did not make. {why} "
        "Open it again, or correct it in Clio.",
        facts={"subject": subject},
    )


def gone(subject: str, standing: TwinDraft) -> Problem:
    """Say that Clio has no movement any more behind an entry that somebody else made."""
    noun = f"{KINDS[standing.form.value]} {standing.number}".strip()
    return Problem(
        code=CHANGED,
        fix=Fix.BOOKS,
        cause=subject,
        words=f"Clio no longer has the movement behind the {noun} in QuickBooks. Tieout did not make it and "
        "does not delete it: record the movement in Clio again, or delete it in QuickBooks.",
        facts={"subject": subject},
    )
