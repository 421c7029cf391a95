"""Which events of the audit log speak of some trust accounts and days, and of nobody else's."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.queries import zone_of
from syncapp.records.models import PostedEntry
from trust.models import Reconciliation, Review
from trust.queries.pairs import pairs

if TYPE_CHECKING:
    from accounts.models import AuditEvent
    from accounts.windows import Window
    from trust.models import TrustPair

# What is written of an account as such: terms, people and counts, no client.
OF_ACCOUNT = frozenset(
    {
        "trust.pair_added",
        "trust.change_asked",
        "trust.change_approved",
        "trust.change_refused",
        "trust.change_withdrawn",
        "trust.opening_agreed",
        "trust.statement_taken",
        "trust.matched_certain",
        "trust.duty_named",
        "trust.duty_taken_back",
    }
)
POSTINGS = ("posting.created", "posting.updated", "posting.voided", "posting.deleted")


def told(firm_id: int, window: Window, events: list[AuditEvent]) -> set[int]:
    """Return the numbers of the events that an auditor of a window may read. In a reading scope.

    The terms of his accounts, what was done to a month or a quarter within the days, and each posting of
    trust whose entry is dated within them.
    """
    mine = [one for one in pairs(firm_id) if window.holds(one.clio_account)]
    zone = ZoneInfo(zone_of(firm_id))
    recent = [event for event in events if event.at.astimezone(zone).date() >= window.first]
    ids = {str(one.pk) for one in mine}
    of_account = {e.number for e in recent if e.verb in OF_ACCOUNT and e.object_id in ids}
    return of_account | _of_months(firm_id, window, mine, events) | _postings(firm_id, window, mine, events)


def _of_months(firm_id: int, window: Window, mine: list[TrustPair], events: list[AuditEvent]) -> set[int]:
    months = Reconciliation.objects.filter(firm_id=firm_id, pair__in=mine)
    quarters = Review.objects.filter(firm_id=firm_id, pair__in=mine)
    inside: set[tuple[str, str]] = set()
    for kind, rows in (
        ("reconciliation", months.values_list("pk", "month")),
        ("review", quarters.values_list("pk", "quarter")),
    ):
        inside |= {(kind, str(pk)) for pk, first in rows if _covers(window, first, kind)}
    return {e.number for e in events if (e.object_kind, e.object_id) in inside}


def _covers(window: Window, first: date, kind: str) -> bool:
    months = 3 if kind == "review" else 1
    after = first.month - 1 + months
    end = date(first.year + after // 12, after % 12 + 1, 1)
    return window.first <= first and (end - window.last).days <= 1


def _postings(firm_id: int, window: Window, mine: list[TrustPair], events: list[AuditEvent]) -> set[int]:
    sent = {e.number: _subject(e) for e in events if e.verb in POSTINGS}
    if not sent or not mine:
        return set()
    ours = Q()
    for one in mine:
        ours |= Q(books_id=one.books_id, lines__account__in=[one.bank, *one.liabilities])
    rows = PostedEntry.objects.filter(
        ours,
        firm_id=firm_id,
        side="trust",
        subject__in=set(sent.values()),
        day__range=(window.first, window.last),
    )
    subjects = set(rows.values_list("subject", flat=True))
    return {number for number, subject in sent.items() if subject in subjects}


def _subject(event: AuditEvent) -> str:
    return str((event.after or {}).get("subject", ""))
