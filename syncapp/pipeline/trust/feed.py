"""What came into the books, or went from them, of the money that a firm leaves to its bank feed.

A movement that is left to the feed is settled without an entry; when a row comes that it may be, it is looked
at again. When an entry that somebody else made, and that bears our ledger, goes from the books, its ledger
goes from our own book on the same day, and the movement waits for another. An entry of our own that somebody
took from the books goes from our book when the practice system has no movement behind it any more either:
what is not there is not reversed there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts import audit
from syncapp.core.documents import Kind
from syncapp.core.ledger import FORMS, ObjectKind
from syncapp.core.planning.trust.plan import LEFT_TO_FEED
from syncapp.pipeline.context import draft_of
from syncapp.pipeline.ties import book
from syncapp.pipeline.trust.twin_rows import DAYS
from syncapp.pipeline.trust.twin_words import KINDS
from syncapp.records.models import BookLine, BookRow, Document, Link
from trust.models import MOVEMENTS
from trust.queries import pairs

_UNTOLD = Q(document__kind=Kind.MONEY.value, document__data__gone=True) | Q(
    document__kind=Kind.PAYMENT.value, document__data__allocations=[]
)  # the practice system has removed the movement behind an entry
_FORMS = [form.value for form in FORMS]


def run(*, firm_id: int, books_id: int, now: datetime) -> None:
    """Let go of what is gone, and look again at what may have come. In a writing scope."""
    every = list(pairs.pairs(firm_id, books_id=books_id))
    if not every:
        return
    _let_go(firm_id, books_id, now)
    left = [pair for pair in every if set(MOVEMENTS) - set(pair.post)]
    documents = list(_left(firm_id)) if left else []
    if documents:
        came = _came(firm_id, books_id, [pair.bank for pair in left])
        found = [pk for pk, day, amounts in documents if _may_have_come(came, day, amounts)]
        Document.objects.filter(firm_id=firm_id, pk__in=found).update(settled=False, outcome="")


def _left(firm_id: int) -> Iterable[tuple[int, date | None, set[int]]]:
    """Give the documents with a movement that was left to the feed, with the amounts that it may have."""
    money = Q(kind=Kind.MONEY.value, outcome="skipped", outcome_words=LEFT_TO_FEED)
    paid = Q(kind=Kind.PAYMENT.value, data__funds="trust") | Q(kind=Kind.PAYMENT.value, data__into_trust=True)
    named = Link.objects.filter(
        firm_id=firm_id, document=OuterRef("pk"), live=True, content__has_key="ledgers"
    )
    rows = Document.objects.filter(money | paid, ~Exists(named), firm_id=firm_id, settled=True)
    for pk, day, amount, parts in rows.values_list("pk", "day", "amount", "data__trust_rows"):
        yield pk, day, {abs(amount), *(abs(part["amount"]) for part in parts or [])}


def _came(firm_id: int, books_id: int, banks: list[str]) -> dict[int, list[date]]:
    """Return the days of the rows on the trust banks that are nobody's yet, by amount."""
    ours = Link.objects.filter(
        firm_id=firm_id,
        books_id=books_id,
        live=True,
        object_kind=OuterRef("row__kind"),
        remote_id=OuterRef("row__remote_id"),
    )
    lines = BookLine.objects.filter(
        ~Exists(ours),
        firm_id=firm_id,
        books_id=books_id,
        account__in=banks,
        row__kind__in=list(KINDS),
        row__deleted=False,
        row__voided=False,
    )
    found: dict[int, list[date]] = defaultdict(list)
    for day, minor in lines.values_list("row__day", "minor"):
        if day is not None:
            found[abs(minor)].append(day)
    return found


def _may_have_come(came: dict[int, list[date]], day: date | None, amounts: set[int]) -> bool:
    return day is not None and any(
        abs(day - one) <= DAYS for amount in amounts for one in came.get(amount, [])
    )


def _let_go(firm_id: int, books_id: int, now: datetime) -> None:
    """End what the books do not have any more: entries of somebody else, and ours whose movement is gone."""
    gone = BookRow.objects.filter(
        Q(deleted=True) | Q(voided=True),
        firm_id=firm_id,
        books_id=books_id,
        kind=OuterRef("object_kind"),
        remote_id=OuterRef("remote_id"),
    )
    links = Link.objects.filter(
        Exists(gone),
        Q(content__has_key="form") | _UNTOLD,
        firm_id=firm_id,
        books_id=books_id,
        live=True,
        object_kind__in=_FORMS,
        content__has_key="ledgers",
    )
    ended = list(links.order_by("pk"))
    if not ended:
        return
    for link in book.taken_out(firm_id=firm_id, books_id=books_id, ended=ended, now=now):
        _told(link, now)
    Link.objects.filter(firm_id=firm_id, pk__in=[link.pk for link in ended]).update(live=False)
    documents = {link.document_id for link in ended if link.document_id is not None}
    Document.objects.filter(firm_id=firm_id, pk__in=documents).update(settled=False, outcome="")


def _told(link: Link, now: datetime) -> None:
    draft: Any = draft_of(link.object_kind, link.content or {})
    audit.record(
        firm_id=link.firm_id,
        actor=None,
        verb="trust.twin_gone" if "form" in (link.content or {}) else "trust.entry_gone",
        kind=link.object_kind,
        id=link.remote_id,
        text=f"{KINDS[ObjectKind(link.object_kind).value]} {draft.number}".strip(),
        after={"subject": link.subject},
        now=now,
    )
