"""Ledgers of client money as accounts below a trust liability: found before made, never past the plan.

Names rest on qbo/API.md section 8.3: unique within the parent; an inactive one ends in "(deleted)" (7).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from syncapp.core.books import Account
from syncapp.core.ledger import UNTAGGED, LedgerAccountDraft, TrustJournalDraft, account_of
from syncapp.core.matching import shortened
from syncapp.core.planning.customers import clean
from syncapp.core.planning.facts import Book
from syncapp.core.planning.trust.entries import named
from syncapp.core.planning.wanted import Wanted
from syncapp.core.problems import Fix, Problem

NAME_LIMIT = 100
LEVELS = 5  # the top account and four below
_DELETED = " (deleted)"
TAG = (
    "Or let Tieout name the clients on the liability line instead: change “Clients in the books” on the "
    "trust account’s page."
)


def ledger_account(
    subject: str,
    book: Book,
    *,
    own: Mapping[str, str],
    linked: Callable[[str], bool],
    coming: Iterable[str],
) -> Wanted | Problem:
    """Find the account of a ledger below its liability, or draft it.

    `own` names the ledgers that are nobody's, `linked` tells accounts that stand for a ledger already,
    `coming` are the names on their way. What is found by name and cannot hold client money is a Problem.
    """
    liability, ledger = account_of(subject) or ("", "")
    parent = book.chart.accounts.get(liability)
    if parent is None:
        return _no_liability(liability)
    wish = _name(ledger, book, own)
    beside = [row for row in book.chart.accounts.values() if row.parent == liability]
    taken = {_last(row).casefold() for row in beside} | {name.casefold() for name in coming}
    free = [row for row in beside if _last(row).casefold() == wish.casefold() and not linked(row.id)]
    found = next((row for row in free if row.active), free[0] if free else None)
    if found is not None:
        return _unusable(found, parent) or Wanted(
            subject=subject, draft=_draft(_last(found), ledger, parent), adopt=found.id
        )
    if wish.casefold() in taken:
        mark = f" ({ledger.rpartition('/')[2]})"
        wish = shortened(wish, NAME_LIMIT - len(mark)) + mark
    return Wanted(subject=subject, draft=_draft(wish, ledger, parent))


def no_room(wanted: int, coming: int, ledger: str, book: Book) -> Problem | None:
    """Say that the plan of the books takes no more accounts, before any is made; None while there is room."""
    most = book.company.most_accounts
    stand = sum(1 for row in book.chart.accounts.values() if row.active)
    if not wanted or most is None or stand + coming + wanted <= most:
        return None
    plan = book.company.plan or "this plan of QuickBooks"
    return Problem(
        code="account_limit",
        fix=Fix.BOOKS,
        cause="accounts of the books",
        title="QuickBooks takes no more accounts, so a ledger of client money cannot have its own.",
        words=f"{plan} takes {most} accounts, and {stand} stand. There is no room for an account of "
        f"{named(ledger, book)}, so nothing of this movement posts. Make accounts that nobody uses inactive "
        f"in QuickBooks, or take a larger plan, and retry. {TAG}",
        facts={"most": str(most), "stand": str(stand)},
    )


def as_it_stands(standing: TrustJournalDraft, wanted: TrustJournalDraft) -> TrustJournalDraft:
    """Return what stands where it names the same ledgers, only by customers instead of accounts or back."""
    if type(standing) is not type(wanted) or _told(standing) == _told(wanted):
        return wanted
    return standing if _moved(standing) == _moved(wanted) else wanted


def _told(draft: TrustJournalDraft) -> set[bool]:
    """Tell how the ledgers of an entry are named: by accounts of their own, or by customers."""
    return {bool(line.below) for line in draft.ledgers if line.ledger != UNTAGGED.key}


def _moved(draft: TrustJournalDraft) -> tuple[object, ...]:
    """Return what an entry does, whichever way its ledgers are named."""
    sums: Counter[tuple[str, str]] = Counter()
    for line in draft.ledgers:
        sums[line.account, line.ledger] += line.amount
    return draft.number, draft.day, draft.banks, dict(sums)


def too_deep(liability: Account) -> bool:
    """Tell whether no account can stand below a liability (qbo/API.md section 8.3: five levels)."""
    return liability.name.count(":") + 1 >= LEVELS


def _name(ledger: str, book: Book, own: Mapping[str, str]) -> str:
    """Name an account as the firm names the customer of its ledger."""
    kind, _, key = ledger.partition("/")
    if kind == "trust":
        wish = own.get(ledger, ledger)
    else:
        matter = book.matters.get(int(key)) if kind == "matters" else None
        client = book.clients.get(matter.client_id if matter is not None else int(key))
        name = client.name if client is not None else ""
        if matter is not None:
            wish = book.options.matter_name.format(
                matter_number=matter.number, client=name, matter=matter.description, matter_id=matter.id
            )
        else:
            wish = book.options.client_name.format(client=name, client_id=key)
    words = clean(wish).replace('"', "'") or f"{'Matter' if kind == 'matters' else 'Client'} {key}"
    return shortened(words, NAME_LIMIT)


def _last(account: Account) -> str:
    """Return an account's own name, without those above it and without the mark of an inactive one."""
    return account.name.rpartition(":")[2].removesuffix(_DELETED)


def _draft(name: str, ledger: str, parent: Account) -> LedgerAccountDraft:
    return LedgerAccountDraft(
        name=name, parent=parent.id, ledger=ledger, type=parent.type, subtype=parent.subtype
    )


def _unusable(found: Account, parent: Account) -> Problem | None:
    """Say why an account that bears the ledger's name cannot hold its money."""
    if not found.active:
        why = "is inactive in QuickBooks. Make it active there and retry."
    elif (found.type, found.subtype) != (parent.type, parent.subtype):
        why = "is not a trust liability. Give it the detail type Trust Accounts - Liabilities and retry."
    else:
        return None
    return Problem(
        code="ledger_account",
        fix=Fix.BOOKS,
        cause=f"account {found.id}",
        words=f"The account “{found.name}”, which bears the name of this ledger, {why}",
        facts={"account": found.id},
    )


def _no_liability(liability: str) -> Problem:
    return Problem(
        code="trust_wall",
        fix=Fix.TRUST,
        cause=f"account {liability}",
        words="The trust liability of this trust account is not in the books any more. Nothing of it posts; "
        "check the trust account's set-up.",
        facts={"account": liability},
    )
