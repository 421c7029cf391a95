"""What a movement of client money asks of the books: its entry, or the reason why it waits."""

from __future__ import annotations

from dataclasses import replace

from syncapp.core.money import spoken
from syncapp.core.planning.deposits import trust_not_set_up
from syncapp.core.planning.facts import Book
from syncapp.core.planning.trust.entries import client_of, named, trust_entry
from syncapp.core.planning.trust.pairs import Moved, Pair, account_key
from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Fix, Problem

FEE = "fee"
LEFT_TO_FEED = "left to the bank feed by the firm's choice for this trust account"


def plan_leg(account: str, moved: Moved, book: Book, *, checks: bool | None = None) -> Answer | Problem:
    """Decide how a movement of one trust account stands in the books, or say why it cannot yet.

    `account` is the practice system's; `checks` says in which form it stands already. What happened in a
    ledger posts whatever rule it broke (DESIGN section 9, d); only what would post wrongly is held.
    """
    currency = book.company.currency
    pair = book.pairs.get(account_key(account))
    if pair is None:
        return trust_not_set_up(
            f"A movement of {spoken(moved.amount or _moved(moved), currency)} in {account}"
        )
    if moved.day < pair.start:
        return Answer(skipped="before the start date of this trust account")
    if pair.waits:
        cause = f"trust opening {pair.clio_account}"
        return Problem(code="trust_opening", fix=Fix.TRUST, cause=cause, words=pair.waits)
    if (owed := _firm_owes(account, moved, pair, book)) is not None:
        return owed
    if moved.kind not in pair.post:
        return Answer(skipped=LEFT_TO_FEED)
    if checks is not None:
        pair = replace(pair, checks=checks)
    return Answer(wanted=(trust_entry(moved, pair, book),), alarms=_alarms(moved, book))


def _moved(moved: Moved) -> int:
    """Return how much changed hands, in minor units."""
    return sum(amount for _, amount in moved.ledgers if amount > 0) or abs(moved.amount)


def _firm_owes(account: str, moved: Moved, pair: Pair, book: Book) -> Problem | None:
    """Hold a fee that client money bore: the firm owes it (TRUST-RULES, card and bank fees)."""
    clients = [ledger for ledger, _ in moved.ledgers if client_of(ledger, book) is not None]
    charged = moved.kind == "bank_charge" and clients and not pair.single
    if moved.amount >= 0 or not (moved.kind == FEE or charged):
        return None
    whose = named(clients[0], book) if clients else "the account as a whole"
    return Problem(
        code="firm_owes_trust",
        fix=Fix.TRUST,
        cause=moved.subject,
        words=f"The firm owes {spoken(-moved.amount, book.company.currency)} to trust: a fee was taken from "
        f"{account}, from {whose}. Fees never fall on client money. Pay it into trust from operating, and "
        "record both in Clio: the fee on the firm's own funds, and the deposit.",
        facts={"account": account, "amount": str(-moved.amount), "ledger": clients[0] if clients else ""},
    )


def _alarms(moved: Moved, book: Book) -> tuple[Problem, ...]:
    """Ask a partner about money that went from one client's ledger to another's."""
    clients = {client_of(ledger, book) for ledger, _ in moved.ledgers}
    if moved.kind != "transfer" or len(clients) < 2:  # noqa: PLR2004 - two clients
        return ()
    amount = spoken(_moved(moved), book.company.currency)
    sides = " to ".join(named(ledger, book) for ledger, _ in sorted(moved.ledgers, key=lambda row: row[1]))
    return (
        Problem(
            code="trust_between_clients",
            fix=Fix.LOOK,
            cause=moved.subject,
            words=f"{amount} of client money went from {sides}. A partner confirms that the client agreed.",
        ),
    )
