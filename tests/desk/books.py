"""A firm whose year has been synced, written row by row: what the pages are tested and looked at with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from accounts.models import Books
from accounts.tenancy import firm_scope
from mapping.findings import Finding, Severity
from mapping.models import CompanyState, MirrorAccount, MirrorItem, Rule, Version
from syncapp.core import codec
from syncapp.core.ledger import InvoiceDraft, SaleLine
from syncapp.pipeline.models import SyncSchedule
from syncapp.records.models import (
    Attempt,
    BookCursor,
    BookRow,
    Case,
    Concern,
    Difference,
    Document,
    DocumentVersion,
    Hold,
    Link,
    PostedEntry,
    PostedLine,
    Posting,
    Run,
    SourceRecord,
    TieOut,
)
from tests import cast

if TYPE_CHECKING:
    from tests.cast import House

NOW = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)
SPACE = UUID(int=7)


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


def lists(house: House, books: Books) -> None:
    """Mirror a short chart, publish a mapping, and check the company."""
    for remote_id, name in (
        ("84", "Accounts Receivable"),
        ("1", "Legal Fees"),
        ("2", "Filing Fees Recovered"),
    ):
        MirrorAccount.objects.create(
            firm=house.firm, books=books, remote_id=remote_id, name=name, type="Income", seen_at=NOW
        )
    for remote_id, name in (("10", "Legal services"), ("11", "Filing fees")):
        MirrorItem.objects.create(
            firm=house.firm, books=books, remote_id=remote_id, name=name, account="1", seen_at=NOW
        )
    version = Version.objects.create(
        firm=house.firm, books=books, number=7, started_at=NOW, options={"fallback": "hold"}
    )
    for position, (when, item) in enumerate(
        (({"line": "time"}, "Legal services"), ({"line": "expense"}, "Filing fees")), 1
    ):
        Rule.objects.create(firm=house.firm, version=version, position=position, when=when, item=item)
    version.state, version.published_at, version.published_by = "published", NOW, house.administrator
    version.save()
    found = [
        Finding(
            code="a",
            severity=Severity.BLOCKS,
            title="Custom transaction numbers are off",
            effect="Nothing posts until it is on.",
            where="Account and settings → Sales",
        ),
        Finding(
            code="b",
            severity=Severity.WARNS,
            title="QuickBooks applies credits to invoices by itself",
            effect="Receivables would differ.",
            where="Advanced → Automation",
        ),
        Finding(code="c", severity=Severity.GOOD, title="The company keeps its books in USD"),
    ]
    CompanyState.objects.create(
        firm=house.firm,
        books=books,
        company={"id": "9130", "name": f"{house.firm.name} Books", "currency": "USD", "plan": "Plus"},
        findings=[codec.to_json(one) for one in found],
        checked_at=NOW,
    )
    BookCursor.objects.create(firm=house.firm, books=books, facts={"started": {"by": "x"}})


def posted(house: House, books: Books, paid: Document) -> Posting:
    """Post a bill as an invoice of two lines, sent twice."""
    draft = InvoiceDraft(
        customer="contacts/1",
        number=paid.number,
        day=date(2026, 9, 14),
        due=date(2026, 10, 14),
        receivable="84",
        lines=(
            SaleLine(
                item="10", account="1", amount=165_000, description="14 Sep, M. Birch, drafting", rule=1
            ),
            SaleLine(item="11", account="2", amount=paid.amount - 165_000, description="Filing fee", rule=2),
        ),
    )
    made = Posting.objects.create(
        firm=house.firm,
        books=books,
        key=uuid5(SPACE, f"{house.firm.pk}/{paid.pk}"),
        request_id=f"r-{paid.pk}",
        document=paid,
        document_version=1,
        subject=f"bills/{paid.source_id}",
        verb="create",
        object_kind="invoice",
        draft=codec.to_json(draft),
        rule_version=7,
        number=paid.number,
        day=draft.day,
        amount=paid.amount,
        state="posted",
        remote_id="130",
        created_at=NOW,
        posted_at=NOW,
    )
    for outcome, words in (("uncertain", "No answer within 120 s."), ("posted", "")):
        Attempt.objects.create(
            firm=house.firm,
            posting=made,
            request_id=made.request_id,
            vendor_request_id="1-5f-tid",
            outcome=outcome,
            words=words,
            started_at=NOW,
            ended_at=NOW,
        )
    entry = PostedEntry.objects.create(
        firm=house.firm,
        books=books,
        posting=made,
        subject=made.subject,
        day=draft.day,
        number=paid.number,
        at=NOW,
    )
    for row in draft.entry():
        PostedLine.objects.create(
            firm=house.firm,
            entry=entry,
            account=row.account,
            role="operating",
            minor=row.amount,
            customer=row.customer,
            item=row.item,
        )
    Link.objects.create(
        firm=house.firm,
        books=books,
        subject=made.subject,
        object_kind="invoice",
        remote_id="130",
        document=paid,
        at=NOW,
    )
    BookRow.objects.create(
        firm=house.firm,
        books=books,
        kind="invoice",
        remote_id="130",
        number=paid.number,
        day=draft.day,
        total=paid.amount,
        balance=0,
        customer="58",
        seen_at=NOW,
    )
    return made


def year(house: House, *, equal: bool = False, name: str = "main") -> Books:
    """Write the whole firm: two sides, a queue, runs, comparisons, connections."""
    books = cast.books(house, name)
    cast.grant(house, ends=NOW + timedelta(days=300), external_id=str(house.firm.pk), now=NOW)
    with firm_scope(write=house.firm.pk):
        lists(house, books)
        client = document(house, 1, kind="client", data={"id": 1, "name": "Cedar Freight, Inc."})
        document(house, 11, kind="matter", data={"id": 11, "number": "00311", "description": "Lease dispute"})
        BookRow.objects.create(
            firm=house.firm,
            books=books,
            kind="customer",
            remote_id="58",
            name="Cedar Freight, Inc.",
            seen_at=NOW,
        )
        BookRow.objects.create(
            firm=house.firm,
            books=books,
            kind="customer",
            remote_id="59",
            name="Cedar Freight",
            balance=12_000,
            seen_at=NOW,
        )
        paid = bill(house, 10_483, 190_000, settled=True, outcome="posted")
        DocumentVersion.objects.create(
            firm=house.firm, document=paid, version=1, data=paid.data, sources=["bills/10483/1"], at=NOW
        )
        SourceRecord.objects.create(
            firm=house.firm,
            resource="bills",
            source_id=10_483,
            version=1,
            payload={"id": 10_483, "number": "10483"},
            fingerprint="a",
            seen_at=NOW,
        )
        posted(house, books, paid)
        payment = document(
            house, 77, kind="payment", number="4411", day=date(2026, 10, 1), amount=190_000, client_id=1
        )
        Concern.objects.create(firm=house.firm, document=payment, subject="bills/10483")
        queue(house, books, client)
        runs(house)
        result = tie(house, books, equal=equal)
        if not equal:
            Difference.objects.create(
                firm=house.firm,
                tie_out=result,
                kind="invoices",
                resource="bills",
                source_id="10500",
                number="10500",
                clio=1_221_240,
                amount=1_221_240,
                queued=True,
                reason="Item “Filing fees” is inactive",
            )
            Difference.objects.create(
                firm=house.firm,
                tie_out=result,
                kind="invoices",
                resource="bills",
                source_id="10483",
                number="10483",
                clio=190_000,
                books_minor=30_000,
                amount=160_000,
                queued=False,
                reason="The invoice was changed in QuickBooks.",
            )
    SyncSchedule.objects.create(firm=house.firm, due_at=NOW + timedelta(days=3650))
    return books


def queue(house: House, books: Books, client: Document) -> None:
    """Fill the queue: one case of eight bills, a choice, one of client money, an alarm."""
    item = case(
        house, books, "inactive_item:11", "Item “Filing fees” is inactive in QuickBooks.", fix="books"
    )
    for number in range(10_500, 10_508):
        hold(house, item, bill(house, number, 152_655))
    choice = case(
        house,
        books,
        "doubtful_customer:contacts/1",
        "Client “Cedar Freight, Inc.” fits more than one customer: “Cedar Freight, Inc.”, “Cedar Freight”. Choose the customer, or have a new one made.",
        fix="choose",
        facts={"candidates": "58,59", "client": "Cedar Freight, Inc."},
    )
    hold(house, choice, bill(house, 10_600, 100_000), opened_at=NOW - timedelta(days=40))
    trust = case(
        house,
        None,
        "trust_not_set_up",
        "Trust is not set up: a payment from trust waits.",
        fix="trust",
        severity="trust",
    )
    hold(house, trust, document(house, 900, kind="payment", number="T-9", amount=25_000, client_id=1))
    edited = case(house, books, "paid_more:10483", "Bill 10483 was edited after it was paid.", fix="books")
    hold(house, edited, Document.objects.get(firm=house.firm, kind="bill", source_id=10_483), alarm=True)
    assert client.pk


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


def a_case(house: House) -> dict[str, Any]:
    """Name a case of the firm for an address."""
    with firm_scope(write=house.firm.pk):
        made = case(house, None, "unmapped:x", "Choose a product for time.")
        hold(house, made, bill(house, 5, 100))
    return {"case_id": made.pk}


def an_alarm(house: House) -> dict[str, Any]:
    """Name an alarm of the firm for an address."""
    with firm_scope(write=house.firm.pk):
        return {
            "hold_id": hold(house, case(house, None, "x:1", "A look."), bill(house, 6, 100), alarm=True).pk
        }


def a_record(house: House) -> dict[str, Any]:
    """Name a record of the firm for an address."""
    with firm_scope(write=house.firm.pk):
        return {"document_id": bill(house, 7, 100).pk}


def a_run(house: House) -> dict[str, Any]:
    """Name a run of the firm for an address."""
    with firm_scope(write=house.firm.pk):
        runs(house)
        return {"run_id": Run.objects.filter(firm=house.firm).values_list("pk", flat=True)[0]}


def a_set_of_books(house: House) -> dict[str, Any]:
    """Name a set of books of the firm for an address."""
    return {"books_id": cast.books(house, "theirs").pk}


def a_grant(house: House) -> dict[str, Any]:
    """Name a connection of the firm for an address; its tokens have run out, so that nobody is called."""
    made = cast.grant(house, ends=NOW + timedelta(days=1), external_id=f"9{house.firm.pk}")
    return {"grant_id": made.pk}
