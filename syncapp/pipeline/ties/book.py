"""Our own book: what each posting did to the ledger, as entries that are only ever added.

A change is the end of what stood before and then the new content, so that the lines of a subject always sum
to what stands in the books for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from mapping import queries as mapping_queries
from syncapp.core.books import Account
from syncapp.core.ledger import Draft, EntryLine, TrustJournalDraft, Verb
from syncapp.pipeline.context import draft_of
from syncapp.records.models import Link, PostedEntry, PostedLine, Posting

type Entry = tuple[PostedEntry, tuple[EntryLine, ...]]

_ROLES = {"Bank": "bank", "Accounts Receivable": "receivable", "Other Current Liability": "liability"}


def role_of(account: Account | None, walled: frozenset[str] = frozenset()) -> str:
    """Return what an account is to the wall between trust and everything else.

    `walled` are the accounts that the mapping names as client money, whatever their type.
    """
    if account is None:
        return "other"
    if account.is_trust or account.id in walled:
        return "trust_bank" if account.type == "Bank" else "trust_liability"
    if account.subtype == "UndepositedFunds":
        return "undeposited"
    return _ROLES.get(account.type, account.classification.lower() or "other")[:20]


def entries_of(posting: Posting, link: Link | None, now: datetime) -> list[Entry]:
    """Return what the operation did to the ledger: the end of the old content, then the new one."""
    found: list[Entry] = []

    def entry(draft: Draft, lines: tuple[EntryLine, ...]) -> None:
        if lines:
            day = getattr(draft, "day", None) or now.date()
            found.append(
                (
                    PostedEntry(
                        firm_id=posting.firm_id,
                        books_id=posting.books_id,
                        posting=posting,
                        day=day,
                        subject=posting.subject,
                        side="trust" if isinstance(draft, TrustJournalDraft) else "operating",
                        number=posting.number,
                        at=now,
                    ),
                    lines,
                )
            )

    if (
        link is not None
        and link.content is not None
        and posting.verb != Verb.CREATE.value
        and not link.adopted
    ):
        before = draft_of(link.object_kind, link.content)
        entry(before, tuple(reversed_line(line) for line in before.entry()))
    if posting.draft is not None:
        draft = draft_of(posting.object_kind, posting.draft)
        entry(draft, draft.entry())
    return found


def taken_out(*, firm_id: int, books_id: int, ended: Iterable[Link], now: datetime) -> list[Link]:
    """Take out of our book what somebody deleted in the books; return of which links. In a writing scope."""
    entries: list[Entry] = []
    done: list[Link] = []
    for link in ended:
        posting = _last_posting(link)
        if posting is None or link.content is None:
            continue
        draft = draft_of(link.object_kind, link.content)
        lines = tuple(reversed_line(line) for line in draft.entry())
        entries += [(_by_hand(posting, draft, now), lines)] if lines else []
        done.append(link)
    write(firm_id=firm_id, books_id=books_id, entries=entries)
    return done


def stands_as(
    *, firm_id: int, books_id: int, link: Link, stands: Draft, now: datetime, gone: bool = False
) -> None:
    """Write down that an entry stands in the books as a hand left it: its end, then what stands.

    `gone`: it was taken out of our book already. In a writing scope.
    """
    posting = _last_posting(link)
    if posting is None:
        return
    if not gone:
        taken_out(firm_id=firm_id, books_id=books_id, ended=[link], now=now)
    entry = _by_hand(posting, stands, now)
    write(firm_id=firm_id, books_id=books_id, entries=[(entry, stands.entry())])


def _last_posting(link: Link) -> Posting | None:
    posted = Posting.objects.filter(firm_id=link.firm_id, books_id=link.books_id, subject=link.subject)
    return posted.filter(state="posted").order_by("-posted_at", "-pk").first()


def _by_hand(posting: Posting, draft: Draft, now: datetime) -> PostedEntry:
    """Return the head of an entry that says what a hand did to what an operation had posted."""
    return PostedEntry(
        firm_id=posting.firm_id,
        books_id=posting.books_id,
        posting=posting,
        day=getattr(draft, "day", None) or now.date(),
        subject=posting.subject,
        side="trust" if isinstance(draft, TrustJournalDraft) else "operating",
        number=posting.number,
        at=now,
    )


def reversed_line(line: EntryLine) -> EntryLine:
    """Return what takes a line back."""
    return EntryLine(
        account=line.account,
        amount=-line.amount,
        customer=line.customer,
        item=line.item,
        class_id=line.class_id,
        location=line.location,
        memo=line.memo,
        ledger=line.ledger,
        below=line.below,
    )


def write(*, firm_id: int, books_id: int, entries: list[Entry]) -> None:
    """Write entries with their lines, each with its account's role. In a writing scope.

    A line of a ledger that has an account of its own stands on that account.
    """
    if not entries:
        return
    rules = mapping_queries.rule_book(firm_id=firm_id, books_id=books_id)
    chart = rules.chart if rules else mapping_queries.chart(books_id)
    walled = rules.walled if rules else frozenset()
    own = _accounts(firm_id, entries)
    PostedEntry.objects.bulk_create([entry for entry, _ in entries])
    PostedLine.objects.bulk_create(
        (
            PostedLine(
                firm_id=firm_id,
                entry=entry,
                account=own.get(line.below, line.account),
                parent=line.account if line.below else "",
                role=role_of(chart.accounts.get(own.get(line.below, line.account)), walled),
                minor=line.amount,
                customer=line.customer,
                item=line.item,
                class_id=line.class_id,
                location=line.location,
                memo=line.memo[:500],
                ledger=line.ledger,
            )
            for entry, lines in entries
            for line in lines
            if line.amount
        ),
        batch_size=2000,
    )


def _accounts(firm_id: int, entries: list[Entry]) -> dict[str, str]:
    """Return the accounts of the books that stand for ledgers of client money, by subject."""
    named = {line.below for _, lines in entries for line in lines if line.below}
    if not named:
        return {}
    books = {entry.books_id for entry, _ in entries}
    links = Link.objects.filter(firm_id=firm_id, books_id__in=books, subject__in=named, live=True)
    return dict(links.values_list("subject", "remote_id"))
