"""Reads once what settling one set of books needs to know (`context`), or says why it cannot be planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

from django.db.models import Exists, OuterRef, Q

from accounts import queries as firms
from mapping import queries as mapping_queries
from mapping.queries import RuleBook
from syncapp.core import codec
from syncapp.core.books import Chart, Company
from syncapp.core.documents import Bill, Credit, Interest, Kind, Payment
from syncapp.core.ledger import NAME_LISTS
from syncapp.core.planning.trust.pairs import Pair
from syncapp.core.problems import Problem
from syncapp.pipeline import readiness
from syncapp.pipeline.cases import elsewhere
from syncapp.pipeline.contacts import merged
from syncapp.pipeline.context import Context
from syncapp.pipeline.months import queries as months
from syncapp.pipeline.sending import timed
from syncapp.pipeline.settling import adopted, naming
from syncapp.pipeline.settling.planning_book import book_of
from syncapp.pipeline.trust import approvals as trust_approvals
from syncapp.pipeline.trust import context as trust_context
from syncapp.pipeline.undoing import standing as undoing
from syncapp.records.models import BookCursor, BookRow, Concern, Document, Link, Posting
from syncapp.records.models.postings import OPEN_STATES
from trust.queries import known as trust_known

type _Owed = Bill | Interest | Payment | Credit
_READ: dict[str, type[_Owed]] = {
    Kind.BILL.value: Bill,
    Kind.INTEREST.value: Interest,
    Kind.PAYMENT.value: Payment,
    Kind.CREDIT.value: Credit,
}


def load(
    *,
    firm_id: int,
    books_id: int,
    tried: RuleBook | None = None,
    started: bool = True,
    about: Collection[Document] | None = None,
) -> Context | Problem:
    """Read the context of one set of books, or say why nothing of it can be planned. In a reading scope.

    With `tried` as that mapping would have it. Not `started`: also where posting has not begun. `about` some
    records: without the bills that do not bear on them.
    """
    rules = tried or mapping_queries.rule_book(firm_id=firm_id, books_id=books_id)
    company = rules.company if rules else mapping_queries.company(books_id)
    cursor = BookCursor.objects.filter(firm_id=firm_id, books_id=books_id).first()
    problem = readiness.unready(rules, company, cursor, started=started)
    if problem is not None or rules is None or company is None:
        return problem or readiness.NOT_READ
    people = Document.objects.filter(firm_id=firm_id, kind__in=["client", "matter"]).exclude(data={})
    pairs = trust_known.pairs(firm_id=firm_id, books_id=books_id)
    book = book_of(books_id, rules, _shut(firm_id, books_id, company), cursor, people, pairs)
    if isinstance(book, Problem):
        return book
    links = merged.links(firm_id, books_id)
    context = Context(
        firm_id=firm_id,
        books_id=books_id,
        book=book,
        names=naming.names(firm_id, books_id, links, book.clients, cursor),
        zone=firms.zone_of(firm_id),
        walled=rules.walled | _of_pairs(pairs.values(), rules.chart),
        known=trust_known.of(firm_id=firm_id, books_id=books_id),
        people={(row.kind, row.source_id): row for row in people},
        merged=merged.load(firm_id, books_id, links),
        adoption=adopted.read(firm_id, books_id, book.options.start_bills),
    )
    _load_rows(context, links, about)
    return context


def _load_rows(context: Context, links: list[Link], about: Collection[Document] | None) -> None:
    """Read what was posted, what stands in the books, what is to stand there, and what people said of it.

    About client money all bills are read: which rows are one movement is told from all of them.
    """
    firm_id, books_id = context.firm_id, context.books_id
    told = mapping_queries.firm_settings(firm_id)
    context.approvals, context.times = trust_approvals.load(firm_id, told), timed.read(told)
    _load_postings(context, links)
    _load_books(context)
    _load_bills(context, None if about is None or any(row.of_trust for row in about) else about)
    context.elsewhere, context.undoing = elsewhere.standing(firm_id=firm_id), undoing.load(context)
    context.choices = adopted.chosen(firm_id, books_id, context.adoption)


def _shut(firm_id: int, books_id: int, company: Company) -> Company:
    """Return the company with the books closed through the last locked month too (F78)."""
    locked = months.shut_through(firm_id=firm_id, books_id=books_id)
    through = max((day for day in (company.closed_through, locked) if day), default=None)
    return replace(company, closed_through=through)


def _of_pairs(pairs: Iterable[Pair], chart: Chart) -> frozenset[str]:
    """Return the accounts of some trust pairs, with all that stand below their liabilities."""
    sides = frozenset(account for pair in pairs for account in (pair.bank, pair.liability))
    return sides.union(*(chart.below(pair.liability) for pair in pairs))


def _load_postings(context: Context, links: list[Link]) -> None:
    for link in links:
        context.keep(link)
    mine = Posting.objects.filter(firm_id=context.firm_id, books_id=context.books_id)
    for posting in mine.filter(state__in=OPEN_STATES).order_by("id"):
        context.send(posting)
    shelved = mine.filter(state__in=["refused", "superseded"], document__settled=False)
    names = mine.filter(state__in=["refused", "superseded"], object_kind__in=NAME_LISTS)
    context.shelved = {str(posting.key): posting for posting in (*shelved, *names)}
    every = Link.objects.filter(firm_id=context.firm_id, books_id=context.books_id)
    for subject, generation in every.order_by("generation").values_list("subject", "generation"):
        context.generations[subject] = generation


def _load_books(context: Context) -> None:
    rows = BookRow.objects.filter(firm_id=context.firm_id, books_id=context.books_id, deleted=False)
    by_number: dict[str, list[BookRow]] = defaultdict(list)
    for row in rows.filter(kind__in=["invoice", "credit_memo"]).exclude(number=""):
        by_number[row.number.casefold()].append(row)
    context.numbers = dict(by_number)
    for deposit, data in rows.filter(kind="deposit").values_list("remote_id", "data"):
        links = (target.partition(":") for target, _ in data.get("links", []))
        context.deposited |= {key: deposit for kind, _, key in links if kind == "Payment"}
        context.deposit_bank[deposit] = str(data.get("account") or "")  # whatever fees its other lines bear


def _load_bills(context: Context, about: Collection[Document] | None) -> None:
    """Read every bill with what pays it: a bill's room depends on all of its allocations."""
    rows = Document.objects.filter(firm_id=context.firm_id, kind__in=_READ)
    if about is not None:
        rows = rows.filter(_resting_on_each_other(context.firm_id, about))
    paying: dict[int, list[Payment | Credit]] = defaultdict(list)
    interest: dict[int, list[Interest]] = defaultdict(list)
    for row in rows.order_by("day", "source_id"):
        context.documents[row.kind, row.source_id] = row
        if row.kind == Kind.PAYMENT.value and not (row.data or {}).get("allocations"):
            context.removed.append(row)
        said = codec.from_json(_READ[row.kind], row.data) if row.data else None
        match said:
            case Bill():
                context.bills[said.id] = said
            case Interest(bill_id=int(bill_id), gone=False):
                interest[bill_id].append(said)
            case Payment() | Credit():
                for bill_id in {part.bill_id for part in said.allocations if part.bill_id is not None}:
                    paying[bill_id].append(said)
    context.paying, context.interest = dict(paying), dict(interest)
    trust_context.read(context)


def _resting_on_each_other(firm_id: int, about: Collection[Document]) -> Q:
    """Return which bills and payments bear on some records: those that share a bill with them, and theirs.

    A removed payment names no bill any more, and may be one with any new payment of its client.
    """
    mine = {f"bills/{row.source_id}" for row in about if row.kind == Kind.BILL.value}
    every = Concern.objects.filter(firm_id=firm_id)
    bills = every.filter(subject__startswith="bills/")
    ids = {row.pk for row in about}
    for _ in range(2):  # what shares a bill, and the bills that it shares besides
        mine |= set(bills.filter(document__in=ids).values_list("subject", flat=True))
        ids |= set(every.filter(subject__in=mine).values_list("document_id", flat=True))
    numbers = [int(subject.partition("/")[2]) for subject in mine]
    of_them = Q(kind=Kind.PAYMENT.value, client_id__in={row.client_id for row in about})
    nothing = Q(of_them, ~Exists(bills.filter(document=OuterRef("pk"))))
    return Q(pk__in=ids) | Q(kind=Kind.BILL.value, source_id__in=numbers) | nothing
