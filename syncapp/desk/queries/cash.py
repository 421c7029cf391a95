"""What bills received in a month: by the firm's order, and as QuickBooks shows it on a cash basis."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from mapping import options
from mapping import queries as mapping
from syncapp.core import cashbasis, codec
from syncapp.core.documents import Bill, BillState, Kind
from syncapp.core.planning import costs
from syncapp.desk.queries import search
from syncapp.records.models import Document, Link

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import Books
    from syncapp.core.cashbasis import Compared, Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One bill that received money in the month; amounts in minor units."""

    document: int
    number: str
    client: str
    compared: Compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The bills of a month that QuickBooks shows otherwise, of all that received money."""

    order: str
    bills: int
    rows: list[Row]
    firm: Sums
    books: Sums

    @property
    def apart(self) -> Sums:
        """Return by how much QuickBooks shows more of each part, in all."""
        return {part: self.books[part] - self.firm[part] for part in cashbasis.PARTS}


def order_of(books: Books | None) -> str:
    """Return what a part payment pays first, as the firm chose."""
    version = mapping.published(books.pk) if books else None
    return options.paid_first(version.options if version else {})


def month_of(written: str, today: date) -> tuple[date, date]:
    """Return the first and last day of a month, `2026-10`; of this one for anything else."""
    try:
        first = date.fromisoformat(f"{written}-01")
    except ValueError:
        first = today.replace(day=1)
    return first, (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def report(*, firm_id: int, books: Books | None, first: date, last: date) -> Report:
    """Compare what each bill received in a month. In a reading scope."""
    order = order_of(books)
    touched = _bills_of(firm_id, first, last)
    bills = _issued(firm_id, touched)
    start = min((bill.issued for _, bill in bills.values() if bill.issued), default=first)
    paid = _sums(firm_id, Kind.PAYMENT, bills.keys(), start, last)
    credited = _sums(firm_id, Kind.CREDIT, bills.keys(), start, last)
    apart = _apart(firm_id, bills.keys())
    clients = search.client_names(firm_id=firm_id, ids={row.client_id or 0 for row, _ in bills.values()})
    rows = []
    for key, (row, bill) in bills.items():
        parts = cashbasis.less(cashbasis.parts_of(bill), sum(amount for _, amount in credited[key]))
        before = sum(amount for day, amount in paid[key] if day < first)
        during = sum(amount for day, amount in paid[key] if day >= first)
        split = cashbasis.apart_of(bill, apart[key]) if key in apart else None
        one = cashbasis.compared(parts, before=before, during=during, order=order, apart=split)
        client = clients.get(row.client_id or 0, "")
        rows.append(Row(document=row.pk, number=bill.number, client=client, compared=one))
    off = [row for row in rows if any(row.compared.apart.values())]
    return Report(
        order=order,
        bills=len(rows),
        rows=sorted(off, key=lambda row: (-abs(row.compared.apart[cashbasis.FEES]), row.number)),
        firm=cashbasis.total(row.compared.firm for row in rows),
        books=cashbasis.total(row.compared.books for row in rows),
    )


def _bills_of(firm_id: int, first: date, last: date) -> set[int]:
    """Return the bills that money was received on in a month."""
    rows = Document.objects.filter(firm_id=firm_id, kind=Kind.PAYMENT.value, day__range=(first, last))
    listed = rows.values_list("data__allocations", flat=True)
    return {one["bill_id"] for parts in listed for one in parts or [] if one.get("bill_id")}


def _issued(firm_id: int, ids: set[int]) -> dict[int, tuple[Document, Bill]]:
    rows = Document.objects.filter(firm_id=firm_id, kind=Kind.BILL.value, source_id__in=ids).exclude(data={})
    read = ((row, codec.from_json(Bill, row.data)) for row in rows)
    return {bill.id: (row, bill) for row, bill in read if bill.state is BillState.ISSUED}


def _apart(firm_id: int, bills: Iterable[int]) -> dict[int, str]:
    """Return the bills whose costs stand on an invoice of their own, each with its order of paying."""
    rows = Link.objects.filter(
        firm_id=firm_id, live=True, object_kind="invoice", subject__endswith=costs.MARK
    )
    rows = rows.filter(document__kind=Kind.BILL.value, document__source_id__in=list(bills))
    listed = rows.values_list("document__source_id", "content__paid_first")
    return {bill: order or cashbasis.PAID_FIRST for bill, order in listed}


def _sums(
    firm_id: int, kind: Kind, bills: Iterable[int], start: date, last: date
) -> dict[int, list[tuple[date, int]]]:
    """Return what was paid or credited on bills, not on their interest, by day."""
    wanted, found = set(bills), defaultdict[int, list[tuple[date, int]]](list)
    rows = Document.objects.filter(firm_id=firm_id, kind=kind.value, day__range=(start, last))
    for day, parts in rows.values_list("day", "data__allocations"):
        for one in parts or []:
            if day is not None and one.get("bill_id") in wanted and not one.get("interest"):
                found[one["bill_id"]].append((day, one["amount"]))
    return found
