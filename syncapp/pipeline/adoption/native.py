"""Whether the practice system's own connector still writes to the books: then nothing of ours is posted.

It gives itself away by what it alone makes after we began to post: an invoice of another hand under the
number of a bill, on a customer that bears its mark; or a new customer that bears the mark of a client
(clio/API.md section 7: `<client> Clio <id>`). A payment does not: a bookkeeper may have typed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from accounts import audit
from accounts.models import Books, User
from accounts.tenancy import firm_scope
from syncapp.core.documents import Kind
from syncapp.core.ledger import ObjectKind
from syncapp.core.likeness import named
from syncapp.core.problems import Fix, Problem
from syncapp.records import anew
from syncapp.records.models import BookCursor, BookRow, Document, Link, Posting

CODE = "native_still_on"
FACT = "native"
MARKED = r"clio\s*#?\s*\d+\)?\s*$"
MOST = 50  # records that are shown


@dataclass(frozen=True, slots=True)
class Seen:
    """What the connector wrote since we post: objects of the books, and when they were first noticed."""

    rows: tuple[dict[str, str], ...]
    at: str


def notice(*, firm_id: int, books_id: int, now: datetime) -> bool:
    """Look for what the connector wrote since we began to post; return whether posting must stop."""
    with firm_scope(write=firm_id):
        cursor = BookCursor.objects.select_for_update().filter(firm_id=firm_id, books_id=books_id).first()
        if cursor is None:
            return False
        found = _written(firm_id, books_id, cursor)
        standing = seen(cursor)
        if found and (standing is None or list(standing.rows) != found):
            at = standing.at if standing is not None else now.isoformat()
            before = cursor.facts.get(FACT) or {}
            cursor.facts = cursor.facts | {FACT: before | {"rows": found, "at": at}}
            cursor.save(update_fields=["facts"])
            kinds = [
                Kind.BILL.value,
                Kind.INTEREST.value,
                Kind.PAYMENT.value,
                Kind.CREDIT.value,
                Kind.MONEY.value,
            ]
            anew.plan(Document.objects.filter(firm_id=firm_id, kind__in=kinds, outcome="waiting"))
        return bool(found) or standing is not None


def seen(cursor: BookCursor | None) -> Seen | None:
    """Return what was noticed and is not answered yet."""
    found = (cursor.facts if cursor else {}).get(FACT)
    return Seen(tuple(found["rows"]), found["at"]) if found and found.get("rows") else None


def on(*, firm_id: int, books_id: int) -> bool:
    """Tell whether posting is stopped because the connector seems to run. Opens its own scope."""
    with firm_scope(write=None, reads=[firm_id]):
        return stops(firm_id=firm_id, books_id=books_id) is not None


def stops(*, firm_id: int, books_id: int) -> Problem | None:
    """Return what holds every record while the connector seems to run. In a reading scope."""
    found = seen(BookCursor.objects.filter(firm_id=firm_id, books_id=books_id).first())
    if found is None:
        return None
    count = len(found.rows)
    return Problem(
        code=CODE,
        fix=Fix.SETUP,
        cause=str(books_id),
        title=f"Clio's own connection to QuickBooks seems to be on: it made {count} "
        f"record{'' if count == 1 else 's'} since Tieout posts. Nothing is posted until it is off.",
        words="Clio's own connection to QuickBooks seems to be on. Turn it off in Clio, then say so here: "
        "both would post the same.",
        facts={"records": str(count)},
    )


def switched_off(*, firm_id: int, books_id: int, by: User | str, now: datetime) -> str | None:
    """Let posting go on: a person says that the connector is off. What it made waits to be adopted."""
    with firm_scope(write=firm_id):
        cursor = BookCursor.objects.select_for_update().filter(firm_id=firm_id, books_id=books_id).first()
        if cursor is None or seen(cursor) is None:
            return "Nothing is stopped for this reason."
        told = cursor.facts[FACT]["rows"]
        newest = max([*_times(firm_id, books_id, [row["id"] for row in told]), now.isoformat()])
        cursor.facts = cursor.facts | {FACT: {"off": newest, "known": [_key(row) for row in told]}}
        cursor.save(update_fields=["facts"])
        anew.plan(Document.objects.filter(firm_id=firm_id, settled=False))
        books = Books.objects.get(firm_id=firm_id, pk=books_id)
        audit.record(firm_id=firm_id, actor=by, verb="books.native_off", obj=books, text=str(books), now=now)
    return None


def _key(row: dict[str, str]) -> str:
    return f"{row['kind']}:{row['id']}"


def _times(firm_id: int, books_id: int, ids: list[str]) -> list[str]:
    rows = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, remote_id__in=ids)
    return [data["created_at"] for data in rows.values_list("data", flat=True) if data.get("created_at")]


def _written(firm_id: int, books_id: int, cursor: BookCursor) -> list[dict[str, str]]:
    """Return what the connector made since we began to post, or since it was said to be off."""
    rows = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, deleted=False)
    marked = {
        key: (name, data)
        for key, name, data in rows.filter(kind=ObjectKind.CUSTOMER.value, name__iregex=MARKED)
        .values_list("remote_id", "name", "data")
    }  # fmt: skip
    since = _began(firm_id, books_id, cursor) if marked else None
    if since is None:
        return []
    mine = Link.objects.filter(
        firm_id=firm_id, books_id=books_id, object_kind=OuterRef("kind"), remote_id=OuterRef("remote_id")
    )
    fresh = rows.filter(kind="invoice", customer__in=list(marked), voided=False).exclude(Exists(mine))
    numbers = _numbers(firm_id)
    found = [
        {"kind": "Invoice", "id": key, "name": f"{number}, {marked[customer][0]}"}
        for key, number, customer, data in fresh.values_list("remote_id", "number", "customer", "data")
        if number.casefold() in numbers and _after(data, since)
    ]
    fresh_names = {key: name for key, (name, data) in marked.items() if _after(data, since)}
    found += _customers(firm_id, books_id, fresh_names)
    known = set((cursor.facts.get(FACT) or {}).get("known", []))
    found = [row for row in found if _key(row) not in known]
    return sorted(found, key=lambda row: (row["kind"], len(row["id"]), row["id"]))[:MOST]


def _customers(firm_id: int, books_id: int, names: dict[str, str]) -> list[dict[str, str]]:
    """Return those of some customers that bear a client's mark and are not ours."""
    if not names:
        return []
    links = Link.objects.filter(firm_id=firm_id, books_id=books_id, object_kind=ObjectKind.CUSTOMER.value)
    linked = set(links.filter(remote_id__in=list(names)).values_list("remote_id", flat=True))
    marks = [mark for name in names.values() if (mark := named(name).mark) is not None]
    rows = Document.objects.filter(firm_id=firm_id, kind=Kind.CLIENT.value, source_id__in=marks)
    clients = set(rows.values_list("source_id", flat=True))
    return [
        {"kind": "Customer", "id": key, "name": name}
        for key, name in names.items()
        if key not in linked and named(name).mark in clients
    ]


