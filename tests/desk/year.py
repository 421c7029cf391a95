"""A firm whose year has been synced, written row by row: what the pages are tested and looked at with."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import uuid5

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
    Concern,
    Difference,
    Document,
    DocumentVersion,
    Link,
    PostedEntry,
    PostedLine,
    Posting,
    SourceRecord,
)
from tests import cast

if TYPE_CHECKING:
    from tests.cast import House
from tests.desk.books import NOW, SPACE, bill, case, document, hold, runs, tie

DOUBT = (
    "Client “Cedar Freight, Inc.” fits more than one customer: “Cedar Freight, Inc.”, “Cedar Freight”. "
    "Choose the customer, or have a new one made."
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
    BookCursor.objects.create(
        firm=house.firm, books=books, facts={"started": (NOW - timedelta(days=30)).isoformat()}
    )


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
        document(house, 1, kind="client", data={"id": 1, "name": "Cedar Freight, Inc."})
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
        queue(house, books)
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


def queue(house: House, books: Books) -> None:
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
        DOUBT,
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
