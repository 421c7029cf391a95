"""Customers that somebody merged in the books: noticed, one case, and the client stands on the other.

QuickBooks says so by webhook only, and does not say whether what was the one's shows as changed
(qbo/API.md sections 5 and 11, row 26). So what stands on the kept one is read anew; where no notice came, the
transactions that moved tell. No program can take a merge apart.
"""

from __future__ import annotations

from datetime import datetime

import structlog

from accounts.tenancy import firm_scope
from syncapp.core.books import BookObject
from syncapp.core.ledger import ObjectKind
from syncapp.http.errors import Refused
from syncapp.pipeline import refresh
from syncapp.qbo.client import QuickBooks
from syncapp.qbo.shapes import literal
from syncapp.records.models import BookRow, Link, Merger, Notice

CUSTOMER = ObjectKind.CUSTOMER.value
CARRIED = (ObjectKind.INVOICE, ObjectKind.PAYMENT, ObjectKind.CREDIT_MEMO)
_KINDS = tuple(kind.value for kind in CARRIED)
_NO_FILTER = frozenset({"4000", "4001"})
_log = structlog.get_logger(__name__)

type Pairs = dict[str, tuple[str, bool]]  # gone → kept, and whether QuickBooks said so


def notice(*, firm_id: int, books_id: int, client: QuickBooks, now: datetime) -> None:
    """Keep each merge of a customer of ours once, with what stands on the other read anew. In no scope."""
    with firm_scope(write=None, reads=[firm_id]):
        ours = _ours(firm_id, books_id)
        known = set(Merger.objects.filter(firm_id=firm_id, books_id=books_id).values_list("gone", flat=True))
        found = {**_moved(firm_id, books_id, ours - known), **_told(firm_id, books_id)}
        fresh = {gone: found[gone] for gone in found if gone in ours and gone not in known}
    for gone, (kept, told) in fresh.items():
        before = _open(firm_id, books_id, gone)
        try:
            rows = _carried(client, kept) if told else []
        except Refused as error:  # of all that a run does this can wait: the next one asks again
            _log.warning("merger not read", gone=gone, kept=kept, code=error.code)
            continue
        with firm_scope(write=firm_id):
            refresh.save_rows(firm_id=firm_id, books_id=books_id, objects=rows, now=now)
            mine = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, kind=CUSTOMER)
            mine.filter(remote_id=gone).update(deleted=True, active=False, seen_at=now)
            Merger.objects.get_or_create(
                firm_id=firm_id, books_id=books_id, gone=gone,
                defaults={"kept": kept, "told": told, "at": now, "facts": before},
            )  # fmt: skip
    if fresh:
        refresh.count(firm_id=firm_id, books_id=books_id, client=client)


def _ours(firm_id: int, books_id: int) -> set[str]:
    links = Link.objects.filter(firm_id=firm_id, books_id=books_id, object_kind=CUSTOMER, live=True)
    return set(links.values_list("remote_id", flat=True))


def _told(firm_id: int, books_id: int) -> Pairs:
    rows = Notice.objects.filter(firm_id=firm_id, books_id=books_id, entity="Customer", event="merge")
    told = rows.exclude(gone_id="").order_by("received_at").values_list("gone_id", "source_id")
    return {gone: (kept, True) for gone, kept in told}


def _moved(firm_id: int, books_id: int, ours: set[str]) -> Pairs:
    """Return the customers that are gone, all of whose transactions and matters stand on one other."""
    rows = BookRow.objects.filter(firm_id=firm_id, books_id=books_id)
    hidden = rows.filter(kind=CUSTOMER, remote_id__in=ours).exclude(active=True, deleted=False)
    gone = set(hidden.values_list("remote_id", flat=True))
    if not gone:
        return {}
    subjects = dict(
        Link.objects.filter(
            firm_id=firm_id, books_id=books_id, object_kind=CUSTOMER, remote_id__in=gone, live=True
        ).values_list("subject", "remote_id")
    )
    posted = Link.objects.filter(
        firm_id=firm_id, books_id=books_id, live=True, object_kind__in=_KINDS,
        content__customer__in=list(subjects),
    )  # fmt: skip
    stands = {
        (kind, key): customer
        for kind, key, customer in rows.filter(kind__in=_KINDS, deleted=False).values_list(
            "kind", "remote_id", "customer"
        )
    }
    below = Link.objects.filter(
        firm_id=firm_id, books_id=books_id, live=True, object_kind=CUSTOMER,
        content__parent__in=list(subjects),
    )  # fmt: skip
    under = rows.filter(kind=CUSTOMER, deleted=False).values_list("remote_id", "data__parent")
    stands |= {(CUSTOMER, key): parent for key, parent in under if parent}
    now_on: dict[str, set[str]] = {}
    for mine, holder in ((posted, "content__customer"), (below, "content__parent")):
        for kind, key, subject in mine.values_list("object_kind", "remote_id", holder):
            if customer := stands.get((kind, key)):
                now_on.setdefault(subjects[subject], set()).add(customer)
    return {one: (next(iter(on)), False) for one, on in now_on.items() if len(on) == 1 and one not in on}


def _open(firm_id: int, books_id: int, gone: str) -> dict[str, object]:
    """Return how the one that is gone stood before: its name, and what was open on it, in minor units."""
    with firm_scope(write=None, reads=[firm_id]):
        rows = BookRow.objects.filter(firm_id=firm_id, books_id=books_id)
        row = rows.filter(kind=CUSTOMER, remote_id=gone).first()
        mine = rows.filter(kind__in=_KINDS, customer=gone, deleted=False)
        return {"name": row.name if row else "", "records": mine.count()}


def _carried(client: QuickBooks, kept: str) -> list[BookObject]:
    """Read what stands on the kept customer: its transactions, itself, and all names for who is below it."""
    found = [one for kind in CARRIED for one in _of(client, kind, kept)]
    return [*found, *client.query(ObjectKind.CUSTOMER)]


def _of(client: QuickBooks, kind: ObjectKind, customer: str) -> list[BookObject]:
    """Read one kind of a customer; whole where `CustomerRef` is no filter of it.

    It is documented as one for invoices and payments only (qbo/API.md section 3).
    """
    try:
        return list(client.query(kind, f"CustomerRef = {literal(customer)}"))
    except Refused as error:
        if error.code not in _NO_FILTER:
            raise
        return [one for one in client.query(kind) if one.customer == customer]
