"""The figures of a month end: every record of Clio and every entry on receivables that is dated in it.

Both sides are kept record by record, so that what moves afterwards is named and not only noticed. Amounts in
minor units.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, Sum

from mapping import queries as mapping_queries
from syncapp.core.money import spoken
from syncapp.records.models import BookLine, BookRow, Document, Link, Posting
from syncapp.records.models.postings import PostingState
from trust.queries.signing import next_month

FORM = "tieout-month-1"
KINDS = ("bill", "interest", "payment", "credit")
TOLD = 5  # changes that a sentence names


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFigures:
    """Both sides of one month, by record: `bills/12` of Clio, `invoice:130` of the books."""

    first: date
    clio: dict[str, int] = field(default_factory=dict)
    books: dict[str, int] = field(default_factory=dict)

    @property
    def last(self) -> date:
        """Return the last day of the month."""
        return next_month(self.first) - timedelta(days=1)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of all of it."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Return what is kept and hashed."""
        return {"form": FORM, "first": self.first.isoformat(), "clio": self.clio, "books": self.books}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One record that is another than it was; None where it is not there."""

    side: str
    key: str
    before: int | None
    after: int | None


def restored(data: dict[str, Any]) -> MonthFigures:
    """Return figures as they were kept."""
    return MonthFigures(first=date.fromisoformat(data["first"]), clio=data["clio"], books=data["books"])


def of(*, firm_id: int, books_id: int, month: date) -> MonthFigures:
    """Return the figures of a month as they stand now. In a reading scope."""
    first = month.replace(day=1)
    days = (first, next_month(first) - timedelta(days=1))
    return MonthFigures(
        first=first, clio=_clio(firm_id, books_id, days), books=_books(firm_id, books_id, days)
    )


def _clio(firm_id: int, books_id: int, days: tuple[date, date]) -> dict[str, int]:
    """Return what Clio has in those days for one set of books; what no set of books has yet counts too."""
    links = Link.objects.filter(firm_id=firm_id, document_id=OuterRef("pk"), live=True)
    rows = Document.objects.filter(firm_id=firm_id, kind__in=KINDS, day__range=days).exclude(data={})
    rows = rows.filter(Exists(links.filter(books_id=books_id)) | ~Exists(links))
    rows = rows.filter(~Q(kind="bill") | Q(data__state="issued")).exclude(
        data__contains={"trust_request": True}
    )
    return {f"{kind}/{key}": amount for kind, key, amount in rows.values_list("kind", "source_id", "amount")}


def _books(firm_id: int, books_id: int, days: tuple[date, date]) -> dict[str, int]:
    """Return what every object of the books does to receivables in those days."""
    receivable = mapping_queries.chart(books_id).of_type("Accounts Receivable")
    if receivable is None:
        return {}
    lines = BookLine.objects.filter(
        firm_id=firm_id,
        books_id=books_id,
        account=receivable.id,
        row__day__range=days,
        row__deleted=False,
        row__voided=False,
    )
    sums = lines.values("row__kind", "row__remote_id").annotate(minor_sum=Sum("minor")).order_by()
    return {f"{row['row__kind']}:{row['row__remote_id']}": row["minor_sum"] for row in sums}


def changes(before: MonthFigures, after: MonthFigures) -> list[Change]:
    """Return every record that moved, the largest first."""
    found = [
        Change(side=side, key=key, before=old.get(key), after=new.get(key))
        for side, old, new in (("clio", before.clio, after.clio), ("books", before.books, after.books))
        for key in {*old, *new}
        if old.get(key) != new.get(key)
    ]
    return sorted(found, key=lambda one: (-abs((one.after or 0) - (one.before or 0)), one.side, one.key))


def told(*, firm_id: int, books_id: int, found: list[Change], since: Any, currency: str, ledger: str) -> str:
    """Say who changed what: Clio, Tieout or a hand in the books, record by record. In a reading scope."""
    named = _named(firm_id, books_id, found)
    ours = _ours(firm_id, books_id, found, since)
    parts = []
    for one in found[:TOLD]:
        who = "Clio" if one.side == "clio" else ("Tieout" if one.key in ours else f"somebody in {ledger}")
        verb = "added" if one.before is None else ("removed" if one.after is None else "changed")
        amounts = [spoken(each, currency) for each in (one.before, one.after) if each is not None]
        parts.append(f"{who} {verb} {named.get(one.key, one.key)} ({' → '.join(amounts)})")
    more = len(found) - TOLD
    return "; ".join([*parts, f"and {more} more"] if more > 0 else parts)[:2000]


def _named(firm_id: int, books_id: int, found: list[Change]) -> dict[str, str]:
    """Return how people call the records that moved."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for one in found[:TOLD]:
        kind, _, key = one.key.partition("/" if one.side == "clio" else ":")
        kinds[f"{one.side} {kind}"].add(key)
    names: dict[str, str] = {}
    for where, keys in kinds.items():
        side, kind = where.split()
        if side == "clio":
            rows = Document.objects.filter(firm_id=firm_id, kind=kind, source_id__in=[int(k) for k in keys])
            names |= {f"{kind}/{row.source_id}": f"{kind} {row.number or row.source_id}" for row in rows}
        else:
            seen = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, kind=kind, remote_id__in=keys)
            said = kind.replace("_", " ")
            names |= {f"{kind}:{row.remote_id}": f"{said} {row.number or row.remote_id}" for row in seen}
    return names


def _ours(firm_id: int, books_id: int, found: list[Change], since: Any) -> set[str]:
    """Return what Tieout itself posted since somebody stood for the figures."""
    ids = [one.key.partition(":")[2] for one in found if one.side == "books"]
    rows = Posting.objects.filter(
        firm_id=firm_id,
        books_id=books_id,
        remote_id__in=ids,
        state=PostingState.POSTED.value,
        posted_at__gt=since,
    )
    return {f"{kind}:{remote_id}" for kind, remote_id in rows.values_list("object_kind", "remote_id")}
