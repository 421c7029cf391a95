"""The rows that a document is read from, fetched for a whole batch at once, and what comes of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from syncapp.core.documents import Bill, Credit, Document, Interest, Kind, Money, Payment
from syncapp.core.problems import Problem
from syncapp.records.models import SourceHead

Row = dict[str, Any]


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
    """One reading: the document or why it cannot be read, its sources, the subjects it speaks of."""

    kind: Kind
    source_id: int
    result: Document | Problem
    sources: tuple[str, ...]
    concerns: frozenset[str] = frozenset()
    gone: bool = False


def version_name(head: SourceHead) -> str:
    """Name one version of one source row."""
    return f"{head.resource}/{head.source_id}/{head.version}"


def inner_id(row: Row, name: str) -> int | None:
    """Return the id of a nested record, None when there is none."""
    part = row.get(name)
    return part.get("id") if isinstance(part, dict) else None


def inner_ids(row: Row, name: str) -> list[int]:
    """Return the ids of a list of nested records."""
    return [part["id"] for part in row.get(name) or [] if isinstance(part, dict) and part.get("id")]


def bank_rows(sources: Sources, allocations: set[int]) -> dict[int, list[Row]]:
    """Return the live bank transactions that name some allocations, by allocation."""
    groups = sources.by_groups("bank_transactions", [f"allocations/{key}" for key in allocations])
    return {
        int(group.partition("/")[2]): [h.record.payload for h in heads if h.gone_at is None]
        for group, heads in groups.items()
    }


def concerns_of(result: Document | Problem) -> frozenset[str]:
    """Return the subjects that a reading speaks of."""
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


def live_or_void(head: SourceHead) -> Row:
    """Return an allocation's row; one that is gone from Clio counts as voided."""
    row: Row = head.record.payload
    return row | {"voided_at": str(head.gone_at)} if head.gone_at else row


def called(row: Row, names: Mapping[int, str]) -> Row:
    """Return a row with its bank accounts under the names that they go by here (`trust.queries.called`)."""
    for key in ("bank_account", "source_bank_account", "destination_bank_account"):
        part = row.get(key)
        name = names.get(inner_id(row, key) or 0)
        if name is not None and isinstance(part, dict) and part.get("name") != name:
            row = row | {key: part | {"name": name}}
    return row


def group_of(resource: str, row: Row) -> str:
    """Return the subject that a row is read into. An allocation without a parent stands for itself."""

    def inner(name: str) -> int | None:
        part = row.get(name)
        return part.get("id") if isinstance(part, dict) else None

    if resource in {"line_items", "interest_charges"}:
        return f"bills/{inner('bill')}" if inner("bill") else ""
    if resource == "allocations":
        parent = row.get("parent") if isinstance(row.get("parent"), dict) else {}
        if not parent or not parent.get("id"):
            return f"payments/{-row['id']}"
        return f"{'credit_memos' if parent.get('type') == 'CreditMemo' else 'payments'}/{parent['id']}"
    if resource == "bank_transactions" and inner("allocation"):
        return f"allocations/{inner('allocation')}"
    return f"{resource}/{row['id']}"
