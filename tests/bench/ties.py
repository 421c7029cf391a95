"""How long a complete tie-out of 100,000 records takes: read from the database, compared, kept."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.utils import timezone

from accounts.models import Books
from accounts.tenancy import firm_scope
from syncapp.core import codec
from syncapp.core.books import BookObject
from syncapp.core.documents import Allocation, Bill, BillLine, BillState, Funds, LineKind, Payment
from syncapp.core.ledger import Application, Draft, InvoiceDraft, ObjectKind, PaymentDraft, SaleLine
from syncapp.local import testing
from syncapp.pipeline import reconcile
from syncapp.pipeline.settling.barriers import print_of
from syncapp.records.models import BookCursor, BookRow, Difference, Document, Link, TieOut
from tests import cast
from tests.bench.document import table
from tests.bench.opened import processor
from tests.mapping.world import published

BILLS = int(os.environ.get("BILLS", "50000"))  # each with its payment
WRONG = 25  # bills that somebody changed in the books
LIMIT = 60.0  # seconds
FIRST = date(2026, 1, 1)
RECEIVABLE, FEES, BANK, ITEM = "11", "1", "6", "20"
HEAD = ["records", "tie-out s", "processor s, the database's too", "again s", "differences found"]


def figures() -> str:
    """Fill a database of its own with one firm, and compare it twice."""
    with testing.clone(f"bench_ties_{os.getpid()}"):
        house = cast.firm()
        books = published(house)
        began = time.perf_counter()
        _fill(house.firm.pk, books)
        made = time.perf_counter() - began
        took, used = _compare(house.firm.pk, books)
        again, _ = _compare(house.firm.pk, books)
        with firm_scope(write=None, reads=[house.firm.pk]):
            tie = TieOut.objects.filter(firm=house.firm).latest("at")
            found = Difference.objects.filter(firm=house.firm, tie_out=tie, kind="entries").count()
    row = [f"{tie.records:,}", f"{took:.1f}", f"{used:.1f}", f"{again:.1f}", f"{found} of {WRONG}"]
    verdict = "under" if took < LIMIT else "NOT under"
    return f"A complete tie-out is {verdict} a minute; made in {made:.0f} s.\n\n{table(HEAD, [row])}"


def _compare(firm_id: int, books: Books) -> tuple[float, float]:
    began, used = time.perf_counter(), processor()
    now = timezone.now()
    if reconcile.run(firm_id=firm_id, books_id=books.pk, now=now, today=now.date()) is None:
        raise RuntimeError("There was nothing to compare.")
    return time.perf_counter() - began, processor() - used


def _fill(firm_id: int, books: Books) -> None:
    now = timezone.now()
    with firm_scope(write=firm_id):
        BookCursor.objects.create(
            firm_id=firm_id, books=books, full_at=now, facts={"started": now.isoformat()}
        )
        customers = (_row(books, "customer", f"c{n}", None, now) for n in range(BILLS // 10))
        BookRow.objects.bulk_create(customers, batch_size=2000)
        Link.objects.bulk_create(
            Link(
                firm_id=firm_id, books=books, subject=f"contacts/{n}", object_kind="customer",
                remote_id=f"c{n}", at=now,
            )
            for n in range(BILLS // 10)
        )  # fmt: skip
    pairs = iter(range(BILLS))
    while some := list(islice(pairs, 2000)):
        with firm_scope(write=firm_id):
            _write(books, some, now)


def _write(books: Books, numbers: list[int], now: Any) -> None:
    drafts = [one for number in numbers for one in _pair(number)]
    documents = Document.objects.bulk_create(
        Document(
            firm_id=books.firm_id, kind=kind, resource=resource, source_id=number,
            data=codec.to_json(reading), number=str(number) if kind == "bill" else "",
            day=draft.day, amount=draft.total, settled=True,
            outcome="posted", read_at=now, client_id=number % (BILLS // 10), fingerprint="f",
        )
        for number, kind, resource, reading, draft in drafts
    )  # fmt: skip
    Link.objects.bulk_create(
        Link(
            firm_id=books.firm_id, books=books, subject=f"{_PREFIX[kind]}/{number}",
            object_kind=draft.kind.value, remote_id=f"{draft.kind.value[0]}{number}", document=document,
            content=codec.to_json(draft), print=print_of(draft), at=now,
        )
        for (number, kind, _, _, draft), document in zip(drafts, documents, strict=True)
    )  # fmt: skip
    BookRow.objects.bulk_create(
        _row(books, draft.kind.value, f"{draft.kind.value[0]}{number}", draft, now, number=number)
        for number, _, _, _, draft in drafts
    )


_PREFIX = {"bill": "bills", "payment": "payments"}


def _pair(number: int) -> Iterator[tuple[int, str, str, Any, Any]]:
    """Give a bill of five lines and its payment, as Clio says them and as they were posted."""
    day, amount, client = FIRST + timedelta(days=number % 300), 50_000 + number % 977, number % (BILLS // 10)
    part = amount // 5
    amounts = [part, part, part, part, amount - 4 * part]
    lines = tuple(
        BillLine(id=number * 5 + at, kind=LineKind.TIME, amount=one, matter_id=1, day=day)
        for at, one in enumerate(amounts)
    )
    bill = Bill(
        id=number, number=str(number), state=BillState.ISSUED, client_id=client, currency="USD", issued=day,
        due=day, amount=amount, matter_ids=(), lines=lines,
    )  # fmt: skip
    sold = tuple(SaleLine(item=ITEM, account=FEES, amount=one, day=day) for one in amounts)
    yield (
        number,
        "bill",
        "bills",
        bill,
        InvoiceDraft(
            customer=f"contacts/{client}",
            number=str(number),
            day=day,
            due=day,
            receivable=RECEIVABLE,
            lines=sold,
        ),
    )
    paid = Payment(
        id=number, client_id=client, currency="USD", day=day, funds=Funds.OUTSIDE,
        allocations=(Allocation(id=number, bill_id=number, amount=amount, day=day),),
    )  # fmt: skip
    applied = Application(subject=f"bills/{number}", kind=ObjectKind.INVOICE, amount=amount)
    yield number, "payment", "allocations", paid, PaymentDraft(
        customer=f"contacts/{client}", day=day, amount=amount, account=BANK, receivable=RECEIVABLE,
        applications=(applied,),
    )  # fmt: skip


def _row(books: Books, kind: str, key: str, draft: Draft | None, now: Any, *, number: int = 0) -> BookRow:
    """Return the object of the books for a draft; a few invoices were changed there."""
    wrong = 1 if kind == "invoice" and number < WRONG else 0
    lines = draft.entry() if draft is not None else ()
    links = ((f"Invoice:i{number}", getattr(draft, "total", 0)),) if kind == "payment" else ()
    customer = f"c{number % (BILLS // 10)}" if draft is not None else ""
    one = BookObject(
        kind=ObjectKind(kind), id=key, day=getattr(draft, "day", None), customer=customer, links=links
    )
    data = codec.to_json(one)
    data["lines"] = [
        {"account": line.account, "amount": line.amount + wrong * (1 if line.amount > 0 else -1) * (at < 2),
         "customer": customer}
        for at, line in enumerate(lines)
    ]  # fmt: skip
    total = getattr(draft, "total", 0) + wrong
    return BookRow(
        firm_id=books.firm_id, books=books, kind=kind, remote_id=key, token="0", day=one.day,
        customer=customer, number=getattr(draft, "number", ""), total=total, balance=wrong, data=data,
        seen_at=now, changed_at=now,
    )  # fmt: skip
