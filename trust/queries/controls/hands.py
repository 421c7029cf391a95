"""What somebody did in the books to posted entries of client money, before and after (auditor 12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from syncapp.core.money import spoken
from syncapp.records.models import Link, Posting
from trust.controls import Hand
from trust.models import BookHand
from trust.queries import ledgers

if TYPE_CHECKING:
    from trust.models import TrustPair

UNKNOWN = "unknown: QuickBooks does not tell"
CALLED = {"edited": "Edited", "voided": "Made void", "deleted": "Deleted"}
DONE = {
    "create": "posted it anew",
    "update": "set it right",
    "void": "made it void",
    "delete": "took it back",
}


def hands(pair: TrustPair, first: date, last: date) -> list[Hand]:
    """List the hands of a period, by when they were done, each with how it was resolved."""
    zone = ZoneInfo(pair.firm.time_zone)
    rows = list(BookHand.objects.filter(firm_id=pair.firm_id, pair=pair))
    ends = datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)
    begins = datetime.combine(first, time.min, tzinfo=zone)
    shown = [row for row in rows if begins <= (row.changed_at or row.seen_at) < ends]
    known = _Known(pair, shown)
    return [_hand(row, rows, known, zone) for row in shown]


class _Known:
    """What rows are told from, asked once: names of accounts' sides and customers, postings, what stands."""

    def __init__(self, pair: TrustPair, rows: list[BookHand]) -> None:
        firm, books = pair.firm_id, pair.books_id
        self.pair = pair
        self.currency = pair.firm.currency
        subjects = {row.subject for row in rows}
        postings = Posting.objects.filter(firm_id=firm, books_id=books, subject__in=subjects, state="posted")
        self.postings = list(postings.order_by("posted_at", "pk"))
        links = Link.objects.filter(firm_id=firm, books_id=books, subject__in=subjects, live=True)
        self.live = set(links.values_list("subject", flat=True))
        customers = Link.objects.filter(firm_id=firm, books_id=books, object_kind="customer", live=True)
        customers = customers.filter(remote_id__in=_customers(rows))
        self.ledgers = dict(customers.values_list("remote_id", "subject"))
        self.names = ledgers.names(firm, self.ledgers.values())

    def account(self, key: str) -> str:
        """Name an account by its side of the pair."""
        if key == self.pair.bank:
            return "trust bank"
        return "trust liability" if key in self.pair.liabilities else f"account {key}"

    def customer(self, key: str) -> str:
        """Name a customer of the books by the ledger it stands for."""
        ledger = self.ledgers.get(key, "")
        return self.names.get(ledger, ledger) or f"customer {key}"


def _customers(rows: Iterable[BookHand]) -> set[str]:
    shapes = [shape for row in rows for shape in (row.before, row.after)]
    return {line["customer"] for shape in shapes for line in shape.get("lines", []) if line["customer"]}


def _hand(row: BookHand, rows: list[BookHand], known: _Known, zone: ZoneInfo) -> Hand:
    resolution, unresolved = _resolved(row, rows, known, zone)
    before, after = _told(row.before, row.after, known), _told(row.after, row.before, known)
    return Hand(
        at=(row.changed_at or row.seen_at).astimezone(zone),
        day=row.day,
        entry=f"{row.object_kind} {row.number or row.remote_id}",
        what=CALLED[row.what],
        before=before or "as posted",
        after=after or ("nothing" if row.what == "deleted" else "void"),
        who=UNKNOWN,
        resolution=resolution,
        open=unresolved,
    )


def _told(shape: dict[str, Any], other: dict[str, Any], known: _Known) -> str:
    """Write what of one shape is otherwise in the other: day, number, text, and lines as signed amounts."""
    if not shape:
        return ""
    parts = [
        f"{label} {shape.get(key) or 'none'}"
        for key, label in (("day", "date"), ("number", "number"), ("text", "text"))
        if other and shape.get(key) != other.get(key)
    ]
    lines = [line for line in shape["lines"] if line not in other.get("lines", [])]
    for line in lines:
        whose = f" ({known.customer(line['customer'])})" if line["customer"] else ""
        parts.append(f"{known.account(line['account'])}{whose} {spoken(line['amount'], known.currency)}")
    return "; ".join(parts)


def _resolved(row: BookHand, rows: list[BookHand], known: _Known, zone: ZoneInfo) -> tuple[str, bool]:
    """Say how a hand was resolved, and whether nobody has."""
    mine = [one for one in rows if (one.subject, one.remote_id) == (row.subject, row.remote_id)]
    wanted = (row.before, mine[0].before)
    if row.after == mine[0].before:
        return "This put it back as it was posted.", False
    for later in mine:
        if later.pk > row.pk and later.after in wanted:
            return f"Put back in QuickBooks, {_day(later.changed_at or later.seen_at, zone)}.", False
    for one in known.postings:
        if one.subject == row.subject and one.posted_at and one.posted_at > row.seen_at:
            return f"Tieout {DONE.get(one.verb, one.verb)}, {_day(one.posted_at, zone)}.", False
    if row.subject not in known.live:
        return "The movement is no more in Clio either.", False
    if row.before.get("lines") == row.after.get("lines") and row.before.get("day") == row.after.get("day"):
        return "No figure, date or ledger was touched.", False
    return "It stands otherwise than it was posted: the three-way names it, and the alarm is open.", True


def _day(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%-d %b %Y %H:%M}"
