"""The opening of a trust account: one entry within its liability that names whose money stood there.

DESIGN section 9: liability to liability, from untagged to the ledgers, net 0.00, no bank line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from syncapp.core.documents import Opening
from syncapp.core.ledger import UNTAGGED, TrustJournalDraft, TrustLedgerLine
from syncapp.core.planning.deposits import trust_not_set_up
from syncapp.core.planning.facts import Book
from syncapp.core.planning.trust.entries import ledger_line
from syncapp.core.planning.trust.pairs import Pair, account_key
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.core.problems import Problem

RESOURCE = "trust_openings"
NOTHING_HELD = "nothing was held for anybody on the start date"


def opening_subject(pair_id: int) -> str:
    """Return the natural key of a trust account's opening entry."""
    return f"{RESOURCE}/{pair_id}"


def is_opening(subject: str) -> bool:
    """Tell whether a subject is a trust account's opening entry."""
    return subject.startswith(f"{RESOURCE}/") and "/" not in subject.removeprefix(f"{RESOURCE}/")


def plan_opening(opening: Opening, book: Book) -> Answer | Problem:
    """Want the one entry that names the ledgers of an agreed opening, dated the start date."""
    pair = book.pairs.get(account_key(opening.bank_account))
    if pair is None:
        return trust_not_set_up(f"The opening of {opening.bank_account}")
    if not any(held.amount for held in opening.ledgers):
        return Answer(skipped=NOTHING_HELD)
    text = f"Opening balance of {opening.bank_account}"
    draft = TrustJournalDraft(
        number=f"TRUST-OPENING-{opening.id}",
        day=opening.day,
        banks=(),
        ledgers=(*_untagged(opening, pair, text), *_named(opening, pair, book, text)),
        memo=f"{text}. {book.trace_url}/trace/{opening_subject(opening.id)}/",
        currency=book.company.currency,
    )
    return Answer(wanted=(Wanted(subject=opening_subject(opening.id), draft=draft),))


def placed(draft: TrustJournalDraft, standing: Mapping[str, int]) -> TrustJournalDraft:
    """Take what an opening names from where it stood: the ledgers' own accounts, then the liability.

    `standing` is what own accounts held before the start, by subject, in minor units.
    """
    named = [line for line in draft.ledgers if line.ledger != UNTAGGED.key]
    account = draft.ledgers[0].account
    taken = [
        replace(line, ledger=UNTAGGED.key, amount=standing[line.below])
        for line in named
        if standing.get(line.below)
    ]
    rest = -sum(line.amount for line in (*named, *taken))
    whole = [line for line in draft.ledgers if line.ledger == UNTAGGED.key and not line.below]
    text = (whole or named)[0].memo
    untagged = TrustLedgerLine(account=account, ledger=UNTAGGED.key, customer="", amount=rest, memo=text)
    return replace(draft, ledgers=(*([untagged] if rest else []), *taken, *named))


def _untagged(opening: Opening, pair: Pair, text: str) -> tuple[TrustLedgerLine, ...]:
    """Take the whole from what nobody was named for."""
    if not opening.amount:
        return ()
    line = TrustLedgerLine(
        account=pair.liability, ledger=UNTAGGED.key, customer="", amount=opening.amount, memo=text
    )
    return (line,)


def _named(opening: Opening, pair: Pair, book: Book, text: str) -> tuple[TrustLedgerLine, ...]:
    return tuple(
        ledger_line(held.ledger, -held.amount, text, pair, book) for held in opening.ledgers if held.amount
    )
