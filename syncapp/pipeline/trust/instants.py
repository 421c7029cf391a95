"""When the practice system recorded what moved client money: to the minute, where it says so.

A movement bears a day, and a ledger may be below zero for minutes of it. What says the time is the row
itself: `created_at` of its first version, `updated_at` of a later one (clio/API.md, BankTransaction and
Allocation).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from syncapp.clio.translate import changed_at
from syncapp.records.models import DocumentVersion, SourceHead, SourceRecord

_KINDS = {"bank_transactions": "money", "payments": "payment"}


def of(firm_id: int, subjects: Iterable[str]) -> dict[str, datetime]:
    """Return when each movement was last recorded, by its natural key; one that nobody tells is left out.

    Of a row that is gone it is when it was found gone. In a reading scope, in four queries.
    """
    wanted = {subject: parts for subject in subjects if (parts := _parts(subject))}
    sources = _sources(firm_id, set(wanted.values()))
    said = _said(firm_id, {row for rows in sources.values() for row in rows})
    found = {}
    for subject, key in wanted.items():
        instants = [said[row] for row in sources.get(key, ()) if row in said]
        if instants:
            found[subject] = max(instants)
    return found


def _parts(subject: str) -> tuple[str, int] | None:
    resource, _, rest = subject.partition("/")
    number = rest.partition("/")[0]
    return (_KINDS[resource], int(number)) if resource in _KINDS and number.isdigit() else None


def _sources(firm_id: int, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], list[tuple[str, int, int]]]:
    """Return the source rows that the newest version of each document was read from."""
    rows = DocumentVersion.objects.filter(
        firm_id=firm_id,
        document__kind__in={kind for kind, _ in wanted},
        document__source_id__in={key for _, key in wanted},
    )
    newest: dict[tuple[str, int], list[str]] = {}
    columns = ("document__kind", "document__source_id", "sources")
    for kind, key, sources in rows.order_by("version").values_list(*columns):
        newest[kind, key] = sources
    return {key: [_named(name) for name in names] for key, names in newest.items() if key in wanted}


def _named(name: str) -> tuple[str, int, int]:
    resource, source_id, version = name.rsplit("/", 2)
    return resource, int(source_id), int(version)


def _said(firm_id: int, rows: set[tuple[str, int, int]]) -> dict[tuple[str, int, int], datetime]:
    """Return what each version of a row says of its time."""
    ids: dict[str, set[int]] = defaultdict(set)
    for resource, source_id, _ in rows:
        ids[resource].add(source_id)
    found: dict[tuple[str, int, int], datetime] = {}
    for resource, some in ids.items():
        records = SourceRecord.objects.filter(firm_id=firm_id, resource=resource, source_id__in=some)
        columns = ("source_id", "version", "payload__created_at", "payload__updated_at")
        for source_id, version, created, updated in records.values_list(*columns):
            first = changed_at({"updated_at": created}) if version == 1 else None
            at = first or changed_at({"updated_at": updated})
            if at is not None:
                found[resource, source_id, version] = at
        heads = SourceHead.objects.filter(firm_id=firm_id, resource=resource, source_id__in=some)
        for source_id, version, gone in heads.values_list("source_id", "version", "gone_at"):
            if gone is not None:
                found[resource, source_id, version] = gone
    return found
