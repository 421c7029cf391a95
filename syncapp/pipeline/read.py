"""Stage 2: read what was pulled into typed, versioned documents. A payment is read from all its allocations.

What cannot be read is a document with a Problem: it is held like anything else, and nothing is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from accounts.tenancy import firm_scope
from syncapp.clio import translate
from syncapp.core import codec
from syncapp.core.documents import (
    KIND_OF,
    Bill,
    Client,
    Credit,
    Document,
    Interest,
    Kind,
    Matter,
    Money,
    Payment,
)
from syncapp.core.keys import fingerprint
from syncapp.core.problems import Fix, Problem
from syncapp.records import models
from syncapp.records.models import Concern, Cursor, DocumentVersion, SourceHead

BATCH = 200
Row = dict[str, Any]

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


@dataclass(slots=True)
class Sources:
    """Current source rows, by resource and id, fetched once for a batch."""

    firm_id: int
    rows: dict[str, dict[int, SourceHead]] = field(default_factory=lambda: defaultdict(dict))

    def by_ids(self, resource: str, ids: Iterable[int]) -> list[SourceHead]:
        """Return the heads of some ids, gone ones too, with their newest record."""
        return self._keep(resource, self._of(resource).filter(source_id__in=list(set(ids))))

    def by_groups(self, resource: str, groups: Iterable[str]) -> dict[str, list[SourceHead]]:
        """Return the heads of some groups, by group, in order of id."""
        found: dict[str, list[SourceHead]] = defaultdict(list)
        for head in self._keep(resource, self._of(resource).filter(group__in=list(set(groups)))):
            found[head.group].append(head)
        return found

    def _of(self, resource: str) -> Any:
        heads = SourceHead.objects.filter(firm_id=self.firm_id, resource=resource)
        return heads.select_related("record").order_by("source_id")

    def _keep(self, resource: str, heads: Iterable[SourceHead]) -> list[SourceHead]:
        listed = list(heads)
        self.rows[resource].update({head.source_id: head for head in listed})
        return listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading: the document or why it cannot be read, the sources behind it, the subjects it speaks of."""

    kind: Kind
    source_id: int
    result: Document | Problem
    sources: tuple[str, ...]
    concerns: frozenset[str] = frozenset()
    gone: bool = False


Reader = Callable[[int, Sequence[int], str], list[Reading]]


def run(*, firm_id: int, currency: str, now: datetime, beat: Callable[[str, int], None]) -> int:
    """Read all that is unread of one firm; return how many documents changed.

    The marks are cleared last: a reading that was interrupted is done again, and comes out the same.
    """
    with firm_scope(write=None, reads=[firm_id]):
        heads = SourceHead.objects.filter(firm_id=firm_id, unread=True)
        unread = list(heads.values_list("pk", "version", "resource", "source_id", "group"))
        touched = _touched(firm_id, unread)
    changed = 0
    for kind, reader in READERS.items():
        ids = sorted(touched[kind])
        for start in range(0, len(ids), BATCH):
            beat(kind.value, changed)
            with firm_scope(write=firm_id):
                changed += _keep(firm_id, reader(firm_id, ids[start : start + BATCH], currency), now=now)
    with firm_scope(write=firm_id):
        for start in range(0, len(unread), 2000):
            _mark_read(firm_id, {pk: version for pk, version, *_ in unread[start : start + 2000]})
    return changed


def _mark_read(firm_id: int, versions: dict[int, int]) -> None:
    """Clear the marks of rows that are still as they were when the reading began."""
    heads = SourceHead.objects.filter(firm_id=firm_id, pk__in=list(versions))
    same = [pk for pk, version in heads.values_list("pk", "version") if versions[pk] == version]
    SourceHead.objects.filter(firm_id=firm_id, pk__in=same).update(unread=False)


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


def _read_clients(firm_id: int, ids: Sequence[int], currency: str) -> list[Reading]:
    heads = Sources(firm_id).by_ids("contacts", ids)
    return [_one(Kind.CLIENT, head, translate.client(head.record.payload)) for head in heads]


def _read_matters(firm_id: int, ids: Sequence[int], currency: str) -> list[Reading]:
    heads = Sources(firm_id).by_ids("matters", ids)
    return [_one(Kind.MATTER, head, translate.matter(head.record.payload)) for head in heads]


