"""Stage 2: read what was pulled into typed, versioned documents. A payment is read from all its allocations.

What cannot be read is a document with a Problem: it is held like anything else, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.tenancy import firm_scope
from syncapp.core import codec
from syncapp.core.documents import (
    KIND_OF,
    Client,
    Document,
    Interest,
    Kind,
    Matter,
    Money,
)
from syncapp.core.keys import fingerprint
from syncapp.core.money import NotMoneyError, minor
from syncapp.core.problems import Problem
from syncapp.pipeline.reading import explained, related
from syncapp.pipeline.reading.readers import READERS
from syncapp.pipeline.reading.sources import Reading
from syncapp.records import bulk, models
from syncapp.records.models import Concern, DocumentVersion, SourceHead

BATCH = 200
MAY_GO = (Client, Matter, Interest, Money)  # what a sweep finds erased; payments end with their allocations
WRITTEN = [
    "version",
    "data",
    "fingerprint",
    "problem",
    "number",
    "day",
    "amount",
    "client_id",
    "settled",
    "outcome",
    "read_at",
]

MARK_READ = """
update records_sourcehead head set unread = false
  from unnest(%(ids)s::bigint[], %(versions)s::int[]) as seen(id, version)
 where head.firm_id = %(firm)s and head.id = seen.id and head.version = seen.version