def _numbers(firm_id: int) -> set[str]:
    bills = Document.objects.filter(firm_id=firm_id, kind=Kind.BILL.value).exclude(number="")
    return {number.casefold() for number in bills.values_list("number", flat=True)}


def _after(data: dict[str, Any], since: datetime) -> bool:
    """Tell whether something was made since then. QuickBooks tells whole seconds: the same one counts."""
    made: str | None = data.get("created_at")
    return made is not None and datetime.fromisoformat(made) >= since.replace(microsecond=0)


def _began(firm_id: int, books_id: int, cursor: BookCursor) -> datetime | None:
    """Return since when we post, by the books' own time; or since it was said to be off."""
    told = (cursor.facts.get(FACT) or {}).get("off")
    if told:
        return datetime.fromisoformat(told)
    first = Posting.objects.filter(firm_id=firm_id, books_id=books_id, verb="create", state="posted")
    one = first.order_by("posted_at").values("posted_at", "object_kind", "remote_id").first()
    if one is None:
        return None
    row = BookRow.objects.filter(
        firm_id=firm_id, books_id=books_id, kind=one["object_kind"], remote_id=one["remote_id"]
    ).first()
    made = row.data.get("created_at") if row is not None else None
    return datetime.fromisoformat(made) if made else one["posted_at"]
