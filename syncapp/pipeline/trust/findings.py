"""What pre-flight says of trust accounts: each stands on a trust bank and a trust liability, or is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapping import queries as mapping
from mapping.findings import Finding, Severity
from syncapp.pipeline.trust import pairs as trust_pairs
from syncapp.pipeline.trust import setup
from trust.pairing import SUB_ACCOUNT
from trust.queries.pairs import pairs, terms_of

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Books
    from syncapp.pipeline.trust.pairs import Wish
    from trust.models import TrustPair

WHERE = "QuickBooks: Chart of accounts. Then Trust, Trust accounts."
NEARLY = 9  # tenths of the accounts that the plan takes
CROWDED = "A movement of a ledger without an account is held, and nothing of it posts."
ROOM = "QuickBooks: make unused accounts inactive. Or Trust, Trust accounts: clients named on the line."
EFFECT = "Its client money is held until this is mended, and nothing of it posts."


def findings(*, books: Books, now: datetime) -> list[Finding]:
    """Judge the trust accounts of a set of books, those in force and those still refused. In a scope."""
    found = [
        _blocks(wish.terms.clio_account, fault.words) for wish in refused(books, now) for fault in wish.faults
    ]
    standing = list(pairs(books.firm_id, books_id=books.pk))
    for pair in standing:
        faults = setup.judge(books=books, terms=terms_of(pair), pair=pair)
        found += [_blocks(pair.clio_account, fault.words) for fault in faults]
    found += _crowded(books, standing)
    if standing and not found:
        title = "Every trust account stands on a trust bank and a trust liability of its own."
        found.append(Finding(code="trust_pairs", severity=Severity.GOOD, title=title))
    return found


def _crowded(books: Books, standing: list[TrustPair]) -> list[Finding]:
    """Warn before the plan of the books has no room for the accounts of ledgers."""
    company = mapping.company(books.pk)
    own = [pair for pair in standing if pair.client_as == SUB_ACCOUNT]
    if not own or company is None or company.most_accounts is None:
        return []
    stand = sum(1 for row in mapping.chart(books.pk).accounts.values() if row.active)
    if stand * 10 < company.most_accounts * NEARLY:
        return []
    title = (
        f"{company.plan or 'QuickBooks'} takes {company.most_accounts} accounts, and {stand} stand: "
        f"ledgers of “{own[0].clio_account}” will soon have no account of their own."
    )
    return [Finding(code="trust_accounts", severity=Severity.WARNS, title=title, effect=CROWDED, where=ROOM)]


def refused(books: Books, now: datetime) -> list[Wish]:
    """Return what the firm file says of trust, nobody set up, and the rules refuse."""
    version = mapping.published(books.pk)
    if version is None or not version.options.get("trust"):
        return []
    standing = {pair.clio_account.casefold() for pair in pairs(books.firm_id)}
    wishes = trust_pairs.read(version, now)
    return [wish for wish in wishes if wish.faults and wish.terms.clio_account.casefold() not in standing]


def _blocks(name: str, words: str) -> Finding:
    title = f"The trust account “{name}” is not valid: {words}"
    return Finding(code="trust_pair", severity=Severity.BLOCKS, title=title, effect=EFFECT, where=WHERE)
