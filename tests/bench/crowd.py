"""Fifty firms in one database with half a million posted lines, for what only shows at that size.

Written set by set in SQL as the application's role, behind the wall and with every trigger in force; the log
is chained by the product's own code. One firm has a fifth of it all, most are small, one person works for
all of them.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts import actions, audit
from accounts.connecting import finish_connect
from accounts.models import Books, Firm, User
from accounts.roles import Role
from accounts.tenancy import firm_scope
from mapping import actions as mapping
from mapping import mirror
from mapping.rules import RuleRow
from syncapp.core import codec
from syncapp.core.books import Account, Item, Tag
from syncapp.core.ledger import CustomerDraft, InvoiceDraft, PaymentDraft, SaleLine
from syncapp.core.money import text
from syncapp.pipeline.models import SyncSchedule
from syncapp.records.models import BookCursor, PostedLine, Posting
from tests import cast
from tests.bench import crowd_months, crowd_sql, crowd_trust
from tests.desk.books import kind
from tests.mapping import world
from tests.trust import world as trusted
from trust.actions import changes
from trust.models import TransferSheet
from trust.queries.pairs import terms_of

if TYPE_CHECKING:
    from datetime import datetime

    from trust.models import TrustPair

SIZES = (100_000, *[30_000] * 5, *[12_000] * 10, *[3_824] * 34)  # posted lines of each firm: 500,016 in all
LINES_A_PAIR = 8  # six of a bill, two of its payment
HELD_OF_THE_LARGEST = 5_000
RUNS_OF_THE_LARGEST = 100_000  # a run a minute, ten weeks of them
LOOKED_AT = frozenset({0, 9, 48})  # after so many firms the planner is told how the tables have grown
FIRSTS = """Cedar Maple Alder Birch Rowan Hazel Aspen Elm Juniper Laurel Myrtle Olive Pine Spruce Willow Yew
Acorn Amber Basalt Cobalt Copper Flint Garnet Granite Harbor Iron Jasper Lark Marble Meadow Onyx Osprey Quarry
Raven Ridge River Sable Slate Summit Thistle"""
LASTS = """Freight Holdings Bakery Capital Clinic Dental Design Electric Energy Estates Farms Foods Foundry
Garage Grocers Hotels Imports Insurance Joinery Labs Leasing Logistics Marine Media Mills Motors Optics
Partners Pharmacy Plumbing Press Properties Realty Roofing Shipping Studios Systems Textiles Tools Trust"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """What was made: the firms, the largest first, and who opens their pages. `seconds` is what it took."""

    firms: list[Firm]
    bookkeeper: User  # of the largest firm alone
    administrator: User
    accountant: User  # of all fifty
    lines: int
    seconds: float


def crowd(sizes: tuple[int, ...] = SIZES) -> Crowd:
    """Fill the database that Django points at; it must be a fresh clone of the template."""
    began, now = time.perf_counter(), timezone.now()
    accountant = cast.person("everywhere@crowd.test", "Avery Ledger")
    houses = [cast.firm(f"Crowd{number:02}", now=now) for number in range(len(sizes))]
    for turn, (house, size) in enumerate(reversed(list(zip(houses, sizes, strict=True)))):
        _firm(house, size, largest=size == max(sizes), accountant=accountant, now=now)
        if turn in LOOKED_AT:
            _tidy("analyze")
    _tidy("vacuum analyze")
    with firm_scope(write=None, reads=[house.firm.pk for house in houses]):
        lines = PostedLine.objects.count()
    return Crowd(
        firms=[house.firm for house in houses],
        bookkeeper=houses[0].bookkeeper,
        administrator=houses[0].administrator,
        accountant=accountant,
        lines=lines,
        seconds=time.perf_counter() - began,
    )


def _firm(house: cast.House, size: int, *, largest: bool, accountant: User, now: datetime) -> None:
    moves = crowd_trust.moves(size)
    pairs = (size - 2 * moves) // LINES_A_PAIR
    held = min(HELD_OF_THE_LARGEST if largest else pairs // 100 + 20, pairs)
    actions.ensure_member(firm=house.firm, email=accountant.email, role=Role.BOOKKEEPER, now=now)
    for number in range(30 if largest else 2):
        address = f"person{number}@{house.firm.slug}.test"
        actions.ensure_member(firm=house.firm, email=address, role=Role.PARTNER, now=now)
    books = cast.books(house, now=now)
    _connect(house, books, now)
    _map(house, books, versions=20 if largest else 2, now=now)
    pair = _trust(house, books, now)
    figures = {
        "firm": house.firm.pk,
        "books": books.pk,
        "owner": house.bookkeeper.pk,
        "pairs": pairs,
        "clients": max(pairs // 10, 10),
        "moves": moves,
        "since": pair.start,
        "told": now.date().replace(day=1) - timedelta(days=1),
        "held": held,
        "causes": max(held // 16, 5),  # one of each sort at least
        "runs": RUNS_OF_THE_LARGEST if largest else 1_000,
        "ties": 600 if largest else 60,
        "rules": 1,
        "now": now,
        "today": now.date(),
        "firsts": FIRSTS.split(),
        "lasts": LASTS.split(),
        **forms(now.date()),
        **_compared(pairs, held),
    }
    with firm_scope(write=house.firm.pk), connection.cursor() as cursor:
        for step in crowd_sql.steps():
            cursor.execute(step, figures)
        _log(house.firm.pk, now)
    crowd_trust.tell(pair, now.date())
    crowd_months.begin(books=books, month=figures["told"], by=house.bookkeeper, now=now)
    SyncSchedule.objects.create(firm=house.firm, due_at=now + timedelta(days=3650))


def _connect(house: cast.House, books: Books, now: datetime) -> None:
    """Connect both sides; nobody is called."""
    ends = now + timedelta(days=90)
    cast.grant(house, ends=ends, external_id=f"9{house.firm.pk}", now=now)
    finish_connect(
        firm_id=house.firm.pk, provider="qbo", external_id=f"8{house.firm.pk}", external_name=house.firm.name,
        tokens=cast.tokens(ends=ends), by=house.administrator, now=now, books_id=books.pk,
    )  # fmt: skip


def _trust(house: cast.House, books: Books, now: datetime) -> TrustPair:
    """Set up one trust account of a year, with a change that waits."""
    pair = trusted.pair(
        house,
        books=books,
        bank=crowd_trust.BANK_ACCOUNT,
        liability=crowd_trust.LIABILITY,
        start=crowd_trust.since(now.date()),
        jurisdiction="NC",
    )
    with firm_scope(write=house.firm.pk):
        terms = replace(terms_of(pair), operating=crowd_trust.OPERATING)
        changes.ask(pair=pair, terms=terms, by=house.administrator, now=now)
        TransferSheet.objects.create(
            firm=house.firm, pair=pair, as_of=now.date(), digest="f", name="Pat", by=house.partner, at=now
        )
    return pair


def _map(house: cast.House, books: Books, *, versions: int, now: datetime) -> None:
    """Mirror a chart of some size, and publish a mapping so many times over."""
    chart = replace(
        world.CHART,
        accounts=world.CHART.accounts
        | {str(n): Account(id=str(n), name=f"Account {n}", type="Income") for n in range(100, 300)},
        items=world.CHART.items
        | {str(n): Item(id=str(n), name=f"Item {n}", account=str(n - 300)) for n in range(400, 500)},
        classes=world.CHART.classes | {str(n): Tag(id=str(n), name=f"Class {n}") for n in range(500, 560)},
    )
    firm, rules = house.firm, list(world.RULES)
    for n in range(1, 41):
        when = {"line": "expense", "expense_category": f"expense_categories {n}"}
        rules.append(RuleRow(position=len(rules) + 1, when=when, item=f"Item {400 + n}"))
    with firm_scope(write=firm.pk):
        mirror.mirror_chart(firm_id=firm.pk, books_id=books.pk, chart=chart, company=world.COMPANY, now=now)
        BookCursor.objects.create(
            firm=firm, books=books, facts={"started": (now - timedelta(days=400)).isoformat()}
        )
        for turn in range(versions):
            options = {**world.OPTIONS, "invoices": {"number_prefix": f"V{turn}-"}}
            draft = mapping.save_draft(
                books=books, options=options, rules=rules, author=house.administrator, now=now
            )
            if refused := mapping.publish(draft=draft, actor=house.administrator, now=now):
                raise RuntimeError(f"The mapping of the crowd cannot be published: {refused}")
        mapping.save_draft(
            books=books, options=world.OPTIONS, rules=rules, author=house.administrator, now=now
        )


def forms(today: date) -> dict[str, Any]:
    """Return the forms of what Clio said and of what was posted, to be filled in by SQL."""
    lines = tuple(
        SaleLine(
            item=str(400 + n),
            account=str(100 + n),
            amount=0,
            description=f"Work of kind {n}",
            day=today,
            rule=1,
        )
        for n in range(1, 6)
    )
    invoice = codec.to_json(
        InvoiceDraft(customer="~c~", number="~number~", day=today, due=today, receivable="11", lines=lines)
    )
    for at, line in enumerate(invoice["lines"]):
        line["amount"] = "#part#" if at < len(lines) - 1 else "#rest#"
    received = codec.to_json(
        PaymentDraft(customer="~c~", day=today, amount=0, account="7", receivable="11", applications=())
    )
    told = {"id": "#i#", "number": "~number~", "currency": "USD", "client_id": "#client#"}
    work = {"kind": "time", "amount": "#part#", "label": "Drafting", "matter_id": "#matter#"}
    work |= {"timekeeper": "M. Birch", "narrative": "Drafted and revised, with a call to the other side"}
    bill: dict[str, Any] = {"state": "issued", "issued": "~day~", "due": "~day~", "amount": "#amount#"}
    bill |= {"matter_ids": ["#matter#"], "lines": [{"id": n, **work} for n in range(5)]}
    payment: dict[str, Any] = {"day": "~day~", "reference": "~number~", "bank_account": "Operating Checking"}
    part = {"id": "#i#", "bill_id": "#i#", "amount": "#amount#", "day": "~day~"}
    payment |= {"funds": "outside", "allocations": [part]}
    made = crowd_trust.forms(today) | {
        "client_form": {"id": "#i#", "name": "~name~", "email": "a@b.test"},
        "matter_form": told | {"description": "~name~"},
        "bill_form": told | bill,
        "payment_form": told | payment,
        "invoice_form": invoice | {"customer": "contacts/#client#"},
        "received_form": received | {"customer": "contacts/#client#", "amount": "#amount#"},
        "customer_form": codec.to_json(CustomerDraft(name="~name~")),
    }
    return {name: crowd_sql.form(value) for name, value in made.items()}


def _compared(pairs: int, held: int) -> dict[str, str]:
    both = kind((pairs + held, 250_000 * (pairs + held)), (pairs, 250_000 * pairs), 250_000 * held)
    names = ("invoices", "payments", "credits", "receivables", "trust", "entries")
    months = [{"month": f"2026-{n:02}", "billed": 24_100_000, "collected": 20_300_000} for n in range(1, 13)]
    part = {"hours": "10.50", "amount": 367_500}
    keys = ("billable", "billed_posted", "billed_held", "drafted", "unbilled", "written_down")
    return {
        "kinds": json.dumps(dict.fromkeys(names, both)),
        "months": json.dumps(months),
        "time": json.dumps(dict.fromkeys(keys, part) | {"oldest_unbilled": "2026-06-03"}),
    }


def _log(firm_id: int, now: datetime) -> None:
    """Write an event for each posting, chained as posting does it."""
    rows = Posting.objects.filter(firm_id=firm_id).order_by("pk")
    names = ("object_kind", "remote_id", "number", "subject", "amount", "request_id")
    batch = []
    for object_kind, remote_id, number, subject, amount, request in rows.values_list(*names):
        batch.append(
            audit.event(
                firm_id=firm_id,
                actor=None,
                verb="posting.created",
                kind=object_kind,
                id=remote_id,
                text=f"{object_kind} {number or remote_id}",
                after={"subject": subject, "amount": text(amount), "rules": 1, "request": request},
                now=now,
            )
        )
    for at in range(0, len(batch), 2_000):
        audit.append(batch[at : at + 2_000])


def _tidy(statement: LiteralString) -> None:
    """Do what a server's own housekeeping would have done by then: the private one has it switched off."""
    at = settings.DATABASES["owner"]
    with psycopg.connect(
        host=at["HOST"], port=at["PORT"] or None, user=at["USER"], password=at["PASSWORD"], dbname=at["NAME"],
        autocommit=True,
    ) as owner:  # fmt: skip
        owner.execute(statement)
