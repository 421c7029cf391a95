"""In which order what is ready is sent: names one by one, transactions in full batches, each in its turn.

QuickBooks counts names in calls (500 a minute) and transactions in batches (40 a minute, qbo/API.md section
6). A batch that is sent half full is a batch less in its minute, so while names are still to come only full
ones go, a few names between two of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from typing import Any

from django.db import connection
from django.db.models import Q

from syncapp.core.ledger import NAME_LISTS
from syncapp.records.models import Posting, PostingState

BATCH = 30  # qbo/API.md section 4
NAMES = 10  # as many as QuickBooks takes in a second

# What may go is found once: as a condition it would be looked for again with every posting of the firm.
CLAIM = """
with may as (
  select p.id from records_posting p
   where p.firm_id = %(firm)s and p.books_id = %(books)s and p.id = any(%(ids)s) and p.state = 'ready'
     and (p.not_before is null or p.not_before <= %(now)s)
     and not exists (select 1 from unnest(p.after) a
                      where (select f.state from records_posting f where f.id = a) is distinct from 'posted')
     and not exists (select 1 from records_posting b
                      where b.firm_id = %(firm)s and b.books_id = p.books_id and b.subject = p.subject
                        and b.state in ('sending', 'uncertain'))
   order by p.id for update skip locked)
update records_posting set state = 'sending', sent_at = %(now)s, lease_until = %(until)s,
       first_sent_at = coalesce(first_sent_at, %(now)s)
 where firm_id = %(firm)s and id = any(array(select id from may))
returning id
"""


@dataclass(slots=True)
class Due:
    """The operations of one set of books that may be sent, as they stood when they were read.

    It only says what to try next: `claim` asks the database whether it may.
    """

    names: list[int] = field(default_factory=list)
    transactions: list[int] = field(default_factory=list)
    named: set[int] = field(default_factory=set)  # which of all are names
    waits: dict[int, set[int]] = field(default_factory=dict)  # for what each still waits
    followers: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    names_last: bool = False

    def read(self, firm_id: int, books_id: int, now: datetime) -> None:
        """See what is ready. In a scope."""
        rows = Posting.objects.filter(firm_id=firm_id, books_id=books_id, state=PostingState.READY.value)
        rows = rows.filter(Q(not_before__isnull=True) | Q(not_before__lte=now))
        listed = list(rows.values_list("pk", "object_kind", "after"))
        before = {pk for _, _, after in listed for pk in after}
        open_ = Posting.objects.filter(firm_id=firm_id, pk__in=before).exclude(
            state=PostingState.POSTED.value
        )
        missing = set(open_.values_list("pk", flat=True))
        self.names, self.transactions = [], []
        self.named = {pk for pk, kind, _ in listed if kind in NAME_LISTS}
        self.waits, self.followers = {}, defaultdict(list)
        for pk, _, after in listed:
            self.waits[pk] = missing.intersection(after)
            for first in self.waits[pk]:
                self.followers[first].append(pk)
            if not self.waits[pk]:
                self._free(pk)

    def posted(self, ids: Iterable[int]) -> None:
        """Let what came after these be sent."""
        for first in ids:
            for pk in self.followers.pop(first, ()):
                self.waits[pk].discard(first)
                if not self.waits[pk]:
                    self._free(pk)

    def next(self) -> list[int]:
        """Return what to try next and forget it; nothing when all that was read has been tried."""
        full = len(self.transactions) >= BATCH
        self.names_last = bool(self.names) and not (full and self.names_last)
        heap, most = (self.names, NAMES) if self.names_last else (self.transactions, BATCH)
        return [heappop(heap) for _ in range(min(most, len(heap)))]

    def _free(self, pk: int) -> None:
        heappush(self.names if pk in self.named else self.transactions, pk)


def claim(*, firm_id: int, books_id: int, ids: list[int], now: datetime, until: datetime) -> list[int]:
    """Take those that are still to be sent, and return them. In a writing scope.

    What somebody else has taken, or what must wait after all, is left out.
    """
    values: dict[str, Any] = {"firm": firm_id, "books": books_id, "ids": ids, "now": now, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        return [row[0] for row in cursor.fetchall()]
