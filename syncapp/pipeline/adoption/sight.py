"""Both sides as they are recognised: the records that would be posted, and what of the books is not ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from syncapp.core.adoption import Party, Record, Sight, Standing
from syncapp.core.adoption.nouns import NEAR_DAYS
from syncapp.core.documents import Bill, BillState, Client, Credit, Funds, Interest, Kind, Money, Payment
from syncapp.core.ledger import ObjectKind
from syncapp.core.planning.trust.pairs import account_key
from syncapp.core.problems import Problem
from syncapp.pipeline.context import Context
from syncapp.pipeline.settling.standing import open_at_start
from syncapp.pipeline.settling.wishes import reading_of
from syncapp.pipeline.trust import legs
from syncapp.records.models import BookRow, Document, Link, Undone

SALES = (ObjectKind.INVOICE.value, ObjectKind.PAYMENT.value, ObjectKind.CREDIT_MEMO.value)
FORMS = ("journal", "check", "expense", "deposit")  # what may stand on a trust bank
ASKING = (Kind.BILL, Kind.INTEREST, Kind.PAYMENT, Kind.CREDIT, Kind.MONEY)
BEFORE = timedelta(days=NEAR_DAYS)


def unsettled(firm_id: int) -> QuerySet[Document]:
    """Return the documents that ask for something still. In a reading scope."""
    kinds = [kind.value for kind in ASKING]
    undone = Undone.objects.filter(firm_id=firm_id, document=OuterRef("pk"), ended_at__isnull=True)
    rows = Document.objects.filter(firm_id=firm_id, settled=False, kind__in=kinds).exclude(data={})
    return rows.exclude(Exists(undone))  # it stood, and was taken back: it asks for nothing now


def strangers(firm_id: int, books_id: int, since: date | None) -> QuerySet[BookRow]:
    """Return what stands in the books and is not ours, from a day on. In a reading scope."""
    mine = Link.objects.filter(
        firm_id=firm_id,
        books_id=books_id,
        live=True,
        object_kind=OuterRef("kind"),
        remote_id=OuterRef("remote_id"),
    )
    rows = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, deleted=False, voided=False)
    rows = rows.filter(kind__in=[*SALES, *FORMS], day__isnull=False).exclude(Exists(mine))
    return rows.filter(Q(day__gte=since - BEFORE)) if since is not None else rows


def unnamed(firm_id: int, books_id: int, waiting: QuerySet[Document]) -> bool:
    """Tell whether a client of some documents has no customer yet while customers stand that are nobody's."""
    links = Link.objects.filter(firm_id=firm_id, books_id=books_id, live=True)
    links = links.filter(object_kind=ObjectKind.CUSTOMER.value)
    clients = set(waiting.exclude(client_id=None).values_list("client_id", flat=True).distinct())
    known = set(links.filter(subject__startswith="contacts/").values_list("subject", flat=True))
    if all(f"contacts/{key}" in known for key in clients):
        return False
    rows = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, kind=ObjectKind.CUSTOMER.value)
    return rows.filter(deleted=False).exclude(Exists(links.filter(remote_id=OuterRef("remote_id")))).exists()


def look(context: Context) -> tuple[Sight, dict[str, Document]]:
    """Read both sides; return them with the document of each record's subject. In a reading scope."""
    documents: dict[str, Document] = {}
    records: list[Record] = []
    for row in unsettled(context.firm_id).order_by("day", "source_id"):
        for record in _records(context, row):
            if not context.stands(record.subject):
                records.append(record)
                documents[record.subject] = row
    since = min((one.day for one in records), default=None)
    sight = Sight(
        clients=[
            _client(one)
            for one in context.book.clients.values()
            if not one.gone and one.id not in context.book.known_clients
        ],
        customers=_customers(context),
        records=records,
        standing=list(_standing(context, strangers(context.firm_id, context.books_id, since))),
        linked={subject: (link.object_kind, link.remote_id) for subject, link in context.links.items()},
        owners=_owners(context),
        currency=context.book.company.currency,
    )
    for (kind, key), document in context.people.items():
        if kind == Kind.CLIENT.value:
            documents[f"contacts/{key}"] = document
    return sight, documents