"""

# What each list is read into: in this order, so that what others name is read before them.
RESOURCE_OF = {
    Kind.CLIENT: "contacts",
    Kind.MATTER: "matters",
    Kind.BILL: "bills",
    Kind.INTEREST: "interest_charges",
    Kind.PAYMENT: "allocations",
    Kind.CREDIT: "credit_memos",
    Kind.MONEY: "bank_transactions",
}


def run(*, firm_id: int, currency: str, now: datetime, beat: Callable[[str, int], None]) -> int:
    """Read all that is unread of one firm; return how many documents changed.

    The marks are cleared last: a reading that was interrupted is done again, and comes out the same.
    """
    with firm_scope(write=None, reads=[firm_id]):
        heads = SourceHead.objects.filter(firm_id=firm_id, unread=True)
        unread = list(heads.values_list("pk", "version", "resource", "source_id", "group"))
        touched = _touched(firm_id, unread)
        days = explained.days_of(firm_id, touched[Kind.PAYMENT], touched[Kind.MONEY])
    if len(unread) >= bulk.MANY:
        bulk.learn()
    changed = 0
    for kind, reader in READERS.items():
        if kind is Kind.MONEY and (touched[kind] or touched[Kind.PAYMENT]):
            touched[kind] |= _beside(firm_id, touched, days)
        ids = sorted(touched[kind])
        for start in range(0, len(ids), BATCH):
            beat(kind.value, changed)
            with firm_scope(write=firm_id):
                bulk.plan_anew()
                found = reader(firm_id, ids[start : start + BATCH], currency)
                changed += _keep(firm_id, found, currency=currency, now=now)
    with firm_scope(write=firm_id):
        for start in range(0, len(unread), 2000):
            _mark_read(firm_id, {pk: version for pk, version, *_ in unread[start : start + 2000]})
    return changed


def _beside(firm_id: int, touched: dict[Kind, set[int]], days: set[date]) -> set[int]:
    """Return the bank rows that a payment or a row beside them may explain otherwise now."""
    with firm_scope(write=None, reads=[firm_id]):
        now = explained.days_of(firm_id, touched[Kind.PAYMENT], ())
        return explained.beside(firm_id, touched[Kind.MONEY], days | now)


def _mark_read(firm_id: int, versions: dict[int, int]) -> None:
    """Clear the marks of rows that are still as they were when the reading began."""
    seen: dict[str, Any] = {"firm": firm_id, "ids": list(versions), "versions": list(versions.values())}
    with connection.cursor() as cursor:
        cursor.execute(MARK_READ, seen)


def _touched(firm_id: int, unread: list[tuple[int, int, str, int, str]]) -> dict[Kind, set[int]]:
    """Return, by kind, what must be read anew because something that it is read from changed."""
    touched: dict[Kind, set[int]] = {kind: set() for kind in READERS}
    own = {
        resource: kind for kind, resource in RESOURCE_OF.items() if kind not in (Kind.PAYMENT, Kind.INTEREST)
    }
    named: set[int] = set()
    for _, _, resource, source_id, group in unread:
        if resource in own:
            touched[own[resource]].add(source_id)
        prefix, _, key = group.partition("/")
        if prefix == "bills" and key:
            touched[Kind.BILL].add(int(key))
            touched[Kind.INTEREST].add(int(key))
        elif prefix == "payments":
            touched[Kind.PAYMENT].add(int(key))
        elif prefix == "credit_memos":
            touched[Kind.CREDIT].add(int(key))
        elif prefix == "allocations":
            named.add(int(key))
    allocations = SourceHead.objects.filter(firm_id=firm_id, resource="allocations")
    groups = allocations.filter(source_id__in=named, group__startswith="payments/").values_list(
        "group", flat=True
    )
    touched[Kind.PAYMENT] |= {int(group.partition("/")[2]) for group in groups}
    members = allocations.filter(group__in=[f"payments/{key}" for key in touched[Kind.PAYMENT]])
    rows = [f"allocations/{key}" for key in members.values_list("source_id", flat=True)]
    bank = SourceHead.objects.filter(firm_id=firm_id, resource="bank_transactions", group__in=rows)
    touched[Kind.MONEY] |= set(bank.values_list("source_id", flat=True))
    return touched


def _keep(firm_id: int, readings: list[Reading], *, currency: str, now: datetime) -> int:
    """Store each reading that differs from the last one as a new version, unsettled."""
    if not readings:
        return 0
    fresh = _differing(firm_id, readings, currency=currency, now=now)
    rows = [row for row, _ in fresh]
    before = related.moved(firm_id, rows)
    models.Document.objects.bulk_create([row for row in rows if not row.id])
    bulk.rewrite([row for row in rows if row.id], WRITTEN)
    DocumentVersion.objects.bulk_create(
        DocumentVersion(
            firm_id=firm_id,
            document=row,
            version=row.version,
            data=row.problem or row.data,
            sources=list(reading.sources),
            at=now,
        )
        for row, reading in fresh
    )
    again = [row for row in rows if row.version > 1]
    related.wake(firm_id, again)
    Concern.objects.filter(firm_id=firm_id, document__in=again).delete()
    Concern.objects.bulk_create(
        Concern(firm_id=firm_id, document=row, subject=subject)
        for row, reading in fresh
        for subject in reading.concerns
    )
    related.wake(firm_id, rows)
    related.wake_alike(firm_id, before | related.moved(firm_id, rows))
    return len(fresh)


def _differing(
    firm_id: int, readings: list[Reading], *, currency: str, now: datetime
) -> list[tuple[models.Document, Reading]]:
    """Return the rows of those readings that say something else than before, brought up to date."""
    kind = readings[0].kind
    rows = models.Document.objects.filter(
        firm_id=firm_id, kind=kind.value, source_id__in=[reading.source_id for reading in readings]
    )
    known = {row.source_id: row for row in rows}
    fresh = []
    for reading in readings:
        row = known.get(reading.source_id) or models.Document(
            firm_id=firm_id,
            kind=kind.value,
            resource=RESOURCE_OF[kind],
            source_id=reading.source_id,
            version=0,
        )
        failed = isinstance(reading.result, Problem)
        gone = {"gone": True} if reading.gone and isinstance(reading.result, MAY_GO) else {}
        data = codec.to_json(reading.result) | gone
        print_ = fingerprint(data)
        if row.fingerprint == print_:
            continue
        row.version, row.fingerprint, row.settled, row.read_at = row.version + 1, print_, False, now
        row.outcome = ""  # of this version nothing is known, also when the run ends before it is settled
        row.problem, row.data = (data, row.data) if failed else (None, data)
        for name, value in _columns(reading.result, currency).items():
            setattr(row, name, value)
        fresh.append((row, reading))
    return fresh


def legible(problem: Problem, currency: str) -> dict[str, Any]:
    """Return what is known of a record that cannot be used: it waits under its number, and for its amount."""
    found: dict[str, Any] = {}
    if number := problem.facts.get("bill_number", ""):
        found["number"] = number[:120]
    with suppress(NotMoneyError):
        if told := problem.facts.get("told_amount", ""):
            found["amount"] = minor(Decimal(told), currency)
    return found


def _columns(result: Document | Problem, currency: str) -> dict[str, Any]:
    """Return what the document's row repeats for finding and adding up."""
    if isinstance(result, Problem):
        return legible(result, currency)
    kind = KIND_OF[type(result)]
    day: date | None = getattr(result, "issued", None) if kind is Kind.BILL else getattr(result, "day", None)
    number = getattr(result, "number", "") or getattr(result, "name", "") or getattr(result, "reference", "")
    client = result.id if kind is Kind.CLIENT else getattr(result, "client_id", None)
    return {
        "number": str(number)[:120],
        "day": day,
        "amount": getattr(result, "amount", 0),
        "client_id": client,
    }