def _one(kind: Kind, head: SourceHead, result: Document | Problem) -> Reading:
    return Reading(kind=kind, source_id=head.source_id, result=result, sources=(_name(head),),
                   gone=head.gone_at is not None)  # fmt: skip


def _name(head: SourceHead) -> str:
    return f"{head.resource}/{head.source_id}/{head.version}"


def _read_bills(firm_id: int, ids: Sequence[int], currency: str) -> list[Reading]:
    sources = Sources(firm_id)
    heads = sources.by_ids("bills", ids)
    groups = [head.group for head in heads]
    lines = sources.by_groups("line_items", groups)
    interest = sources.by_groups("interest_charges", groups)
    wanted = {a for rows in lines.values() for h in rows if (a := _inner(h.record.payload, "activity"))}
    activities = {h.source_id: h.record.payload for h in sources.by_ids("activities", wanted)}
    matters = {m for h in heads for m in _ids(h.record.payload, "matters")}
    matter_rows = {h.source_id: h.record.payload for h in sources.by_ids("matters", matters)}
    readings = []
    for head in heads:
        mine = [h for h in lines[head.group] if h.gone_at is None]
        charges = [h for h in interest[head.group] if h.gone_at is None]
        missing = {_inner(h.record.payload, "activity") for h in mine} - {None} - set(activities)
        result: Document | Problem
        if missing:
            result = Problem(
                code="entry_not_read",
                fix=Fix.WAIT,
                cause=f"bills/{head.source_id}",
                words="A time or expense entry of this bill is not read yet; the next run reads it.",
            )
        else:
            result = translate.bill(
                head.record.payload,
                lines=[h.record.payload for h in mine],
                activities=activities,
                matters=matter_rows,
                interest=[h.record.payload for h in charges],
                currency=currency,
            )
        readings.append(
            Reading(
                kind=Kind.BILL,
                source_id=head.source_id,
                result=result,
                gone=head.gone_at is not None,
                sources=tuple(_name(h) for h in (head, *mine, *charges)),
                concerns=_concerns(result),
            )
        )
    return readings


def _inner(row: Row, name: str) -> int | None:
    part = row.get(name)
    return part.get("id") if isinstance(part, dict) else None


def _ids(row: Row, name: str) -> list[int]:
    return [part["id"] for part in row.get(name) or [] if isinstance(part, dict) and part.get("id")]


def _read_interest(firm_id: int, ids: Sequence[int], currency: str) -> list[Reading]:
    """Read all charges of some bills: their order counts those after the issue date."""
    sources = Sources(firm_id)
    groups = sources.by_groups("interest_charges", [f"bills/{key}" for key in ids])
    issued = {h.group: h.record.payload.get("issued_at") for h in sources.by_ids("bills", ids)}
    readings = []
    for group, heads in groups.items():
        live = [h for h in heads if h.record.payload.get("date") != issued.get(group)]
        live.sort(key=lambda h: (str(h.record.payload.get("date")), h.source_id))
        order = {h.source_id: position for position, h in enumerate(live, start=1)}
        for head in heads:
            on_the_bill = head.source_id not in order
            result = translate.interest(
                head.record.payload,
                order=order.get(head.source_id, 1),
                currency=currency,
                gone=head.gone_at is not None or on_the_bill,
            )
            readings.append(Reading(kind=Kind.INTEREST, source_id=head.source_id, result=result,
                                    sources=(_name(head),), concerns=_concerns(result)))  # fmt: skip
    return readings


def _read_payments(firm_id: int, ids: Sequence[int], currency: str) -> list[Reading]:
    sources = Sources(firm_id)
    groups = sources.by_groups("allocations", [f"payments/{key}" for key in ids])
    members = {h.source_id for heads in groups.values() for h in heads}
    bank = _bank_rows(sources, members)
    readings = []
    for group, heads in groups.items():
        parts = [h.record.payload | ({"voided_at": str(h.gone_at)} if h.gone_at else {}) for h in heads]
        rows = [row for h in heads for row in bank.get(h.source_id, [])]
        result = translate.payment(
            int(group.partition("/")[2]), allocations=parts, bank_rows=rows, currency=currency
        )
        readings.append(Reading(kind=Kind.PAYMENT, source_id=int(group.partition("/")[2]), result=result,
                                sources=tuple(_name(h) for h in heads), concerns=_concerns(result)))  # fmt: skip
    return readings