def _client(one: Client) -> Party:
    person = f"{one.first_name} {one.last_name}".strip() if one.first_name and one.last_name else ""
    return Party(
        id=f"contacts/{one.id}",
        name=one.name,
        other_names=(person,) if person and person != one.name else (),
        email=one.email,
        phone=one.phone,
        address=one.address,
    )


def _customers(context: Context) -> list[Party]:
    rows = BookRow.objects.filter(
        firm_id=context.firm_id, books_id=context.books_id, kind=ObjectKind.CUSTOMER.value, deleted=False
    )
    return [
        Party(
            id=key,
            name=name,
            other_names=tuple(data.get("other_names") or ()),
            email=data.get("email") or "",
            phone=data.get("phone") or "",
            address=tuple(data.get("address") or ()),
            active=active,
            parent=data.get("parent") or "",
        )
        for key, name, active, data in rows.values_list("remote_id", "name", "active", "data")
    ]


def _owners(context: Context) -> dict[str, str]:
    found = {}
    for (kind, key), subject in context.subject_of.items():
        if kind != ObjectKind.CUSTOMER.value:
            continue
        what, _, number = subject.partition("/")
        matter = context.book.matters.get(int(number)) if what == "matters" and number.isdigit() else None
        found[key] = f"contacts/{matter.client_id}" if matter is not None else subject
    return found


def _standing(context: Context, rows: QuerySet[BookRow]) -> Iterator[Standing]:
    banks = {pair.bank: pair.liability for pair in context.book.pairs.values()}
    columns = ("kind", "remote_id", "total", "day", "number", "customer", "balance", "data")
    for kind, key, total, day, number, customer, balance, data in rows.values_list(*columns):
        if (kind, key) in context.undoing.places:
            continue  # it stands reversed
        if kind in SALES:
            if total > 0:
                yield Standing(
                    kind=kind,
                    id=key,
                    amount=total,
                    day=day,
                    number=number,
                    customer=customer,
                    balance=balance,
                    applied=_applied(data),
                    reference=data.get("reference") or "",
                )
            continue
        yield from _on_trust(context, banks, kind, key, day, number, data.get("lines") or [])


