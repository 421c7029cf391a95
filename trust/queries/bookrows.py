"""What the books' rows do to a trust account. To be asked within an open scope of the firm."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform

from syncapp.core.ledger import UNTAGGED, account_of
from syncapp.records.models import BookLine, Link, Merger, PostedLine
from trust.nouns import Movement
from trust.queries.gathering import key_of, opened, until_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from trust.models import TrustPair


def books(pair: TrustPair, until: date | None = None) -> list[Movement]:
    """Return what the books' rows do to the trust bank (`amount`) and to the liability (`ledgers`), apart."""
    rows: dict[int, _Row] = {}
    lines = BookLine.objects.filter(
        firm_id=pair.firm_id,
        books_id=pair.books_id,
        account__in=_accounts(pair),
        row__voided=False,
        row__deleted=False,
    ).order_by("row__day", "row_id")
    columns = ("row_id", "account", "customer", "minor", "row__kind", "row__remote_id", "row__day")
    more = (
        "row__number",
        "row__name",
        KeyTextTransform("reference", "row__data"),
        KeyTextTransform("memo", "row__data"),
    )
    links = Link.objects.filter(firm_id=pair.firm_id, books_id=pair.books_id, live=True)
    own = _own_accounts(links, pair)
    for key, account, customer, minor, *head in lines.values_list(*columns, *more):
        row = rows.get(key) or rows.setdefault(key, _Row(*head))
        if account == pair.bank:
            row.bank += minor
        elif account in own:
            row.ledgers[own[account]] = row.ledgers.get(own[account], 0) - minor
        else:
            row.owed[customer] = row.owed.get(customer, 0) - minor
    subjects, named = _subjects(links, rows.values()), _named(links, pair)
    posted = _posted_ledgers(pair)
    found = []
    for row in rows.values():
        subject = subjects.get((row.kind, row.remote_id))
        key = key_of(subject) if subject else f"books/{row.kind}:{row.remote_id}"
        found.append(_movement(pair, row, key, named, posted.get(key, {})))
    return until_(opened(found, pair), until)


@dataclass(slots=True)
class _Row:
    """One row of the books with what it does to the pair.

    `ledgers` is what stands on ledgers' own accounts, whoever is named beside it; `owed` the rest of what is
    owed to ledgers, by customer of the books.
    """

    kind: str
    remote_id: str
    day: date | None
    number: str
    name: str
    reference: str | None
    memo: str | None
    bank: int = 0
    ledgers: dict[str, int] = field(default_factory=dict)
    owed: dict[str, int] = field(default_factory=dict)


def _accounts(pair: TrustPair) -> list[str]:
    return [pair.bank, *sorted(pair.liabilities)]


def _own_accounts(links: QuerySet[Link], pair: TrustPair) -> dict[str, str]:
    """Return the ledgers that have an account of their own below the liability, by that account."""
    if not pair.below:
        return {}
    rows = links.filter(object_kind="account").values_list("remote_id", "subject")
    told = ((remote_id, account_of(subject)) for remote_id, subject in rows)
    return {key: at[1] for key, at in told if at is not None and key in pair.liabilities}


def _subjects(links: QuerySet[Link], rows: Iterable[_Row]) -> dict[tuple[str, str], str]:
    """Return what is ours of the rows that touch the pair: the subject of each, by kind and id.

    They are named one by one: joined, a database without statistics looks at every row for every link.
    """
    ours = links.exclude(object_kind__in=["customer", "account", "vendor"])
    found = ours.filter(remote_id__in=list({row.remote_id for row in rows}))
    return {
        (kind, key): subject
        for kind, key, subject in found.values_list("object_kind", "remote_id", "subject")
    }


def _named(links: QuerySet[Link], pair: TrustPair) -> dict[str, str]:
    """Return whose the customers are that stand on the liability: the subject of each, by id.

    A customer into which ours was merged stands for it, if for nobody else: to ask is a case of its own.
    """
    lines = BookLine.objects.filter(
        firm_id=pair.firm_id, books_id=pair.books_id, account__in=sorted(pair.liabilities)
    )
    mergers = Merger.objects.filter(firm_id=pair.firm_id, books_id=pair.books_id)
    into = mergers.filter(gone=OuterRef("remote_id")).values("kept")
    customers = links.filter(object_kind="customer").filter(
        Q(remote_id__in=lines.values("customer")) | Q(remote_id__in=mergers.values("gone"))
    )
    rows = list(customers.values_list("remote_id", "subject", Subquery(into)))
    return {kept: subject for _, subject, kept in rows if kept} | {key: subject for key, subject, _ in rows}


def _movement(
    pair: TrustPair, row: _Row, key: str, named: dict[str, str], posted: dict[str, dict[str, int]]
) -> Movement:
    by_name: dict[str, int] = {}
    for customer, amount in row.owed.items():
        name = named.get(customer, "")
        by_name[name] = by_name.get(name, 0) + amount
    ledgers = dict(row.ledgers)
    for name, amount in by_name.items():
        for ledger, part in _ledgers_of(name, amount, posted):
            ledgers[ledger] = ledgers.get(ledger, 0) + part
    return Movement(
        subject=key,
        day=row.day or pair.start,
        amount=row.bank,
        ledgers=tuple(sorted((ledger, amount) for ledger, amount in ledgers.items() if amount)),
        check=_check(row, key),
        reference=row.reference or "",
        payee=row.name,
        number=row.number,
        text=row.memo or "",
    )


def _check(row: _Row, key: str) -> str:
    """Return the number on a check; our own bears the practice system's id behind it (`1042-T77`)."""
    if row.kind != "check":
        return ""
    number, dash, mark = row.number.rpartition("-")
    ours = not key.startswith("books/") and mark[:1] in {"T", "P"} and mark[1:].isdigit()
    return (number if dash else "") if ours else row.number


def _posted_ledgers(pair: TrustPair) -> dict[str, dict[str, dict[str, int]]]:
    """Return which ledgers we posted under each customer, by natural key: matters may stand on a client.

    On the liability itself: an account of its own tells its ledger. Nothing is asked further where every
    ledger stands on its own customer.
    """
    lines = PostedLine.objects.filter(
        firm_id=pair.firm_id, entry__books_id=pair.books_id, account=pair.liability
    ).exclude(ledger__in=["", UNTAGGED.key])
    if not lines.exclude(customer=F("ledger")).exists():
        return {}
    found: dict[str, dict[str, dict[str, int]]] = {}
    for subject, customer, ledger, minor in lines.values_list(
        "entry__subject", "customer", "ledger", "minor"
    ):
        parts = found.setdefault(key_of(subject), {}).setdefault(customer, {})
        parts[ledger] = parts.get(ledger, 0) - minor
    return found


def _ledgers_of(customer: str, amount: int, posted: dict[str, dict[str, int]]) -> list[tuple[str, int]]:
    """Return the ledgers behind a customer of the books: as we posted under it, else the customer's own."""
    mine = posted.get(customer, {})
    if sum(mine.values()) == amount and mine:
        return list(mine.items())
    return [(next(iter(mine)), amount)] if len(mine) == 1 else [(customer, amount)]
