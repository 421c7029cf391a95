"""Ledgers of client money with an account of their own: made before their entries, and known to the wall.

An account is one operation of the delivery protocol as a customer is: found by name first, written one at a
time, looked for before it is ever sent again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from mapping import mirror
from mapping import queries as mapping
from syncapp.core.ledger import ObjectKind, TrustJournalDraft, account_of
from syncapp.core.planning.trust.accounts import TAG, as_it_stands, ledger_account, no_room
from syncapp.core.planning.trust.opening import is_opening
from syncapp.core.planning.trust.opening import placed as placed_opening
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.settling import diff
from syncapp.pipeline.trust import payees
from syncapp.qbo import read
from syncapp.records.models import BookLine, Link
from trust.models import TrustPair
from trust.queries.pairs import pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from syncapp.core.books import BookObject, Chart
    from syncapp.pipeline.context import Context
    from syncapp.records.models import Document, Posting

ACCOUNT = ObjectKind.ACCOUNT.value


def bring(
    context: Context, row: Document, answer: Answer, *, own: Mapping[str, str], now: datetime
) -> Problem | None:
    """See that every ledger of a wish has its account, or has one on its way; say why one cannot.

    All of a wish or none: nothing is made when the plan of the books has no room for all of them. `own` names
    the ledgers that are nobody's.
    """
    named = dict.fromkeys(subject for wanted in answer.wanted for subject in wanted.draft.needs())
    missing = [subject for subject in named if account_of(subject) and not context.stands(subject)]
    if not missing:
        return None
    planned: list[Wanted] = []
    for subject in missing:
        wanted = _wanted(context, subject, planned, own)
        if isinstance(wanted, Problem):
            return wanted
        planned.append(wanted)
    fresh = [wanted for wanted in planned if not wanted.adopt]
    ledger = (account_of(fresh[0].subject) or ("", ""))[1] if fresh else ""
    problem = no_room(len(fresh), len(_coming(context)), ledger, context.book)
    for wanted in planned if problem is None else ():
        problem = problem or _plan(context, row, wanted, now=now)
    return problem


def _wanted(
    context: Context, subject: str, planned: Iterable[Wanted], own: Mapping[str, str]
) -> Wanted | Problem:
    taken = {wanted.adopt for wanted in planned}

    def linked(account: str) -> bool:
        return account in taken or (ACCOUNT, account) in context.subject_of

    coming = [str((posting.draft or {}).get("name", "")) for posting in _coming(context)]
    coming += [getattr(wanted.draft, "name", "") for wanted in planned]
    ledger = (account_of(subject) or ("", ""))[1]
    kind, _, key = ledger.partition("/")
    people = {"matters": context.book.matters.keys(), "contacts": context.book.clients.keys()}
    if kind in people and int(key) not in people[kind]:
        words = (
            "Clio does not show us whose money this is. Check what the person who connected may see in Clio."
        )
        return Problem(code="ledger_not_read", fix=Fix.CLIO, cause=ledger, words=words)
    return ledger_account(subject, context.book, own=own, linked=linked, coming=coming)


def _coming(context: Context) -> list[Posting]:
    """Return the accounts that are on their way."""
    return [posting for posting in context.waiting.values() if posting.object_kind == ACCOUNT]


def _plan(context: Context, row: Document, wanted: Wanted, *, now: datetime) -> Problem | None:
    """Plan one account: it comes with its client or matter; a ledger that is nobody's, with its movement."""
    kind, _, key = (account_of(wanted.subject) or ("", ""))[1].partition("/")
    person = {"matters": "matter", "contacts": "client"}.get(kind)
    document = context.people[person, int(key)] if person else row
    others = frozenset(context.own[document.pk] | context.coming[document.pk])
    result = diff.plan(context, document, Answer(wanted=(wanted,), kept=others), now=now)
    if result is None:
        mine = (one for one in context.shelved.values() if one.subject == wanted.subject and one.vendor_words)
        return refused(
            next((one.vendor_words for one in mine), ""), next((one.vendor_code for one in mine), "")
        )
    return result if isinstance(result, Problem) else None


def placed(context: Context, answer: Answer) -> Answer:
    """Put each entry where its ledgers' money is, and make each check out to whom the books have.

    An opening names the ledgers on accounts that were found in the books. What stands stays where it was
    posted when the firm only told its ledgers otherwise since.
    """
    found = []
    for wanted in answer.wanted:
        draft, standing = wanted.draft, context.content(wanted.subject)
        if isinstance(draft, TrustJournalDraft) and is_opening(wanted.subject):
            draft = placed_opening(draft, _standing(context, draft))
        if isinstance(draft, TrustJournalDraft) and isinstance(standing, TrustJournalDraft):
            draft = as_it_stands(standing, draft)
        draft = payees.made_out(context, draft, standing)
        found.append(replace(wanted, draft=draft))
    return replace(answer, wanted=tuple(found))


def _standing(context: Context, draft: TrustJournalDraft) -> Counter[str]:
    """Return what the ledgers' own accounts held before an opening's day, by subject; positive is held."""
    links = {subject: context.links[subject] for subject in draft.needs() if subject in context.links}
    own = {link.remote_id: subject for subject, link in links.items() if link.adopted}
    mine = BookLine.objects.filter(firm_id=context.firm_id, books_id=context.books_id, account__in=own)
    lines = mine.filter(row__day__lt=draft.day, row__deleted=False, row__voided=False)
    held: Counter[str] = Counter()
    for account, minor in lines.values_list("account", "minor") if own else ():
        held[own[account]] -= minor
    return held


def refused(words: str, code: str) -> Problem:
    """Say that the books took no account: one cause for all ledgers that it stops."""
    return Problem(
        code="account_refused",
        fix=Fix.BOOKS,
        cause=f"accounts {code}",
        title="QuickBooks takes no account for a ledger of client money.",
        words=f"QuickBooks refused the account of a ledger: {words or 'it did not say why.'} Nothing of this "
        f"movement posts. Mend it in QuickBooks and retry. {TAG}",
        facts={"vendor_words": words, "vendor_code": code},
    )


def made(*, firm_id: int, books_id: int, objects: Iterable[BookObject], now: datetime) -> None:
    """Take accounts that were just made into the mirror of the chart. In a writing scope."""
    fresh = [read.account(one.raw) for one in objects if one.kind is ObjectKind.ACCOUNT]
    if fresh:
        mirror.mirror_accounts(firm_id=firm_id, books_id=books_id, accounts=fresh, now=now)
        keep(firm_id=firm_id, books_id=books_id, chart=mapping.chart(books_id))


def keep(*, firm_id: int, books_id: int, chart: Chart) -> None:
    """Remember which accounts stand below the liability of each trust pair. In a writing scope."""
    listed = list(pairs(firm_id, books_id=books_id))
    for pair in listed:
        below = sorted(under(chart, pair.liability, [one.liability for one in listed]))
        if below != sorted(pair.below):
            TrustPair.objects.filter(firm_id=firm_id, pk=pair.pk).update(below=below)


def under(chart: Chart, liability: str, others: Iterable[str]) -> frozenset[str]:
    """Return the accounts below a liability that are not another trust account's."""
    apart = {one for one in others if one != liability} & chart.below(liability)
    return chart.below(liability).difference(apart, *(chart.below(one) for one in apart))


def ours(*, firm_id: int, books_id: int) -> frozenset[str]:
    """Return the accounts that Tieout made: nothing stood on them before. In a scope."""
    links = Link.objects.filter(firm_id=firm_id, books_id=books_id, object_kind=ACCOUNT, adopted=False)
    return frozenset(links.values_list("remote_id", flat=True))