def _applied(data: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    parts = ((target.partition(":"), amount) for target, amount in data.get("links") or [])
    return tuple((key, amount) for (what, _, key), amount in parts if what == "Invoice" and amount)


def _on_trust(
    context: Context,
    banks: dict[str, str],
    kind: str,
    key: str,
    day: date,
    number: str,
    lines: list[dict[str, Any]],
) -> Iterator[Standing]:
    """Give an entry that stands on a trust bank, once for each bank that it moves."""
    for bank in sorted({line["account"] for line in lines} & banks.keys()):
        own = {bank, banks[bank], *context.book.chart.below(banks[bank])}
        yield Standing(
            kind=ObjectKind.JOURNAL.value,
            id=f"{kind}:{key}",
            amount=sum(line["amount"] for line in lines if line["account"] == bank),
            day=day,
            number=number,
            reference=number,
            account=bank,
            customers=frozenset(line["customer"] for line in lines if line.get("customer")),
            foreign=not {line["account"] for line in lines} <= own,
        )


def _records(context: Context, row: Document) -> Iterator[Record]:
    """Give what a document would post, as far as that could stand in the books already."""
    reading, options = reading_of(row), context.book.options
    if isinstance(reading, Bill):
        yield from _bill(context, reading)
    elif isinstance(reading, Interest):
        bill = context.bills.get(reading.bill_id or 0)
        if bill is not None and not reading.gone and reading.day >= options.start_bills:
            number = f"{options.number_prefix}{bill.number}-I{reading.order}"
            yield Record(
                subject=f"interest_charges/{reading.id}",
                kind=ObjectKind.INVOICE.value,
                amount=reading.amount,
                day=reading.day,
                number=number,
                numbers=(number,),
                clients=_of_bills(context, [bill]),
            )
    elif isinstance(reading, Credit) and reading.day >= options.start_credits:
        for part in reading.allocations[:1] if len(reading.allocations) == 1 else ():
            subject = f"credit_memos/{reading.id}/a{part.id}"  # as the planner names it
            yield _paying(context, reading, ObjectKind.CREDIT_MEMO, subject)
    elif isinstance(reading, Payment):
        asks = reading.allocations and reading.day >= options.start_payments
        if asks and reading.funds is not Funds.OPERATING and not legs.is_deposit(context, reading):
            yield _paying(context, reading, ObjectKind.PAYMENT, f"payments/{reading.id}")
    if isinstance(reading, Money | Payment):
        yield from _moved(context, reading)


def _bill(context: Context, bill: Bill) -> Iterator[Record]:
    if bill.state is not BillState.ISSUED or bill.trust_request or bill.issued is None or not bill.number:
        return
    before = bill.issued < context.book.options.start_bills
    left = open_at_start(context, bill.id) if before else None
    if left is not None and left <= 0:
        return
    number = context.book.options.number_prefix + bill.number
    yield Record(
        subject=f"bills/{bill.id}",
        kind=ObjectKind.INVOICE.value,
        amount=bill.amount,
        day=bill.issued,
        number=bill.number,
        numbers=tuple(dict.fromkeys((number, bill.number))),
        clients=_of_bills(context, [bill]),
        open=left,
    )


def _of_bills(context: Context, bills: Iterable[Bill]) -> frozenset[str]:
    """Return on whom an invoice of some bills may stand: the payer, the client, its matters' clients."""
    found: set[int | None] = set()
    for bill in bills:
        matters = (context.book.matters.get(key) for key in bill.matter_ids)
        found |= {bill.payer_id} if bill.payer_id else {bill.client_id, *(m.client_id for m in matters if m)}
    return frozenset(f"contacts/{key}" for key in found if key is not None)


def _paying(context: Context, paid: Payment | Credit, kind: ObjectKind, subject: str) -> Record:
    bills = [context.bills[part.bill_id] for part in paid.allocations if part.bill_id in context.bills]
    parts: dict[str, int] = {}
    for part in paid.allocations:
        key = f"bills/{part.bill_id}"
        parts[key] = parts.get(key, 0) + part.amount
    client = {f"contacts/{paid.client_id}"} if paid.client_id is not None else set()
    return Record(
        subject=subject,
        kind=kind.value,
        amount=paid.amount,
        day=paid.day,
        clients=_of_bills(context, bills) | client,
        parts=tuple(parts.items()),
        reference=paid.reference if isinstance(paid, Payment) else "",
    )


def _moved(context: Context, reading: Money | Payment) -> Iterator[Record]:
    told = legs.movements(context, reading) if context.book.pairs else {}
    if isinstance(told, Problem):
        return
    for account, moved in told.items():
        pair = context.book.pairs.get(account_key(account))
        if pair is None or not moved.amount or moved.day < pair.start:
            continue
        yield Record(
            subject=moved.subject,
            kind=ObjectKind.JOURNAL.value,
            amount=moved.amount,
            day=moved.day,
            clients=frozenset(_holder(context, ledger) for ledger, _ in moved.ledgers),
            reference=moved.check,
            account=pair.bank,
        )


def _holder(context: Context, ledger: str) -> str:
    what, _, key = ledger.partition("/")
    matter = context.book.matters.get(int(key)) if what == "matters" and key.isdigit() else None
    return f"contacts/{matter.client_id}" if matter is not None else ledger
