"""Rows of the books that Tieout never makes and that touch client money all the same.

A bank feed makes expenses and transfers, a person a sales receipt: what of them touches an account of a trust
pair is kept beside our own kinds of rows, so that the three-way sees all that stands on it. Other rows of
these kinds are nothing to us and are not kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.tenancy import firm_scope
from syncapp.core.books import BookObject
from syncapp.core.ledger import ObjectKind
from syncapp.http.errors import Refused
from syncapp.pipeline.trust import ledger_accounts
from syncapp.pipeline.trust import payees as trust_payees
from syncapp.qbo.client import QuickBooks
from syncapp.records.models import BookCursor, BookRow
from trust.queries import pairs

KIND_OF = {
    "Purchase": "expense",  # one that is no check
    "Transfer": "transfer",
    "SalesReceipt": "sales_receipt",
    "RefundReceipt": "refund_receipt",
}
CAPTURED = tuple(sorted(set(KIND_OF) - {"Purchase"}))  # purchases are asked for anyway, as checks
CHECK, EXPENSE = ObjectKind.CHECK.value, ObjectKind.EXPENSE.value
READ = "beside_read"  # the fact of a cursor: for which accounts all such rows were read


def row_kind(one: BookObject) -> str:
    """Return the kind under which an object of the books is kept; empty for what is not kept.

    Accounts stand in the mirror of the chart.
    """
    if one.kind is ObjectKind.ACCOUNT:
        return ""
    return one.kind.value if one.kind is not None else KIND_OF.get(str(one.raw.get("entity")), "")


def row_kinds(gone: BookObject) -> list[str]:
    """Return the kinds under which a deleted object may be kept: its stub tells its entity only."""
    kinds = {gone.kind.value if gone.kind else "", KIND_OF.get(str(gone.raw.get("entity")), "")}
    return sorted(kinds - {""})


def accounts(*, firm_id: int, books_id: int) -> frozenset[str]:
    """Return the accounts of client money of a set of books. In a scope."""
    rows = pairs.pairs(firm_id, books_id=books_id)
    return frozenset(account for row in rows for account in (row.bank, *row.liabilities))


def wanted(*, firm_id: int, books_id: int, objects: Iterable[BookObject]) -> list[BookObject]:
    """Leave out the rows of other kinds that do not touch client money, and never did. In a scope."""
    listed = list(objects)
    others = [one for one in listed if _is_other(one)]
    if not others:
        return [one for one in listed if row_kind(one)]
    trust = accounts(firm_id=firm_id, books_id=books_id)
    rows = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, kind__in=[*KIND_OF.values(), CHECK])
    rows = rows.filter(remote_id__in=[one.id for one in others])
    kept = set(rows.values_list("kind", "remote_id"))
    kept |= {(EXPENSE, key) for kind, key in kept if kind == CHECK}  # what was a check is kept as what it is
    return [
        one
        for one in listed
        if row_kind(one) and (not _is_other(one) or _touches(one, trust) or (row_kind(one), one.id) in kept)
    ]


def keep_once(*, firm_id: int, books_id: int, places: Iterable[tuple[str, str]], now: datetime) -> None:
    """End the row of a purchase that was a check and is none any more, or the other way round.

    `places` are kinds and ids as just seen: the payment type of a purchase is sent with every write
    (qbo/API.md section 8.10), so a person can change it. In a writing scope.
    """
    ids: dict[str, list[str]] = {CHECK: [], EXPENSE: []}
    for kind, key in places:
        if kind in ids:
            ids[kind].append(key)
    for kind, other in ((CHECK, EXPENSE), (EXPENSE, CHECK)):
        if ids[kind]:
            rows = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, kind=other, deleted=False)
            rows.filter(remote_id__in=ids[kind]).update(deleted=True, balance=0, seen_at=now)


def _is_other(one: BookObject) -> bool:
    """Tell whether an object is of a kind that is kept for the sake of client money alone."""
    return row_kind(one) in KIND_OF.values()


def captured(*, firm_id: int, books_id: int) -> tuple[str, ...]:
    """Return the entities whose changes concern us besides: none without a trust pair. In a scope."""
    payees = trust_payees.captured(firm_id=firm_id, books_id=books_id)
    return (*CAPTURED, *payees) if accounts(firm_id=firm_id, books_id=books_id) else ()


def unread(
    *, firm_id: int, books_id: int, client: QuickBooks
) -> tuple[list[BookObject], dict[str, list[str]]]:
    """Read every row of these kinds once for each new account of client money that others may have used.

    Returns those that touch it, and the fact to remember. Metered reads: one for each thousand rows.
    """
    with firm_scope(write=None, reads=[firm_id]):
        trust = accounts(firm_id=firm_id, books_id=books_id)
        trust -= ledger_accounts.ours(firm_id=firm_id, books_id=books_id)
        cursor = BookCursor.objects.filter(firm_id=firm_id, books_id=books_id).first()
    seen = set(cursor.facts.get(READ, [])) if cursor else set()
    if trust <= seen:
        return [], {}
    found = [one for entity in KIND_OF for one in _rows(client, entity) if _touches(one, trust)]
    return found, {READ: sorted(seen | trust)}


def _rows(client: QuickBooks, entity: str) -> list[BookObject]:
    """Give the rows of a kind that a company's plan may lack; none if refused."""
    try:
        return [one for one in client.query(entity) if _is_other(one)]
    except Refused:
        return []


def _touches(one: BookObject, trust: frozenset[str]) -> bool:
    return any(line.account in trust for line in one.lines)
