"""Rows of a firm, one maker each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from accounts.models import Books
from accounts.tenancy import firm_scope
from syncapp.pipeline.models import SyncSchedule
from syncapp.records.models import (
    Case,
    Document,
    Hold,
    Run,
    TieOut,
)

if TYPE_CHECKING:
    from tests.cast import House

NOW = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)
SPACE = UUID(int=7)
MOST_QUERIES = 40  # of one page, whatever it shows


def document(house: House, source_id: int, **more: Any) -> Document:
    """Make a bill, unless told otherwise."""
    kind = more.setdefault("kind", "bill")
    resource = {"bill": "bills", "payment": "allocations", "client": "contacts", "matter": "matters"}[kind]
    more.setdefault("data", {"id": source_id})
    return Document.objects.create(
        firm=house.firm, resource=resource, source_id=source_id, read_at=NOW, fingerprint="f", **more
    )


def bill(house: House, source_id: int, amount: int, **more: Any) -> Document:
    """Make an approved bill of client 1 on matter 11."""
    data = {
        "id": source_id,
        "number": str(source_id),
        "state": "issued",
        "issued": "2026-09-14",
        "due": "2026-10-14",
        "amount": amount,
        "client_id": 1,
        "matter_ids": [11],
        "lines": [{"id": 1}, {"id": 2}],
    }
    return document(
        house,
        source_id,
        number=str(source_id),
        day=date(2026, 9, 14),
        amount=amount,
        client_id=1,
        data=data,
        **more,
    )


def hold(house: House, case: Case, held: Document, **more: Any) -> Hold:
    """Hold a document."""
    more.setdefault("words", case.title)
    return Hold.objects.create(
        firm=house.firm,
        case=case,
        document=held,
        code=case.code,
        resource=held.resource,
        source_id=held.source_id,
        number=held.number,
        amount=held.amount,
        opened_at=more.pop("opened_at", NOW - timedelta(days=2)),
        **more,
    )


def case(house: House, books: Books | None, cause: str, title: str, **more: Any) -> Case:
    """Open a case."""
    more = {"fix": "map", "code": cause.partition(":")[0]} | more
    return Case.objects.create(
        firm=house.firm, books=books, cause=cause, title=title, opened_at=NOW - timedelta(days=2), **more
    )


def kind(clio: tuple[int, int], books: tuple[int, int], queued: int = 0) -> dict[str, Any]:
    """Write one compared kind: counts and totals of both sides in cents."""
    gap = clio[1] - books[1]
    return {
        "clio": {"count": clio[0], "total": clio[1]},
        "books": {"count": books[0], "total": books[1]},
        "difference": gap,
        "queued": queued,
        "unexplained": gap - queued,
    }


def tie(house: House, books: Books, *, equal: bool, at: datetime = NOW) -> TieOut:
    """Compare: equal, or with 13,812.40 of invoices in the queue."""
    gap = 0 if equal else 1_381_240
    open_ = kind((214, 27_102_518), (207, 27_102_518 - gap), gap)
    open_["ageing"] = {
        "current": 15_000_000,
        "1-30": 8_000_000,
        "31-60": 3_000_000,
        "61-90": 1_000_000,
        "90+": 102_518,
    }
    part = {"hours": "10.50", "amount": 367_500}
    return TieOut.objects.create(
        firm=house.firm,
        books=books,
        at=at,
        equal=equal,
        records=2426,
        kinds={
            "invoices": kind((1204, 291_844_210), (1204 if equal else 1197, 291_844_210 - gap), gap),
            "payments": kind((988, 260_553_692), (988, 260_553_692)),
            "credits": kind((31, 4_188_000), (31, 4_188_000)),
            "receivables": open_,
            "trust": kind((0, 0), (0, 0)),
            "entries": kind((2200, 0), (2200, 0)),
        },
        months=[
            {
                "month": f"2026-{month:02d}",
                "billed": 24_100_000 + month * 90_000,
                "collected": 20_300_000 + month * 7_000,
            }
            for month in range(1, 13)
        ],
        time={
            "billable": {"hours": "31.50", "amount": 1_102_500},
            "billed_posted": part,
            "billed_held": part,
            "drafted": {"hours": "0", "amount": 0},
            "unbilled": part,
            "written_down": {"hours": "1.20", "amount": 42_000},
            "oldest_unbilled": "2026-06-03",
        },
    )


def runs(house: House) -> None:
    """Write three runs that ended."""
    for hours, state in ((0, "done"), (1, "done"), (2, "failed")):
        at = NOW - timedelta(hours=hours, minutes=1)
        Run.objects.create(
            firm=house.firm,
            trigger="schedule",
            state=state,
            started_at=at,
            beat_at=at,
            ended_at=at + timedelta(seconds=42),
            words="Clio did not answer." if state == "failed" else "",
            counts={
                "seen": 2426,
                "posted": 12,
                "held": 10,
                "skipped": 204,
                "unchanged": 2200,
                "uncertain": 0,
            },
        )


def one(house: House, model: Any, **fields: object) -> Any:
    """Return the firm's first row of a model with these values, None without one."""
    with firm_scope(write=None, reads=[house.firm.pk]):
        return model.objects.filter(firm=house.firm, **fields).order_by("pk").first()


def plan(house: House) -> SyncSchedule:
    """Return the firm's place in the schedule."""
    return SyncSchedule.objects.get(firm=house.firm)
