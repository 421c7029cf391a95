"""Hands in the books: what somebody changes, voids or deletes of the client money that we posted is kept.

It is noticed where the books are read again, before what was seen last is overwritten: what we write
ourselves has been kept from its answer, so that what differs is somebody else's. Who it was, QuickBooks does
not tell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from syncapp.core import codec
from syncapp.core.books import BookObject
from syncapp.pipeline.trust import beside
from syncapp.records.models import BookRow, Link, PostedEntry, Posting
from trust.models import BookHand, TrustPair
from trust.models.hands import DELETED, EDITED, VOIDED

type Place = tuple[str, str]  # kind and id of an object of the books
ON_ITS_WAY = ("sending", "uncertain")


def notice(*, firm_id: int, books_id: int, objects: Iterable[BookObject], now: datetime) -> None:
    """Keep what differs from what was seen last among our entries of client money. In a writing scope."""
    seen = {(kind, one.id): one for one in objects for kind in beside.row_kinds(one)}
    links = _ours(firm_id, books_id, seen) if seen else {}
    if not links:
        return
    rows = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, deleted=False, voided=False)
    rows = rows.filter(remote_id__in=[key for _, key in links])
    pairs = _pairs(firm_id, books_id)
    BookHand.objects.bulk_create(
        hand
        for row in rows
        if (place := (row.kind, row.remote_id)) in links
        and (hand := _hand(row, seen[place], links[place], pairs, now))
    )


def _ours(firm_id: int, books_id: int, seen: Collection[Place]) -> dict[Place, str]:
    """Return the subjects of our entries of client money; not of those that are on their way just now.

    What was sent and not answered may arrive late: that is our own hand.
    """
    links = Link.objects.filter(firm_id=firm_id, books_id=books_id, live=True, adopted=False)
    links = links.filter(remote_id__in=[key for _, key in seen])
    named = {
        subject: (kind, key)
        for kind, key, subject in links.values_list("object_kind", "remote_id", "subject")
        if (kind, key) in seen
    }
    entries = PostedEntry.objects.filter(firm_id=firm_id, books_id=books_id, side="trust", subject__in=named)
    mine = set(entries.values_list("subject", flat=True))
    sent = Q(state__in=ON_ITS_WAY) | Q(state="ready", first_sent_at__isnull=False)
    moving = Posting.objects.filter(sent, firm_id=firm_id, books_id=books_id, subject__in=mine)
    mine -= set(moving.values_list("subject", flat=True))
    return {named[subject]: subject for subject in mine}


def _pairs(firm_id: int, books_id: int) -> dict[str, TrustPair]:
    """Return the trust accounts by the ids of their accounts in the books."""
    rows = TrustPair.objects.filter(firm_id=firm_id, books_id=books_id)
    return {account: row for row in rows for account in (row.bank, *row.liabilities)}


def _hand(
    row: BookRow, one: BookObject, subject: str, pairs: dict[str, TrustPair], now: datetime
) -> BookHand | None:
    before = _shape(row.data)
    after = {} if one.deleted else _shape(codec.to_json(one))
    pair = next((pairs[line["account"]] for line in before["lines"] if line["account"] in pairs), None)
    if pair is None or before == after:
        return None
    return BookHand(
        firm_id=row.firm_id,
        pair=pair,
        subject=subject,
        object_kind=row.kind,
        remote_id=row.remote_id,
        number=row.number,
        day=row.day,
        what=DELETED if one.deleted else VOIDED if one.voided else EDITED,
        before=before,
        after=after,
        changed_at=one.changed_at,
        seen_at=now,
    )


def _shape(data: dict[str, Any]) -> dict[str, Any]:
    """Return what of an object people read, and what moves money."""
    lines = [
        {"account": line["account"], "customer": line.get("customer", ""), "amount": line["amount"]}
        for line in data.get("lines") or []
    ]
    return {
        "day": data.get("day"),
        "number": data.get("number", ""),
        "text": data.get("memo", ""),
        "lines": sorted(lines, key=lambda line: (line["account"], line["customer"], line["amount"])),
    }