def _bank_rows(sources: Sources, allocations: set[int]) -> dict[int, list[Row]]:
    """Return the live bank transactions that name some allocations, by allocation."""
    groups = sources.by_groups("bank_transactions", [f"allocations/{key}" for key in allocations])
    return {
        int(group.partition("/")[2]): [h.record.payload for h in heads if h.gone_at is None]
        for group, heads in groups.items()
    }


def _read_credits(firm_id: int, ids: Sequence[int], currency: str) -> list[Reading]:
    sources = Sources(firm_id)
    groups = [f"credit_memos/{key}" for key in ids]
    parts = sources.by_groups("allocations", groups)
    memos = {h.group: h for h in sources.by_ids("credit_memos", ids)}
    listed = Cursor.objects.filter(firm_id=firm_id, name="allocations:write_off").first()
    write_offs = frozenset(listed.state.get("ids", [])) if listed else frozenset()
    readings = []
    for group in groups:
        heads, memo = parts[group], memos.get(group)
        if memo is None and not heads:
            continue
        rows = [h.record.payload | ({"voided_at": str(h.gone_at)} if h.gone_at else {}) for h in heads]
        if memo is not None and memo.gone_at is not None:
            rows = [row | {"voided_at": str(memo.gone_at)} for row in rows]
        result = translate.credit(memo.record.payload if memo else None, allocations=rows,
                                  write_off_ids=write_offs, currency=currency)  # fmt: skip
        named = [h for h in (memo, *heads) if h is not None]
        readings.append(Reading(kind=Kind.CREDIT, source_id=int(group.partition("/")[2]), result=result,
                                sources=tuple(_name(h) for h in named), concerns=_concerns(result)))  # fmt: skip
    return readings


def _read_money(firm_id: int, ids: Sequence[int], currency: str) -> list[Reading]:
    """Read bank transactions as far as no allocation explains them (DESIGN section 9, rule c)."""
    sources = Sources(firm_id)
    heads = sources.by_ids("bank_transactions", ids)
    named = {a for h in heads if (a := _inner(h.record.payload, "allocation"))}
    groups = {h.source_id: h.group for h in sources.by_ids("allocations", named)}
    totals, payments = _allocated(sources, set(groups.values()), currency)
    unnamed = _twins(firm_id, heads)
    readings = []
    for head in heads:
        group = groups.get(_inner(head.record.payload, "allocation") or 0, "")
        explained = totals.get(group, 0) or unnamed.get(head.source_id, 0)
        result = translate.movement(
            head.record.payload,
            allocated=explained,
            payment_id=payments.get(group),
            currency=currency,
            gone=head.gone_at is not None,
        )
        if result is None:
            result = translate.movement(head.record.payload, allocated=0, currency=currency, gone=True)
        if result is not None:
            readings.append(Reading(kind=Kind.MONEY, source_id=head.source_id, result=result,
                                    sources=(_name(head),), concerns=_concerns(result)))  # fmt: skip
    return readings


