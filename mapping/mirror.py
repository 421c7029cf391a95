"""Keep the books' lists and settings as last read, in a fixed number of statements whatever their length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapping import actions, queries
from mapping.models import CompanyState, MirrorAccount, Mirrored, MirrorItem, MirrorTag
from syncapp.core import codec
from syncapp.core.books import Chart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from mapping.findings import Finding
    from syncapp.core.books import Account, Company

ALWAYS = ("name", "active", "gone", "seen_at")
OF_ACCOUNTS = ("type", "subtype", "classification", "currency", "parent")


def mirror_chart(*, firm_id: int, books_id: int, chart: Chart, company: Company, now: datetime) -> None:
    """Mirror the lists and the company of one set of books; what they no longer list is marked gone.

    Only what is not known as it stands is written: lists seldom change. Names that the mapping uses are
    pinned to their ids the first time the books know them.
    """
    base: dict[str, Any] = {"firm_id": firm_id, "books_id": books_id, "gone": False, "seen_at": now}
    known = queries.chart(books_id)
    new = Chart(
        accounts=_unlike(chart.accounts, known.accounts),
        items=_unlike(chart.items, known.items),
        classes=_unlike(chart.classes, known.classes),
        locations=_unlike(chart.locations, known.locations),
    )
    _upsert(MirrorAccount, _accounts(new.accounts.values(), base), OF_ACCOUNTS)
    _upsert(MirrorItem, _items(new, base), ["type", "account", "taxable"])
    _upsert(MirrorTag, _tags(new, base), [], key=("kind",))
    _mark_gone(MirrorAccount, books_id, known.accounts.keys() - chart.accounts)
    _mark_gone(MirrorItem, books_id, known.items.keys() - chart.items)
    _mark_gone(MirrorTag, books_id, known.classes.keys() - chart.classes, kind="class")
    _mark_gone(MirrorTag, books_id, known.locations.keys() - chart.locations, kind="location")
    _state(firm_id, books_id, now, company=codec.to_json(company), mirrored_at=now)
    actions.pin_names(books_id, chart)


def _unlike[T](listed: Mapping[str, T], known: Mapping[str, T]) -> dict[str, T]:
    """Return what is not known, or known otherwise."""
    return {key: row for key, row in listed.items() if known.get(key) != row}


def mirror_company(*, firm_id: int, books_id: int, company: Company, now: datetime) -> None:
    """Mirror the company's settings alone."""
    _state(firm_id, books_id, now, company=codec.to_json(company))


def mirror_accounts(*, firm_id: int, books_id: int, accounts: Iterable[Account], now: datetime) -> None:
    """Mirror accounts that were just made: what stands on them is known from the first entry on."""
    base: dict[str, Any] = {"firm_id": firm_id, "books_id": books_id, "gone": False, "seen_at": now}
    _upsert(MirrorAccount, _accounts(accounts, base), OF_ACCOUNTS)


def _accounts(accounts: Iterable[Account], base: dict[str, Any]) -> list[MirrorAccount]:
    return [
        MirrorAccount(
            **base,
            remote_id=row.id,
            name=row.name,
            active=row.active,
            type=row.type,
            subtype=row.subtype,
            classification=row.classification,
            currency=row.currency,
            parent=row.parent,
        )
        for row in accounts
    ]


def _items(chart: Chart, base: dict[str, Any]) -> list[MirrorItem]:
    return [
        MirrorItem(
            **base,
            remote_id=row.id,
            name=row.name,
            active=row.active,
            type=row.type,
            account=row.account,
            taxable=row.taxable,
        )
        for row in chart.items.values()
    ]


def _tags(chart: Chart, base: dict[str, Any]) -> list[MirrorTag]:
    return [
        MirrorTag(**base, kind=kind, remote_id=row.id, name=row.name, active=row.active)
        for kind, rows in (("class", chart.classes), ("location", chart.locations))
        for row in rows.values()
    ]


def record_preflight(
    *,
    firm_id: int,
    books_id: int,
    findings: Sequence[Finding],
    now: datetime,
    capabilities: Mapping[str, Any] | None = None,
) -> None:
    """Keep what pre-flight found and, when given, the ways the company accepts."""
    values: dict[str, Any] = {"findings": [codec.to_json(found) for found in findings]}
    if capabilities is not None:
        values["capabilities"] = dict(capabilities)
    _state(firm_id, books_id, now, **values)


def _state(firm_id: int, books_id: int, now: datetime, **values: object) -> None:
    CompanyState.objects.bulk_create(
        [CompanyState(firm_id=firm_id, books_id=books_id, checked_at=now, **values)],
        update_conflicts=True,
        unique_fields=["books"],
        update_fields=["checked_at", *values],
    )


def _upsert[M: Mirrored](
    model: type[M], rows: Sequence[M], fields: Sequence[str], key: Sequence[str] = ()
) -> None:
    if rows:
        model._default_manager.bulk_create(  # noqa: SLF001 - Django's own generic manager
            rows,
            batch_size=2000,
            update_conflicts=True,
            unique_fields=["books", *key, "remote_id"],
            update_fields=[*ALWAYS, *fields],
        )


def _mark_gone[M: Mirrored](model: type[M], books_id: int, missing: Iterable[str], **where: str) -> None:
    rows = model._default_manager.filter(books_id=books_id, **where)  # noqa: SLF001 - as above
    rows.filter(remote_id__in=list(missing)).update(gone=True)
