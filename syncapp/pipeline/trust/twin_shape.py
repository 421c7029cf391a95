"""Whether a row of the books can be given a ledger, what a person agrees to first, and its new content."""

from __future__ import annotations

import re
from datetime import date

from syncapp.core.keys import TRACE_MARK
from syncapp.core.ledger import FORMS, ObjectKind, TrustJournalDraft, TwinDraft, account_of
from syncapp.core.planning.trust.entries import client_of, named, trust_entry
from syncapp.core.planning.trust.pairs import Pair
from syncapp.pipeline.context import Context
from syncapp.pipeline.trust.twin_words import KINDS, spoken_day
from syncapp.records.models import BookRow
from trust.nouns import Movement
from trust.queries import signing

MEMO_LIMIT = 1000  # characters of the books' own note that stay
_MARKS = re.compile(re.escape(TRACE_MARK) + r"\S*")
_OTHER_MONEY = {"Bank", "Accounts Receivable", "Accounts Payable", "Credit Card"}


def fixed(context: Context, pair: Pair, row: BookRow, day: date) -> str:
    """Say why a row cannot be given its ledger on a day; empty when it can be."""
    noun = KINDS[row.kind]
    if row.kind not in {form.value for form in FORMS}:
        return f"A {noun} in QuickBooks has no line that could name a client."
    if row.kind == ObjectKind.DEPOSIT.value and any(amount for _, amount in row.data.get("links") or []):
        return "This deposit gathers payments, and Tieout does not part them."
    lines = row.data.get("lines") or []
    if sum(1 for line in lines if line["account"] == pair.bank) != 1:
        return "It touches the trust bank more than once."
    for account in sorted({line["account"] for line in lines} - {pair.bank}):
        if _is_other_money(context, pair, account):
            known = context.book.chart.accounts.get(account)
            name = f"“{known.name}”" if known is not None else "an account that QuickBooks does not show"
            return f"Its other side stands on {name}, which Tieout does not touch."
    return locked(context, pair, {day, row.day or day})


def locked(context: Context, pair: Pair, days: set[date]) -> str:
    """Say that a day lies in closed books or in a signed month; empty when none does."""
    through = context.book.company.closed_through
    if through is not None and min(days) <= through:
        return f"The books are closed through {spoken_day(through)}."
    accounts = {pair.bank, pair.liability}
    for day in sorted(days):
        if signing.locked(firm_id=context.firm_id, books_id=context.books_id, accounts=accounts, day=day):
            return f"{day:%B %Y} of {pair.clio_account} is prepared or signed."
    return ""


def _is_other_money(context: Context, pair: Pair, account: str) -> bool:
    """Tell what no agreement moves: other money of the firm or of clients, and what is owed."""
    if account in liabilities(context, pair):
        return False
    known = context.book.chart.accounts.get(account)
    if known is None or account in context.walled or known.is_trust:
        return True
    return known.type in _OTHER_MONEY or known.subtype == "UndepositedFunds"


def liabilities(context: Context, pair: Pair) -> frozenset[str]:
    """Return the trust liability of a pair with the ledgers' accounts below it."""
    return frozenset({pair.liability}) | context.book.chart.below(pair.liability)


def question(context: Context, pair: Pair, row: BookRow, moved: Movement) -> str:
    """Say what a person must agree to before a row gets its ledger; empty when nothing speaks against it."""
    others = liabilities(context, pair)
    elsewhere = {
        line["account"] for line in row.data.get("lines") or [] if line["account"] not in {pair.bank, *others}
    }
    if elsewhere:
        names = [
            one.name for key in sorted(elsewhere) if (one := context.book.chart.accounts.get(key)) is not None
        ]
        where = " and ".join(f"“{name}”" for name in names) or "another account"
        return f"It stands on {where}, not on the trust liability."
    wrong = _named_otherwise(context, row, others, moved)
    if wrong:
        whose = " and ".join(named(ledger, context.book) for ledger, _ in moved.ledgers)
        return f"It names {wrong}, and Clio says {whose}."
    return ""


def _named_otherwise(context: Context, row: BookRow, liabilities_: frozenset[str], moved: Movement) -> str:
    """Name whom a row names already, when that is somebody else; empty when it is not."""
    ledgers = {ledger for ledger, _ in moved.ledgers}
    clients = {client_of(ledger, context.book) for ledger in ledgers}
    for line in row.data.get("lines") or []:
        if line["account"] not in liabilities_:
            continue
        own = account_of(context.subject_of.get((ObjectKind.ACCOUNT.value, line["account"]), ""))
        if own is not None and own[1] not in ledgers:
            return named(own[1], context.book)
        customer = line.get("customer") or ""
        if not customer:
            continue
        subject = context.customer(customer)
        whole = subject.startswith("contacts/") and client_of(subject, context.book) in clients
        if subject not in ledgers and not whole:
            return "another client" if subject.startswith("id:") else named(subject, context.book)
    return ""


def content(context: Context, pair: Pair, row: BookRow, moved: Movement) -> TwinDraft:
    """Return what a row is to be: its own money, number and payee, with the ledger that Clio tells.

    It is dated as in Clio (DESIGN section 9, a); what stood in its note stays, and ours comes after it.
    """
    entry = entry_of(context, pair, moved)
    note = _MARKS.sub("", str(row.data.get("memo") or "")).strip()[:MEMO_LIMIT]
    places = {line.get("location") or "" for line in row.data.get("lines") or []} - {""}
    return TwinDraft(
        form=ObjectKind(row.kind),
        number=row.number,
        day=entry.day,
        banks=entry.banks,
        ledgers=entry.ledgers,
        memo=" ".join(part for part in (note, entry.memo) if part),
        currency=entry.currency,
        payee=str(row.data.get("payee") or ""),
        location=places.pop() if len(places) == 1 else "",
        check=str(row.data.get("reference") or ""),
        method=str(row.data.get("method") or ""),
    )


def entry_of(context: Context, pair: Pair, moved: Movement) -> TrustJournalDraft:
    """Return the entry that a movement would be if Tieout posted it. Raises TypeError if it is none."""
    draft = trust_entry(moved, pair, context.book).draft
    if not isinstance(draft, TrustJournalDraft):
        raise TypeError(f"{moved.subject} is no entry of client money")
    return draft