def _allocated(sources: Sources, groups: set[str], currency: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return what the live allocations of some payments come to, and the payments' ids, by group."""
    totals: dict[str, int] = {}
    ids: dict[str, int] = {}
    for group, heads in sources.by_groups("allocations", groups).items():
        parts = [h.record.payload | ({"voided_at": str(h.gone_at)} if h.gone_at else {}) for h in heads]
        found = translate.payment(int(group.partition("/")[2]), allocations=parts, currency=currency)
        totals[group] = found.amount if isinstance(found, Payment) else 0
        ids[group] = int(group.partition("/")[2])
    return totals, ids


def _twins(firm_id: int, heads: list[SourceHead]) -> dict[int, int]:
    """Explain rows that name no allocation by the one payment of the same client, day and amount (rule h)."""
    loose = [h for h in heads if not _inner(h.record.payload, "allocation")]
    days = {h.record.payload.get("date") for h in loose if h.record.payload.get("date")}
    payments: dict[tuple[int | None, str], list[int]] = defaultdict(list)
    rows = models.Document.objects.filter(firm_id=firm_id, kind=Kind.PAYMENT.value, day__in=days)
    for row in rows.values_list("client_id", "day", "amount"):
        payments[row[0], row[1].isoformat()].append(row[2])
    found = {}
    for head in loose:
        row = head.record.payload
        same = payments.get((_inner(row, "client"), str(row.get("date"))), [])
        moved = translate.movement(row, allocated=0)
        if isinstance(moved, Money) and not moved.trust and abs(moved.amount) in same:
            found[head.source_id] = abs(moved.amount)
    return found


def _concerns(result: Document | Problem) -> frozenset[str]:
    if isinstance(result, Bill):
        payer = [f"contacts/{result.payer_id}"] if result.payer_id else []
        client = [f"contacts/{result.client_id}"] if result.client_id else []
        return frozenset([*(f"matters/{m}" for m in result.matter_ids), *client, *payer])
    if isinstance(result, Payment | Credit):
        return frozenset(f"bills/{part.bill_id}" for part in result.allocations if part.bill_id)
    if isinstance(result, Interest):
        return frozenset([f"bills/{result.bill_id}"] if result.bill_id else [])
    if isinstance(result, Money):
        return frozenset([f"contacts/{result.client_id}"] if result.client_id else [])
    return frozenset()


READERS: dict[Kind, Reader] = {
    Kind.CLIENT: _read_clients,
    Kind.MATTER: _read_matters,
    Kind.BILL: _read_bills,
    Kind.INTEREST: _read_interest,
    Kind.PAYMENT: _read_payments,
    Kind.CREDIT: _read_credits,
    Kind.MONEY: _read_money,
}


def _keep(firm_id: int, readings: list[Reading], *, now: datetime) -> int:
    """Store each reading that differs from the last one as a new version, unsettled."""
    if not readings:
        return 0
    kind = readings[0].kind
    ids = [reading.source_id for reading in readings]
    known = {
        row.source_id: row
        for row in models.Document.objects.filter(firm_id=firm_id, kind=kind.value, source_id__in=ids)
    }
    fresh, versions, concerns = [], [], []
    for reading in readings:
        row = known.get(reading.source_id) or models.Document(
            firm_id=firm_id,
            kind=kind.value,
            resource=RESOURCE_OF[kind],
            source_id=reading.source_id,
            version=0,
        )
        data = codec.to_json(reading.result) | (
            {"gone": True} if reading.gone and _may_go(reading.result) else {}
        )
        print_ = fingerprint(data)
        if row.fingerprint == print_:
            continue
        row.version, row.fingerprint, row.settled, row.read_at = row.version + 1, print_, False, now
        row.problem = data if isinstance(reading.result, Problem) else None
        row.data = row.data if isinstance(reading.result, Problem) else data
        for name, value in _columns(reading.result).items():
            setattr(row, name, value)
        fresh.append(row)
        versions.append((row, reading))
        concerns.append((row, reading.concerns))
    names = [
        "version",
        "data",
        "fingerprint",
        "problem",
        "number",
        "day",
        "amount",
        "client_id",
        "settled",
        "read_at",
    ]
    models.Document.objects.bulk_create([row for row in fresh if not row.pk])
    models.Document.objects.bulk_update([row for row in fresh if row.pk], names, batch_size=300)
    DocumentVersion.objects.bulk_create(
        DocumentVersion(
            firm_id=firm_id,
            document=row,
            version=row.version,
            data=row.problem or row.data,
            sources=list(reading.sources),
            at=now,
        )
        for row, reading in versions
    )
    Concern.objects.filter(firm_id=firm_id, document__in=[row for row, _ in concerns]).delete()
    Concern.objects.bulk_create(
        Concern(firm_id=firm_id, document=row, subject=subject)
        for row, subjects in concerns
        for subject in subjects
    )
    if kind in (Kind.BILL, Kind.INTEREST):
        _wake_payments(firm_id, [row for row in fresh if row.version > 1], kind)
    return len(fresh)


def _may_go(result: Document | Problem) -> bool:
    return isinstance(result, Client | Matter | Interest | Money)


def _wake_payments(firm_id: int, rows: list[models.Document], kind: Kind) -> None:
    """Plan anew what pays a bill that changed."""
    subjects = [f"bills/{row.source_id if kind is Kind.BILL else row.data.get('bill_id')}" for row in rows]
    paying = Concern.objects.filter(
        firm_id=firm_id, subject__in=subjects, document__kind__in=["payment", "credit", "interest"]
    )
    models.Document.objects.filter(firm_id=firm_id, pk__in=paying.values("document_id")).update(settled=False)


def _columns(result: Document | Problem) -> dict[str, Any]:
    """Return what the document's row repeats for finding and adding up."""
    if isinstance(result, Problem):
        return {}
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
